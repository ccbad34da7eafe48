import { quantile, rounded, sorted } from './statistics.js';

/** Sigma of the Gaussian with which an edge is blurred once more; the loss of gradient tells how soft it was. */
const again = 1;

/** Rows and columns of context that a measured edge needs on each side. */
export const edgeReach = 5;

const taps = Float64Array.from({ length: 2 * edgeReach - 1 }, (_, at) =>
  Math.exp(-((at - edgeReach + 1) ** 2) / (2 * again * again)),
);
const tapSum = taps.reduce((sum, tap) => sum + tap, 0);

/**
 * Width of the edge at a pixel, as the sigma of a Gaussian, by re-blurring (Zhuo and Sim, "Defocus map estimation from a
 * single image", 2011): across an ideal edge, gradient before / after = sqrt((σ² + σ0²) / σ²). Works along the row
 * (`stride` 1) or the column (`stride` width); null where the pixel is no clear edge in that direction.
 */
export function edgeSigma(luma: Float32Array, at: number, stride: number, floor: number): number | null {
  const gradient = Math.abs((luma[at + stride] as number) - (luma[at - stride] as number)) / 2;
  if (gradient < floor) return null;
  for (const beside of [-1, 1]) {
    const there =
      Math.abs((luma[at + (beside + 1) * stride] as number) - (luma[at + (beside - 1) * stride] as number)) / 2;
    if (there > gradient) return null;
  }
  let before = 0;
  let after = 0;
  for (let tap = 0; tap < taps.length; tap++) {
    const offset = tap - edgeReach + 1;
    before += (taps[tap] as number) * (luma[at + (offset - 1) * stride] as number);
    after += (taps[tap] as number) * (luma[at + (offset + 1) * stride] as number);
  }
  const softer = Math.abs(after - before) / 2 / tapSum;
  const ratio = gradient / Math.max(1e-6, softer);
  if (ratio <= 1.02) return null;
  return again / Math.sqrt(ratio * ratio - 1);
}

/**
 * Blur of the picture as its sharpest clear edges have it: the lower quartile of their sigmas. The confidence grows with
 * the number of edges (all of it at 400) and falls where they disagree.
 */
export function blurFrom(sigmas: readonly number[]): { readonly value: number; readonly confidence: number } {
  if (sigmas.length < 10) return { value: 0, confidence: 0 };
  const all = sorted(sigmas);
  const value = quantile(all, 0.25);
  const spread = (quantile(all, 0.4) - quantile(all, 0.1)) / Math.max(0.4, value);
  return {
    value: rounded(value),
    confidence: rounded(Math.min(1, sigmas.length / 400) / (1 + Math.max(0, spread - 0.3))),
  };
}
