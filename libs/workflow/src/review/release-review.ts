import { NothingToChange, ReviewRecord } from '@albumen/database';
import { requirePermission, type Actor } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { isClaimed, lockReview, refuseOtherClaim } from './review-lock.js';

/** Gives a claimed review back to the queue. A claim that ran out needs no release. */
export class ReleaseReview {
  constructor(private readonly bench: Workbench) {}

  /** Errors: `review.not-found`, `review.claimed-by-other`. */
  async execute(actor: Actor, id: string): Promise<void> {
    const person = requirePermission(actor, 'review.decide');
    await this.bench.database.change(person, async ({ manager, now, record }) => {
      const review = await lockReview(manager, id);
      await refuseOtherClaim(manager, review, person.id, now);
      if (!isClaimed(review, now)) throw new NothingToChange(undefined);
      await manager.update(ReviewRecord, { id }, { claimedBy: null, claimedUntil: null });
      record({ action: 'review.released', subject: id, item: review.itemId });
    });
  }
}
