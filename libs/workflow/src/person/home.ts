import type { HomeView } from '@albumen/contracts';
import type { LocalText, PersonActor } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { itemStateJoins } from '../item/item-rows.js';
import { readRestorationQueue } from '../restoration/restoration-queue.js';
import { readCustodyFigures } from './custody-figures.js';

/** `GET /api/home`: what waits for a person. Every figure is counted from rows. */
export async function readHome(bench: Workbench, person: PersonActor): Promise<HomeView> {
  const { read } = bench.database;
  const now = bench.clock.now();
  const [reviews, accessions, failures, describe, publish, processing, integrity, restoring] = await Promise.all([
    read.query(
      `select count(*)::int as open, min(created_at) as oldest,
              (count(*) filter (where claimed_by = $1 and claimed_until > $2))::int as mine
         from review where state = 'open'`,
      [person.id, now],
    ) as Promise<{ open: number; mine: number; oldest: Date | null }[]>,
    read.query(
      `select a.id, c.title as "collectionTitle", a.created_at as at, f.total, f.waiting, f.refused
         from (select * from accession where status = 'receiving' order by created_at desc, id desc limit 10) a
         join collection c on c.id = a.collection_id
         cross join lateral (select count(*)::int as total,
                (count(*) filter (where outcome = 'waiting'))::int as waiting,
                (count(*) filter (where outcome = 'refused'))::int as refused
           from accession_file where accession_id = a.id) f
        order by a.created_at desc, a.id desc`,
    ) as Promise<
      { id: string; collectionTitle: LocalText; at: Date; total: number; waiting: number; refused: number }[]
    >,
    read.query(
      `select s.original_id as "originalId", o.item_id as "itemId", i.title, o.file_name as "fileName", s.step,
              coalesce(s.code, 'internal.unexpected') as code, coalesce(s.detail, '') as detail, s.changed_at as at
         from processing s join original o on o.id = s.original_id join item i on i.id = o.item_id
        where s.state = 'failed' order by s.changed_at desc limit 20`,
    ) as Promise<(Omit<HomeView['failures'][number], 'at' | 'title'> & { at: Date; title: LocalText })[]>,
    read.query(`select count(*)::int as n from item where title = '{}'::jsonb`) as Promise<{ n: number }[]>,
    read.query(`select count(*)::int as n from item i ${itemStateJoins} where derived.state = 'ready'`) as Promise<
      { n: number }[]
    >,
    read.query(
      `select (count(*) filter (where state = 'waiting'))::int as waiting,
              (count(*) filter (where state = 'running'))::int as running
         from processing where state in ('waiting', 'running')`,
    ) as Promise<{ waiting: number; running: number }[]>,
    readCustodyFigures(bench),
    readRestorationQueue(bench),
  ]);
  const queue = processing[0];
  return {
    reviews: {
      open: reviews[0]?.open ?? 0,
      mine: reviews[0]?.mine ?? 0,
      oldestAt: reviews[0]?.oldest?.toISOString() ?? null,
    },
    accessions: accessions.map(({ at, collectionTitle, ...row }) => ({
      ...row,
      collectionTitle: { ...collectionTitle },
      createdAt: at.toISOString(),
    })),
    failures: failures.map(({ at, title, ...row }) => ({ ...row, title: { ...title }, at: at.toISOString() })),
    toDescribe: describe[0]?.n ?? 0,
    toPublish: publish[0]?.n ?? 0,
    processing: {
      waiting: queue?.waiting ?? 0,
      running: queue?.running ?? 0,
      secondsLeft: restoring.secondsLeft,
    },
    integrity,
  };
}
