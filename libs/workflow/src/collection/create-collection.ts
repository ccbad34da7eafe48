import { randomUUID } from 'node:crypto';
import type { CreateCollection as CreateCollectionBody } from '@albumen/contracts';
import { CollectionRecord } from '@albumen/database';
import {
  findRights,
  hasText,
  presetOf,
  refuse,
  requirePermission,
  tidyText,
  type Actor,
  type Json,
} from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { boundedJson } from '../audit/bounded-json.js';
import { requirePresetWithin } from './preset-within.js';

/** Makes a collection; whoever makes it has set its policy. */
export class CreateCollection {
  constructor(private readonly bench: Workbench) {}

  /**
   * Answers the new id. Errors: `collection.title-needed`, `collection.not-found` (parent), `description.rights-unknown`,
   * `collection.preset-above-level`.
   */
  async execute(actor: Actor, body: CreateCollectionBody): Promise<{ id: string }> {
    const person = requirePermission(actor, 'collection.edit');
    const title = tidyText(body.title);
    if (!hasText(title)) throw refuse('collection.title-needed');
    const rights = body.rights || null;
    if (rights !== null && !findRights(rights)) throw refuse('description.rights-unknown', { uri: rights });
    const preset = body.preset ?? presetOf(body.treatmentLevel);
    requirePresetWithin(preset, body.treatmentLevel);
    const id = randomUUID();
    return this.bench.database.change(person, async ({ manager, now, record }) => {
      if (body.parentId !== null && !(await manager.existsBy(CollectionRecord, { id: body.parentId })))
        throw refuse('collection.not-found', { id: body.parentId });
      const row = {
        id,
        parentId: body.parentId,
        version: 1,
        title,
        description: tidyText(body.description),
        referenceCode: body.referenceCode.normalize('NFC').trim(),
        rights,
        treatmentLevel: body.treatmentLevel,
        proposals: body.proposals,
        preset,
        grainFloor: body.grainFloor,
        policySetBy: person.id,
        createdBy: person.id,
        createdAt: now,
      };
      await manager.insert(CollectionRecord, row as never);
      record({
        action: 'collection.created',
        subject: id,
        after: {
          parentId: row.parentId,
          title: boundedJson(row.title as Json),
          description: boundedJson(row.description as Json),
          referenceCode: row.referenceCode,
          rights: row.rights,
          treatmentLevel: row.treatmentLevel,
          proposals: row.proposals,
          preset: row.preset,
          grainFloor: row.grainFloor,
        },
      });
      return { id };
    });
  }
}
