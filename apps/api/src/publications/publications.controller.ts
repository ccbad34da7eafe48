import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type * as z from 'zod';
import {
  id,
  itemPage,
  pageQuery,
  publicationCheck,
  withdrawPublication,
  type PublicationCheck,
} from '@albumen/contracts';
import {
  PublishItem,
  readPublicationCheck,
  readPublishable,
  WithdrawItem,
  type RecognisedPerson,
  type Workbench,
} from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Needs, Person } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';
import { ImageShelf } from '../iiif/image-shelf.js';

/** What goes out to the public, and what is taken back. */
@Controller('api')
export class PublicationsController {
  constructor(
    @Bench() private readonly bench: Workbench,
    private readonly publishItem: PublishItem,
    private readonly withdrawItem: WithdrawItem,
    private readonly shelf: ImageShelf,
  ) {}

  @Get('publications')
  @Needs('catalogue.read')
  @Answers(itemPage)
  list(@Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>): Promise<z.infer<typeof itemPage>> {
    return readPublishable(this.bench, query);
  }

  @Get('items/:id/publication')
  @Needs('catalogue.read')
  @Answers(publicationCheck)
  check(@Param('id', { schema: id }) itemId: string): Promise<PublicationCheck> {
    return readPublicationCheck(this.bench, itemId);
  }

  @Post('items/:id/publications')
  @Needs('publication.publish')
  @Answers(publicationCheck, 201)
  async publish(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) itemId: string,
  ): Promise<PublicationCheck> {
    await this.publishItem.execute(person.actor, itemId);
    this.shelf.forget();
    return readPublicationCheck(this.bench, itemId);
  }

  @Post('items/:id/withdrawal')
  @Needs('publication.withdraw')
  @Answers(publicationCheck)
  async withdraw(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) itemId: string,
    @Body({ schema: withdrawPublication }) body: z.infer<typeof withdrawPublication>,
  ): Promise<PublicationCheck> {
    await this.withdrawItem.execute(person.actor, itemId, body);
    this.shelf.forget();
    return readPublicationCheck(this.bench, itemId);
  }
}
