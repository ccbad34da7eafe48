import {
  AccessionFileRecord,
  AccessionRecord,
  DescriptionRecord,
  ItemRecord,
  NothingToChange,
  OriginalRecord,
  type Change,
} from '@albumen/database';
import {
  emptyDescription,
  Refusal,
  refuse,
  requirePermission,
  type Actor,
  type Description,
  type Digests,
  type PersonActor,
} from '@albumen/domain';
import { decodeFully, inspectIncoming } from '@albumen/imaging';
import type { Workbench } from '../workbench.js';
import { searchText } from '../item/describe-item.js';
import { digestIncoming } from './digest-incoming.js';
import { findFile, findSameBytes, lockFile, standingAnswer, type FileAnswer, type SameBytes } from './file-outcome.js';
import { RefuseFile } from './refuse-file.js';

/** The complete bytes of a planned file, on local disk. They are read and copied, never moved. */
export interface Incoming {
  readonly fileId: string;
  readonly path: string;
  readonly description?: Description;
  readonly signal?: AbortSignal;
}

/** What is known of the bytes once they were read and decoded. */
interface Examined extends Digests {
  readonly mediaType: OriginalRecord['mediaType'];
}

/**
 * Takes one file into custody: digests, full decode, OCFL object, then one change with every row. Repeating it after a
 * crash completes the same object and the same rows; a file that has its outcome keeps it.
 */
export class ReceiveOriginal {
  constructor(private readonly bench: Workbench) {}

  /**
   * Answers the outcome, refused ones included. Throws what may pass (`storage.full` and its like, an abort), which is
   * no outcome, and `accession.file-not-found`, `accession.closed`, `accession.cancelled`.
   */
  async execute(actor: Actor, incoming: Incoming): Promise<FileAnswer> {
    const person = requirePermission(actor, 'accession.create');
    const { manager } = this.bench.database.read;
    const { file, accession } = await findFile(manager, incoming.fileId);
    const standing = await standingAnswer(manager, file);
    if (standing) return standing;
    if (accession.status !== 'receiving') {
      throw refuse(accession.status === 'closed' ? 'accession.closed' : 'accession.cancelled', { id: accession.id });
    }
    let sha256: string | undefined;
    try {
      const digests = await digestIncoming(incoming.path, incoming.signal);
      sha256 = digests.sha256;
      if (digests.bytes !== file.bytes) {
        throw refuse('file.size-mismatch', { received: digests.bytes, announced: file.bytes });
      }
      const same = await findSameBytes(manager, digests, accession.collectionId);
      if (same?.collectionId === accession.collectionId) return await this.#noteDuplicate(person, file, digests);
      const picture = await inspectIncoming(incoming.path, { bytes: digests.bytes });
      await decodeFully(incoming.path, incoming.signal ? { signal: incoming.signal } : {});
      const examined = { ...digests, mediaType: picture.mediaType };
      return await this.#keep(person, { file, accession, examined, incoming });
    } catch (error) {
      const about = error instanceof Refusal && error.retry === 'never' && error.code.startsWith('file.');
      if (!about) throw error;
      return new RefuseFile(this.bench).execute(person, file.id, error, sha256 ? { sha256 } : {});
    }
  }

