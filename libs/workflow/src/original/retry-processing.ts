import { requirePermission, refuse, type Actor } from '@albumen/domain';
import { ProcessingRecord, RestorationRecord } from '@albumen/database';
import { In } from 'typeorm';
import type { Workbench } from '../workbench.js';
import { findOriginal } from './processing-step.js';

/** Runs the failed steps of an original again, at a person's word. What is done stays done. */
export class RetryProcessing {
  constructor(private readonly bench: Workbench) {}

  async execute(actor: Actor, { originalId }: { readonly originalId: string }): Promise<void> {
    const person = requirePermission(actor, 'processing.retry');
    const original = await findOriginal(this.bench, originalId);
    await this.bench.database.change(person, async (change) => {
      const failed = await change.manager.findBy(ProcessingRecord, { originalId, state: 'failed' });
      if (failed.length === 0) throw refuse('request.invalid', { detail: 'no step of this original has failed' });
      await change.manager.update(
        ProcessingRecord,
        { originalId, state: 'failed' },
        { state: 'waiting', code: null, detail: null, changedAt: change.now },
      );
      change.record({
        action: 'original.processing-retried',
        subject: originalId,
        item: original.itemId,
        after: { steps: failed.map((row) => row.step) },
      });
      const restorations = await change.manager.findBy(RestorationRecord, { originalId, status: In(['failed']) });
      for (const restoration of restorations) {
        await change.manager.update(
          RestorationRecord,
          { id: restoration.id },
          { status: 'requested', failureCode: null, failureDetail: null, progress: null, finishedAt: null },
        );
        change.record({
          action: 'restoration.requested',
          subject: restoration.id,
          item: original.itemId,
          before: { status: 'failed' },
          after: { status: 'requested' },
        });
      }
    });
  }
}
