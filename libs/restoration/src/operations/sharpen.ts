import { rounded } from '../measure/statistics.js';
import { lumaOf } from '../measure/luma.js';
import { addLuma, blurRows, extremeRows, gaussianKernel, reachOf, type HalfKernel } from './planes.js';
import type { LayerFilter, LayerPlanner } from './layer-filter.js';

/** What the filter assumes and where it stops. */
export const sharpenLimits = {
  /** Sigma (pixels) below which there is nothing to undo, and above which too little is left to undo it from. */
  least: 0.3,
  most: 3,
  /** Passes of the iteration. */
  passes: 4,
  /** Power of an ordinary scene at one cycle per pixel, levels²: natural pictures fall off with 1 / f². */
  scenePower: 90,
  /** Noise (levels of 255) assumed even where none was measured: rounding, and a blur that is not quite a Gaussian. */
  leastNoise: 0.5,
  /** Times the correction's energy in pure noise below which nothing is corrected. */
  flatTimes: 1.7,
  /** Reach (pixels) of the square in which that energy is taken. */
  window: 3,
  /** Share of the local range by which an edge may pass its neighbours. */
  overshoot: 0.08,
} as const;

/**
 * Undoes a Gaussian blur of the luma: Van Cittert's iteration, each pass weighted so that the passes together come closest
 * to Wiener's filter for a scene of natural statistics with this noise (least squares over the frequencies). The
 * correction is shrunk where its local energy is what noise alone would give, and an edge may hardly pass the values
 * beside it, so that flat areas keep their grain and edges get no halo. Chroma is kept and nothing is cut off. Null where
 * there is no blur.
 */
export const planSharpen: LayerPlanner = ({ step, shape, noise, blur }) => {
  const sigma = step.parameters['sigma'] ?? blur;
  if (!(sigma >= sharpenLimits.least)) return null;
  const design = designUnblur(sigma, noise);
  const { halo } = design;
  const { width, bands } = shape;
  return {
    halo,
    facts: {
      sigma: rounded(design.sigma),
      noise: rounded(noise),
      ...Object.fromEntries(Array.from(design.weights, (weight, pass) => [`weight.${pass + 1}`, rounded(weight)])),
    },
    apply: (strip, _y, rows) => {
      const luma = new Float32Array(width * (rows + 2 * halo));
      lumaOf(strip, bands, luma);
      const out = strip.slice(halo * width * bands, (halo + rows) * width * bands);
      addLuma(out, bands, unblur(luma, width, rows, design));
      return out;
    },
  } satisfies LayerFilter;
};

/** A filter against a Gaussian blur, made for one sigma and one noise. */
export interface Unblur {
  readonly sigma: number;
  /** Rows it needs above and below its own. */
  readonly halo: number;
  readonly kernel: HalfKernel;
  readonly weights: Float64Array;
  /** Local energy (levels²) of the correction below which it is taken for noise. */
  readonly floor: number;
  /** Reach (pixels) of the square whose values bound the result. */
  readonly around: number;
}

/** Designs the filter; sigma in pixels (limited to what can be undone), noise in levels of 255. */
export function designUnblur(wanted: number, noise: number): Unblur {
  const sigma = Math.min(sharpenLimits.most, wanted);
  const kernel = gaussianKernel(sigma);
  const grain = Math.max(sharpenLimits.leastNoise, noise);
  const weights = passWeights(kernel, grain);
  const around = Math.max(1, Math.ceil(1.2 * sigma));
  return {
    sigma,
    halo: Math.max(sharpenLimits.passes * reachOf(kernel) + sharpenLimits.window, around),
    kernel,
    weights,
    floor: sharpenLimits.flatTimes * (noiseGain(kernel, weights) * grain) ** 2,
    around,
  };
}

/** What the filter adds to `rows` rows of luma (levels of 255); the plane holds the design's halo above and below them. */
export function unblur(luma: Float32Array, width: number, rows: number, design: Unblur): Float32Array {
  const { halo, kernel, weights, floor, around } = design;
  const reach = reachOf(kernel);
  const all = rows + 2 * halo;
  const correction = new Float32Array(width * all);
  const blurred = new Float32Array(width * all);
  let lost: Float32Array = luma;
  let next: Float32Array = new Float32Array(width * all);
  for (let pass = 0; pass < weights.length; pass++) {
    const from = (pass + 1) * reach;
    const to = all - from;
    blurRows(lost, width, kernel, from, to, blurred);
    const weight = weights[pass] as number;
    for (let at = from * width; at < to * width; at++) {
      const left = (lost[at] as number) - (blurred[at] as number);
      next[at] = left;
      correction[at] = (correction[at] as number) + weight * left;
    }
    const spare = lost === luma ? new Float32Array(width * all) : lost;
    lost = next;
    next = spare;
  }
  const { window } = sharpenLimits;
  const energy = blurred;
  for (let at = (halo - window) * width; at < (halo + rows + window) * width; at++)
    next[at] = (correction[at] as number) * (correction[at] as number);
  blurRows(next, width, boxKernel, halo, halo + rows, energy);
  extremeRows(luma, width, around, halo, halo + rows, 1, next);
  extremeRows(luma, width, around, halo, halo + rows, -1, lost);
  const added = new Float32Array(width * rows);
  for (let pixel = 0, at = halo * width; pixel < added.length; pixel++, at++) {
    const local = energy[at] as number;
    if (local <= floor) continue;
    const level = luma[at] as number;
    const most = next[at] as number;
    const least = lost[at] as number;
    const beyond = sharpenLimits.overshoot * (most - least);
    const moved = level + (correction[at] as number) * (1 - floor / local);
    added[pixel] = (moved > most + beyond ? most + beyond : moved < least - beyond ? least - beyond : moved) - level;
  }
  return added;
}

