import type { CollectionView } from '@albumen/contracts';
import { refuse, type LocalText, type PresetName, type TreatmentLevel } from '@albumen/domain';
import type { Workbench } from '../workbench.js';

interface Row {
  id: string;
  parent_id: string | null;
  version: number;
  title: LocalText;
  description: LocalText;
  reference_code: string;
  rights: string | null;
  treatment_level: TreatmentLevel;
  proposals: 'automatic' | 'on-request';
  preset: PresetName;
  grain_floor: number | null;
  policy_set_by: string | null;
  policy_set_by_name: string | null;
  created_at: Date;
  items: number;
  open_reviews: number;
  published: number;
  failed: number;
}

const select = `
  select c.*, person.name as policy_set_by_name,
         coalesce(items.n, 0)::int as items, coalesce(reviews.n, 0)::int as open_reviews,
         coalesce(published.n, 0)::int as published, coalesce(failed.n, 0)::int as failed
    from collection c
    left join person on person.id = c.policy_set_by
    left join lateral (select count(*) as n from item where item.collection_id = c.id) items on true
    left join lateral (select count(*) as n from review where review.collection_id = c.id and state = 'open') reviews on true
    left join lateral (select count(distinct i.id) as n from item i join publication p on p.item_id = i.id and p.withdrawn_at is null
                        where i.collection_id = c.id) published on true
    left join lateral (select count(distinct i.id) as n from item i join original o on o.item_id = i.id
                         join processing s on s.original_id = o.id and s.state = 'failed'
                        where i.collection_id = c.id) failed on true`;

const shape = (row: Row): CollectionView => ({
  id: row.id,
  parentId: row.parent_id,
  version: row.version,
  title: row.title,
  description: row.description,
  referenceCode: row.reference_code,
  rights: row.rights,
  treatmentLevel: row.treatment_level,
  preset: row.preset,
  grainFloor: row.grain_floor,
  proposals: row.proposals,
  policySetBy: row.policy_set_by ? { id: row.policy_set_by, name: row.policy_set_by_name ?? '' } : null,
  createdAt: row.created_at.toISOString(),
  counts: { items: row.items, openReviews: row.open_reviews, published: row.published, failed: row.failed },
});

/** The whole tree, flat, in the order it was made; counts are of a collection's own items, without those of its parts. */
export async function readCollections(bench: Workbench): Promise<{ rows: CollectionView[] }> {
  const rows = (await bench.database.read.query(`${select} order by c.created_at, c.id`)) as Row[];
  return { rows: rows.map(shape) };
}

/** One collection; refuses with `collection.not-found`. */
export async function readCollection(bench: Workbench, id: string): Promise<CollectionView> {
  const [row] = (await bench.database.read.query(`${select} where c.id = $1`, [id])) as Row[];
  if (!row) throw refuse('collection.not-found', { id });
  return shape(row);
}
