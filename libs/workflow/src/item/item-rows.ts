import type { ItemRow } from '@albumen/contracts';
import { foldForSearch, refuse, type LocalText, type Side } from '@albumen/domain';
import { cutPage, likePatterns, matches, readCursor } from '../page-cursor.js';
import type { Workbench } from '../workbench.js';

/** Where an item stands, as one of `itemStates`. */
export type ItemState = ItemRow['state'];

/**
 * Joins and the expression `state` for the alias `i` of table item: the one place where an item's state is derived from
 * rows. Also offers `pub` (newest release), `rev` (open review), `front` (first original) and `thumb`.
 */
export const itemStateJoins = `
  join collection c on c.id = i.collection_id
  left join item_description d on d.item_id = i.id and d.version = i.description_version
  left join lateral (select p.id, p.withdrawn_at from publication p where p.item_id = i.id order by p.number desc limit 1) pub on true
  left join lateral (select r.id from review r where r.item_id = i.id and r.state = 'open' order by r.created_at, r.id limit 1) rev on true
  left join lateral (select o.id, o.side from original o where o.item_id = i.id order by o.position, o.id limit 1) front on true
  left join derivative thumb on thumb.original_id = front.id and thumb.use = 'thumbnail' and thumb.restoration_id is null and thumb.variant = ''
  left join damage_report report on report.original_id = front.id
  left join lateral (
    select coalesce(bool_or(s.state = 'failed'), false) as failed,
           coalesce(bool_or(s.step = 'derive' and s.state = 'done'), false) as derived,
           coalesce(bool_or(s.step = 'assess' and s.state = 'done'), false)
             and not coalesce(bool_or(s.state in ('waiting', 'running')), false) as settled
      from processing s join original o on o.id = s.original_id where o.item_id = i.id) work on true
  left join lateral (
    select coalesce(bool_or(r.status = 'approved'), false) as approved,
           coalesce(bool_or(r.status = 'approved' and r.composed_at is not null), false) as composed,
           coalesce(bool_or(r.status in ('requested', 'running')), false) as running,
           coalesce(bool_or(r.status <> 'cancelled'), false) as requested,
           coalesce(bool_or(r.status = 'failed'), false) as failed,
           coalesce(bool_or(r.status in ('rejected', 'rework')), false) as turned_down
      from restoration r where r.item_id = i.id) treatment on true
  cross join lateral (select case
    when pub.id is not null and pub.withdrawn_at is null then 'published'
    when rev.id is not null then 'to-review'
    when pub.id is not null then 'withdrawn'
    when work.failed or (treatment.failed and not treatment.approved and not treatment.running) then 'failed'
    when treatment.running or not work.derived then 'processing'
    when treatment.approved and not treatment.composed then 'approved'
    when (treatment.composed or treatment.turned_down or work.settled) and i.title <> '{}'::jsonb
         and coalesce(nullif(d.body->>'rights', ''), c.rights) is not null then 'ready'
    when treatment.approved then 'approved'
    when treatment.turned_down then 'rejected'
    when report.treatment_needed = false then 'no-treatment-needed'
    when report.treatment_needed = true and not treatment.requested then 'untreated'
    else 'processing' end as state) derived`;

interface Row {
  id: string;
  collection_id: string;
  ordinal: number;
  title: LocalText;
  reference_code: string;
  file_name: string;
  state: ItemState;
  thumb_id: string | null;
  thumb_width: number | null;
  thumb_height: number | null;
  side: Side | null;
  created_at: Date;
  review_id: string | null;
}

const columns = `i.id, i.collection_id, i.ordinal, i.title, i.reference_code, i.file_name, derived.state, i.created_at,
  thumb.id as thumb_id, thumb.width as thumb_width, thumb.height as thumb_height,
  coalesce(d.body->>'side', front.side) as side, rev.id as review_id`;

const shape = (row: Row): ItemRow => ({
  id: row.id,
  collectionId: row.collection_id,
  ordinal: row.ordinal,
  title: row.title,
  referenceCode: row.reference_code,
  fileName: row.file_name,
  state: row.state,
  thumbnail:
    row.thumb_id === null
      ? null
      : { url: `/api/files/thumbnail/${row.thumb_id}`, width: row.thumb_width ?? 0, height: row.thumb_height ?? 0 },
  side: row.side ?? 'front',
  createdAt: row.created_at.toISOString(),
  described: Object.keys(row.title).length > 0,
  openReviewId: row.review_id,
});

