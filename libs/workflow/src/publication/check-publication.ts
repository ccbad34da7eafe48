import type { PublicationCheck } from '@albumen/contracts';
import { PublicationRecord } from '@albumen/database';
import { Refusal } from '@albumen/domain';
import { readPeople } from '../person/person-names.js';
import type { Workbench } from '../workbench.js';
import { gatherRelease } from './gather-release.js';
import { makeManifest } from './release-manifest.js';

/** May the item go out, and what would? Refuses with `item.not-found`. */
export async function readPublicationCheck(bench: Workbench, itemId: string): Promise<PublicationCheck> {
  const { manager } = bench.database.read;
  const { rules, release } = await gatherRelease(manager, itemId);
  const releases = await manager.find(PublicationRecord, { where: { itemId }, order: { number: 'DESC' }, take: 100 });
  const person = await readPeople(bench, [
    ...releases.flatMap((row) => [row.publishedBy, row.withdrawnBy]),
    ...(release?.originals.map((original) => original.treatment?.approvedBy) ?? []),
  ]);
  const preview = release && previewOf(() => makeManifest(bench, itemId, release, (id) => person(id).name).json);
  return {
    rules: rules.map((rule) => ({ ...rule })),
    ready: release !== null && preview !== null,
    preview,
    releases: releases.map((row) => ({
      id: row.id,
      number: row.number,
      publishedAt: row.publishedAt.toISOString(),
      publishedBy: person(row.publishedBy).name,
      manifestSha256: row.manifestSha256,
      withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
      withdrawnBy: row.withdrawnBy ? person(row.withdrawnBy).name : null,
      reason: row.withdrawalReason,
    })),
  };
}

/** A manifest that breaks our own rules has no preview, and the item is not ready; publishing names the fault. */
function previewOf(make: () => Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal && error.code === 'publication.manifest-invalid') return null;
    throw error;
  }
}
