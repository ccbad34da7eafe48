import type { ChangeCollection as ChangeCollectionBody } from '@albumen/contracts';
import { CollectionRecord, NothingToChange } from '@albumen/database';
import {
  canonicalJson,
  findRights,
  hasText,
  refuse,
  requirePermission,
  tidyText,
  type Actor,
  type Json,
} from '@albumen/domain';
import type { EntityManager } from 'typeorm';
import type { Workbench } from '../workbench.js';
import { boundedJson } from '../audit/bounded-json.js';
import { requirePresetWithin } from './preset-within.js';

const policyFields = ['treatmentLevel', 'proposals', 'preset', 'grainFloor', 'rights'] as const;
type Fields = Pick<
  CollectionRecord,
  | 'parentId'
  | 'title'
  | 'description'
  | 'referenceCode'
  | 'rights'
  | 'treatmentLevel'
  | 'proposals'
  | 'preset'
  | 'grainFloor'
>;

/** Changes a collection; who changes its policy counts as having set it. */
export class ChangeCollection {
  constructor(private readonly bench: Workbench) {}

  /**
   * Errors: `collection.not-found`, `collection.changed-meanwhile`, `collection.title-needed`, `collection.cycle`,
   * `description.rights-unknown`, `collection.preset-above-level` (also where the level would fall below the preset).
   */
  async execute(actor: Actor, id: string, body: ChangeCollectionBody): Promise<void> {
    const person = requirePermission(actor, 'collection.edit');
    const wanted = wantedFields(body);
    await this.bench.database.change(person, async ({ manager, record }) => {
      // One lock for the whole tree, since two moves that are each fine can make a circle together.
      if (wanted.parentId !== undefined) await manager.query(`select pg_advisory_xact_lock(4711010)`);
      const row = await manager.findOne(CollectionRecord, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!row) throw refuse('collection.not-found', { id });
      if (row.version !== body.version) throw refuse('collection.changed-meanwhile', { version: row.version });
      const changed = (Object.keys(wanted) as (keyof Fields)[]).filter(
        (field) => canonicalJson(wanted[field]) !== canonicalJson(row[field]),
      );
      if (changed.length === 0) throw new NothingToChange(undefined);
      if (changed.includes('parentId') && wanted.parentId) await refuseCycle(manager, id, wanted.parentId);
      requirePresetWithin(wanted.preset ?? row.preset, wanted.treatmentLevel ?? row.treatmentLevel);
      const pick = (from: Partial<Fields>): Json =>
        Object.fromEntries(changed.map((field) => [field, boundedJson(from[field] as Json)]));
      const policy = policyFields.some((field) => changed.includes(field));
      await manager.update(CollectionRecord, { id }, {
        ...Object.fromEntries(changed.map((field) => [field, wanted[field]])),
        version: row.version + 1,
        ...(policy ? { policySetBy: person.id } : {}),
      } as never);
      record({ action: 'collection.changed', subject: id, before: pick(row), after: pick(wanted) });
    });
  }
}

function wantedFields(body: ChangeCollectionBody): Partial<Fields> {
  const title = body.title && tidyText(body.title);
  if (title && !hasText(title)) throw refuse('collection.title-needed');
  const rights = body.rights === undefined ? undefined : body.rights || null;
  if (rights && !findRights(rights)) throw refuse('description.rights-unknown', { uri: rights });
  return {
    ...(body.parentId !== undefined && { parentId: body.parentId }),
    ...(title && { title }),
    ...(body.description && { description: tidyText(body.description) }),
    ...(body.referenceCode !== undefined && { referenceCode: body.referenceCode.normalize('NFC').trim() }),
    ...(rights !== undefined && { rights }),
    ...(body.treatmentLevel !== undefined && { treatmentLevel: body.treatmentLevel }),
    ...(body.proposals !== undefined && { proposals: body.proposals }),
    ...(body.preset !== undefined && { preset: body.preset }),
    ...(body.grainFloor !== undefined && { grainFloor: body.grainFloor }),
  };
}

async function refuseCycle(manager: EntityManager, id: string, parentId: string): Promise<void> {
  const line = (await manager.query(
    `with recursive line as (
       select id, parent_id from collection where id = $1
       union select c.id, c.parent_id from collection c join line on c.id = line.parent_id)
     select id from line`,
    [parentId],
  )) as { id: string }[];
  if (line.length === 0) throw refuse('collection.not-found', { id: parentId });
  if (line.some((ancestor) => ancestor.id === id)) throw refuse('collection.cycle', { id });
}
