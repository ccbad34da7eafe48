import { selected } from '../measure/statistics.js';
import { directions } from '../picture/directions.js';
import type { Samples } from '../picture/strips.js';
import type { Patch } from './telea.js';

/** Offsets tried for a donor of grain, in pixels; the nearest that lies wholly outside holes is used. */
const offsets: readonly (readonly [number, number])[] = [12, 20, 28, 40, 56].flatMap((far) =>
  directions.map(([x, y]) => [x * far, y * far] as const),
);
const across = Int32Array.from(offsets, ([x]) => x);
const down = Int32Array.from(offsets, ([, y]) => y);

/**
 * Lays the grain of neighbouring undamaged pixels over a fill, so that it does not look polished: what is added is the
 * donor minus its 3×3 mean, limited to three times the patch's usual deviation so that no edge is copied. Uses no random
 * numbers: the same picture gives the same grain. `original` holds the patch before the fill. Answers new samples.
 */
export function addGrain(smooth: Patch, original: Samples, holes: Uint8Array, share: number): Samples {
  const { width, height, bands } = smooth;
  const full = smooth.samples instanceof Uint8Array ? 255 : 65535;
  const out = smooth.samples.slice();
  const limit = 3 * usualDeviation(original, holes, width, height, bands);
  /** Whether a pixel and its four neighbours are known. */
  const isDonor = (x: number, y: number): boolean => {
    if (x < 1 || y < 1 || x >= width - 1 || y >= height - 1) return false;
    const at = y * width + x;
    return (
      holes[at] === 0 &&
      holes[at - 1] === 0 &&
      holes[at + 1] === 0 &&
      holes[at - width] === 0 &&
      holes[at + width] === 0
    );
  };
  for (let y = 0, pixel = 0; y < height; y++) {
    let at = 0;
    for (let x = 0; x < width; x++, pixel++) {
      if (holes[pixel] === 0) continue;
      // Staying with the offset of the pixel before keeps the texture of the grain in one piece.
      if (!isDonor(x + (across[at] as number), y + (down[at] as number))) {
        at = 0;
        while (at < across.length && !isDonor(x + (across[at] as number), y + (down[at] as number))) at += 1;
      }
      if (at === across.length) {
        at = 0;
        continue;
      }
      const donor = pixel + (down[at] as number) * width + (across[at] as number);
      for (let band = 0; band < bands; band++) {
        const texture = (original[donor * bands + band] as number) - localMean(original, donor, width, bands, band);
        const added = Math.abs(texture) > limit ? 0 : texture * share;
        out[pixel * bands + band] = Math.min(
          full,
          Math.max(0, Math.round((smooth.samples[pixel * bands + band] as number) + added)),
        );
      }
    }
  }
  return out;
}

/** Mean of one band over the 3×3 pixels around one that lies inside the patch. */
function localMean(samples: Samples, pixel: number, width: number, bands: number, band: number): number {
  const at = pixel * bands + band;
  const above = at - width * bands;
  const below = at + width * bands;
  return (
    ((samples[above - bands] as number) +
      (samples[above] as number) +
      (samples[above + bands] as number) +
      (samples[at - bands] as number) +
      (samples[at] as number) +
      (samples[at + bands] as number) +
      (samples[below - bands] as number) +
      (samples[below] as number) +
      (samples[below + bands] as number)) /
    9
  );
}

/** Median absolute deviation of known pixels from their neighbours' mean, as a standard deviation. */
function usualDeviation(samples: Samples, holes: Uint8Array, width: number, height: number, bands: number): number {
  const all = new Float64Array(Math.ceil(width / 3) * Math.ceil(height / 3));
  let count = 0;
  for (let y = 2; y < height - 2; y += 3)
    for (let x = 2; x < width - 2; x += 3) {
      const pixel = y * width + x;
      if (holes[pixel] === 0)
        all[count++] = Math.abs((samples[pixel * bands] as number) - localMean(samples, pixel, width, bands, 0));
    }
  return count === 0 ? 0 : selected(all.subarray(0, count), count >> 1) * 1.4826;
}