  async #keep(
    person: PersonActor,
    of: { file: AccessionFileRecord; accession: AccessionRecord; examined: Examined; incoming: Incoming },
  ): Promise<FileAnswer> {
    const { file, accession, examined, incoming } = of;
    const objectId = `urn:uuid:${file.futureItemId}`;
    const { key } = await this.bench.store.originals.keep({
      path: incoming.path,
      record: {
        objectId,
        itemId: file.futureItemId,
        originalId: file.futureOriginalId,
        accessionId: accession.id,
        fileId: file.id,
        fileName: file.name,
        sha256: examined.sha256,
        sha512: examined.sha512,
        bytes: examined.bytes,
        mediaType: examined.mediaType,
        receivedAt: this.bench.clock.now().toISOString(),
        receivedBy: person.id,
      },
    });
    return this.bench.database.change(person, async (change) => {
      const standing = await standingAnswer(change.manager, await lockFile(change.manager, file.id));
      if (standing) throw new NothingToChange(standing);
      // Two files with the same bytes at once: the collection's row is held, so that the second one sees the first.
      await change.manager.query('select id from collection where id = $1 for no key update', [accession.collectionId]);
      const same = await findSameBytes(change.manager, examined, accession.collectionId);
      if (same?.collectionId === accession.collectionId) return this.#duplicate(change, file, examined, same);
      await this.#writeRows(change, person, { ...of, objectId, key, same });
      return {
        fileId: file.id,
        outcome: 'received' as const,
        itemId: file.futureItemId,
        originalId: file.futureOriginalId,
        reason: null,
        sameBytesAs: same,
        repeated: false,
      };
    });
  }

  async #writeRows(
    { manager, now, record }: Change,
    person: PersonActor,
    of: {
      file: AccessionFileRecord;
      accession: AccessionRecord;
      examined: Examined;
      incoming: Incoming;
      objectId: string;
      key: string;
      same: SameBytes | null;
    },
  ): Promise<void> {
    const { file, accession, examined, objectId, key, same } = of;
    const [itemId, originalId] = [file.futureItemId, file.futureOriginalId];
    const description = of.incoming.description ?? emptyDescription;
    await manager.insert(ItemRecord, {
      id: itemId,
      collectionId: accession.collectionId,
      accessionId: accession.id,
      objectId,
      ordinal: await this.#ordinal(manager, accession, file),
      title: description.title,
      referenceCode: description.referenceCode,
      fileName: file.name,
      descriptionVersion: 1,
      search: searchText(description, file.name),
      createdAt: now,
    } as never);
    const version = { itemId, version: 1, body: description, savedBy: person.id, savedAt: now };
    await manager.insert(DescriptionRecord, version as never);
    await manager.insert(OriginalRecord, {
      id: originalId,
      itemId,
      side: 'front',
      position: 1,
      fileName: file.name,
      mediaType: examined.mediaType,
      bytes: examined.bytes,
      sha256: examined.sha256,
      sha512: examined.sha512,
      storageKey: key,
      receivedBy: person.id,
      receivedAt: now,
    });
    await manager.query(
      `insert into processing (original_id, step, state, changed_at)
       select $1, step, 'waiting', $2 from unnest(array['characterise', 'derive', 'assess']) as step`,
      [originalId, now],
    );
    await manager.update(
      AccessionFileRecord,
      { id: file.id },
      {
        outcome: 'received',
        itemId,
        originalId,
        sameBytesOriginalId: same?.originalId ?? null,
        sha256: examined.sha256,
        outcomeAt: now,
      },
    );
    record({
      action: 'original.received',
      subject: originalId,
      item: itemId,
      after: {
        accessionId: accession.id,
        fileId: file.id,
        collectionId: accession.collectionId,
        objectId,
        fileName: file.name,
        mediaType: examined.mediaType,
        bytes: examined.bytes,
        sha256: examined.sha256,
        sha512: examined.sha512,
        ...(same ? { sameBytesAs: same.originalId } : {}),
      },
    });
  }

  async #noteDuplicate(person: PersonActor, file: AccessionFileRecord, digests: Digests): Promise<FileAnswer> {
    return this.bench.database.change(person, async (change) => {
      const standing = await standingAnswer(change.manager, await lockFile(change.manager, file.id));
      if (standing) throw new NothingToChange(standing);
      const { accession } = await findFile(change.manager, file.id);
      const same = await findSameBytes(change.manager, digests, accession.collectionId);
      if (!same) throw new Error(`Expected an original with sha256 ${digests.sha256} but found none`);
      return this.#duplicate(change, file, digests, same);
    });
  }

  async #duplicate(
    { manager, now, record }: Change,
    file: AccessionFileRecord,
    digests: Digests,
    same: SameBytes,
  ): Promise<FileAnswer> {
    await manager.update(
      AccessionFileRecord,
      { id: file.id },
      { outcome: 'duplicate', sameBytesOriginalId: same.originalId, sha256: digests.sha256, outcomeAt: now },
    );
    record({
      action: 'file.duplicate',
      subject: file.id,
      item: same.itemId,
      after: { accessionId: file.accessionId, sameBytesAs: same.originalId, sha256: digests.sha256 },
    });
    const nothing = { itemId: null, originalId: null, reason: null };
    return { fileId: file.id, outcome: 'duplicate', ...nothing, sameBytesAs: same, repeated: false };
  }

  /**
   * The item's place in its collection: the order of accessions, then the order of their files, however the bytes
   * arrive. A place that is taken (two accessions planned at the same instant) moves to the end.
   */
  async #ordinal(manager: Change['manager'], accession: AccessionRecord, file: AccessionFileRecord): Promise<number> {
    const [row] = (await manager.query(
      `with wanted as (
         select (select count(*) from accession_file f join accession a on a.id = f.accession_id
                  where a.collection_id = $1 and (a.created_at, a.id) < ($2, $3))::int + $4::int as place)
       select case when exists (select 1 from item where collection_id = $1 and ordinal = place)
                   then (select max(ordinal) + 1 from item where collection_id = $1)
                   else place end as ordinal
         from wanted`,
      [accession.collectionId, accession.createdAt, accession.id, file.position],
    )) as { ordinal: number }[];
    return row?.ordinal ?? file.position;
  }
}
