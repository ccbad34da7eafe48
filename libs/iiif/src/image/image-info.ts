/** What `info.json` is made of. */
export interface ImageInfoFacts {
  /** Absolute address of the image service, without trailing slash. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly tileSize: number;
  /** Levels of the pyramid, largest first. */
  readonly levels: readonly { readonly width: number; readonly height: number; readonly scaleFactor: number }[];
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  readonly maxArea?: number;
  /** URI of a rights statement. */
  readonly rights?: string;
}

/** Address of the JSON-LD context of Image API 3.0. */
export const imageContext = 'http://iiif.io/api/image/3/context.json';
/** What the `Link` header with `rel="profile"` names. */
export const imageProfile = 'http://iiif.io/api/image/3/level2.json';
/** Media type of `info.json` for those who ask for JSON-LD. */
export const imageInfoMediaType = `application/ld+json;profile="${imageContext}"`;

/** The `info.json` of Image API 3.0, level 2. `sizes` are the levels that fit the limits, smallest first. */
export function imageInfo(facts: ImageInfoFacts): Record<string, unknown> {
  const { id, width, height, tileSize, levels, maxWidth, maxHeight, maxArea, rights } = facts;
  const highest = maxHeight ?? maxWidth;
  const allowed = levels.filter(
    (level) =>
      level.width <= (maxWidth ?? Infinity) &&
      level.height <= (highest ?? Infinity) &&
      level.width * level.height <= (maxArea ?? Infinity),
  );
  return {
    // "If the @context is an array, the Image API context must be the last" (5.1): here it is the only one.
    '@context': imageContext,
    id,
    type: 'ImageService3',
    protocol: 'http://iiif.io/api/image',
    profile: 'level2',
    width,
    height,
    ...(maxWidth === undefined ? {} : { maxWidth }),
    ...(maxHeight === undefined ? {} : { maxHeight }),
    ...(maxArea === undefined ? {} : { maxArea }),
    sizes: allowed.map((level) => ({ width: level.width, height: level.height })).reverse(),
    tiles: [{ width: tileSize, height: tileSize, scaleFactors: levels.map((level) => level.scaleFactor) }],
    ...(rights === undefined ? {} : { rights }),
    preferredFormats: ['jpg'],
    extraFormats: ['webp', 'tif'],
    extraQualities: ['color', 'gray', 'bitonal'],
    extraFeatures: ['canonicalLinkHeader', 'mirroring', 'profileLinkHeader', 'rotationArbitrary', 'sizeUpscaling'],
  };
}