const boxKernel: HalfKernel = new Float64Array(sharpenLimits.window + 1).fill(1 / (2 * sharpenLimits.window + 1));

/** Frequencies along one axis at which the filter is designed, cycles per pixel, in the middle of equal steps. */
const frequencies = Float64Array.from({ length: 24 }, (_, at) => (at + 0.5) / 48);

/** What a kernel leaves of each frequency along one axis. */
function transferOf(kernel: HalfKernel): Float64Array {
  return frequencies.map((frequency) =>
    kernel.reduce(
      (sum, weight, tap) => sum + (tap === 0 ? weight : 2 * weight * Math.cos(2 * Math.PI * frequency * tap)),
      0,
    ),
  );
}

/**
 * Weights c of the passes so that 1 + Σ c_k (1 − G)^k, over all frequencies, leaves the least of lost scene and raised
 * noise together. `noise`: levels of 255.
 */
export function passWeights(kernel: HalfKernel, noise: number): Float64Array {
  const count = sharpenLimits.passes;
  const along = transferOf(kernel);
  const normal = Array.from({ length: count }, () => new Float64Array(count + 1));
  for (const [row, fy] of frequencies.entries())
    for (const [column, fx] of frequencies.entries()) {
      const kept = (along[row] as number) * (along[column] as number);
      const scene = sharpenLimits.scenePower / (fx * fx + fy * fy);
      const power = scene * kept * kept + noise * noise;
      // Error with weights c: scene · (1 − G − G Σ c B)² + noise · (1 + Σ c B)²
      const pull = scene * kept * (1 - kept) - noise * noise;
      let left = 1;
      const basis = normal.map(() => (left *= 1 - kept));
      for (const [first, line] of normal.entries()) {
        for (const [second, value] of basis.entries())
          line[second] = (line[second] as number) + power * (basis[first] as number) * value;
        line[count] = (line[count] as number) + pull * (basis[first] as number);
      }
    }
  return solve(normal);
}

/** Sigmas (pixels) of the softness that grain may have in a scan; 0 is the noise of a sensor. */
const grainBlurs = [0, 0.5, 0.7, 1, 1.4] as const;

/** Deviation of the correction of noise, per level of noise, for the grain that the filter raises most. */
function noiseGain(kernel: HalfKernel, weights: Float64Array): number {
  const along = transferOf(kernel);
  return Math.max(
    ...grainBlurs.map((blur) => {
      const grain = blur === 0 ? along.map(() => 1) : transferOf(gaussianKernel(blur, 4));
      let [raised, all] = [0, 0];
      for (const [row, down] of along.entries())
        for (const [column, across] of along.entries()) {
          let left = 1;
          const added = weights.reduce((sum, weight) => sum + weight * (left *= 1 - down * across), 0);
          const power = ((grain[row] as number) * (grain[column] as number)) ** 2;
          raised += power * added * added;
          all += power;
        }
      return Math.sqrt(raised / all);
    }),
  );
}

/** Gaussian elimination of a small positive definite system (last column: right side), a little ridge against rounding. */
function solve(lines: Float64Array[]): Float64Array {
  const count = lines.length;
  for (const [at, line] of lines.entries()) line[at] = (line[at] as number) * (1 + 1e-9);
  for (const [at, line] of lines.entries())
    for (const below of lines.slice(at + 1)) {
      const times = (below[at] as number) / (line[at] as number);
      for (let column = at; column <= count; column++)
        below[column] = (below[column] as number) - times * (line[column] as number);
    }
  const found = new Float64Array(count);
  for (let at = count - 1; at >= 0; at--) {
    const line = lines[at] as Float64Array;
    let rest = line[count] as number;
    for (let column = at + 1; column < count; column++) rest -= (line[column] as number) * (found[column] as number);
    found[at] = rest / (line[at] as number);
  }
  return found;
}
