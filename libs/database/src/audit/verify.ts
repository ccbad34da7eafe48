import type { DataSource } from 'typeorm';
import { AuditCheckpointRecord, AuditEntryRecord } from '../records/index.js';
import { hashOfRow } from './leaf.js';
import { GrowingTree } from './merkle.js';
import type { Signer } from './signed-note.js';
import { TileFiles, tileWidth } from './tiles.js';

/** What a verification found. `anchored` entries are covered by the newest valid checkpoint. */
export interface Verdict {
  readonly entries: number;
  readonly ok: boolean;
  /** The first bad entry with what is wrong with it. */
  readonly firstBad: { readonly seq: number; readonly fault: string } | null;
  readonly checkpoint: {
    readonly size: number;
    readonly root: Uint8Array;
    readonly signedAt: Date;
    readonly signatureValid: boolean;
  } | null;
  readonly anchored: number;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(Buffer.from(b));

/**
 * Reads every entry in order and compares: its number with its place, its content with its hash, its hash with the
 * tile files outside the database, and the growing root with every signed checkpoint. Stops at the first fault.
 */
export async function verifyLog(on: {
  read: DataSource;
  tiles: TileFiles;
  signer: Signer;
  onProgress?: (done: number, total: number) => void;
}): Promise<Verdict> {
  const checkpoints = await on.read.getRepository(AuditCheckpointRecord).find({ order: { size: 'ASC' } });
  const newest = checkpoints.at(-1);
  const [count] = (await on.read.query('select count(*) as n from audit_entry')) as { n: string }[];
  const total = Number(count?.n ?? 0);
  const tree = new GrowingTree();
  let nextCheckpoint = 0;
  let lastGood = 0;

  const bad = (seq: number, fault: string): Verdict => verdict({ seq, fault });
  const verdict = (firstBad: Verdict['firstBad']): Verdict => ({
    entries: total,
    ok: firstBad === null,
    firstBad,
    checkpoint: newest
      ? {
          size: newest.size,
          root: newest.root,
          signedAt: newest.signedAt,
          signatureValid: readCheckpoint(on.signer, newest) !== undefined,
        }
      : null,
    anchored: firstBad === null ? (newest?.size ?? 0) : Math.min(lastGood, firstBad.seq),
  });

  for (let start = 0; ; start += 2048) {
    const rows = await on.read
      .getRepository(AuditEntryRecord)
      .createQueryBuilder('entry')
      .where('entry.seq >= :start and entry.seq < :end', { start, end: start + 2048 })
      .orderBy('entry.seq')
      .getMany();
    for (const row of rows) {
      const seq = tree.size;
      if (row.seq !== seq) return bad(seq, `entry ${seq} is missing`);
      const hash = hashOfRow(row);
      if (!same(hash, row.leafHash))
        return bad(seq, `entry ${seq} was changed: its content no longer matches its hash`);
      if (newest && seq < newest.size) {
        const tile = await on.tiles.read(0, Math.floor(seq / tileWidth), newest.size);
        if (!tile) return bad(seq, `the log file that holds entry ${seq} is missing or cut`);
        const at = (seq % tileWidth) * 32;
        if (!same(tile.subarray(at, at + 32), hash))
          return bad(
            seq,
            `entry ${seq} was changed together with its hash: the log file outside the database holds another one`,
          );
      }
      tree.add(hash);
      for (
        let point = checkpoints[nextCheckpoint];
        point && point.size === tree.size;
        point = checkpoints[++nextCheckpoint]
      ) {
        const signed = readCheckpoint(on.signer, point);
        if (!signed) return bad(lastGood, `the checkpoint over ${point.size} entries has no valid signature`);
        if (!same(signed.root, tree.root()))
          return bad(
            lastGood,
            `one of the entries ${lastGood} to ${point.size - 1} was replaced: the signed checkpoint over ${point.size} entries has another root`,
          );
        lastGood = point.size;
      }
    }
    on.onProgress?.(tree.size, total);
    if (rows.length === 0) break;
  }
  if (tree.size < total) return bad(tree.size, `entry ${tree.size} is missing`);
  if (newest && newest.size > tree.size)
    return bad(tree.size, `entry ${tree.size} is missing: the signed checkpoint covers ${newest.size} entries`);
  return verdict(null);
}

/** The size and root a checkpoint's note states, if its signature is valid and the row says the same. */
function readCheckpoint(signer: Signer, record: AuditCheckpointRecord): { size: number; root: Uint8Array } | undefined {
  const text = signer.openNote(record.note);
  const [origin, size, root] = text?.split('\n') ?? [];
  if (origin !== signer.origin || Number(size) !== record.size || !root) return undefined;
  return { size: record.size, root: new Uint8Array(Buffer.from(root, 'base64')) };
}
