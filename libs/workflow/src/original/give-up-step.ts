import type { Actor, JobName, ProcessingStep, Refusal } from '@albumen/domain';
import { RestorationRecord } from '@albumen/database';
import type { Workbench } from '../workbench.js';
import { failRestoration } from '../restoration/fail-restoration.js';
import { failWaitingPreview } from '../restoration/preview-accepted.js';
import { findOriginal, markProcessing } from './processing-step.js';

const stepOf: Partial<Record<JobName, ProcessingStep>> = {
  'characterise-original': 'characterise',
  'make-derivatives': 'derive',
  'assess-damage': 'assess',
};

/** Writes down that a job was tried as often as the plan allows and failed: a failure never ends in silence. */
export class GiveUpStep {
  constructor(private readonly bench: Workbench) {}

  async execute(
    actor: Actor,
    job: { readonly name: JobName; readonly subjectId: string; readonly fault: Refusal },
  ): Promise<void> {
    const { bench } = this;
    const step = stepOf[job.name];
    if (step) {
      const original = await findOriginal(bench, job.subjectId);
      await markProcessing(bench, original.id, step, 'failed', { fault: job.fault });
      await bench.database.change(actor, async (change) =>
        change.record({
          action: 'original.processing-failed',
          subject: original.id,
          item: original.itemId,
          after: { step, code: job.fault.code, detail: job.fault.message },
        }),
      );
      return;
    }
    if (job.name === 'restore-original') await failRestoration(bench, actor, job.subjectId, job.fault);
    if (job.name === 'preview-accepted') await failWaitingPreview(bench, job.subjectId, job.fault);
    if (job.name === 'compose-accepted') {
      const restoration = await bench.database.read
        .getRepository(RestorationRecord)
        .findOneByOrFail({ id: job.subjectId });
      await markProcessing(bench, restoration.originalId, 'compose', 'failed', { fault: job.fault });
    }
  }
}
