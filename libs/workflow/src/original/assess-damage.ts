import { refuse, type Actor, type Cancellation, type JobOutcome, type Json } from '@albumen/domain';
import { DamageReportRecord, NothingToChange } from '@albumen/database';
import type { Workbench } from '../workbench.js';
import { addDerivative } from './make-derivatives.js';
import { runStep, verifyStored } from './processing-step.js';

/** Measures the damage of an original: mask and report, written once. The stored bytes are verified first. */
export class AssessDamage {
  constructor(private readonly bench: Workbench) {}

  async execute(
    actor: Actor,
    { originalId }: { readonly originalId: string },
    signal?: Cancellation,
  ): Promise<JobOutcome> {
    const { bench } = this;
    return runStep(bench, actor, originalId, 'assess', async (original) => {
      await verifyStored(bench, original);
      await using file = await bench.store.originals.local(original.storageKey);
      await using scratch = await bench.store.staging.scratch(`assess-${originalId}`);
      const run = { input: file.path, into: scratch.path, ...(signal ? { signal } : {}) };
      const { report, maskPath } = await bench.engine.assess(run).catch((error: unknown) => {
        // A worker that stops cuts the run off: that is no failure of the step, it runs again.
        throw signal?.aborted ? refuse('restoration.engine-killed', {}, { cause: error }) : error;
      });
      const kept = await bench.store.derivatives.keepFile(maskPath, 'png');
      return bench.database.change<JobOutcome>(actor, async (change) => {
        if (await change.manager.existsBy(DamageReportRecord, { originalId })) {
          throw new NothingToChange<JobOutcome>({ outcome: 'skipped', because: 'the damage report is there' });
        }
        const maskDerivativeId = await addDerivative(
          change,
          { originalId, restorationId: null },
          { use: 'damage-mask', kept, mediaType: 'image/png', width: report.width, height: report.height },
        );
        await change.manager.insert(DamageReportRecord, {
          originalId,
          body: report as never,
          maskDerivativeId,
          treatmentNeeded: null,
          measuredAt: change.now,
        });
        change.record({
          action: 'original.damage-assessed',
          subject: originalId,
          item: original.itemId,
          after: { mask: kept.sha256, report } as unknown as Json,
        });
        return { outcome: 'done' };
      });
    });
  }
}
