/** Pixels of one answer at most, so that one request never holds the machine; tiles are far below. */
const maxArea = 64_000_000;

/** The limits that `info.json` states and requests are held to; none for pictures that are small anyway. */
export function imageLimits(extent: { readonly width: number; readonly height: number }): {
  readonly maxArea?: number;
} {
  return extent.width * extent.height > maxArea ? { maxArea } : {};
}
