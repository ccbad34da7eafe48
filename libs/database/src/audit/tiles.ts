import type { LogFiles } from '@albumen/domain';
import { hashNode, type Hash, type NodeReader } from './merkle.js';

/** Hashes per tile and leaves per entry bundle, fixed by C2SP tlog-tiles. */
export const tileWidth = 256;
/** Bytes of an entry at most: its length stands in a bundle as a uint16. */
export const largestLeaf = 65_535;
const hashBytes = 32;

/** C2SP tlog-tiles: the index as groups of three digits, all but the last with an `x`; a partial tile ends in `.p/<width>`. */
export function tilePath(kind: number | 'entries', index: number, width: number = tileWidth): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  const path = groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${kind}/${path}${width < tileWidth ? `.p/${width}` : ''}`;
}

/** Reads and writes the tiles of a log of a given size through the port of files outside the database. */
export class TileFiles {
  #cache = new Map<string, Uint8Array>();

  constructor(private readonly files: LogFiles) {}

  /** How many hashes tile (level, index) holds in a log of `size` leaves. */
  static widthAt(level: number, index: number, size: number): number {
    const hashes = Math.floor(size / tileWidth ** level);
    return Math.max(0, Math.min(tileWidth, hashes - index * tileWidth));
  }

  async write(kind: number | 'entries', index: number, width: number, bytes: Uint8Array): Promise<void> {
    await this.files.write(tilePath(kind, index, width), bytes);
  }

  /** The tile's bytes in a log of `size` leaves, or undefined where it is missing or too short. */
  async read(level: number, index: number, size: number): Promise<Uint8Array | undefined> {
    const width = TileFiles.widthAt(level, index, size);
    const path = tilePath(level, index, width);
    const known = this.#cache.get(path);
    if (known) return known;
    const bytes = await this.files.read(path);
    if (!bytes || bytes.length !== width * hashBytes) return undefined;
    if (this.#cache.size > 4096) this.#cache.clear();
    this.#cache.set(path, bytes);
    return bytes;
  }

  /** A reader of perfect subtrees for a log of `size` leaves; throws where a tile is missing. */
  nodes(size: number): NodeReader {
    return async (level, index) => {
      const tileLevel = Math.floor(level / 8);
      const span = 2 ** (level % 8);
      const first = index * span;
      const tileIndex = Math.floor(first / tileWidth);
      const tile = await this.read(tileLevel, tileIndex, size);
      if (!tile) throw new Error(`Tile ${tilePath(tileLevel, tileIndex)} of the audit log is missing`);
      const at = (first % tileWidth) * hashBytes;
      const hashes = Array.from({ length: span }, (_, i) =>
        tile.subarray(at + i * hashBytes, at + (i + 1) * hashBytes),
      );
      return perfectRoot(hashes);
    };
  }

  forget(): void {
    this.#cache.clear();
  }
}

/** Root of a power of two of hashes. */
export function perfectRoot(hashes: readonly Hash[]): Hash {
  let row = hashes;
  while (row.length > 1) {
    row = Array.from({ length: row.length / 2 }, (_, i) => hashNode(row[2 * i]!, row[2 * i + 1]!));
  }
  return row[0]!;
}