/** What a page of items is asked for. `q` is searched folded, every word of it. */
export interface ItemQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly state?: ItemState | undefined;
  readonly q?: string | undefined;
}

/** A page of items: rows, the next cursor, and the total of the first page. */
export interface ItemPage {
  rows: ItemRow[];
  next: string | null;
  total: number | null;
}

/** Items of a collection in their order; refuses with `collection.not-found`. */
export async function readCollectionItems(bench: Workbench, collectionId: string, query: ItemQuery): Promise<ItemPage> {
  const after = readCursor(query.cursor, 'number');
  const [known] = (await bench.database.read.query('select 1 as one from collection where id = $1', [
    collectionId,
  ])) as unknown[];
  if (!known) throw refuse('collection.not-found', { id: collectionId });
  const patterns = likePatterns(foldForSearch(query.q ?? ''));
  const values = [collectionId, query.state ?? null, ...patterns];
  const where = `i.collection_id = $1 and ($2::text is null or derived.state = $2) and ${matches('i.search', 3, patterns)}`;
  const rows = (await bench.database.read.query(
    `select ${columns} from item i ${itemStateJoins}
      where ${where} and i.ordinal > $${values.length + 1} order by i.ordinal limit $${values.length + 2}`,
    [...values, after?.[0] ?? -1, query.limit + 1],
  )) as Row[];
  const page = cutPage(rows, query.limit, (row) => [row.ordinal]);
  const total = after ? null : await count(bench, where, values, query.state !== undefined);
  return { rows: page.rows.map(shape), next: page.next, total };
}

/** Rows of a search at most, and of one collection in it. */
const mostFound = { all: 240, collection: 24 } as const;

/**
 * Searches every collection at once: what is found, collection by collection (oldest first), 24 of each and 240 in all.
 * `total` counts everything that was found.
 */
export async function findItems(bench: Workbench, q: string): Promise<ItemPage> {
  const patterns = likePatterns(foldForSearch(q));
  if (patterns.length === 0) return { rows: [], next: null, total: 0 };
  const rows = (await bench.database.read.query(
    `select ${columns}, i.total from (
       select found.*, row_number() over (partition by found.collection_id order by found.ordinal) as place,
              (count(*) over ())::int as total
         from item found where ${matches('found.search', 1, patterns)}) i ${itemStateJoins}
      where i.place <= ${mostFound.collection}
      order by c.created_at, c.id, i.ordinal limit ${mostFound.all}`,
    patterns,
  )) as (Row & { total: number })[];
  return { rows: rows.map(shape), next: null, total: rows[0]?.total ?? 0 };
}

/** Items that are published or could be now, newest first. */
export async function readPublishable(
  bench: Workbench,
  query: { cursor?: string | undefined; limit: number },
): Promise<ItemPage> {
  const before = readCursor(query.cursor, 'instant', 'uuid');
  const rows = (await bench.database.read.query(
    `select ${columns} from item i ${itemStateJoins}
      where derived.state in ('published', 'ready')
        and ($1::timestamptz is null or (i.created_at, i.id) < ($1::timestamptz, $2::uuid))
      order by i.created_at desc, i.id desc limit $3`,
    [before?.[0] ?? null, before?.[1] ?? null, query.limit + 1],
  )) as Row[];
  const page = cutPage(rows, query.limit, (row) => [row.created_at.toISOString(), row.id]);
  return { rows: page.rows.map(shape), next: page.next, total: null };
}

/** The state of one item, or undefined where there is none. */
export async function readItemState(bench: Workbench, itemId: string): Promise<ItemState | undefined> {
  const [row] = (await bench.database.read.query(`select derived.state from item i ${itemStateJoins} where i.id = $1`, [
    itemId,
  ])) as { state: ItemState }[];
  return row?.state;
}

async function count(
  bench: Workbench,
  where: string,
  values: readonly unknown[],
  needsState: boolean,
): Promise<number> {
  const from = needsState ? `item i ${itemStateJoins}` : `item i cross join (select null::text as state) derived`;
  const [row] = (await bench.database.read.query(`select count(*)::int as n from ${from} where ${where}`, [
    ...values,
  ])) as { n: number }[];
  return row?.n ?? 0;
}
