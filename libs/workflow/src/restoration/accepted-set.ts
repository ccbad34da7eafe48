import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { canonicalJson, variantName, type AcceptedSet } from '@albumen/domain';
import { LayerRecord, RegionRecord } from '@albumen/database';

/** What stands in the rows of a restoration. */
export interface Standing {
  /** Regions and layers that nobody rejected: undecided counts as accepted, as the approval writes it down. */
  readonly accepted: AcceptedSet;
  /** True where the whole proposal is accepted at its own strengths. */
  readonly everything: boolean;
  /** Name of the stored variant with exactly this in it; '' is the original, null where none has it. */
  readonly variant: string | null;
}

/** Reads what is accepted of a restoration; in a fixed order, so that equal sets have equal digests. */
export async function readStanding(manager: EntityManager, restorationId: string): Promise<Standing> {
  const regions = await manager.find(RegionRecord, { where: { restorationId }, order: { ordinal: 'ASC' } });
  const layers = await manager.find(LayerRecord, { where: { restorationId }, order: { operation: 'ASC' } });
  return standingOf(regions, layers);
}

/** What is accepted by these rows; `regions` by ordinal and `layers` by operation, ascending. */
export function standingOf(regions: readonly RegionRecord[], layers: readonly LayerRecord[]): Standing {
  const takenRegions = regions.filter((region) => region.acceptance !== 'rejected');
  const takenLayers = layers.filter((layer) => layer.acceptance !== 'rejected');
  const ownStrengths = takenLayers.every((layer) => layer.acceptedStrength === layer.strength);
  const allRegions = takenRegions.length === regions.length;
  return {
    accepted: {
      regions: takenRegions.map((region) => region.ordinal),
      layers: takenLayers.map((layer) => ({ operation: layer.operation, strength: layer.acceptedStrength })),
    },
    everything: allRegions && takenLayers.length === layers.length && ownStrengths,
    variant:
      ownStrengths && (allRegions || takenRegions.length === 0)
        ? variantName({
            regions: takenRegions.length > 0,
            operations: takenLayers.map((layer) => layer.operation),
          })
        : null,
  };
}

/** SHA-256 of the set's canonical JSON, hex: it names a preview. */
export const acceptedDigest = (accepted: AcceptedSet): string =>
  createHash('sha256').update(canonicalJson(accepted)).digest('hex');
