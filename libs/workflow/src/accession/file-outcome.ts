import { AccessionFileRecord, AccessionRecord, ItemRecord, OriginalRecord } from '@albumen/database';
import { refuse, type ErrorCode, type ErrorDetails, type FileOutcome } from '@albumen/domain';
import type { EntityManager } from 'typeorm';

/** The original that holds the same bytes, with its item and collection. */
export interface SameBytes {
  readonly originalId: string;
  readonly itemId: string;
  readonly collectionId: string;
}

/** The outcome of one file of an accession, which stands for ever. */
export interface FileAnswer {
  readonly fileId: string;
  readonly outcome: Exclude<FileOutcome, 'waiting'>;
  /** The file's own item and original where it was received. */
  readonly itemId: string | null;
  readonly originalId: string | null;
  /** Why, where it was refused. */
  readonly reason: { readonly code: ErrorCode; readonly details: ErrorDetails } | null;
  /** Where the same bytes are: the reason of `duplicate`, a note of `received`. */
  readonly sameBytesAs: SameBytes | null;
  /** True where the outcome stood before this call. */
  readonly repeated: boolean;
}

/** A file with its accession; throws `accession.file-not-found`. */
export async function findFile(
  manager: EntityManager,
  fileId: string,
): Promise<{ file: AccessionFileRecord; accession: AccessionRecord }> {
  const file = await manager.findOneBy(AccessionFileRecord, { id: fileId });
  const accession = file && (await manager.findOneBy(AccessionRecord, { id: file.accessionId }));
  if (!file || !accession) throw refuse('accession.file-not-found', { id: fileId });
  return { file, accession };
}

/** Locks the row of a file against a second outcome at the same time and answers it as it now stands. */
export async function lockFile(manager: EntityManager, fileId: string): Promise<AccessionFileRecord> {
  const file = await manager.findOne(AccessionFileRecord, {
    where: { id: fileId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!file) throw refuse('accession.file-not-found', { id: fileId });
  return file;
}

/** The outcome that a row already has, or null while it waits. */
export async function standingAnswer(manager: EntityManager, file: AccessionFileRecord): Promise<FileAnswer | null> {
  if (file.outcome === 'waiting') return null;
  return {
    fileId: file.id,
    outcome: file.outcome,
    itemId: file.itemId,
    originalId: file.originalId,
    reason: file.reasonCode === null ? null : { code: file.reasonCode, details: file.reasonDetails },
    sameBytesAs: file.sameBytesOriginalId === null ? null : await sameBytesOf(manager, file.sameBytesOriginalId),
    repeated: true,
  };
}

/** The oldest original with these bytes in the collection, else the oldest in any other, else null. */
export async function findSameBytes(
  manager: EntityManager,
  digests: { readonly sha256: string; readonly sha512: string },
  collectionId: string,
): Promise<SameBytes | null> {
  const [row] = (await manager.query(
    `select o.id as "originalId", i.id as "itemId", i.collection_id as "collectionId"
       from original o join item i on i.id = o.item_id
      where o.sha256 = $1 and o.sha512 = $2
      order by (i.collection_id = $3) desc, o.received_at, o.id limit 1`,
    [digests.sha256, digests.sha512, collectionId],
  )) as SameBytes[];
  return row ?? null;
}

async function sameBytesOf(manager: EntityManager, originalId: string): Promise<SameBytes> {
  const original = await manager.findOneByOrFail(OriginalRecord, { id: originalId });
  const item = await manager.findOneByOrFail(ItemRecord, { id: original.itemId });
  return { originalId, itemId: item.id, collectionId: item.collectionId };
}
