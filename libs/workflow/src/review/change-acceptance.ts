import { In } from 'typeorm';
import type { ChangeAcceptance as ChangeAcceptanceBody } from '@albumen/contracts';
import { LayerRecord, NothingToChange, RegionRecord, ReviewRecord } from '@albumen/database';
import { refuse, requirePermission, type Acceptance, type Actor, type Json } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { requireOtherEyes } from './four-eyes.js';
import { ordinalRanges } from './ordinal-ranges.js';
import { claimEnd, lockRestoration, requireClaim } from './review-lock.js';
import { requireShown } from './shown-state.js';

/** Takes a person's word on single regions and layers of a proposal. Renews the claim. */
export class ChangeAcceptance {
  constructor(private readonly bench: Workbench) {}

  /**
   * Answers the review. Errors: `restoration.not-found`, `restoration.not-proposed`, `restoration.region-not-found`,
   * `review.own-request`, `review.claim-needed`, `review.claimed-by-other`, `review.shown-differs`.
   */
  async execute(actor: Actor, restorationId: string, body: ChangeAcceptanceBody): Promise<{ reviewId: string }> {
    const person = requirePermission(actor, 'review.decide');
    return this.bench.database.change(person, async ({ manager, now, record }) => {
      const review = await manager.findOne(ReviewRecord, {
        where: { restorationId },
        lock: { mode: 'pessimistic_write' },
      });
      const restoration = await lockRestoration(manager, restorationId);
      if (!review || review.state !== 'open' || restoration.status !== 'proposed')
        throw refuse('restoration.not-proposed', { status: restoration.status });
      requireOtherEyes(restoration, person.id);
      await requireClaim(manager, review, person.id, now);
      await requireShown(manager, restorationId, body.shown);

      const wantedRegions = new Map(body.regions.map((entry) => [entry.ordinal, entry.acceptance]));
      const wantedLayers = new Map(body.layers.map((entry) => [entry.operation, entry]));
      const [regions, layers] = [
        await manager.find(RegionRecord, { where: { restorationId, ordinal: In([...wantedRegions.keys()]) } }),
        await manager.find(LayerRecord, { where: { restorationId, operation: In([...wantedLayers.keys()]) } }),
      ];
      if (regions.length !== wantedRegions.size || layers.length !== wantedLayers.size)
        throw refuse('restoration.region-not-found', { restorationId });

      const moved: Partial<Record<Acceptance, number[]>> = {};
      for (const region of regions) {
        const acceptance = wantedRegions.get(region.ordinal);
        if (acceptance && acceptance !== region.acceptance) (moved[acceptance] ??= []).push(region.ordinal);
      }
      const word = (acceptance: Acceptance) => ({
        acceptance,
        decidedBy: acceptance === 'undecided' ? null : person.id,
        decidedAt: acceptance === 'undecided' ? null : now,
      });
      for (const [acceptance, ordinals] of Object.entries(moved) as [Acceptance, number[]][])
        await manager.update(RegionRecord, { restorationId, ordinal: In(ordinals) }, word(acceptance));

      const movedLayers: Record<string, Json> = {};
      for (const layer of layers) {
        const wanted = wantedLayers.get(layer.operation);
        if (!wanted) continue;
        const strength = wanted.strength ?? layer.acceptedStrength;
        if (wanted.acceptance === layer.acceptance && strength === layer.acceptedStrength) continue;
        await manager.update(
          LayerRecord,
          { restorationId, operation: layer.operation },
          { ...word(wanted.acceptance), acceptedStrength: strength },
        );
        movedLayers[layer.operation] = { acceptance: wanted.acceptance, strength };
      }
      const changed = Object.keys(moved).length + Object.keys(movedLayers).length;
      if (changed === 0) throw new NothingToChange({ reviewId: review.id });
      await manager.update(ReviewRecord, { id: review.id }, { claimedUntil: claimEnd(now) });
      record({
        action: 'restoration.acceptance-changed',
        subject: restorationId,
        item: review.itemId,
        after: {
          regions: Object.fromEntries(
            Object.entries(moved).map(([acceptance, ordinals]) => [
              acceptance,
              { count: ordinals.length, ordinals: ordinalRanges(ordinals) },
            ]),
          ),
          layers: movedLayers,
        },
      });
      return { reviewId: review.id };
    });
  }
}
