import { HeaderFault, type PictureHeader } from './picture-header.js';
import type { RandomBytes } from './random-bytes.js';

/** One field of a directory; its values lie at `valuesAt` in the file. */
export interface TiffField {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly valuesAt: number;
  /** Where the field's own record begins, for those who correct it in place. */
  readonly recordAt: number;
}

/** One directory (a page, or a level of a pyramid). */
export interface TiffDirectory {
  readonly offset: number;
  readonly fields: ReadonlyMap<number, TiffField>;
}

/** The chain of directories of a TIFF or BigTIFF. */
export interface TiffFile {
  readonly littleEndian: boolean;
  readonly big: boolean;
  readonly directories: readonly TiffDirectory[];
}

/** Field numbers used here, by the names of the TIFF 6.0 specification. */
export const tiffTags = {
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  samplesPerPixel: 277,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  jpegTables: 347,
  dngVersion: 50706,
} as const;

const maxDirectories = 10_000;
const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** Reads all directories of the main chain. A loop, a directory outside the file or too many of them is a HeaderFault. */
export async function readTiffFile(file: RandomBytes): Promise<TiffFile> {
  const head = await file.at(0, 16);
  if (head.length < 8) throw new HeaderFault('it ends inside its header');
  const littleEndian = head[0] === 0x49;
  const view = reader(littleEndian);
  const version = view.u16(head, 2);
  const big = version === 43;
  if (!big && version !== 42) throw new HeaderFault('its TIFF version is unknown');
  if (big && head.length < 16) throw new HeaderFault('it ends inside its header');
  let next = big ? view.u64(head, 8) : view.u32(head, 4);
  const seen = new Set<number>();
  const directories: TiffDirectory[] = [];
  while (next !== 0) {
    if (seen.has(next)) throw new HeaderFault('its directories form a loop');
    if (directories.length >= maxDirectories) throw new HeaderFault('it has too many directories');
    seen.add(next);
    const read = await readDirectory(file, next, littleEndian, big);
    directories.push(read.directory);
    next = read.next;
  }
  if (directories.length === 0) throw new HeaderFault('it has no directory');
  return { littleEndian, big, directories };
}

async function readDirectory(file: RandomBytes, offset: number, littleEndian: boolean, big: boolean) {
  const view = reader(littleEndian);
  const countBytes = big ? 8 : 2;
  const recordBytes = big ? 20 : 12;
  const head = await file.at(offset, countBytes);
  if (head.length < countBytes) throw new HeaderFault('a directory lies outside the file');
  const count = big ? view.u64(head, 0) : view.u16(head, 0);
  if (count > 4096) throw new HeaderFault('a directory has too many fields');
  const body = await file.at(offset + countBytes, count * recordBytes + (big ? 8 : 4));
  if (body.length < count * recordBytes) throw new HeaderFault('a directory is cut off');
  const fields = new Map<number, TiffField>();
  for (let index = 0; index < count; index++) {
    const at = index * recordBytes;
    const type = view.u16(body, at + 2);
    const number = big ? view.u64(body, at + 4) : view.u32(body, at + 4);
    const recordAt = offset + countBytes + at;
    const inline = big ? 8 : 4;
    const size = (typeBytes[type] ?? 1) * number;
    const valueField = at + (big ? 12 : 8);
    const valuesAt =
      size <= inline ? offset + countBytes + valueField : big ? view.u64(body, valueField) : view.u32(body, valueField);
    const tag = view.u16(body, at);
    fields.set(tag, { tag, type, count: number, valuesAt, recordAt });
  }
  const end = count * recordBytes;
  const next = body.length < end + (big ? 8 : 4) ? 0 : big ? view.u64(body, end) : view.u32(body, end);
  return { directory: { offset, fields } satisfies TiffDirectory, next };
}

/** The unsigned values of a field, or [] where it is missing; at most `limit` values are read. */
export async function tiffNumbers(
  file: RandomBytes,
  tiff: TiffFile,
  field: TiffField | undefined,
  limit = 1_000_000,
): Promise<number[]> {
  if (!field) return [];
  if (field.count > limit) throw new HeaderFault('a field has too many values');
  const width = typeBytes[field.type] ?? 0;
  const bytes = await file.at(field.valuesAt, width * field.count);
  if (bytes.length < width * field.count) throw new HeaderFault('a field lies outside the file');
  const view = reader(tiff.littleEndian);
  return Array.from({ length: field.count }, (_, index) => {
    const at = index * width;
    if (width === 1) return bytes[at] as number;
    if (width === 2) return view.u16(bytes, at);
    if (width === 4) return view.u32(bytes, at);
    return view.u64(bytes, at);
  });
}

/** The first value of a field, or `fallback` where the field is missing. */
export async function tiffNumber(
  file: RandomBytes,
  tiff: TiffFile,
  directory: TiffDirectory,
  tag: number,
  fallback: number,
): Promise<number> {
  const values = await tiffNumbers(file, tiff, directory.fields.get(tag));
  return values[0] ?? fallback;
}

/** Size of the first page and the number of pages. */
export async function readTiffHeader(file: RandomBytes): Promise<PictureHeader> {
  const tiff = await readTiffFile(file);
  const first = tiff.directories[0] as TiffDirectory;
  const number = (tag: number, fallback: number): Promise<number> => tiffNumber(file, tiff, first, tag, fallback);
  const width = await number(tiffTags.imageWidth, 0);
  const height = await number(tiffTags.imageLength, 0);
  if (width === 0 || height === 0) throw new HeaderFault('its directory names no size');
  return {
    width,
    height,
    pages: tiff.directories.length,
    sequential: true,
    bands: await number(tiffTags.samplesPerPixel, 1),
    bitsPerSample: await number(tiffTags.bitsPerSample, 1),
  };
}

function reader(littleEndian: boolean) {
  return {
    u16: (bytes: Buffer, at: number): number => (littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    u32: (bytes: Buffer, at: number): number => (littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)),
    u64: (bytes: Buffer, at: number): number =>
      Number(littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)),
  };
}
