import { refuse } from '@albumen/domain';
import { pixelLimit, sharp } from '../sharp-settings.js';
import { keptEdgeTile } from './edge-tiles.js';
import { Gate } from './gate.js';
import { withPyramid } from './open-pyramids.js';
import type { PyramidFile, PyramidInfo } from './pyramid-file.js';

/** An image request with all its arithmetic done: everything in whole pixels, inside the picture. */
export interface ImageCut {
  /** On the full-size picture. */
  readonly region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Before rotation. */
  readonly size: { readonly width: number; readonly height: number };
  /** Mirrored left to right, before it is turned. */
  readonly mirror: boolean;
  /** Degrees clockwise, 0 ≤ rotation < 360. */
  readonly rotation: number;
  readonly quality: 'default' | 'color' | 'gray' | 'bitonal';
  readonly format: 'jpg' | 'png' | 'webp' | 'tif';
}

/** Bytes of a picture with their media type. */
export interface CutPicture {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

const mediaTypes: Readonly<Record<ImageCut['format'], string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  tif: 'image/tiff',
};
const jpegSettings = { quality: 90, optimiseCoding: false } as const;
const gate = new Gate(2, 64);

/** Sets how many pictures are cut at once in this process and how many requests may wait; stored tiles pass freely. */
export function configureImageCutting(limits: { readonly concurrent: number; readonly waiting: number }): void {
  gate.configure(limits);
}

/**
 * Cuts what was asked from the level just large enough. A request that lines up with a stored tile is answered with the
 * stored bytes, without decoding. Throws `request.rate-limited`, `image.not-found`, `file.damaged`.
 */
export async function cutImage(
  pyramidPath: string,
  cut: ImageCut,
  options: { readonly signal?: AbortSignal } = {},
): Promise<CutPicture> {
  return withPyramid(pyramidPath, async (pyramid) => {
    const tile = findTile(pyramid.info, cut);
    if (tile) return { bytes: await wholeTile(pyramidPath, pyramid, tile, options.signal), mediaType: 'image/jpeg' };
    const bytes = await gate.run(() => render(pyramidPath, pyramid.info, cut), options.signal);
    return { bytes, mediaType: mediaTypes[cut.format] };
  });
}

/** The JPEG of one tile at its true size: stored bytes for inner tiles, cut once more for those at the right and bottom edge. */
export async function tileBytes(pyramidPath: string, level: number, column: number, row: number): Promise<Uint8Array> {
  return withPyramid(pyramidPath, (pyramid) => wholeTile(pyramidPath, pyramid, { level, column, row }));
}

