import { sealWorkFile, type WorkFile } from './work-file.js';
import { pixelLimit, sharp } from './sharp-settings.js';

/** What can be encoded: a picture's path, or a work file. */
export type PictureInput = string | WorkFile;

/** Size of what was written. */
export interface Encoded {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** Opens a picture for encoding, upright; work files are mapped, not read. */
export async function openPicture(input: PictureInput): Promise<ReturnType<typeof sharp>> {
  const settings = { limitInputPixels: pixelLimit, unlimited: true, failOn: 'error' } as const;
  if (typeof input === 'string') return sharp(input, { ...settings, autoOrient: true });
  await sealWorkFile(input);
  return sharp(input.path, settings);
}

/** Upright size of a picture, from its header. */
export async function pictureSize(input: PictureInput): Promise<{ width: number; height: number }> {
  if (typeof input !== 'string') return { width: input.width, height: input.height };
  const { autoOrient } = await sharp(input, { limitInputPixels: pixelLimit, unlimited: true }).metadata();
  return { width: autoOrient.width, height: autoOrient.height };
}

/** Writes a work file as TIFF, deflate with horizontal predictor, same bands and depth, with ICC profile and resolution. */
export async function encodeMaster(work: WorkFile, outPath: string): Promise<Encoded> {
  const picture = await openPicture(work);
  const grey = work.bands < 3;
  const target = grey ? (work.depth === 16 ? 'grey16' : 'b-w') : work.depth === 16 ? 'rgb16' : 'srgb';
  const perMillimetre = work.density === null ? undefined : work.density / 25.4;
  const resolution =
    perMillimetre === undefined ? {} : { xres: perMillimetre, yres: perMillimetre, resolutionUnit: 'inch' as const };
  const written = await picture
    .toColourspace(target)
    .keepIccProfile()
    .tiff({
      compression: 'deflate',
      predictor: 'horizontal',
      bigtiff: work.width * work.height * work.bands * (work.depth / 8) > 2_000_000_000,
      ...resolution,
    })
    .toFile(outPath);
  return { width: written.width, height: written.height, bytes: written.size };
}

/** Writes a JPEG whose longer side is at most `longSide` pixels (never enlarged), sRGB, alpha on white, without metadata. */
export async function encodeThumbnail(
  input: PictureInput,
  outPath: string,
  options: { readonly longSide: number; readonly quality?: number },
): Promise<Encoded> {
  const picture = await openPicture(input);
  const written = await picture
    .resize(options.longSide, options.longSide, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality: options.quality ?? 82 })
    .toFile(outPath);
  return { width: written.width, height: written.height, bytes: written.size };
}

/** The most common colour of a picture as `#rrggbb`; a placeholder while the picture loads. */
export async function dominantColour(path: string): Promise<string> {
  const small = await sharp(path, { limitInputPixels: pixelLimit })
    .resize(64, 64, { fit: 'inside' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .png()
    .toBuffer();
  const { dominant } = await sharp(small).stats();
  return `#${[dominant.r, dominant.g, dominant.b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Reduces a picture to the given size exactly and answers interleaved 8-bit sRGB (or grey) rows. */
export async function reduceToBytes(
  input: PictureInput,
  size: { readonly width: number; readonly height: number },
  bands: 1 | 3,
): Promise<Uint8Array> {
  const picture = (await openPicture(input))
    .resize(size.width, size.height, { fit: 'fill' })
    .flatten({ background: '#ffffff' });
  const made = await (bands === 1 ? picture.toColourspace('b-w').extractChannel(0) : picture.toColourspace('srgb'))
    .raw()
    .toBuffer();
  return new Uint8Array(made.buffer, made.byteOffset, made.byteLength);
}
