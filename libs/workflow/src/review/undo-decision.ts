import { MoreThanOrEqual } from 'typeorm';
import { PublicationRecord, RestorationRecord, ReviewRecord } from '@albumen/database';
import { mayMove, refuse, requirePermission, undoMinutes, type Actor } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { claimEnd, lockRestoration, lockReview } from './review-lock.js';

/** The end of the time in which a decision may be taken back. */
export const undoEnd = (decidedAt: Date): Date => new Date(decidedAt.getTime() + undoMinutes * 60_000);

/** Takes back one's own decision while nothing was published from it; the review is open again and claimed. */
export class UndoDecision {
  constructor(private readonly bench: Workbench) {}

  /** Errors: `review.not-found`, `review.undo-too-late`, `restoration.not-proposed`. */
  async execute(actor: Actor, id: string): Promise<void> {
    const person = requirePermission(actor, 'review.decide');
    await this.bench.database.change(person, async ({ manager, now, record }) => {
      const review = await lockReview(manager, id);
      const { decidedAt } = review;
      if (review.state === 'open' || decidedAt === null)
        throw refuse('review.undo-too-late', { detail: 'nothing was decided' });
      if (review.decidedBy !== person.id) throw refuse('review.undo-too-late', { detail: 'somebody else decided' });
      if (undoEnd(decidedAt) < now)
        throw refuse('review.undo-too-late', { detail: `${undoMinutes} minutes have passed` });
      const published = await manager.existsBy(PublicationRecord, {
        itemId: review.itemId,
        publishedAt: MoreThanOrEqual(decidedAt),
      });
      if (published) throw refuse('review.undo-too-late', { detail: 'the photograph was published since' });
      const restoration = await lockRestoration(manager, review.restorationId);
      if (!mayMove(restoration.status, 'proposed'))
        throw refuse('restoration.not-proposed', { status: restoration.status });
      await manager.update(
        RestorationRecord,
        { id: restoration.id },
        {
          status: 'proposed',
          composed: null,
          composedReceipt: null,
          composedReceiptSignature: null,
          composedAt: null,
        },
      );
      await manager.update(
        ReviewRecord,
        { id },
        {
          state: 'open',
          decidedBy: null,
          decidedAt: null,
          reason: null,
          note: '',
          claimedBy: person.id,
          claimedUntil: claimEnd(now),
        },
      );
      record({
        action: 'review.decision-undone',
        subject: id,
        item: review.itemId,
        before: { state: review.state, reason: review.reason },
        after: { state: 'open', restoration: restoration.id },
      });
    });
  }
}
