import { open } from 'node:fs/promises';
import { pictureSize, type Encoded, type PictureInput } from '../encode.js';
import { RandomBytes } from '../headers/random-bytes.js';
import { withPaddedPicture } from './pad-picture.js';
import { readTiffFile, tiffNumbers, tiffTags, type TiffDirectory, type TiffFile } from '../headers/tiff-directories.js';

/** Side of every tile of a pyramid, in pixels; pictures smaller than that are one tile of their own size. */
export const pyramidTile = 512;

/** Chroma blocks of subsampled JPEG are 16 pixels wide: padding to whole ones keeps the edge free of the fill colour. */
const jpegBlock = 16;

/** Sizes of the levels of a picture, largest first, halved with the ceiling as IIIF does, until one fits a tile. */
export function levelSizes(width: number, height: number): { readonly width: number; readonly height: number }[] {
  const sizes = [{ width, height }];
  for (let factor = 2; Math.max(width, height) * 2 > pyramidTile * factor; factor *= 2) {
    sizes.push({ width: Math.ceil(width / factor), height: Math.ceil(height / factor) });
  }
  return sizes;
}

/**
 * Writes the access pyramid: tiled JPEG in TIFF, 512 px tiles, 8-bit sRGB, subsampled YCbCr, alpha on white, one
 * directory per level. Edges are padded by repetition before compression and the directories name the true sizes, so
 * that the last row and column look like the picture. Quality must lie in 85..89: from 90 on libvips stops subsampling.
 */
export async function encodePyramid(
  input: PictureInput,
  outPath: string,
  options: { readonly quality?: number } = {},
): Promise<Encoded> {
  const quality = options.quality ?? 88;
  if (quality < 85 || quality > 89)
    throw new RangeError(`Expected 85 to 89 for the quality of a pyramid but received ${quality}`);
  const size = await pictureSize(input);
  const levels = levelSizes(size.width, size.height);
  const tile = tileFor(size);
  const step = jpegBlock * 2 ** (levels.length - 1);
  const right = Math.ceil(size.width / step) * step - size.width;
  const bottom = Math.ceil(size.height / step) * step - size.height;
  const written = await withPaddedPicture(input, size, { right, bottom }, outPath, (padded) =>
    padded
      .tiff({
        compression: 'jpeg',
        quality,
        tile: true,
        tileWidth: tile,
        tileHeight: tile,
        pyramid: true,
        bigtiff: size.width * size.height > 1_500_000_000,
      })
      .toFile(outPath),
  );
  await nameTrueSizes(outPath, levels, tile);
  return { ...size, bytes: written.size };
}

/** libvips refuses to read tiles that are much larger than the picture. */
function tileFor(size: { readonly width: number; readonly height: number }): number {
  return Math.min(pyramidTile, Math.ceil(Math.max(size.width, size.height) / jpegBlock) * jpegBlock);
}

/** Corrects width, height and tile lists of every directory in place; padding tiles beyond the true size stay unused. */
async function nameTrueSizes(
  path: string,
  levels: readonly { readonly width: number; readonly height: number }[],
  tile: number,
): Promise<void> {
  await using file = await RandomBytes.open(path);
  const tiff = await readTiffFile(file);
  if (tiff.directories.length !== levels.length) {
    throw new Error(`Expected ${levels.length} levels for the pyramid but received ${tiff.directories.length}`);
  }
  const handle = await open(path, 'r+');
  try {
    for (const [index, directory] of tiff.directories.entries()) {
      const level = levels[index] as { width: number; height: number };
      const paddedWidth = (await tiffNumbers(file, tiff, directory.fields.get(tiffTags.imageWidth)))[0] ?? 0;
      const paddedAcross = Math.ceil(paddedWidth / tile);
      const across = Math.ceil(level.width / tile);
      const down = Math.ceil(level.height / tile);
      const patches: Patch[] = [
        valuePatch(tiff, directory, tiffTags.imageWidth, [level.width]),
        valuePatch(tiff, directory, tiffTags.imageLength, [level.height]),
      ];
      for (const tag of [tiffTags.tileOffsets, tiffTags.tileByteCounts]) {
        const values = await tiffNumbers(file, tiff, directory.fields.get(tag));
        const kept = values.filter(
          (_, place) => place % paddedAcross < across && Math.floor(place / paddedAcross) < down,
        );
        if (kept.length !== values.length) patches.push(...listPatches(tiff, directory, tag, kept));
      }
      for (const { bytes, at } of patches) await handle.write(bytes, 0, bytes.length, at);
    }
  } finally {
    await handle.close();
  }
}

interface Patch {
  readonly bytes: Buffer;
  readonly at: number;
}

const widthOfType: Readonly<Record<number, number>> = { 3: 2, 4: 4, 16: 8 };

function fieldOf(directory: TiffDirectory, tag: number) {
  const field = directory.fields.get(tag);
  if (!field) throw new Error(`Expected field ${tag} in the pyramid's directory but received none`);
  return field;
}

function valuePatch(tiff: TiffFile, directory: TiffDirectory, tag: number, values: readonly number[]): Patch {
  const field = fieldOf(directory, tag);
  return { bytes: numbersOf(tiff, field.type, values), at: field.valuesAt };
}

/** A shorter list: new count, and the values moved into the record where they fit there. */
function listPatches(tiff: TiffFile, directory: TiffDirectory, tag: number, values: readonly number[]): Patch[] {
  const field = fieldOf(directory, tag);
  const bytes = numbersOf(tiff, field.type, values);
  const countAt = field.recordAt + 4;
  const inlineBytes = tiff.big ? 8 : 4;
  const inlineAt = countAt + inlineBytes;
  const at = bytes.length <= inlineBytes ? inlineAt : field.valuesAt;
  return [
    { bytes: numbersOf(tiff, tiff.big ? 16 : 4, [values.length]), at: countAt },
    {
      bytes: bytes.length < inlineBytes ? Buffer.concat([bytes, Buffer.alloc(inlineBytes - bytes.length)]) : bytes,
      at,
    },
  ];
}

function numbersOf(tiff: TiffFile, type: number, values: readonly number[]): Buffer {
  const width = widthOfType[type];
  if (!width) throw new Error(`Expected a whole-number field type in the pyramid but received ${type}`);
  const bytes = Buffer.alloc(width * values.length);
  for (const [index, value] of values.entries()) {
    const at = index * width;
    if (width === 8) {
      if (tiff.littleEndian) bytes.writeBigUInt64LE(BigInt(value), at);
      else bytes.writeBigUInt64BE(BigInt(value), at);
    } else if (tiff.littleEndian) bytes.writeUIntLE(value, at, width);
    else bytes.writeUIntBE(value, at, width);
  }
  return bytes;
}