interface TilePlace {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

/** The tile that a request asks for exactly, or undefined: JPEG, upright, in colour, region and size on the tile grid. */
export function findTile(info: PyramidInfo, cut: ImageCut): TilePlace | undefined {
  if (cut.format !== 'jpg' || cut.rotation !== 0 || cut.mirror || cut.quality === 'gray' || cut.quality === 'bitonal')
    return undefined;
  const { region, size } = cut;
  const level = info.levels.findIndex(({ scaleFactor }) => {
    const side = info.tileSize * scaleFactor;
    return (
      region.x % side === 0 &&
      region.y % side === 0 &&
      region.width === Math.min(side, info.width - region.x) &&
      region.height === Math.min(side, info.height - region.y) &&
      size.width === Math.ceil(region.width / scaleFactor) &&
      size.height === Math.ceil(region.height / scaleFactor)
    );
  });
  const found = info.levels[level];
  if (!found) return undefined;
  const side = info.tileSize * found.scaleFactor;
  return { level, column: region.x / side, row: region.y / side };
}

async function wholeTile(
  path: string,
  pyramid: PyramidFile,
  { level, column, row }: TilePlace,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const size = pyramid.sizeOfTile(level, column, row);
  if (size.width === pyramid.info.tileSize && size.height === pyramid.info.tileSize)
    return pyramid.storedTile(level, column, row);
  return keptEdgeTile(`${path}:${level}:${column}:${row}`, async () => {
    const stored = await pyramid.storedTile(level, column, row);
    return gate.run(
      () =>
        sharp(stored)
          .extract({ left: 0, top: 0, ...size })
          .jpeg({ ...jpegSettings, quality: 95 })
          .toBuffer(),
      signal,
    );
  });
}

/**
 * The smallest level that still holds the wanted size, the whole pixels of it that cover the region, and where the
 * wanted picture lies once those are scaled: a region need not begin on a pixel of a smaller level.
 */
function placeOn(info: PyramidInfo, cut: ImageCut) {
  const { region, size } = cut;
  const scale = Math.min(region.width / size.width, region.height / size.height);
  const level = info.levels.findLastIndex(({ scaleFactor }) => scaleFactor <= Math.max(1, scale));
  const found = info.levels[level];
  if (!found) throw refuse('image.not-found');
  const across = coverOf(region.x, region.width, found.scaleFactor, found.width, size.width);
  const down = coverOf(region.y, region.height, found.scaleFactor, found.height, size.height);
  return {
    level,
    area: { left: across.start, top: down.start, width: across.length, height: down.length },
    scaled: { width: across.scaled, height: down.scaled },
    wanted: { left: across.offset, top: down.offset, width: size.width, height: size.height },
  };
}

/** One axis of `placeOn`. */
function coverOf(from: number, length: number, scaleFactor: number, most: number, wanted: number) {
  const start = Math.min(Math.floor(from / scaleFactor), most - 1);
  const end = Math.max(start + 1, Math.min(Math.ceil((from + length) / scaleFactor), most));
  const ratio = (wanted * scaleFactor) / length;
  const scaled = Math.max(wanted, Math.round((end - start) * ratio));
  const offset = Math.min(Math.round((from / scaleFactor - start) * ratio), scaled - wanted);
  return { start, length: end - start, scaled, offset };
}

async function render(path: string, info: PyramidInfo, cut: ImageCut): Promise<Uint8Array> {
  const { level, area, scaled, wanted } = placeOn(info, cut);
  const source = sharp(path, {
    page: level,
    limitInputPixels: pixelLimit,
    failOn: 'error',
  }).extract(area);
  const unchanged = area.width === scaled.width && area.height === scaled.height;
  const resized = unchanged ? source : source.resize(scaled.width, scaled.height, { fit: 'fill' });
  const exact = scaled.width === wanted.width && scaled.height === wanted.height;
  const sized = exact ? resized : resized.extract(wanted);
  const turned = cut.mirror || cut.rotation !== 0 ? await turn(sized, cut) : sized;
  return finish(turned, cut).toBuffer();
}

/** "The image is mirrored and then rotated" (Image API 3.0, 4.3); in a second pass, so that it follows the scaling. */
async function turn(sized: ReturnType<typeof sharp>, cut: ImageCut): Promise<ReturnType<typeof sharp>> {
  const { data, info } = await sized.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const raw = { raw: { width: info.width, height: info.height, channels: info.channels } };
  const mirrored = cut.mirror ? await sharp(data, raw).flop().raw().toBuffer() : data;
  if (cut.rotation === 0) return sharp(mirrored, raw);
  const clear = cut.format === 'png' || cut.format === 'webp';
  const background = clear ? { r: 255, g: 255, b: 255, alpha: 0 } : '#ffffff';
  const upright = clear && cut.rotation % 90 !== 0 ? sharp(mirrored, raw).ensureAlpha() : sharp(mirrored, raw);
  const { data: made, info: size } = await upright
    .rotate(cut.rotation, { background })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharp(made, { raw: { width: size.width, height: size.height, channels: size.channels } });
}

function finish(picture: ReturnType<typeof sharp>, cut: ImageCut): ReturnType<typeof sharp> {
  const toned = cut.quality === 'gray' || cut.quality === 'bitonal' ? picture.greyscale() : picture;
  const made = cut.quality === 'bitonal' ? toned.threshold(128) : toned;
  const coloured = made.toColourspace(cut.quality === 'gray' || cut.quality === 'bitonal' ? 'b-w' : 'srgb');
  switch (cut.format) {
    case 'jpg':
      return coloured.jpeg(jpegSettings);
    case 'png':
      return coloured.png({ compressionLevel: 6 });
    case 'webp':
      return coloured.webp({ quality: 90 });
    case 'tif':
      return coloured.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }
}
