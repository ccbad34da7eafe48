import { refuse } from '@albumen/domain';

/** Region of Image API 3.0, 4.1, as written. */
export type RegionRequest =
  | { readonly kind: 'full' }
  | { readonly kind: 'square' }
  | {
      readonly kind: 'pixels' | 'percent';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    };

/** Size of Image API 3.0, 4.2, as written; `upscale` is the leading `^`. */
export type SizeRequest = { readonly upscale: boolean } & (
  | { readonly kind: 'max' }
  | { readonly kind: 'width'; readonly width: number }
  | { readonly kind: 'height'; readonly height: number }
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'exact' | 'confined'; readonly width: number; readonly height: number }
);

/** Qualities that our image service answers (Image API 3.0, 4.4). */
export const imageQualities = ['default', 'color', 'gray', 'bitonal'] as const;
/** One of `imageQualities`. */
export type ImageQuality = (typeof imageQualities)[number];
/** Formats that our image service answers (Image API 3.0, 4.5). */
export const imageFormats = ['jpg', 'png', 'webp', 'tif'] as const;
/** One of `imageFormats`. */
export type ImageFormat = (typeof imageFormats)[number];

/** An image request whose syntax is right; nothing is said yet about whether it fits a picture. */
export interface ImageRequest {
  readonly region: RegionRequest;
  readonly size: SizeRequest;
  readonly mirror: boolean;
  /** Degrees clockwise, 0..360. */
  readonly rotation: number;
  readonly quality: ImageQuality;
  readonly format: ImageFormat;
}

/** The path parts after the identifier, percent-decoded: `{region}/{size}/{rotation}/{quality}.{format}`. */
export interface ImageRequestParts {
  readonly region: string;
  readonly size: string;
  readonly rotation: string;
  /** Quality and format with the dot between them. */
  readonly file: string;
}

const invalid = (detail: string) => refuse('image.request-invalid', { detail });
const wholeNumber = '(\\d{1,9})';
/** "Floating point numbers … at most 10 decimal digits, decimal digits and '.'" (Image API 3.0, 4.7). */
const decimal = '(\\d{1,9}(?:\\.\\d{1,10})?|\\.\\d{1,10})';
const four = (number: string): RegExp => new RegExp(`^${number},${number},${number},${number}$`);
const regionPixels = four(wholeNumber);
const regionPercent = four(decimal);

/** Reads the syntax of an image request. Throws `image.request-invalid`, naming the part. */
export function parseImageRequest(parts: ImageRequestParts): ImageRequest {
  return {
    region: parseRegion(parts.region),
    size: parseSize(parts.size),
    ...parseRotation(parts.rotation),
    ...parseFile(parts.file),
  };
}

function parseRegion(text: string): RegionRequest {
  if (text === 'full' || text === 'square') return { kind: text };
  const percent = text.startsWith('pct:');
  const found = percent ? regionPercent.exec(text.slice(4)) : regionPixels.exec(text);
  if (!found) throw invalid(`the region "${text}" is not one of full, square, x,y,w,h or pct:x,y,w,h`);
  const [x, y, width, height] = found.slice(1).map(Number) as [number, number, number, number];
  if (width === 0 || height === 0) throw invalid('the region has no width or no height');
  return { kind: percent ? 'percent' : 'pixels', x, y, width, height };
}

function parseSize(text: string): SizeRequest {
  const upscale = text.startsWith('^');
  const rest = upscale ? text.slice(1) : text;
  if (rest === 'max') return { kind: 'max', upscale };
  const percent = new RegExp(`^pct:${decimal}$`).exec(rest);
  if (percent) {
    const value = Number(percent[1]);
    if (value === 0) throw invalid('the size is zero');
    if (value > 100 && !upscale) throw invalid('a size above 100 % needs a leading ^');
    return { kind: 'percent', percent: value, upscale };
  }
  const found = /^(!?)(\d{0,9}),(\d{0,9})$/.exec(rest);
  if (!found) throw invalid(`the size "${text}" is not one of max, w, ,h pct:n w,h or !w,h`);
  const [, confined, width, height] = found as unknown as [string, string, string, string];
  if (width === '' && height === '') throw invalid('the size names neither width nor height');
  if (Number(width || 1) === 0 || Number(height || 1) === 0) throw invalid('the size is zero');
  if (width !== '' && height !== '')
    return { kind: confined ? 'confined' : 'exact', width: Number(width), height: Number(height), upscale };
  if (confined) throw invalid('a confined size needs width and height');
  return width !== ''
    ? { kind: 'width', width: Number(width), upscale }
    : { kind: 'height', height: Number(height), upscale };
}

function parseRotation(text: string): { mirror: boolean; rotation: number } {
  const found = new RegExp(`^(!?)${decimal}$`).exec(text);
  const degrees = Number(found?.[2] ?? NaN);
  if (!found || degrees > 360) throw invalid(`the rotation "${text}" is not a number from 0 to 360`);
  return { mirror: found[1] === '!', rotation: degrees };
}

function parseFile(text: string): { quality: ImageQuality; format: ImageFormat } {
  const [qualityText, formatText, more] = text.split('.');
  const quality = imageQualities.find((known) => known === qualityText);
  const format = imageFormats.find((known) => known === formatText);
  if (!quality) throw invalid(`the quality "${qualityText ?? ''}" is not one of ${imageQualities.join(', ')}`);
  if (!format || more !== undefined)
    throw invalid(`the format "${formatText ?? ''}" is not one of ${imageFormats.join(', ')}`);
  return { quality, format };
}
