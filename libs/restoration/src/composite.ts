import type { Samples } from './picture/strips.js';

/**
 * Writes the pixels of accepted regions from `filled` over `original` (same shape, interleaved, `bands` per pixel) into a
 * copy. Everything outside accepted regions is the original, bit for bit.
 */
export function compositeRegions(
  original: Samples,
  filled: Samples,
  labels: Uint16Array,
  bands: number,
  accepted: ReadonlySet<number>,
): Samples {
  const out = original.slice();
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel] as number;
    if (label === 0 || !accepted.has(label)) continue;
    for (let band = 0; band < bands; band++) out[pixel * bands + band] = filled[pixel * bands + band] as number;
  }
  return out;
}

/** Blends a layer's result with its input: strength 0 is the input bit for bit, 1 the result. */
export function blend(before: number, after: number, strength: number, full: number): number {
  if (strength === 0) return before;
  return Math.min(full, Math.max(0, Math.round(before + strength * (after - before))));
}
