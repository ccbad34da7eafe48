import type { RestorationRecord } from '@albumen/database';
import { refuse } from '@albumen/domain';

/** Everybody who counts as having asked for a restoration: who requested it, who set the policy, who brought the photograph in. */
export function requestersOf(restoration: Pick<RestorationRecord, 'requestedBy' | 'requestedWith'>): string[] {
  return [...new Set([restoration.requestedBy, ...restoration.requestedWith])];
}

/** The four-eyes rule: refuses with `review.own-request` where the person asked for the restoration. */
export function requireOtherEyes(
  restoration: Pick<RestorationRecord, 'requestedBy' | 'requestedWith'>,
  personId: string,
): void {
  if (requestersOf(restoration).includes(personId)) throw refuse('review.own-request');
}
