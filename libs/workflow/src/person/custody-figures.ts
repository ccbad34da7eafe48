import type { Workbench } from '../workbench.js';

/** Originals in custody, and how many of them hold: their digest was confirmed at receipt and no later reading contradicts it. */
export async function readCustodyFigures(bench: Workbench): Promise<{ total: number; verified: number }> {
  const [row] = (await bench.database.read.query(
    `select count(*)::int as total,
            (count(*) filter (where not exists (
              select 1 from processing p where p.original_id = o.id
               and p.code in ('original.digest-differs', 'storage.missing'))))::int as verified
       from original o`,
  )) as { total: number; verified: number }[];
  return row ?? { total: 0, verified: 0 };
}
