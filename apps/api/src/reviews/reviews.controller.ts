import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import * as z from 'zod';
import {
  decideReview,
  deskView,
  id,
  pageQuery,
  reviewPage,
  reviewRow,
  type DecideReview as DecideBody,
  type DeskView,
  type ReviewRow,
} from '@albumen/contracts';
import {
  ClaimReview,
  DecideReview,
  readDesk,
  readReviewRow,
  readReviews,
  ReleaseReview,
  UndoDecision,
  type RecognisedPerson,
  type Workbench,
} from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Needs, Person } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';

const reviewsQuery = pageQuery.extend({
  state: z.enum(['open', 'decided']).default('open'),
  collectionId: id.optional(),
});

/** Decisions of people on proposed restorations. */
@Controller('api/reviews')
export class ReviewsController {
  constructor(
    @Bench() private readonly bench: Workbench,
    private readonly claimReview: ClaimReview,
    private readonly releaseReview: ReleaseReview,
    private readonly decideReview: DecideReview,
    private readonly undoDecision: UndoDecision,
  ) {}

  @Get()
  @Needs('catalogue.read')
  @Answers(reviewPage)
  list(
    @Person() person: RecognisedPerson,
    @Query({ schema: reviewsQuery }) query: z.infer<typeof reviewsQuery>,
  ): Promise<z.infer<typeof reviewPage>> {
    return readReviews(this.bench, person.actor, query);
  }

  @Get(':id')
  @Needs('catalogue.read')
  @Answers(deskView)
  desk(@Person() person: RecognisedPerson, @Param('id', { schema: id }) reviewId: string): Promise<DeskView> {
    return readDesk(this.bench, person.actor, reviewId);
  }

  @Post(':id/claim')
  @Needs('review.decide')
  @Answers(reviewRow)
  async claim(@Person() person: RecognisedPerson, @Param('id', { schema: id }) reviewId: string): Promise<ReviewRow> {
    await this.claimReview.execute(person.actor, reviewId);
    return readReviewRow(this.bench, person.actor, reviewId);
  }

  @Post(':id/release')
  @Needs('review.decide')
  @Answers(reviewRow)
  async release(@Person() person: RecognisedPerson, @Param('id', { schema: id }) reviewId: string): Promise<ReviewRow> {
    await this.releaseReview.execute(person.actor, reviewId);
    return readReviewRow(this.bench, person.actor, reviewId);
  }

  @Post(':id/decision')
  @Needs('review.decide')
  @Answers(reviewRow)
  async decide(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) reviewId: string,
    @Body({ schema: decideReview }) body: DecideBody,
  ): Promise<ReviewRow> {
    await this.decideReview.execute(person.actor, reviewId, body);
    return readReviewRow(this.bench, person.actor, reviewId);
  }

  @Post(':id/undo')
  @Needs('review.decide')
  @Answers(reviewRow)
  async undo(@Person() person: RecognisedPerson, @Param('id', { schema: id }) reviewId: string): Promise<ReviewRow> {
    await this.undoDecision.execute(person.actor, reviewId);
    return readReviewRow(this.bench, person.actor, reviewId);
  }
}
