import { refuse } from '@albumen/domain';
import type { ImageFormat, ImageQuality, ImageRequest, RegionRequest, SizeRequest } from './image-request.js';

/** Size of the picture and what may be asked of it at most; limits as in `info.json`. */
export interface ImageLimits {
  readonly width: number;
  readonly height: number;
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  readonly maxArea?: number;
}

/** A request with its arithmetic done: whole pixels, region inside the picture, size within the limits. */
export interface ResolvedImageRequest {
  readonly region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly size: { readonly width: number; readonly height: number };
  readonly mirror: boolean;
  /** 0 ≤ rotation < 360. */
  readonly rotation: number;
  readonly quality: ImageQuality;
  readonly format: ImageFormat;
  /** The canonical form of the request: `{region}/{size}/{rotation}/{quality}.{format}`. */
  readonly canonical: string;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

const invalid = (detail: string) => refuse('image.request-invalid', { detail });

/** Fits a request to a picture. Throws `image.request-invalid` where Image API 3.0 asks for an error. */
export function resolveImageRequest(request: ImageRequest, limits: ImageLimits): ResolvedImageRequest {
  const region = resolveRegion(request.region, limits);
  const size = resolveSize(request.size, region, limits);
  const rotation = request.rotation % 360;
  const { mirror, quality, format } = request;
  const canonical = canonicalRequest({ region, size, mirror, rotation, quality, format }, limits);
  return { region, size, mirror, rotation, quality, format, canonical };
}

function resolveRegion(request: RegionRequest, { width, height }: ImageLimits): Box {
  if (request.kind === 'full') return { x: 0, y: 0, width, height };
  if (request.kind === 'square') {
    const side = Math.min(width, height);
    return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), width: side, height: side };
  }
  const scaleX = request.kind === 'percent' ? width / 100 : 1;
  const scaleY = request.kind === 'percent' ? height / 100 : 1;
  const x = Math.round(request.x * scaleX);
  const y = Math.round(request.y * scaleY);
  // "If the requested region's height or width is zero, or if the region is entirely outside the bounds … 400" (4.1).
  if (x >= width || y >= height) throw invalid('the region lies outside the picture');
  const right = Math.min(width, Math.round((request.x + request.width) * scaleX));
  const bottom = Math.min(height, Math.round((request.y + request.height) * scaleY));
  if (right <= x || bottom <= y) throw invalid('the region holds no pixel');
  return { x, y, width: right - x, height: bottom - y };
}

function resolveSize(request: SizeRequest, region: Extent, limits: ImageLimits): Extent {
  if (request.kind === 'max') return largest(region, limits, request.upscale);
  if (request.kind === 'confined') {
    const scale = Math.min(request.width / region.width, request.height / region.height);
    // "!w,h: … must not exceed … the extracted region": without ^ the largest that fits is the region itself (4.2).
    const wanted = scaled(region, request.upscale ? scale : Math.min(1, scale));
    return fits(wanted, limits) ? wanted : largest(region, limits, request.upscale);
  }
  const size = wantedSize(request, region);
  if (!request.upscale && (size.width > region.width || size.height > region.height)) {
    throw invalid('the size is larger than the region; ask for upscaling with a leading ^');
  }
  if (!fits(size, limits)) throw invalid('the size is larger than maxWidth, maxHeight or maxArea allow');
  return size;
}

function wantedSize(request: Exclude<SizeRequest, { kind: 'max' | 'confined' }>, region: Extent): Extent {
  switch (request.kind) {
    case 'width':
      return { width: request.width, height: atLeastOne((region.height * request.width) / region.width) };
    case 'height':
      return { width: atLeastOne((region.width * request.height) / region.height), height: request.height };
    case 'percent':
      return scaled(region, request.percent / 100);
    case 'exact':
      return { width: request.width, height: request.height };
    default:
      // The union's `exact | confined` member is not split by `Exclude`; confined sizes are resolved before.
      throw invalid('the size is not known');
  }
}

/** The largest size of that shape within the limits; enlarged only where asked and where a limit says how far. */
function largest(region: Extent, limits: ImageLimits, upscale: boolean): Extent {
  const { maxWidth, maxArea } = limits;
  const maxHeight = limits.maxHeight ?? maxWidth;
  const factors = [
    maxWidth === undefined ? Infinity : maxWidth / region.width,
    maxHeight === undefined ? Infinity : maxHeight / region.height,
    maxArea === undefined ? Infinity : Math.sqrt(maxArea / (region.width * region.height)),
  ];
  const factor = Math.min(...factors);
  if (factor === Infinity || (factor >= 1 && !upscale)) return { width: region.width, height: region.height };
  return {
    width: Math.max(1, Math.floor(region.width * factor + 1e-9)),
    height: Math.max(1, Math.floor(region.height * factor + 1e-9)),
  };
}

function fits(size: Extent, limits: ImageLimits): boolean {
  const maxWidth = limits.maxWidth ?? Infinity;
  const maxHeight = limits.maxHeight ?? maxWidth;
  return size.width <= maxWidth && size.height <= maxHeight && size.width * size.height <= (limits.maxArea ?? Infinity);
}

function scaled(region: Extent, factor: number): Extent {
  return { width: atLeastOne(region.width * factor), height: atLeastOne(region.height * factor) };
}

function atLeastOne(value: number): number {
  return Math.max(1, Math.round(value));
}

/** Image API 3.0, 4.7: "the canonical form". Our default quality is the colour of the picture, so `color` is `default`. */
function canonicalRequest(request: Omit<ResolvedImageRequest, 'canonical'>, limits: ImageLimits): string {
  const { region, size } = request;
  const whole = region.x === 0 && region.y === 0 && region.width === limits.width && region.height === limits.height;
  const regionText = whole ? 'full' : `${region.x},${region.y},${region.width},${region.height}`;
  const same = (one: Extent): boolean => one.width === size.width && one.height === size.height;
  const larger = size.width > region.width || size.height > region.height;
  const up = larger ? '^' : '';
  const sizeText = same(largest(region, limits, larger)) ? `${up}max` : `${up}${size.width},${size.height}`;
  const quality = request.quality === 'color' ? 'default' : request.quality;
  return `${regionText}/${sizeText}/${request.mirror ? '!' : ''}${request.rotation}/${quality}.${request.format}`;
}
