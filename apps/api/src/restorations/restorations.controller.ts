import { Body, Controller, Param, Patch, Post } from '@nestjs/common';
import {
  changeAcceptance,
  deskView,
  id,
  requestRestoration,
  restorationSummary,
  type ChangeAcceptance as AcceptanceBody,
  type DeskView,
  type RequestRestoration as RequestBody,
  type RestorationSummary,
} from '@albumen/contracts';
import {
  CancelRestoration,
  ChangeAcceptance,
  readDesk,
  readRestorationSummary,
  RequestRestoration,
  RetryProcessing,
  type RecognisedPerson,
  type Workbench,
} from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Needs, Person } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';

/** Proposals for originals: asked for, cancelled, accepted region by region. */
@Controller('api')
export class RestorationsController {
  constructor(
    @Bench() private readonly bench: Workbench,
    private readonly requestRestoration: RequestRestoration,
    private readonly cancelRestoration: CancelRestoration,
    private readonly changeAcceptance: ChangeAcceptance,
    private readonly retryProcessing: RetryProcessing,
  ) {}

  @Post('originals/:id/restorations')
  @Needs('restoration.request')
  @Answers(restorationSummary, 201)
  async request(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) originalId: string,
    @Body({ schema: requestRestoration }) body: RequestBody,
  ): Promise<RestorationSummary> {
    const made = await this.requestRestoration.execute(person.actor, { ...body, originalId });
    return readRestorationSummary(this.bench, made);
  }

  @Post('originals/:id/retry')
  @Needs('processing.retry')
  @Answers(null, 202)
  async retry(@Person() person: RecognisedPerson, @Param('id', { schema: id }) originalId: string): Promise<void> {
    await this.retryProcessing.execute(person.actor, { originalId });
  }

  @Post('restorations/:id/cancel')
  @Needs('restoration.request')
  @Answers(restorationSummary)
  async cancel(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) restorationId: string,
  ): Promise<RestorationSummary> {
    await this.cancelRestoration.execute(person.actor, { restorationId });
    return readRestorationSummary(this.bench, restorationId);
  }

  @Patch('restorations/:id/acceptance')
  @Needs('review.decide')
  @Answers(deskView)
  async accept(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) restorationId: string,
    @Body({ schema: changeAcceptance }) body: AcceptanceBody,
  ): Promise<DeskView> {
    const { reviewId } = await this.changeAcceptance.execute(person.actor, restorationId, body);
    return readDesk(this.bench, person.actor, reviewId);
  }
}
