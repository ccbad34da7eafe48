import type { EntityManager } from 'typeorm';
import type { DecideReview as DecideReviewBody } from '@albumen/contracts';
import { LayerRecord, RegionRecord, RestorationRecord, ReviewRecord } from '@albumen/database';
import {
  mayMove,
  refuse,
  requirePermission,
  type Actor,
  type AuditAction,
  type RestorationStatus,
} from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { boundedJson } from '../audit/bounded-json.js';
import { removeUnnamed } from '../restoration/kept-pictures.js';
import { dropAllPreviews } from '../restoration/previews.js';
import { requireOtherEyes } from './four-eyes.js';
import { lockRestoration, lockReview, requireClaim } from './review-lock.js';
import { requireShown } from './shown-state.js';

const outcomes = {
  approve: { state: 'approved', action: 'review.approved' },
  reject: { state: 'rejected', action: 'review.rejected' },
  rework: { state: 'rework', action: 'review.rework-asked' },
} as const satisfies Record<
  DecideReviewBody['decision'],
  { state: ReviewRecord['state'] & RestorationStatus; action: AuditAction }
>;

/** A person's decision on a proposed restoration. What is undecided counts as accepted by an approval and is written down as such. */
export class DecideReview {
  constructor(private readonly bench: Workbench) {}

  /**
   * Errors: `review.not-found`, `review.already-decided`, `review.own-request`, `review.claim-needed`,
   * `review.claimed-by-other`, `review.reason-needed`, `review.shown-differs`, `restoration.not-proposed`.
   */
  async execute(actor: Actor, id: string, body: DecideReviewBody): Promise<void> {
    const person = requirePermission(actor, 'review.decide');
    const { state, action } = outcomes[body.decision];
    if (body.decision !== 'approve' && !body.reason) throw refuse('review.reason-needed');
    const note = body.note.normalize('NFC').trim();
    const unnamed = await this.bench.database.change<string[]>(person, async ({ manager, now, record }) => {
      const review = await lockReview(manager, id);
      if (review.state !== 'open') throw refuse('review.already-decided');
      const restoration = await lockRestoration(manager, review.restorationId);
      requireOtherEyes(restoration, person.id);
      await requireClaim(manager, review, person.id, now);
      if (!mayMove(restoration.status, state)) throw refuse('restoration.not-proposed', { status: restoration.status });
      await requireShown(manager, restoration.id, body.shown);

      if (state === 'approved') await acceptUndecided(manager, restoration.id, person.id, now);
      await manager.update(RestorationRecord, { id: restoration.id }, { status: state });
      await manager.update(
        ReviewRecord,
        { id },
        {
          state,
          decidedBy: person.id,
          decidedAt: now,
          reason: body.reason ?? null,
          note,
          claimedBy: null,
          claimedUntil: null,
        },
      );
      record({
        action,
        subject: id,
        item: review.itemId,
        before: { state: 'open' },
        after: { state, restoration: restoration.id, reason: body.reason ?? null, note: boundedJson(note) },
      });
      if (state === 'approved')
        record({
          action: 'restoration.approved',
          subject: restoration.id,
          item: review.itemId,
          before: { status: restoration.status },
          after: { status: state, ...(await countAccepted(manager, restoration.id)) },
        });
      // An approval keeps them for its composite, which may be one of them.
      return state === 'approved' ? [] : dropAllPreviews(manager, restoration.id);
    });
    await removeUnnamed(this.bench, unnamed);
  }
}

async function acceptUndecided(
  manager: EntityManager,
  restorationId: string,
  personId: string,
  now: Date,
): Promise<void> {
  const undecided = { restorationId, acceptance: 'undecided' as const };
  const accepted = { acceptance: 'accepted' as const, decidedBy: personId, decidedAt: now };
  await manager.update(RegionRecord, undecided, accepted);
  await manager.update(LayerRecord, undecided, accepted);
}

async function countAccepted(
  manager: EntityManager,
  restorationId: string,
): Promise<{ regionsAccepted: number; regionsRejected: number; layers: Record<string, number> }> {
  const layers = await manager.findBy(LayerRecord, { restorationId, acceptance: 'accepted' });
  return {
    regionsAccepted: await manager.countBy(RegionRecord, { restorationId, acceptance: 'accepted' }),
    regionsRejected: await manager.countBy(RegionRecord, { restorationId, acceptance: 'rejected' }),
    layers: Object.fromEntries(layers.map((layer) => [layer.operation, layer.acceptedStrength])),
  };
}
