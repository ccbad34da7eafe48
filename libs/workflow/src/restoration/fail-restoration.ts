import type { Actor, Refusal } from '@albumen/domain';
import { NothingToChange, RestorationRecord } from '@albumen/database';
import { markProcessing } from '../original/processing-step.js';
import type { Workbench } from '../workbench.js';

/** Writes down that a restoration failed, with its code and sentence; the item stays as it was. */
export async function failRestoration(
  bench: Workbench,
  actor: Actor,
  restorationId: string,
  fault: Refusal,
): Promise<void> {
  const originalId = await bench.database.change<string | null>(actor, async (change) => {
    const row = await change.manager.findOne(RestorationRecord, {
      where: { id: restorationId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!row || (row.status !== 'running' && row.status !== 'requested')) throw new NothingToChange(null);
    await change.manager.update(
      RestorationRecord,
      { id: restorationId },
      {
        status: 'failed',
        failureCode: fault.code,
        failureDetail: fault.message,
        finishedAt: change.now,
        progress: null,
      },
    );
    change.record({
      action: 'restoration.failed',
      subject: restorationId,
      item: row.itemId,
      before: { status: row.status },
      after: { status: 'failed', code: fault.code, detail: fault.message },
    });
    return row.originalId;
  });
  if (originalId) await markProcessing(bench, originalId, 'restore', 'failed', { fault });
}
