import { quantile, rounded, sorted } from './statistics.js';

/**
 * Sigmas of the two Gaussians across an edge whose gradients are compared. The first keeps noise out of the answer, the
 * second must lose gradient measurably to it.
 */
const [narrow, wide] = [1, 2];
/** Weights along the edge, over which noise is averaged as well. */
const alongTaps = [1, 2, 3, 2, 1].map((weight) => weight / 9);
const alongReach = 2;
const wideReach = 3 * wide;

/** Rows and columns of context that a measured edge needs on each side: the wide kernel and its neighbour. */
export const edgeReach = wideReach + 1;

/** Taps of the derivative of a Gaussian, antisymmetric, for samples 1.. from the middle; of a ramp of one level they give 1. */
function derivative(sigma: number): Float64Array {
  const taps = Float64Array.from(
    { length: wideReach },
    (_, at) => (at + 1) * Math.exp(-((at + 1) ** 2) / (2 * sigma ** 2)),
  );
  const ramp = taps.reduce((sum, tap, at) => sum + 2 * tap * (at + 1), 0);
  return taps.map((tap) => tap / ramp);
}
const narrowTaps = derivative(narrow).slice(0, 4);
const wideTaps = derivative(wide);

/** Gradient (levels per pixel) across the edge at a pixel after a Gaussian, averaged along the edge. */
function gradientAt(luma: Float32Array, at: number, across: number, along: number, taps: Float64Array): number {
  let sum = 0;
  for (let beside = -alongReach; beside <= alongReach; beside++) {
    const middle = at + beside * along;
    let here = 0;
    for (let tap = 0; tap < taps.length; tap++)
      here +=
        (taps[tap] as number) *
        ((luma[middle + (tap + 1) * across] as number) - (luma[middle - (tap + 1) * across] as number));
    sum += (alongTaps[beside + alongReach] as number) * here;
  }
  return sum;
}

/** An edge that was measured: its gradient (levels per pixel, after a Gaussian of one pixel) and width. */
export interface MeasuredEdge {
  readonly gradient: number;
  readonly sigma: number;
}

/**
 * Width of the edge at a pixel, as the sigma of a Gaussian, by re-blurring (Zhuo and Sim, "Defocus map estimation from a
 * single image", 2011): across an ideal edge, the gradients after two Gaussians have the ratio
 * R = sqrt((σ² + σ2²) / (σ² + σ1²)). `across` and `along` are the steps in the luma; null where the pixel is no clear edge.
 */
export function edgeAt(
  luma: Float32Array,
  at: number,
  across: number,
  along: number,
  floor: number,
): MeasuredEdge | null {
  const gradient = gradientAt(luma, at, across, along, narrowTaps);
  const strength = Math.abs(gradient);
  if (strength < floor) return null;
  // The strongest place of the edge alone is measured.
  if (Math.abs(gradientAt(luma, at - across, across, along, narrowTaps)) > strength) return null;
  if (Math.abs(gradientAt(luma, at + across, across, along, narrowTaps)) > strength) return null;
  const softer = gradientAt(luma, at, across, along, wideTaps);
  // Another edge close by, of the other sign, is no loss by softness.
  if (softer * gradient <= 0) return null;
  const ratio = gradient / softer;
  // More than an ideal step can lose is a line or a speck, and as good as nothing is a slope.
  if (ratio <= 1.02 || ratio > (1.05 * wide) / narrow) return null;
  return { gradient: strength, sigma: Math.sqrt(Math.max(0, wide ** 2 - (ratio * narrow) ** 2) / (ratio * ratio - 1)) };
}

/** Sigmas of the edges that stand clearly above the noise (standard deviation, levels of 255). */
export function clearEdges(edges: readonly MeasuredEdge[], noise: number): readonly number[] {
  // The narrow Gaussian leaves a fifth of white noise in the gradient: ten times its deviation.
  return edges.filter((edge) => edge.gradient >= 2 * noise).map((edge) => edge.sigma);
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
