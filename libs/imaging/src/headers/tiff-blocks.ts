import type { EmbeddedBlocks } from '../embedded-metadata.js';
import { RandomBytes } from './random-bytes.js';
import { readTiffFile, type TiffDirectory, type TiffFile } from './tiff-directories.js';

const maxFieldBytes = 8192;

/** Text fields of a TIFF's own directory that say who made the picture, when, and with what. */
const wanted = [270, 271, 272, 274, 282, 283, 296, 305, 306, 315, 316, 33432];

/**
 * The first directory's descriptive fields as an EXIF block (`exif`); libvips hands over IPTC and XMP of a TIFF, but not
 * these. Answers no block where there are none.
 */
export async function readTiffBlocks(path: string): Promise<EmbeddedBlocks> {
  await using file = await RandomBytes.open(path);
  const tiff = await readTiffFile(file);
  const first = tiff.directories[0] as TiffDirectory;
  const exif = await asExif(file, tiff, first);
  return exif ? { exif } : {};
}

/** Rewrites the wanted fields as a little TIFF of one directory in the same byte order. */
async function asExif(file: RandomBytes, tiff: TiffFile, directory: TiffDirectory): Promise<Buffer | undefined> {
  const typeBytes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };
  const fields = wanted.flatMap((tag) => {
    const field = directory.fields.get(tag);
    const bytes = field ? (typeBytes[field.type] ?? 0) * field.count : 0;
    return field && bytes > 0 && bytes <= maxFieldBytes ? [{ field, bytes }] : [];
  });
  if (fields.length === 0) return undefined;
  const little = tiff.littleEndian;
  const head = Buffer.alloc(8 + 2 + fields.length * 12 + 4);
  const u16 = (value: number, at: number): number =>
    little ? head.writeUInt16LE(value, at) : head.writeUInt16BE(value, at);
  const u32 = (value: number, at: number): number =>
    little ? head.writeUInt32LE(value, at) : head.writeUInt32BE(value, at);
  head.write(little ? 'II' : 'MM', 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  u16(fields.length, 8);
  const values: Buffer[] = [];
  let end = head.length;
  for (const [index, { field, bytes }] of fields.entries()) {
    const at = 10 + index * 12;
    const value = await file.at(field.valuesAt, bytes);
    u16(field.tag, at);
    u16(field.type, at + 2);
    u32(field.count, at + 4);
    if (bytes <= 4) {
      value.copy(head, at + 8);
      continue;
    }
    u32(end, at + 8);
    const padded = Buffer.concat([value, Buffer.alloc(bytes & 1)]);
    values.push(padded);
    end += padded.length;
  }
  return Buffer.concat([head, ...values]);
}
