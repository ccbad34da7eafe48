import { randomUUID } from 'node:crypto';
import type { PlanAccession as PlanAccessionBody } from '@albumen/contracts';
import {
  AccessionFileRecord,
  AccessionRecord,
  CollectionRecord,
  NothingToChange,
  type Change,
} from '@albumen/database';
import { refuse, requirePermission, type Actor } from '@albumen/domain';
import type { Workbench } from '../workbench.js';

/** A file as it is announced: name and path exactly as on the disk it comes from. */
export type AnnouncedFile = PlanAccessionBody['files'][number];

/** The plan with what only a door knows: the folder it comes from, and the key that makes a repeat the same accession. */
export interface AccessionPlan extends PlanAccessionBody {
  /** Absolute path of the folder on the server, for the command line; '' for uploads. */
  readonly source?: string;
  readonly idempotencyKey?: string | undefined;
}

/** Rows written per statement; PostgreSQL takes at most 65,535 parameters. */
const rowsPerInsert = 1000;

/**
 * Writes the plan first: a row per file with the ids its item, original and object will have, so that a repeat after
 * any crash continues the same object.
 */
export class PlanAccession {
  constructor(private readonly bench: Workbench) {}

  /** Answers the accession's id; `repeated` where the key was used before. Errors: `collection.not-found`, `accession.no-files`. */
  async execute(actor: Actor, plan: AccessionPlan): Promise<{ accessionId: string; repeated: boolean }> {
    const person = requirePermission(actor, 'accession.create');
    if (plan.files.length === 0) throw refuse('accession.no-files');
    const accessionId = randomUUID();
    const idempotencyKey = plan.idempotencyKey ? `${person.id}:${plan.idempotencyKey}` : null;
    return this.bench.database.change(person, async (change) => {
      const { manager, now } = change;
      if (!(await manager.existsBy(CollectionRecord, { id: plan.collectionId }))) {
        throw refuse('collection.not-found', { id: plan.collectionId });
      }
      const written = (await manager.query(
        `insert into accession (id, collection_id, note, door, source, idempotency_key, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (idempotency_key) do nothing returning id`,
        [
          accessionId,
          plan.collectionId,
          plan.note.normalize('NFC').trim(),
          person.door,
          plan.source ?? '',
          idempotencyKey,
          person.id,
          now,
        ],
      )) as unknown[];
      if (written.length === 0 && idempotencyKey !== null) {
        const before = await manager.findOneByOrFail(AccessionRecord, { idempotencyKey });
        throw new NothingToChange({ accessionId: before.id, repeated: true });
      }
      await addFiles(change, accessionId, plan.files, 1);
      change.record({
        action: 'accession.planned',
        subject: accessionId,
        after: {
          collectionId: plan.collectionId,
          files: plan.files.length,
          bytes: plan.files.reduce((sum, file) => sum + file.bytes, 0),
        },
      });
      return { accessionId, repeated: false };
    });
  }
}

/**
 * Writes rows for announced files from that position on. A name that cannot be kept as text (not Unicode, or with a NUL)
 * gets its row with the refusal at once.
 */
export async function addFiles(
  change: Change,
  accessionId: string,
  files: readonly AnnouncedFile[],
  firstPosition: number,
): Promise<void> {
  const rows = files.map((file, index) => {
    const name = keepable(file.name);
    const path = keepable(file.path);
    const kept = name === file.name && path === file.path;
    const id = randomUUID();
    if (!kept) {
      change.record({ action: 'file.refused', subject: id, after: { accessionId, code: 'file.name-unusable' } });
    }
    return {
      id,
      accessionId,
      position: firstPosition + index,
      name,
      path,
      bytes: file.bytes,
      futureItemId: randomUUID(),
      futureOriginalId: randomUUID(),
      outcome: kept ? 'waiting' : 'refused',
      reasonCode: kept ? null : 'file.name-unusable',
      reasonDetails: kept ? {} : { detail: 'it is not readable text' },
      outcomeAt: kept ? null : change.now,
    };
  });
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    await change.manager.insert(AccessionFileRecord, rows.slice(start, start + rowsPerInsert) as never);
  }
}

/** The text with what a database cannot hold made visible; equal to the input where there is nothing of the kind. */
function keepable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
