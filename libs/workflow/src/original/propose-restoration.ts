import {
  factsOf,
  guarded,
  proposeRecipe,
  Refusal,
  type Actor,
  type DamageReport,
  type JobOutcome,
  type ModelPin,
  type Recipe,
} from '@albumen/domain';
import {
  AccessionRecord,
  CollectionRecord,
  DamageReportRecord,
  ItemRecord,
  NothingToChange,
  RestorationRecord,
  type Change,
  type OriginalRecord,
} from '@albumen/database';
import type { Workbench } from '../workbench.js';
import { recipeDigest } from '../restoration/recipe-digest.js';
import { insertRequest } from '../restoration/request-restoration.js';
import { callsForTreatment } from '../restoration/requested-recipe.js';
import { findOriginal, markProcessing } from './processing-step.js';

const nothing: Recipe = { version: 1, steps: [] };
const considered: JobOutcome = { outcome: 'skipped', because: 'the damage report was considered' };

/**
 * Considers the damage report: "no treatment needed" is written down as a result; otherwise, where the collection's
 * policy says so, the restoration is requested on behalf of who set the policy and of who accessioned the photograph.
 */
export class ProposeRestoration {
  constructor(private readonly bench: Workbench) {}

  async execute(actor: Actor, { originalId }: { readonly originalId: string }): Promise<JobOutcome> {
    const { read } = this.bench.database;
    const original = await findOriginal(this.bench, originalId);
    const report = await read.getRepository(DamageReportRecord).findOneBy({ originalId });
    if (!report || report.treatmentNeeded !== null) return considered;
    const item = await read.getRepository(ItemRecord).findOneByOrFail({ id: original.itemId });
    const collection = await read.getRepository(CollectionRecord).findOneByOrFail({ id: item.collectionId });
    const accession = await read.getRepository(AccessionRecord).findOneByOrFail({ id: item.accessionId });
    const pins = await this.bench.engine.pins();
    const needed = callsForTreatment({ report: report.body, pins });
    const asks = needed && collection.proposals === 'automatic';
    const recipe = asks ? await this.#propose(actor, original, report.body, pins, collection) : nothing;
    if (recipe === null) return { outcome: 'skipped', because: 'a model that the proposal needs is missing' };
    if (needed && recipe.steps.length === 0) {
      await this.bench.database.keepBooks((manager) =>
        manager.update(DamageReportRecord, { originalId }, { treatmentNeeded: true }),
      );
      return { outcome: 'skipped', because: 'the collection asks for restorations on request only' };
    }
    return this.bench.database.change<JobOutcome>(actor, async (change) => {
      await this.#considerOnce(change, originalId, needed);
      if (!needed) {
        change.record({ action: 'original.treatment-not-needed', subject: originalId, item: original.itemId });
      } else if (await change.manager.existsBy(RestorationRecord, { originalId, recipeSha256: recipeDigest(recipe) })) {
        throw new NothingToChange<JobOutcome>(considered);
      } else {
        await insertRequest(this.bench, change, {
          original,
          recipe,
          requestedBy: collection.policySetBy ?? collection.createdBy,
          requestedWith: [accession.createdBy],
          automatic: true,
        });
      }
      return { outcome: 'done' };
    });
  }

  /**
   * The recipe under the collection's preset and treatment level; null where a model is missing: that is written down as a
   * failed step, so that the item shows its reason and the retry asks again.
   */
  async #propose(
    actor: Actor,
    original: OriginalRecord,
    report: DamageReport,
    pins: Readonly<Record<string, ModelPin>>,
    { preset, treatmentLevel }: CollectionRecord,
  ): Promise<Recipe | null> {
    try {
      const { steps } = proposeRecipe(report, pins, preset);
      const within = steps.filter((step) => factsOf(step.operation).level <= treatmentLevel);
      return guarded({ version: 1, steps: within }, report);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'model.missing') throw error;
      await markProcessing(this.bench, original.id, 'restore', 'failed', { fault: error });
      await this.bench.database.change(actor, async (change) =>
        change.record({
          action: 'original.processing-failed',
          subject: original.id,
          item: original.itemId,
          after: { step: 'restore', code: error.code, detail: error.message },
        }),
      );
      return null;
    }
  }

  async #considerOnce(change: Change, originalId: string, treatmentNeeded: boolean): Promise<void> {
    const report = await change.manager.findOne(DamageReportRecord, {
      where: { originalId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!report || report.treatmentNeeded !== null) throw new NothingToChange<JobOutcome>(considered);
    await change.manager.update(DamageReportRecord, { originalId }, { treatmentNeeded });
  }
}
