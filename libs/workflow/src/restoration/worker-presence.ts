import type { Workbench } from '../workbench.js';

/** Seconds between two signs of life of a worker, and after which one that gave none counts as gone. */
export const presenceSeconds = { every: 10, gone: 45 } as const;

/** A worker's sign of life. `slots`: restorations and analyses that it runs at a time. */
export async function notePresence(
  bench: Workbench,
  worker: { readonly id: string; readonly slots: number },
): Promise<void> {
  const now = bench.clock.now();
  await bench.database.keepBooks(async (manager) => {
    await manager.query(
      `insert into worker_presence (id, slots, seen_at) values ($1, $2, $3)
       on conflict (id) do update set slots = $2, seen_at = $3`,
      [worker.id, worker.slots, now],
    );
    await manager.query(`delete from worker_presence where seen_at < $1::timestamptz - interval '1 day'`, [now]);
  });
}

/** The worker stops: it counts no longer. */
export async function endPresence(bench: Workbench, id: string): Promise<void> {
  await bench.database.keepBooks((manager) => manager.query('delete from worker_presence where id = $1', [id]));
}

/** How many workers are alive, and how many runs go side by side on them. */
export async function readPresence(bench: Workbench): Promise<{ readonly workers: number; readonly slots: number }> {
  const [row] = (await bench.database.read.query(
    `select count(*)::int as workers, coalesce(sum(slots), 0)::int as slots
       from worker_presence where seen_at > $1::timestamptz - make_interval(secs => $2)`,
    [bench.clock.now(), presenceSeconds.gone],
  )) as { workers: number; slots: number }[];
  return row ?? { workers: 0, slots: 0 };
}
