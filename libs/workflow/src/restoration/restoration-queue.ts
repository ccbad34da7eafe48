import type { RestorationQueue } from '@albumen/contracts';
import type { Workbench } from '../workbench.js';
import { estimateQueue, type Analyses, type FinishedRun, type OpenRun } from './queue-estimate.js';
import { readPresence } from './worker-presence.js';

const operationsOf = (alias: string): string =>
  `(select string_agg(step->>'operation', ' ' order by step->>'operation') from jsonb_array_elements(${alias}.recipe->'steps') step)`;
const megapixels = `f.width::float8 * f.height / 1000000`;

/** How many runs are looked at; a rate is the median of fewer. */
const looked = 200;
/** Pictures whose analysis tells what waiting ones will cost. */
const analysesLooked = 50;

/** `GET /api/restoration-queue`: what waits and runs, and how long it will take. Every figure is counted from rows. */
export async function readRestorationQueue(bench: Workbench): Promise<RestorationQueue> {
  const { read } = bench.database;
  const now = bench.clock.now();
  const [counts, finished, open, analysing, analysed, underWay, presence] = await Promise.all([
    read.query(
      `select (count(*) filter (where status = 'requested'))::int as waiting,
              (count(*) filter (where status = 'running'))::int as running,
              (count(*) filter (where status in ('proposed', 'approved', 'rejected', 'rework')))::int as finished,
              (count(*) filter (where status = 'failed'))::int as failed
         from restoration`,
    ) as Promise<{ waiting: number; running: number; finished: number; failed: number }[]>,
    read.query(
      `select ${operationsOf('r')} as operations, ${megapixels} as megapixels,
              extract(epoch from r.finished_at - r.started_at)::float8 as seconds
         from restoration r join original_facts f on f.original_id = r.original_id
        where r.finished_at is not null and r.started_at is not null
          and r.status in ('proposed', 'approved', 'rejected', 'rework')
        order by r.finished_at desc limit ${looked}`,
    ) as Promise<FinishedRun[]>,
    read.query(
      `select ${operationsOf('r')} as operations, ${megapixels} as megapixels,
              case when r.status = 'running' then extract(epoch from $1::timestamptz - r.started_at)::float8 end as "runningSeconds",
              case when r.status = 'running' then (r.progress->>'secondsLeft')::float8 end as "secondsLeft"
         from restoration r join original_facts f on f.original_id = r.original_id
        where r.status in ('requested', 'running')
        order by r.requested_at, r.id`,
      [now],
    ) as Promise<OpenRun[]>,
    // Its size is known once it is characterised; until then it counts like the others that are.
    read.query(
      `select count(*)::int as waiting,
              coalesce(sum(${megapixels}), 0)::float8 + coalesce(avg(${megapixels}), 0) * (count(*) filter (where f.width is null)) as megapixels
         from (select distinct s.original_id from processing s
                where (s.state = 'waiting' and s.step in ('characterise', 'derive', 'assess'))
                   or (s.state = 'running' and s.step in ('characterise', 'derive'))) s
         left join original_facts f on f.original_id = s.original_id
        where not exists (select 1 from damage_report d where d.original_id = s.original_id)`,
    ) as Promise<{ waiting: number; megapixels: number }[]>,
    read.query(
      `select s.seconds, ${megapixels} as megapixels,
              exists (select 1 from restoration r where r.original_id = s.original_id and r.automatic) as proposed
         from (select original_id, seconds from processing
                where state = 'done' and step = 'assess' and seconds is not null
                order by changed_at desc limit ${analysesLooked}) s
         join original_facts f on f.original_id = s.original_id`,
    ) as Promise<{ seconds: number; megapixels: number; proposed: boolean }[]>,
    read.query(
      `select ${megapixels} as megapixels, extract(epoch from $1::timestamptz - s.changed_at)::float8 as "runningSeconds"
         from processing s join original_facts f on f.original_id = s.original_id
        where s.state = 'running' and s.step = 'assess'
          and not exists (select 1 from damage_report d where d.original_id = s.original_id)`,
      [now],
    ) as Promise<Analyses['running'][number][]>,
    readPresence(bench),
  ]);
  const count = counts[0] ?? { waiting: 0, running: 0, finished: 0, failed: 0 };
  const analyses: Analyses = {
    waiting: analysing[0]?.waiting ?? 0,
    megapixels: analysing[0]?.megapixels ?? 0,
    running: underWay,
    finished: analysed,
    proposedShare: analysed.length === 0 ? 0 : analysed.filter((one) => one.proposed).length / analysed.length,
  };
  return {
    ...count,
    analysing: {
      waiting: analyses.waiting + underWay.length,
      megapixels: underWay.reduce((sum, one) => sum + one.megapixels, analyses.megapixels),
    },
    workers: presence.workers,
    ...estimateQueue(finished, open, analyses, presence.slots),
  };
}
