import { mirrored, type Samples } from '../picture/strips.js';

/** Half of a symmetric kernel: weight of the middle, then of the taps at distance 1, 2 …; all taps together sum to 1. */
export type HalfKernel = Float64Array;

/** Sampled Gaussian of `sigma` pixels (greater than 0), cut off at `reach` sigmas. */
export function gaussianKernel(sigma: number, reach = 2.6): HalfKernel {
  const half = Float64Array.from({ length: Math.max(1, Math.ceil(sigma * reach)) + 1 }, (_, at) =>
    Math.exp((-at * at) / (2 * sigma * sigma)),
  );
  const sum = half.reduce((all, weight, at) => all + (at === 0 ? weight : 2 * weight), 0);
  return half.map((weight) => weight / sum);
}

/** Rows and columns that a kernel reaches beyond its middle. */
export function reachOf(kernel: HalfKernel): number {
  return kernel.length - 1;
}

/**
 * Blurs rows `from` … `to` − 1 of a plane into the same rows of `out`; columns are mirrored, rows within the kernel's reach
 * of them must exist. What a row becomes depends on the rows within reach alone, bit for bit.
 */
export function blurRows(
  plane: Float32Array,
  width: number,
  kernel: HalfKernel,
  from: number,
  to: number,
  out: Float32Array,
): void {
  const reach = reachOf(kernel);
  const padded = new Float64Array(width + 2 * reach);
  const left = Int32Array.from({ length: reach }, (_, at) => reach + mirrored(at - reach, width));
  const right = Int32Array.from({ length: reach }, (_, at) => reach + mirrored(width + at, width));
  const middle = kernel[0] as number;
  for (let row = from; row < to; row++) {
    const at = row * width;
    for (let x = 0; x < width; x++) padded[x + reach] = middle * (plane[at + x] as number);
    for (let tap = 1; tap <= reach; tap++) {
      const weight = kernel[tap] as number;
      const above = at - tap * width;
      const below = at + tap * width;
      for (let x = 0; x < width; x++)
        padded[x + reach] =
          (padded[x + reach] as number) + weight * ((plane[above + x] as number) + (plane[below + x] as number));
    }
    for (let edge = 0; edge < reach; edge++) {
      padded[edge] = padded[left[edge] as number] as number;
      padded[width + reach + edge] = padded[right[edge] as number] as number;
    }
    for (let x = 0; x < width; x++) {
      let sum = middle * (padded[x + reach] as number);
      for (let tap = 1; tap <= reach; tap++)
        sum += (kernel[tap] as number) * ((padded[x + reach - tap] as number) + (padded[x + reach + tap] as number));
      out[at + x] = sum;
    }
  }
}

/** Smallest (or largest) value in the square of `reach` around each pixel, for rows `from` … `to` − 1. */
export function extremeRows(
  plane: Float32Array,
  width: number,
  reach: number,
  from: number,
  to: number,
  sign: 1 | -1,
  out: Float32Array,
): void {
  const padded = new Float64Array(width + 2 * reach).fill(-Infinity);
  for (let row = from; row < to; row++) {
    const at = row * width;
    for (let x = 0; x < width; x++) padded[x + reach] = sign * (plane[at + x] as number);
    for (let tap = 1; tap <= reach; tap++) {
      const above = at - tap * width;
      const below = at + tap * width;
      for (let x = 0; x < width; x++) {
        const a = sign * (plane[above + x] as number);
        const b = sign * (plane[below + x] as number);
        const most = a > b ? a : b;
        if (most > (padded[x + reach] as number)) padded[x + reach] = most;
      }
    }
    for (let x = 0; x < width; x++) {
      let most = padded[x] as number;
      for (let tap = 1; tap <= 2 * reach; tap++) {
        const value = padded[x + tap] as number;
        if (value > most) most = value;
      }
      out[at + x] = sign * most;
    }
  }
}

/** Full scale of samples: 255 or 65535. */
export function fullScale(strip: Samples): 255 | 65535 {
  return strip instanceof Uint8Array ? 255 : 65535;
}

/**
 * Adds an amount of luma (levels of 255, one for each pixel) to every colour of the samples, in place, as far as all of
 * them stay a level inside the scale: chroma is kept, nothing is newly cut off, and an amount of 0 leaves a pixel bit-equal.
 */
export function addLuma(samples: Samples, bands: number, amounts: Float32Array): void {
  const full = fullScale(samples);
  const scale = full / 255;
  const second = bands < 3 ? 0 : 1;
  const third = bands < 3 ? 0 : 2;
  for (let pixel = 0, at = 0; pixel < amounts.length; pixel++, at += bands) {
    let amount = (amounts[pixel] as number) * scale;
    if (amount === 0) continue;
    const r = samples[at] as number;
    const g = samples[at + second] as number;
    const b = samples[at + third] as number;
    if (amount > 0) {
      const room = full - scale - (r > g ? (r > b ? r : b) : g > b ? g : b);
      if (room <= 0) continue;
      if (amount > room) amount = room;
    } else {
      const room = scale - (r < g ? (r < b ? r : b) : g < b ? g : b);
      if (room >= 0) continue;
      if (amount < room) amount = room;
    }
    samples[at] = (r + amount + 0.5) | 0;
    if (second === 0) continue;
    samples[at + 1] = (g + amount + 0.5) | 0;
    samples[at + 2] = (b + amount + 0.5) | 0;
  }
}
