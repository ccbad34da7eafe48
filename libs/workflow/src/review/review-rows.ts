import type { ReviewRow } from '@albumen/contracts';
import { may, refuse, type ChangeNumbers, type LocalText, type PersonActor } from '@albumen/domain';
import { cutPage, readCursor } from '../page-cursor.js';
import type { Workbench } from '../workbench.js';

interface Row {
  id: string;
  item_id: string;
  restoration_id: string;
  collection_id: string;
  collection_title: LocalText;
  title: LocalText;
  file_name: string;
  state: ReviewRow['state'];
  thumb_id: string | null;
  thumb_width: number;
  thumb_height: number;
  created_at: Date;
  decided_at: Date | null;
  claimed_by: string | null;
  claimed_by_name: string | null;
  claimed_until: Date | null;
  requesters: string[];
  numbers: ChangeNumbers | null;
}

const select = `
  select v.id, v.item_id, v.restoration_id, v.collection_id, c.title as collection_title, i.title, o.file_name, v.state,
         t.id as thumb_id, t.width as thumb_width, t.height as thumb_height, v.created_at, v.decided_at,
         v.claimed_by, holder.name as claimed_by_name, v.claimed_until,
         array_append(r.requested_with, r.requested_by) as requesters, r.numbers
    from review v
    join restoration r on r.id = v.restoration_id
    join original o on o.id = r.original_id
    join item i on i.id = v.item_id
    join collection c on c.id = v.collection_id
    left join person holder on holder.id = v.claimed_by
    left join derivative t on t.original_id = o.id and t.use = 'thumbnail' and t.restoration_id is null and t.variant = ''`;

const shape = (row: Row, reader: PersonActor, now: Date): ReviewRow => ({
  id: row.id,
  itemId: row.item_id,
  restorationId: row.restoration_id,
  collectionId: row.collection_id,
  collectionTitle: row.collection_title,
  title: row.title,
  fileName: row.file_name,
  state: row.state,
  thumbnail:
    row.thumb_id === null
      ? null
      : { url: `/api/files/thumbnail/${row.thumb_id}`, width: row.thumb_width, height: row.thumb_height },
  proposedAt: row.created_at.toISOString(),
  claim:
    row.claimed_by && row.claimed_until && row.claimed_until > now
      ? {
          by: { id: row.claimed_by, name: row.claimed_by_name ?? '' },
          until: row.claimed_until.toISOString(),
          mine: row.claimed_by === reader.id,
        }
      : null,
  mayDecide: may(reader.roles, 'review.decide') && !row.requesters.includes(reader.id),
  replacedShare: row.numbers?.replacedShare ?? 0,
  meanDeltaE: row.numbers?.meanDeltaE ?? 0,
});

/** What of the queue is asked for. */
export interface ReviewQuery {
  readonly state: 'open' | 'decided';
  readonly collectionId?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The review queue: open ones oldest first, decided ones in the order they were proposed, newest first. */
export async function readReviews(
  bench: Workbench,
  reader: PersonActor,
  query: ReviewQuery,
): Promise<{ rows: ReviewRow[]; next: string | null; total: number | null }> {
  const from = readCursor(query.cursor, 'instant', 'uuid');
  const open = query.state === 'open';
  const [ahead, order] = open ? ['>', 'asc'] : ['<', 'desc'];
  const where = `v.state ${open ? '=' : '<>'} 'open' and ($1::uuid is null or v.collection_id = $1)`;
  const rows = (await bench.database.read.query(
    `${select} where ${where}
        and ($2::timestamptz is null or (v.created_at, v.id) ${ahead} ($2::timestamptz, $3::uuid))
      order by v.created_at ${order}, v.id ${order} limit $4`,
    [query.collectionId ?? null, from?.[0] ?? null, from?.[1] ?? null, query.limit + 1],
  )) as Row[];
  const [count] = from
    ? []
    : ((await bench.database.read.query(`select count(*)::int as n from review v where ${where}`, [
        query.collectionId ?? null,
      ])) as { n: number }[]);
  const page = cutPage(rows, query.limit, (row) => [row.created_at.toISOString(), row.id]);
  const now = bench.clock.now();
  return { rows: page.rows.map((row) => shape(row, reader, now)), next: page.next, total: count?.n ?? null };
}

/** One review as a row of the queue; refuses with `review.not-found`. */
export async function readReviewRow(bench: Workbench, reader: PersonActor, id: string): Promise<ReviewRow> {
  const [row] = (await bench.database.read.query(`${select} where v.id = $1`, [id])) as Row[];
  if (!row) throw refuse('review.not-found', { id });
  return shape(row, reader, bench.clock.now());
}
