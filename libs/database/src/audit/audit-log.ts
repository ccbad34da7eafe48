import type { DataSource, EntityManager } from 'typeorm';
import { refuse, type Clock, type LogFiles } from '@albumen/domain';
import { AuditCheckpointRecord, AuditEntryRecord } from '../records/index.js';
import { leafBytes, leafOf } from './leaf.js';
import { hashLeaf, inclusionPath, rootOf, type Hash } from './merkle.js';
import type { Signer } from './signed-note.js';
import { perfectRoot, TileFiles, tileWidth } from './tiles.js';
import { verifyLog, type Verdict } from './verify.js';

/** Advisory lock that lets one process at a time write tiles and checkpoints. */
const signingLock = 4_711_002;

/** Proof that an entry stands in the log of a signed checkpoint. Hashes are raw bytes. */
export interface Proof {
  readonly entry: AuditEntryRecord;
  readonly leaf: string;
  readonly leafHash: Hash;
  readonly treeSize: number;
  readonly path: readonly Hash[];
  readonly checkpoint: string;
}

/** The Merkle log over the audit entries: integrated into C2SP tlog-tiles files and signed, readable by strangers. */
export class AuditLog {
  readonly #tiles: TileFiles;

  constructor(
    private readonly on: {
      readonly read: DataSource;
      readonly write: DataSource;
      readonly files: LogFiles;
      readonly signer: Signer;
      readonly clock: Clock;
    },
  ) {
    this.#tiles = new TileFiles(on.files);
  }

  /** The newest signed checkpoint, or null before the first. */
  async checkpoint(): Promise<AuditCheckpointRecord | null> {
    return this.on.read.getRepository(AuditCheckpointRecord).findOne({ where: {}, order: { size: 'DESC' } });
  }

  /** Writes the tiles of all new entries and signs a checkpoint over them; answers the newest checkpoint. Safe to call at any time. */
  async sign(): Promise<AuditCheckpointRecord | null> {
    return this.on.write.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock($1)', [signingLock]);
      const last = await manager.findOne(AuditCheckpointRecord, { where: {}, order: { size: 'DESC' } });
      const [top] = (await manager.query('select coalesce(max(seq), -1) + 1 as size from audit_entry')) as {
        size: string;
      }[];
      const size = Number(top?.size ?? 0);
      if (size === 0 || size === last?.size) return last;
      await this.#integrate(manager, last?.size ?? 0, size);
      const root = await rootOf(0, size, this.#tiles.nodes(size));
      const note = this.on.signer.note(`${this.on.signer.origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`);
      const record = Object.assign(new AuditCheckpointRecord(), {
        size,
        root: Buffer.from(root),
        note,
        signedAt: this.on.clock.now(),
      });
      await manager.insert(AuditCheckpointRecord, record as never);
      await this.on.files.write('checkpoint', new TextEncoder().encode(note));
      return record;
    });
  }

  /** Proof for one entry against the newest checkpoint, which is signed first where the entry is newer. */
  async proof(seq: number): Promise<Proof> {
    const entry = await this.on.read.getRepository(AuditEntryRecord).findOneBy({ seq });
    if (!entry) throw refuse('audit.entry-not-found', { seq });
    let checkpoint = await this.checkpoint();
    if (!checkpoint || checkpoint.size <= seq) checkpoint = await this.sign();
    if (!checkpoint) throw refuse('audit.entry-not-found', { seq });
    const leaf = leafBytes(leafOf(entry));
    return {
      entry,
      leaf: new TextDecoder().decode(leaf),
      leafHash: hashLeaf(leaf),
      treeSize: checkpoint.size,
      path: await inclusionPath(seq, checkpoint.size, this.#tiles.nodes(checkpoint.size)),
      checkpoint: checkpoint.note,
    };
  }

  /** Recomputes the whole log from its rows and names the first bad entry. */
  async verify(onProgress?: (done: number, total: number) => void): Promise<Verdict> {
    this.#tiles.forget();
    return verifyLog({
      read: this.on.read,
      tiles: this.#tiles,
      signer: this.on.signer,
      ...(onProgress ? { onProgress } : {}),
    });
  }

  /** Writes entry bundles and hash tiles for the leaves [from, size). */
  async #integrate(manager: EntityManager, from: number, size: number): Promise<void> {
    const firstTile = Math.floor(from / tileWidth);
    const changed: { index: number; root: Hash | null }[] = [];
    for (let index = firstTile; index * tileWidth < size; index++) {
      const start = index * tileWidth;
      const rows = await manager
        .createQueryBuilder(AuditEntryRecord, 'entry')
        .where('entry.seq >= :start and entry.seq < :end', { start, end: Math.min(size, start + tileWidth) })
        .orderBy('entry.seq')
        .getMany();
      const width = Math.min(tileWidth, size - start);
      if (rows.length !== width)
        throw new Error(`Expected ${width} audit entries from ${start} but found ${rows.length}`);
      await this.#tiles.write(0, index, width, Buffer.concat(rows.map((row) => row.leafHash)));
      await this.#tiles.write(
        'entries',
        index,
        width,
        Buffer.concat(rows.map((row) => bundled(leafBytes(leafOf(row))))),
      );
      changed.push({ index, root: width === tileWidth ? perfectRoot(rows.map((row) => row.leafHash)) : null });
    }
    await this.#liftTiles(changed, size);
  }

  /** Writes the tiles of the levels above from the roots of full tiles below. */
  async #liftTiles(below: readonly { index: number; root: Hash | null }[], size: number): Promise<void> {
    let full = below.filter((tile): tile is { index: number; root: Hash } => tile.root !== null);
    for (let level = 1; full.length > 0; level++) {
      const next: { index: number; root: Hash }[] = [];
      const groups = Map.groupBy(full, (tile) => Math.floor(tile.index / tileWidth));
      for (const [index, tiles] of groups) {
        const width = TileFiles.widthAt(level, index, size);
        const known = (tiles[0]?.index ?? 0) % tileWidth;
        const before =
          known === 0
            ? new Uint8Array()
            : await this.#tiles.read(level, index, (index * tileWidth + known) * tileWidth ** level);
        if (!before) throw new Error(`Tile ${level}/${index} of the audit log is missing`);
        const bytes = Buffer.concat([before, ...tiles.map((tile) => tile.root)]);
        await this.#tiles.write(level, index, width, bytes);
        if (width === tileWidth) {
          const hashes = Array.from(
            { length: tileWidth },
            (_, i) => new Uint8Array(bytes.subarray(i * 32, (i + 1) * 32)),
          );
          next.push({ index, root: perfectRoot(hashes) });
        }
      }
      full = next;
    }
  }
}

/** C2SP tlog-tiles: an entry bundle holds each entry after its length as a big-endian uint16. */
function bundled(leaf: Uint8Array): Uint8Array {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(leaf.length);
  return Buffer.concat([length, leaf]);
}
