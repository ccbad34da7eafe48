import { grainReach } from '../brought-in-models/area-grain.js';
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

/** About as many pixels of a patch tell its usual deviations. */
const usualPixels = 8192;

/**
 * Lays the grain of neighbouring undamaged pixels over a fill, so that it does not look polished: what is added is the
 * donor minus the mean of the known pixels within `grainReach`, which keeps the size of the grain, and as strong as what a 3×3
 * mean leaves, since every level of grain takes a mark away from what it was without. It is limited to three times the
 * patch's usual deviation so that no edge is copied. Uses no random numbers: the same picture gives the same grain.
 * `original` holds the patch before the fill, `holes` is 0 where it is known. Answers new samples.
 */
export function addGrain(smooth: Patch, original: Samples, holes: Uint8Array, share: number): Samples {
  const { width, height, bands } = smooth;
  const full = smooth.samples instanceof Uint8Array ? 255 : 65535;
  const out = smooth.samples.slice();
  const known = { ...smooth, samples: original };
  const means = new KnownMeans(known, holes, grainReach);
  const usual = usualDeviation(known, holes, grainReach);
  const limit = 3 * usual;
  const strength = usual === 0 ? 0 : share * Math.min(1, usualDeviation(known, holes, 1) / usual);
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
      means.moveTo(donor);
      for (let band = 0; band < bands; band++) {
        const texture = (original[donor * bands + band] as number) - means.of(band);
        const added = Math.abs(texture) > limit ? 0 : texture * strength;
        out[pixel * bands + band] = Math.min(
          full,
          Math.max(0, Math.round((smooth.samples[pixel * bands + band] as number) + added)),
        );
      }
    }
  }
  return out;
}

/** Means of each band over the known pixels of a square of `2 × within + 1` about one, which is known itself. */
class KnownMeans {
  readonly #sums: Float64Array;
  #count = 0;
  #pixel = -2;

  constructor(
    private readonly patch: Patch,
    private readonly holes: Uint8Array,
    private readonly within: number,
  ) {
    this.#sums = new Float64Array(patch.bands);
  }

  /** Goes to a pixel; from its left neighbour only the columns that change are summed, which are whole numbers. */
  moveTo(pixel: number): void {
    const x = pixel % this.patch.width;
    const y = (pixel - x) / this.patch.width;
    if (pixel === this.#pixel + 1 && x > 0) {
      this.#take(x - this.within - 1, y, -1);
      this.#take(x + this.within, y, 1);
    } else {
      this.#sums.fill(0);
      this.#count = 0;
      for (let column = x - this.within; column <= x + this.within; column++) this.#take(column, y, 1);
    }
    this.#pixel = pixel;
  }

  of(band: number): number {
    return (this.#sums[band] as number) / this.#count;
  }

  #take(column: number, y: number, sign: 1 | -1): void {
    const { samples, width, height, bands } = this.patch;
    if (column < 0 || column >= width) return;
    const bottom = Math.min(height - 1, y + this.within);
    for (let row = Math.max(0, y - this.within); row <= bottom; row++) {
      const at = row * width + column;
      if (this.holes[at] !== 0) continue;
      this.#count += sign;
      for (let band = 0; band < bands; band++)
        this.#sums[band] = (this.#sums[band] as number) + sign * (samples[at * bands + band] as number);
    }
  }
}

/** Median absolute deviation of known pixels from the mean about them, as a standard deviation of the first band. */
function usualDeviation(patch: Patch, holes: Uint8Array, within: number): number {
  const { samples, width, height, bands } = patch;
  const step = Math.max(3, Math.floor(Math.sqrt((width * height) / usualPixels)));
  const all = new Float64Array(Math.ceil(width / step) * Math.ceil(height / step));
  const means = new KnownMeans(patch, holes, within);
  let count = 0;
  for (let y = 2; y < height - 2; y += step)
    for (let x = 2; x < width - 2; x += step) {
      const pixel = y * width + x;
      if (holes[pixel] !== 0) continue;
      means.moveTo(pixel);
      all[count++] = Math.abs((samples[pixel * bands] as number) - means.of(0));
    }
  return count === 0 ? 0 : selected(all.subarray(0, count), count >> 1) * 1.4826;
}
