import type { Samples } from './strips.js';

/** Weights of the four samples around a place between the second and the third (Keys' cubic with a = −0.5). */
function cubicWeights(at: number): readonly [number, number, number, number] {
  const near = (x: number): number => (1.5 * x - 2.5) * x * x + 1;
  const far = (x: number): number => ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return [far(1 + at), near(at), near(1 - at), far(2 - at)];
}

/**
 * A window of a tile `times` as large, bicubic (R. Keys, "Cubic Convolution Interpolation for Digital Image Processing",
 * 1981), clamped to the scale of the samples; fractions are kept. Alpha (bands beyond `colours`) is repeated, so that its
 * block means are what it was. The window is `width`×`height` input pixels at `left`, `top`, at least 2 inside the tile.
 */
export function interpolated(
  tile: Samples,
  side: number,
  bands: number,
  colours: number,
  window: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  times: number,
): Float32Array {
  const { left, top, width, height } = window;
  const full = tile instanceof Uint8Array ? 255 : 65535;
  const out = new Float32Array(width * times * height * times * bands);
  const line = width * times * bands;
  const phases = Array.from({ length: times }, (_, at) => {
    const offset = (at + 0.5) / times - 0.5;
    return offset < 0 ? { first: -2, weights: cubicWeights(1 + offset) } : { first: -1, weights: cubicWeights(offset) };
  });
  const across = new Float32Array((height + 4) * line);
  for (let y = 0; y < height + 4; y++)
    for (let x = 0; x < width; x++)
      for (let phase = 0; phase < times; phase++) {
        const { first, weights } = phases[phase] as (typeof phases)[number];
        const to = y * line + (x * times + phase) * bands;
        const from = ((top + y - 2) * side + left + x) * bands;
        for (let band = 0; band < bands; band++) {
          let sum = 0;
          if (band >= colours) sum = tile[from + band] as number;
          else
            for (let tap = 0; tap < 4; tap++)
              sum += (weights[tap] as number) * (tile[from + (first + tap) * bands + band] as number);
          across[to + band] = sum;
        }
      }
  for (let y = 0; y < height; y++)
    for (let phase = 0; phase < times; phase++) {
      const { first, weights } = phases[phase] as (typeof phases)[number];
      const to = (y * times + phase) * line;
      for (let at = 0; at < line; at++) {
        if (at % bands >= colours) {
          out[to + at] = across[(y + 2) * line + at] as number;
          continue;
        }
        let sum = 0;
        for (let tap = 0; tap < 4; tap++)
          sum += (weights[tap] as number) * (across[(y + 2 + first + tap) * line + at] as number);
        out[to + at] = sum < 0 ? 0 : sum > full ? full : sum;
      }
    }
  return out;
}

/** Means of blocks of `times`×`times` pixels of rows that are `width` blocks wide, rounded to samples. */
export function boxReduced(strip: Samples, width: number, bands: number, times: number): Samples {
  const line = width * times * bands;
  const rows = strip.length / line / times;
  const out =
    strip instanceof Uint8Array ? new Uint8Array(rows * width * bands) : new Uint16Array(rows * width * bands);
  const share = 1 / (times * times);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < width; x++)
      for (let band = 0; band < bands; band++) {
        let sum = 0;
        for (let down = 0; down < times; down++) {
          const from = (y * times + down) * line + x * times * bands + band;
          for (let over = 0; over < times; over++) sum += strip[from + over * bands] as number;
        }
        out[(y * width + x) * bands + band] = Math.round(sum * share);
      }
  return out;
}
