/** Media types taken in, by content, never by file name. */
export const acceptedMedia = ['image/jpeg', 'image/tiff', 'image/png', 'image/webp'] as const;
export type AcceptedMedia = (typeof acceptedMedia)[number];

/**
 * Limits of intake. Formats that decode row by row may be large; interlaced, progressive or palette-bombed ones only as
 * far as the memory cap of the decoding child carries.
 */
export const intakeLimits = {
  /** Pixels for formats decoded row by row (TIFF, baseline JPEG, plain PNG). */
  maxPixelsSequential: 1_000_000_000,
  /** Pixels for formats that must be held whole (progressive JPEG, interlaced PNG, WebP). */
  maxPixelsWhole: 200_000_000,
  /** Pixels per stored byte beyond which a file is taken for a bomb (a blank 1-bit scan stays below). */
  maxPixelsPerByte: 500,
  /** Bytes per file. */
  maxBytes: 8_000_000_000,
  decodeSeconds: 120,
  decodeMemoryBytes: 1_200_000_000,
} as const;
