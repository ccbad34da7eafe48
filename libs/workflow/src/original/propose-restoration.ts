import { levelOf, proposeRecipe, type Actor, type JobOutcome, type Recipe } from '@albumen/domain';
import {
  AccessionRecord,
  CollectionRecord,
  DamageReportRecord,
  ItemRecord,
  NothingToChange,
  RestorationRecord,
  type Change,
} from '@albumen/database';
import type { Workbench } from '../workbench.js';
import { insertRequest, recipeDigest } from '../restoration/request-restoration.js';
import { findOriginal } from './processing-step.js';

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
    const proposed = proposeRecipe(report.body, await this.bench.engine.pins());
    const allowed = proposed.steps.filter(
      (step) => levelOf({ version: 1, steps: [step] }) <= collection.treatmentLevel,
    );
    const recipe: Recipe = { version: 1, steps: allowed };
    if (proposed.steps.length > 0 && (collection.proposals !== 'automatic' || allowed.length === 0)) {
      await this.bench.database.keepBooks((manager) =>
        manager.update(DamageReportRecord, { originalId }, { treatmentNeeded: true }),
      );
      return { outcome: 'skipped', because: 'the collection asks for restorations on request only' };
    }
    return this.bench.database.change<JobOutcome>(actor, async (change) => {
      await this.#considerOnce(change, originalId, proposed.steps.length > 0);
      if (proposed.steps.length === 0) {
        change.record({ action: 'original.treatment-not-needed', subject: originalId, item: original.itemId });
      } else if (await change.manager.existsBy(RestorationRecord, { originalId, recipeSha256: recipeDigest(recipe) })) {
        throw new NothingToChange<JobOutcome>(considered);
      } else {
        await insertRequest(change, {
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

  async #considerOnce(change: Change, originalId: string, treatmentNeeded: boolean): Promise<void> {
    const report = await change.manager.findOne(DamageReportRecord, {
      where: { originalId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!report || report.treatmentNeeded !== null) throw new NothingToChange<JobOutcome>(considered);
    await change.manager.update(DamageReportRecord, { originalId }, { treatmentNeeded });
  }
}
