import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { DerivativeRecord } from '@albumen/database';
import { canonicalJson, refuse, type AcceptedSet } from '@albumen/domain';
import { readStanding } from '../restoration/accepted-set.js';
import { isProposalFile } from '../restoration/previews.js';

type ShownFile = Pick<DerivativeRecord, 'use' | 'variant' | 'sha256'>;

/**
 * Names what a desk shows of a proposal: SHA-256, hex, of its own files (variants, labels, maps; neither previews nor the
 * composite) and of the set that an approval would accept. Equal for equal pictures and equal decisions.
 */
export function shownDigest(restorationId: string, files: readonly ShownFile[], accepted: AcceptedSet): string {
  const named = files
    .filter(isProposalFile)
    .map(({ use, variant, sha256 }) => `${use} ${variant} ${sha256}`)
    .sort();
  return createHash('sha256')
    .update(canonicalJson({ restorationId, files: named, accepted }))
    .digest('hex');
}

/**
 * Refuses with `review.shown-differs` where the proposal is no longer what the person was shown. Call it under the lock of
 * the restoration's row.
 */
export async function requireShown(manager: EntityManager, restorationId: string, shown: string): Promise<void> {
  const files = await manager.findBy(DerivativeRecord, { restorationId });
  const { accepted } = await readStanding(manager, restorationId);
  if (shownDigest(restorationId, files, accepted) !== shown) throw refuse('review.shown-differs');
}
