import type { EntityManager } from 'typeorm';
import { PersonRecord, RestorationRecord, ReviewRecord } from '@albumen/database';
import { claimMinutes, refuse } from '@albumen/domain';

/** The review's row, locked until the transaction ends; refuses with `review.not-found`. */
export async function lockReview(manager: EntityManager, id: string): Promise<ReviewRecord> {
  const review = await manager.findOne(ReviewRecord, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!review) throw refuse('review.not-found', { id });
  return review;
}

/** The restoration's row, locked until the transaction ends; always taken after its review's. */
export async function lockRestoration(manager: EntityManager, id: string): Promise<RestorationRecord> {
  const row = await manager.findOne(RestorationRecord, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!row) throw refuse('restoration.not-found', { id });
  return row;
}

/** True while somebody's claim runs at that time. */
export function isClaimed(
  review: ReviewRecord,
  now: Date,
): review is ReviewRecord & { claimedBy: string; claimedUntil: Date } {
  return review.claimedBy !== null && review.claimedUntil !== null && review.claimedUntil > now;
}

/** The end of a claim taken or renewed at that time. */
export const claimEnd = (now: Date): Date => new Date(now.getTime() + claimMinutes * 60_000);

/** Refuses with `review.claimed-by-other` where somebody else's claim runs. */
export async function refuseOtherClaim(
  manager: EntityManager,
  review: ReviewRecord,
  personId: string,
  now: Date,
): Promise<void> {
  if (!isClaimed(review, now) || review.claimedBy === personId) return;
  const holder = await manager.findOneBy(PersonRecord, { id: review.claimedBy });
  throw refuse('review.claimed-by-other', { name: holder?.name ?? '', until: review.claimedUntil.toISOString() });
}

/** Refuses unless the person's own claim runs: `review.claimed-by-other` or `review.claim-needed`. */
export async function requireClaim(
  manager: EntityManager,
  review: ReviewRecord,
  personId: string,
  now: Date,
): Promise<void> {
  await refuseOtherClaim(manager, review, personId, now);
  if (!isClaimed(review, now)) throw refuse('review.claim-needed');
}
