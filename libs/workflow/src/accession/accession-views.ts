import type { AccessionFileView, AccessionView } from '@albumen/contracts';
import {
  fileOutcomes,
  refuse,
  type AccessionStatus,
  type Door,
  type FileOutcome,
  type LocalText,
} from '@albumen/domain';
import type { ErrorCode, ErrorDetails } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { cutPage, readCursor } from '../page-cursor.js';

interface Row {
  id: string;
  collection_id: string;
  collection_title: LocalText;
  note: string;
  door: Door;
  status: AccessionStatus;
  created_at: Date;
  created_by: string;
  created_by_name: string;
  closed_at: Date | null;
  total: number;
  waiting: number;
  received: number;
  duplicate: number;
  refused: number;
  bytes: string;
  bytes_received: string;
}

const select = `
  select a.*, c.title as collection_title, person.name as created_by_name, totals.*
    from accession a
    join collection c on c.id = a.collection_id
    left join person on person.id = a.created_by
    cross join lateral (
      select count(*)::int as total,
             count(*) filter (where outcome = 'waiting')::int as waiting,
             count(*) filter (where outcome = 'received')::int as received,
             count(*) filter (where outcome = 'duplicate')::int as duplicate,
             count(*) filter (where outcome = 'refused')::int as refused,
             coalesce(sum(bytes), 0) as bytes,
             coalesce(sum(bytes) filter (where outcome = 'received'), 0) as bytes_received
        from accession_file where accession_id = a.id) totals`;

const shape = (row: Row): AccessionView => ({
  id: row.id,
  collectionId: row.collection_id,
  collectionTitle: row.collection_title,
  note: row.note,
  door: row.door,
  status: row.status,
  createdAt: row.created_at.toISOString(),
  createdBy: { id: row.created_by, name: row.created_by_name ?? '' },
  closedAt: row.closed_at?.toISOString() ?? null,
  totals: {
    total: row.total,
    waiting: row.waiting,
    received: row.received,
    duplicate: row.duplicate,
    refused: row.refused,
    bytes: Number(row.bytes),
    bytesReceived: Number(row.bytes_received),
  },
});

/** One accession with its totals, counted from its rows; throws `accession.not-found`. */
export async function readAccession(bench: Workbench, id: string): Promise<AccessionView> {
  const [row] = (await bench.database.read.query(`${select} where a.id = $1`, [id])) as Row[];
  if (!row) throw refuse('accession.not-found', { id });
  return shape(row);
}

/** Accessions, newest first. */
export async function readAccessions(
  bench: Workbench,
  query: { readonly cursor?: string | undefined; readonly limit?: number } = {},
): Promise<{ rows: AccessionView[]; next: string | null }> {
  const limit = query.limit ?? 50;
  const after = readCursor(query.cursor, 'instant', 'uuid');
  const rows = (await bench.database.read.query(
    `${select} where $2::timestamptz is null or (a.created_at, a.id) < ($2, $3::uuid)
      order by a.created_at desc, a.id desc limit $1`,
    [limit + 1, after?.[0] ?? null, after?.[1] ?? null],
  )) as Row[];
  const page = cutPage(rows, limit, (row) => [row.created_at.toISOString(), row.id]);
  return { rows: page.rows.map(shape), next: page.next };
}

interface FileRow {
  id: string;
  position: number;
  name: string;
  path: string;
  bytes: string;
  outcome: FileOutcome;
  reason_code: ErrorCode | null;
  reason_details: ErrorDetails;
  item_id: string | null;
  original_id: string | null;
  sha256: string | null;
  outcome_at: Date | null;
  thumbnail_id: string | null;
  same_item_id: string | null;
  same_collection_id: string | null;
  same_title: LocalText | null;
  same_since: Date | null;
}

const selectFiles = `
  select f.*, t.id as thumbnail_id, i.id as same_item_id, i.collection_id as same_collection_id,
         i.title as same_title, o.received_at as same_since
    from accession_file f
    left join derivative t on t.original_id = coalesce(f.original_id, f.same_bytes_original_id)
          and t.restoration_id is null and t.use = 'thumbnail' and t.variant = ''
    left join original o on o.id = f.same_bytes_original_id
    left join item i on i.id = o.item_id`;

const shapeFile = (row: FileRow): AccessionFileView => ({
  id: row.id,
  position: row.position,
  name: row.name,
  path: row.path,
  bytes: Number(row.bytes),
  bytesReceived: row.outcome === 'waiting' ? 0 : Number(row.bytes),
  outcome: row.outcome,
  reason: row.reason_code === null ? null : { code: row.reason_code, details: { ...row.reason_details } },
  itemId: row.item_id,
  originalId: row.original_id,
  sameBytesAs:
    row.same_item_id && row.same_collection_id && row.same_since
      ? {
          itemId: row.same_item_id,
          collectionId: row.same_collection_id,
          title: row.same_title ?? {},
          since: row.same_since.toISOString(),
        }
      : null,
  sha256: row.sha256,
  thumbnail: row.thumbnail_id ? `/api/files/thumbnail/${row.thumbnail_id}` : null,
  outcomeAt: row.outcome_at?.toISOString() ?? null,
});

/**
 * Files of an accession in their order, of one outcome or of all. `bytesReceived` of a waiting file is 0: what is
 * staged is known to the door that stages it.
 */
export async function readAccessionFiles(
  bench: Workbench,
  accessionId: string,
  query: {
    readonly outcome?: FileOutcome | undefined;
    readonly cursor?: string | undefined;
    readonly limit?: number;
  } = {},
): Promise<{ rows: AccessionFileView[]; next: string | null }> {
  if (query.outcome && !fileOutcomes.includes(query.outcome)) throw refuse('request.invalid', { detail: 'outcome' });
  const limit = query.limit ?? 100;
  const after = readCursor(query.cursor, 'number');
  const rows = (await bench.database.read.query(
    `${selectFiles} where f.accession_id = $1 and ($2::text is null or f.outcome = $2) and f.position > $3
      order by f.position limit $4`,
    [accessionId, query.outcome ?? null, after?.[0] ?? 0, limit + 1],
  )) as FileRow[];
  const page = cutPage(rows, limit, (row) => [row.position]);
  return { rows: page.rows.map(shapeFile), next: page.next };
}
