import type { Workbench } from '@albumen/workflow';

/** Figures of an installation, all counted from rows. */
export interface StatusFigures {
  readonly originals: number;
  readonly bytes: number;
  readonly collections: number;
  readonly receiving: number;
  readonly processing: number;
  readonly outbox: number;
  readonly reviews: number;
  readonly published: number;
  readonly auditEntries: number;
  readonly failed: number;
}

/** Counts what is in custody, what waits and what failed. */
export async function readStatus(bench: Workbench): Promise<StatusFigures> {
  const [row] = (await bench.database.read.query(`
    select (select count(*)::int from original) as originals,
           (select coalesce(sum(bytes), 0)::float8 from original) as bytes,
           (select count(*)::int from collection) as collections,
           (select count(*)::int from accession where status = 'receiving') as receiving,
           (select count(*)::int from processing where state in ('waiting', 'running')) as processing,
           (select count(*)::int from outbox where relayed_at is null) as outbox,
           (select count(*)::int from review where state = 'open') as reviews,
           (select count(distinct item_id)::int from publication where withdrawn_at is null) as published,
           (select count(*)::int from audit_entry) as "auditEntries",
           (select count(*)::int from processing where state = 'failed') as failed`)) as StatusFigures[];
  if (row === undefined) throw new Error('the database answered no figures');
  return row;
}
