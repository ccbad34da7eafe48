import { NothingToChange, ReviewRecord } from '@albumen/database';
import { refuse, requirePermission, type Actor } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { requireOtherEyes } from './four-eyes.js';
import { claimEnd, isClaimed, lockRestoration, lockReview, refuseOtherClaim } from './review-lock.js';

/** Takes a review for half an hour, or renews the claim one holds. */
export class ClaimReview {
  constructor(private readonly bench: Workbench) {}

  /** Errors: `review.not-found`, `review.already-decided`, `review.own-request`, `review.claimed-by-other`. */
  async execute(actor: Actor, id: string): Promise<void> {
    const person = requirePermission(actor, 'review.decide');
    const claim = await this.bench.database.change(person, async ({ manager, now, record }) => {
      const review = await lockReview(manager, id);
      if (review.state !== 'open') throw refuse('review.already-decided');
      requireOtherEyes(await lockRestoration(manager, review.restorationId), person.id);
      await refuseOtherClaim(manager, review, person.id, now);
      if (isClaimed(review, now)) throw new NothingToChange<'renew' | 'taken'>('renew');
      await manager.update(ReviewRecord, { id }, { claimedBy: person.id, claimedUntil: claimEnd(now) });
      record({
        action: 'review.claimed',
        subject: id,
        item: review.itemId,
        after: { until: claimEnd(now).toISOString() },
      });
      return 'taken' as 'renew' | 'taken';
    });
    // A longer lease is no statement about the catalogue; the claim itself stands in the log.
    if (claim === 'renew')
      await this.bench.database.keepBooks((manager) =>
        manager.update(
          ReviewRecord,
          { id, claimedBy: person.id, state: 'open' },
          { claimedUntil: claimEnd(this.bench.clock.now()) },
        ),
      );
  }
}
