import type { DamageReport } from '@albumen/domain';
import { quantile, rounded, sorted } from './statistics.js';

/** Side of the squares in which noise is measured, in pixels of the original. */
export const noiseBlock = 16;

/** What one square of 1:1 luma tells. */
export interface NoiseBlock {
  /** Standard deviation around the best-fitting quadratic surface, levels of 255. */
  readonly residual: number;
  /** The same from differences between neighbours alone, as it would be if the noise were white. */
  readonly fine: number;
  readonly mean: number;
  /** Share of samples at the ends of the scale, where noise is cut off. */
  readonly clipped: number;
}

/** Legendre polynomials of degree 0..2 over the block: orthogonal, so that the fit is three sums. */
const basis = [0, 1, 2].map((degree) => {
  const at = Array.from({ length: noiseBlock }, (_, index) => (2 * index + 1) / noiseBlock - 1);
  const raw = at.map((x) => (degree === 0 ? 1 : degree === 1 ? x : x * x));
  return raw;
});
const surfaces = orthogonal([
  [0, 0],
  [1, 0],
  [0, 1],
  [2, 0],
  [1, 1],
  [0, 2],
]) as readonly [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

function orthogonal(powers: readonly (readonly [number, number])[]): readonly Float64Array[] {
  const made: Float64Array[] = [];
  for (const [px, py] of powers) {
    const surface = new Float64Array(noiseBlock * noiseBlock);
    for (let y = 0; y < noiseBlock; y++)
      for (let x = 0; x < noiseBlock; x++)
        surface[y * noiseBlock + x] = (basis[px]?.[x] as number) * (basis[py]?.[y] as number);
    for (const earlier of made) {
      const along = dot(surface, earlier);
      for (let at = 0; at < surface.length; at++)
        surface[at] = (surface[at] as number) - along * (earlier[at] as number);
    }
    const length = Math.sqrt(dot(surface, surface));
    for (let at = 0; at < surface.length; at++) surface[at] = (surface[at] as number) / length;
    made.push(surface);
  }
  return made;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

/** Measures the square whose top left luma sample is `at`. */
export function measureNoiseBlock(luma: Float32Array, at: number, width: number): NoiseBlock {
  const count = noiseBlock * noiseBlock;
  const [s0, s1, s2, s3, s4, s5] = surfaces;
  let [squares, mean, clipped, bends] = [0, 0, 0, 0];
  let [a0, a1, a2, a3, a4, a5] = [0, 0, 0, 0, 0, 0];
  for (let y = 0, index = 0; y < noiseBlock; y++)
    for (let x = 0, from = at + y * width; x < noiseBlock; x++, from++, index++) {
      const value = luma[from] as number;
      mean += value;
      squares += value * value;
      if (value <= 1 || value >= 254) clipped += 1;
      a0 += value * (s0[index] as number);
      a1 += value * (s1[index] as number);
      a2 += value * (s2[index] as number);
      a3 += value * (s3[index] as number);
      a4 += value * (s4[index] as number);
      a5 += value * (s5[index] as number);
      if (x < 2 || y < 2) continue;
      // Second differences along and across at once: nothing is left of slopes, and 36 σ² of white noise.
      const bend =
        value -
        2 * (luma[from - 1] as number) +
        (luma[from - 2] as number) -
        2 *
          ((luma[from - width] as number) -
            2 * (luma[from - width - 1] as number) +
            (luma[from - width - 2] as number)) +
        (luma[from - 2 * width] as number) -
        2 * (luma[from - 2 * width - 1] as number) +
        (luma[from - 2 * width - 2] as number);
      bends += bend * bend;
    }
  const explained = a0 * a0 + a1 * a1 + a2 * a2 + a3 * a3 + a4 * a4 + a5 * a5;
  return {
    residual: Math.sqrt(Math.max(0, squares - explained) / (count - 6)),
    fine: Math.sqrt(bends / (36 * (noiseBlock - 2) ** 2)),
    mean: mean / count,
    clipped: clipped / count,
  };
}

/** Share of the usable blocks that is taken as flat, and the spread of σ that so few samples give. */
const flatShare = 0.05;

/**
 * Standard deviation of noise and grain (levels of 255) from the flattest squares. The confidence is the share of usable
 * squares whose deviation agrees with the answer: texture everywhere or clipping leave few of them. `fine`: the median of
 * what those squares have in differences between neighbours, as a share of what white noise would have.
 */
export function noiseFrom(blocks: readonly NoiseBlock[]): DamageReport['noise'] {
  const usable = blocks.filter((block) => block.clipped < 0.02 && block.mean > 8 && block.mean < 247);
  if (usable.length < 12) return { value: 0, confidence: 0 };
  const residuals = sorted(usable.map((block) => block.residual));
  const low = quantile(residuals, flatShare);
  // The low quantile of a sampled deviation lies below the true one; white noise in 250 samples: 1.6 · 4.5 %.
  const value = low / (1 - 1.6 * 0.045);
  const flat = usable.filter((block) => block.residual < value * 1.25);
  const agreeing = flat.length / usable.length;
  const enough = Math.min(1, usable.length / 200) * (usable.length / blocks.length);
  const fine = quantile(sorted(flat.map((block) => block.fine / Math.max(1e-6, block.residual))), 0.5);
  return {
    value: rounded(value),
    confidence: rounded(Math.min(1, Math.sqrt(agreeing * 2)) * Math.sqrt(enough)),
    // Rounding to whole levels is white noise itself: without any other there is nothing to tell.
    ...(value > 1 ? { fine: rounded(fine) } : {}),
  };
}
