import { mayMove, refuse, requirePermission, type Actor } from '@albumen/domain';
import { RestorationRecord } from '@albumen/database';
import type { Workbench } from '../workbench.js';

/** Cancels a restoration that waits or runs; a running one stops within seconds, and nothing of it is kept. */
export class CancelRestoration {
  constructor(private readonly bench: Workbench) {}

  async execute(actor: Actor, { restorationId }: { readonly restorationId: string }): Promise<void> {
    const person = requirePermission(actor, 'restoration.request');
    await this.bench.database.change(person, async (change) => {
      const row = await change.manager.findOne(RestorationRecord, {
        where: { id: restorationId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw refuse('restoration.not-found');
      if (!mayMove(row.status, 'cancelled'))
        throw refuse('request.invalid', { detail: 'this restoration is neither waiting nor running' });
      await change.manager.update(
        RestorationRecord,
        { id: restorationId },
        { status: 'cancelled', finishedAt: change.now, progress: null },
      );
      change.record({
        action: 'restoration.cancelled',
        subject: restorationId,
        item: row.itemId,
        before: { status: row.status },
        after: { status: 'cancelled' },
      });
    });
  }
}
