import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type * as z from 'zod';
import {
  changeAcceptance,
  deskView,
  id,
  previewView,
  receiptFile,
  receiptQuery,
  requestRestoration,
  restorationQueue,
  restorationSummary,
  type ChangeAcceptance as AcceptanceBody,
  type DeskView,
  type PreviewView,
  type ReceiptFile,
  type RequestRestoration as RequestBody,
  type RestorationQueue,
  type RestorationSummary,
} from '@albumen/contracts';
import {
  AskPreview,
  CancelRestoration,
  ChangeAcceptance,
  readDesk,
  readReceipt,
  readRestorationQueue,
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
    private readonly askPreview: AskPreview,
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

  @Get('restoration-queue')
  @Needs('catalogue.read')
  @Answers(restorationQueue)
  queue(): Promise<RestorationQueue> {
    return readRestorationQueue(this.bench);
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

  @Post('restorations/:id/previews')
  @Needs('review.decide')
  @Answers(previewView)
  preview(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) restorationId: string,
  ): Promise<PreviewView> {
    return this.askPreview.execute(person.actor, { restorationId });
  }

  @Get('restorations/:id/receipt')
  @Needs('catalogue.read')
  @Answers(receiptFile)
  async receipt(
    @Param('id', { schema: id }) restorationId: string,
    @Query({ schema: receiptQuery }) query: z.infer<typeof receiptQuery>,
  ): Promise<ReceiptFile> {
    return (await readReceipt(this.bench, restorationId, query.of)).file;
  }
}
