import type { Job, JobQueue } from '@albumen/domain';
import type { Database } from './database.js';
import { OutboxRecord } from './records/index.js';

/**
 * Hands waiting outbox rows to the queue, oldest first, and marks them relayed. Several processes may do so at once
 * (`SKIP LOCKED`); a crash between the two leaves the row, and the queue drops the repeated id. Answers how many went.
 */
export async function relayOutbox(database: Database, queue: JobQueue, limit = 100): Promise<number> {
  return database.keepBooks(async (manager) => {
    const rows = await manager
      .createQueryBuilder(OutboxRecord, 'outbox')
      .where('outbox.relayedAt is null')
      .orderBy('outbox.position')
      .limit(limit)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
    for (const row of rows) await queue.add(row.id, { name: row.job, payload: row.payload } as Job);
    if (rows.length > 0) {
      await manager
        .createQueryBuilder()
        .update(OutboxRecord)
        .set({ relayedAt: () => 'now()' })
        .whereInIds(rows.map((row) => row.id))
        .execute();
    }
    return rows.length;
  });
}
