import { setTimeout as pause } from 'node:timers/promises';
import type { Workbench } from '@albumen/workflow';
import type { Terminal } from '../terminal.js';

interface Count {
  total: number;
  settled: number;
  proposed: number;
  unneeded: number;
  failed: number;
}

/**
 * Shows how far analysis and restoration of an accession are, until nothing is left to do or the signal says stop.
 * Answers the last count; `complete` is false where it was stopped.
 */
export async function watchProcessing(
  bench: Workbench,
  terminal: Terminal,
  accessionId: string,
  signal?: AbortSignal,
): Promise<Count & { readonly complete: boolean }> {
  for (;;) {
    const count = await countProcessing(bench, accessionId);
    if (count.settled >= count.total) {
      terminal.endBar();
      return { ...count, complete: true };
    }
    if (signal?.aborted) return { ...count, complete: false };
    terminal.progress(count.settled / count.total, `analysed and restored ${count.settled} of ${count.total}`);
    await pause(500);
  }
}

/** Settled is an original that waits for a person: proposed, nothing needed, or failed with its reason. */
async function countProcessing(bench: Workbench, accessionId: string): Promise<Count> {
  const [row] = (await bench.database.read.query(
    `with mine as (
       select exists (select 1 from processing p where p.original_id = o.id and p.state = 'failed')
                or exists (select 1 from restoration r where r.original_id = o.id and r.status = 'failed') as failed,
              exists (select 1 from restoration r where r.original_id = o.id and r.status in ('requested', 'running')) as busy,
              exists (select 1 from restoration r where r.original_id = o.id
                       and r.status in ('proposed', 'approved', 'rejected', 'rework')) as proposed,
              d.treatment_needed
         from original o
         join item i on i.id = o.item_id
         left join damage_report d on d.original_id = o.id
        where i.accession_id = $1)
     select count(*)::int as total,
            count(*) filter (where failed or (treatment_needed is not null and not busy))::int as settled,
            count(*) filter (where proposed)::int as proposed,
            count(*) filter (where treatment_needed = false)::int as unneeded,
            count(*) filter (where failed)::int as failed
       from mine`,
    [accessionId],
  )) as Count[];
  return row ?? { total: 0, settled: 0, proposed: 0, unneeded: 0, failed: 0 };
}

/** What became of an accession's originals, and where to go on. */
export function processedWords(done: Count, address: string): string {
  const failed = done.failed > 0 ? ` ${done.failed} failed: ${address}/desk/queues says why.` : '';
  return `Restorations proposed: ${done.proposed}; no treatment needed: ${done.unneeded}.${failed} Review: ${address}/desk/reviews`;
}
