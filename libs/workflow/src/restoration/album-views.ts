import type { AlbumList } from '@albumen/contracts';
import {
  measuredSpread,
  refuse,
  type MeasuredPicture,
  type RecipeStep,
  type RestorationStatus,
  type ToneReport,
} from '@albumen/domain';
import { CollectionRecord } from '@albumen/database';
import type { Workbench } from '../workbench.js';

interface Row {
  readonly place: number;
  readonly steps: readonly RecipeStep[];
  readonly asked: Date;
  readonly status: RestorationStatus;
  readonly tones: MeasuredPicture['tones'] | null;
  readonly report: ToneReport | null;
}

/** Albums of one answer. */
const latest = 5;

/**
 * The albums of a collection, the latest first: photographs with the same steps, asked for by persons for two or more. What
 * was turned down is no picture of an album any more; what is composed counts as it was accepted, anything else as proposed.
 * Refuses with `collection.not-found`.
 */
export async function readAlbums(bench: Workbench, collectionId: string): Promise<AlbumList> {
  const { read } = bench.database;
  if (!(await read.manager.existsBy(CollectionRecord, { id: collectionId })))
    throw refuse('collection.not-found', { id: collectionId });
  const rows = (await read.query(
    `with treated as (
       select distinct on (r.recipe->'steps', r.original_id)
              r.recipe->'steps' as steps, r.original_id, r.automatic, r.requested_at, r.status,
              coalesce(r.composed->'numbers', r.numbers)->'tones' as tones
         from restoration r
         join item i on i.id = r.item_id
         join original o on o.id = r.original_id
        where i.collection_id = $1 and o.side <> 'back'
          and r.status in ('requested', 'running', 'proposed', 'approved', 'failed')
        order by r.recipe->'steps', r.original_id, r.requested_at desc
     ), album as (
       select steps, max(requested_at) as asked, row_number() over (order by max(requested_at) desc, steps) as place
         from treated group by steps having count(*) filter (where not automatic) > 1
        order by asked desc, steps limit ${latest}
     )
     select album.place::int, album.steps, album.asked, treated.status, treated.tones,
            jsonb_build_object('fading', d.body->'fading', 'cast', d.body->'cast', 'tonality', d.body->'tonality') as report
       from album
       join treated on treated.steps = album.steps
       left join damage_report d on d.original_id = treated.original_id
      order by album.place, treated.original_id`,
    [collectionId],
  )) as Row[];
  const albums = Map.groupBy(rows, (row) => row.place);
  return { rows: [...albums.values()].map(shape) };
}

function shape(rows: readonly Row[]): AlbumList['rows'][number] {
  const [{ steps, asked }] = rows as [Row];
  const count = (...statuses: RestorationStatus[]): number =>
    rows.filter(({ status }) => statuses.includes(status)).length;
  const pictures = rows.flatMap(({ status, tones, report }) =>
    (status === 'proposed' || status === 'approved') && tones && report ? [{ tones, report }] : [],
  );
  const spread = measuredSpread(pictures, steps);
  return {
    requestedAt: asked.toISOString(),
    steps: steps.map(({ operation, strength, parameters }) => ({ operation, strength, parameters: { ...parameters } })),
    photographs: rows.length,
    waiting: count('requested', 'running'),
    failed: count('failed'),
    measured: pictures.length,
    spread: spread && { ...spread, grew: [...spread.grew] },
  };
}
