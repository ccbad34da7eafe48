import { open, type FileHandle } from 'node:fs/promises';
import { refuse } from '@albumen/domain';
import { HeaderFault } from '../headers/picture-header.js';
import { RandomBytes } from '../headers/random-bytes.js';
import {
  readTiffFile,
  tiffNumber,
  tiffNumbers,
  tiffTags,
  type TiffDirectory,
  type TiffFile,
} from '../headers/tiff-directories.js';

/** One level of a pyramid: `scaleFactor` 1 is the whole size, then 2, 4, 8 … */
export interface PyramidLevel {
  readonly width: number;
  readonly height: number;
  readonly scaleFactor: number;
}

/** What `info.json` and the cutter need to know of a pyramid. */
export interface PyramidInfo {
  readonly width: number;
  readonly height: number;
  readonly tileSize: number;
  readonly levels: readonly PyramidLevel[];
}

interface StoredLevel extends PyramidLevel {
  readonly across: number;
  readonly down: number;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
  /** SOI, the marker that names the colours, quantisation and Huffman tables: what a stored tile lacks. */
  readonly prefix: Buffer;
}

const startOfImage = Buffer.from([0xff, 0xd8]);
/** JFIF 1.01 without density: the data is YCbCr, or grey. */
const jfif = Buffer.from('ffe000104a46494600010100000100010000', 'hex');
/** Adobe marker with transform 0: the data is RGB. */
const adobeRgb = Buffer.from('ffee000e41646f626500640000000000', 'hex');

/** A pyramid with its directories read and its file open. Tiles come out as they were stored, made whole, never decoded. */
export class PyramidFile {
  private constructor(
    private readonly handle: FileHandle,
    readonly info: PyramidInfo,
    private readonly levels: readonly StoredLevel[],
  ) {}

  /** Throws `image.not-found` where the file is missing and `file.damaged` where it is no pyramid of ours. */
  static async open(path: string): Promise<PyramidFile> {
    const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? refuse('image.not-found', {}, { cause: error }) : error;
    });
    try {
      const levels = await readLevels(path);
      const [first] = levels;
      if (!first) throw new HeaderFault('it has no level');
      const shown = levels.map(({ width, height, scaleFactor }) => ({ width, height, scaleFactor }));
      return new PyramidFile(
        handle,
        { width: first.width, height: first.height, tileSize: first.tileSize, levels: shown },
        levels,
      );
    } catch (error) {
      await handle.close();
      if (error instanceof HeaderFault) throw refuse('file.damaged', { detail: error.message }, { cause: error });
      throw error;
    }
  }

  /** The stored tile as a complete JPEG of the full tile size, edge tiles with their padding. */
  async storedTile(level: number, column: number, row: number): Promise<Buffer> {
    const stored = this.levels[level];
    if (!stored || column < 0 || row < 0 || column >= stored.across || row >= stored.down)
      throw refuse('image.not-found');
    const index = row * stored.across + column;
    const offset = stored.offsets[index] ?? 0;
    const length = stored.lengths[index] ?? 0;
    const { prefix } = stored;
    const whole = Buffer.allocUnsafe(prefix.length + length - 2);
    prefix.copy(whole);
    const { bytesRead } = await this.handle.read(whole, prefix.length, length - 2, offset + 2);
    if (bytesRead !== length - 2) throw refuse('file.damaged', { detail: 'a tile is cut off' });
    return whole;
  }

  /** True size of a tile: smaller than the tile size at the right and bottom edge. */
  sizeOfTile(level: number, column: number, row: number): { width: number; height: number } {
    const stored = this.levels[level];
    if (!stored) throw refuse('image.not-found');
    const side = this.info.tileSize;
    return { width: Math.min(side, stored.width - column * side), height: Math.min(side, stored.height - row * side) };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

async function readLevels(path: string): Promise<(StoredLevel & { tileSize: number })[]> {
  await using file = await RandomBytes.open(path);
  const tiff = await readTiffFile(file);
  const levels: (StoredLevel & { tileSize: number })[] = [];
  for (const [index, directory] of tiff.directories.entries())
    levels.push(await readLevel(file, tiff, directory, 2 ** index));
  return levels;
}

async function readLevel(file: RandomBytes, tiff: TiffFile, directory: TiffDirectory, scaleFactor: number) {
  const number = (tag: number): Promise<number> => tiffNumber(file, tiff, directory, tag, 0);
  const width = await number(tiffTags.imageWidth);
  const height = await number(tiffTags.imageLength);
  const tileSize = await number(tiffTags.tileWidth);
  const photometric = await number(tiffTags.photometric);
  if (tileSize === 0 || (await number(tiffTags.compression)) !== 7)
    throw new HeaderFault('it is no tiled JPEG pyramid');
  const across = Math.ceil(width / tileSize);
  const down = Math.ceil(height / tileSize);
  const offsets = await tiffNumbers(file, tiff, directory.fields.get(tiffTags.tileOffsets));
  const lengths = await tiffNumbers(file, tiff, directory.fields.get(tiffTags.tileByteCounts));
  if (offsets.length !== across * down || lengths.length !== offsets.length || lengths.some((length) => length < 4)) {
    throw new HeaderFault('its list of tiles does not fit its size');
  }
  const tablesField = directory.fields.get(tiffTags.jpegTables);
  const tables = tablesField ? await file.at(tablesField.valuesAt, tablesField.count) : Buffer.alloc(4);
  const prefix = Buffer.concat([startOfImage, photometric === 2 ? adobeRgb : jfif, tables.subarray(2, -2)]);
  return { width, height, scaleFactor, across, down, offsets, lengths, prefix, tileSize };
}
