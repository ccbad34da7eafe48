import { Controller, Delete, Get, Inject, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { aboutView, homeView, meView, type AboutView, type HomeView, type MeView } from '@albumen/contracts';
import { readCustodyFigures, readHome, type RecognisedPerson, type Workbench } from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Needs, Open, Person, SignedIn } from '../auth/access.decorator.js';
import { ViewPass } from '../auth/view-pass.js';
import { Bench, configToken } from '../bench.js';
import type { ApiConfig } from '../config.js';

/** Who is here, and what waits for them. */
@Controller('api')
export class PersonController {
  constructor(
    @Bench() private readonly bench: Workbench,
    @Inject(configToken) private readonly config: ApiConfig,
    private readonly pass: ViewPass,
  ) {}

  @Get('about')
  @Open()
  @Answers(aboutView)
  async about(): Promise<AboutView> {
    return {
      name: 'Albumen',
      version: this.bench.software.version,
      signIn: { issuer: this.config.issuer, clientId: this.config.clientId },
      originals: await readCustodyFigures(this.bench),
    };
  }

  @Get('me')
  @SignedIn()
  @Answers(meView)
  me(@Person() person: RecognisedPerson): MeView {
    return { id: person.actor.id, name: person.name, email: person.email, roles: [...person.actor.roles] };
  }

  @Get('home')
  @Needs('catalogue.read')
  @Answers(homeView)
  home(@Person() person: RecognisedPerson): Promise<HomeView> {
    return readHome(this.bench, person.actor);
  }

  @Post('view-pass')
  @Needs('catalogue.read')
  @Answers(null, 204)
  givePass(@Person() person: RecognisedPerson, @Res({ passthrough: true }) response: Response): void {
    this.pass.give(response, person.actor.id);
  }

  @Delete('view-pass')
  @Open()
  @Answers(null, 204)
  takePass(@Res({ passthrough: true }) response: Response): void {
    this.pass.take(response);
  }
}
