import { setImmediate } from 'node:timers/promises';
import { colourBands, type Samples, type Strips } from '../picture/strips.js';
import { directions } from '../picture/directions.js';
import type { LabelPainter } from '../regions.js';

/** Side of the squares that are given grain, each from one place: far wider than grain, so that no seam is seen. */
const side = 32;
/** Side below which a square that finds no place is left without grain; larger ones are cut in four and look again. */
const leastSide = 8;
/**
 * Pixels about one whose mean is not grain, here and where marks are filled. Of scanned film's blotches, two to four pixels
 * across, a mean of 3×3 takes most away.
 */
export const grainReach = 4;
/** Levels of tone that count as much as one level of texture when a place to take grain from is chosen. */
const toneForTexture = 8;
/** How much more textured a place that is all edges counts than one without. */
const edgesForTexture = 30;
/** Rings that are looked at beyond the first one with a place. */
const further = 2;
/** Rings that are looked at where none has a place: a picture that is marked all over has none to find. */
const mostRings = 64;
/** Places whose grain is kept, at most (12 kB each): squares beside each other take theirs from the same ones. */
const mostKept = 2048;
/** Milliseconds after which other work has its turn: signs of life among it. */
const turnAfter = 100;

/** A strip of a lost area: where it lies, the labels of its pixels, and what was made, in levels, interleaved. */
export interface MadeStrip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly rows: number;
  readonly labels: Uint16Array;
  readonly levels: Float32Array;
}

/** Grain of one undamaged place: its pixels minus the means about them, without edges, and its usual deviation in levels. */
interface Donor {
  readonly texture: Float32Array;
  readonly deviation: number;
  /** Mean level of the place, and how textured it is; more so where it has edges. */
  readonly mean: number;
  readonly unrest: number;
}

/**
 * Lays the grain of undamaged places of the original over what a net made in a lost area, as the repair of marks does: a
 * net that works on a reduced copy leaves a polished patch. Squares of 32 pixels take it from near places free of
 * marks, there from the one that is flat and of a like tone; edges are not copied. Where what was made has texture of its
 * own, only what it lacks is added. Uses no random numbers, and does not look at what is accepted: the same picture gives
 * the same grain.
 */
export class AreaGrain {
  readonly #kept = new Map<string, Donor>();
  #begun = performance.now();

  /** `share` 0..1 of the surrounding grain; `own` is the usual deviation of what was made, in levels. */
  constructor(
    private readonly original: Strips,
    private readonly painter: LabelPainter,
    private readonly share: number,
    private readonly own: number,
  ) {}

  /** Adds grain to the levels of the pixels with that label; the others stay as they are. */
  async layOver(strip: MadeStrip, ordinal: number): Promise<void> {
    if (this.share === 0) return;
    for (let y = 0; y < strip.rows; y += side)
      for (let x = 0; x < strip.width; x += side) {
        this.#laySquare(strip, x, y, side, ordinal);
        if (performance.now() - this.#begun < turnAfter) continue;
        await setImmediate();
        this.#begun = performance.now();
      }
  }

  #laySquare(strip: MadeStrip, left: number, top: number, size: number, ordinal: number): void {
    const { width, rows, labels, levels } = strip;
    const colours = colourBands(this.original.work);
    const [across, down] = [Math.min(size, width - left), Math.min(size, rows - top)];
    let [tone, count] = [0, 0];
    for (let y = 0; y < down; y++)
      for (let x = 0; x < across; x++) {
        const pixel = (top + y) * width + left + x;
        if (labels[pixel] !== ordinal) continue;
        for (let band = 0; band < colours; band++) tone += levels[pixel * colours + band] as number;
        count += colours;
      }
    if (count === 0) return;
    const donor = this.#donorNear(strip.x + left, strip.y + top, across, down, tone / count);
    if (donor === null && size > leastSide) {
      const half = size / 2;
      for (let y = 0; y < down; y += half)
        for (let x = 0; x < across; x += half) this.#laySquare(strip, left + x, top + y, half, ordinal);
    }
    if (donor === null || donor.deviation === 0) return;
    const lacking = Math.sqrt(Math.max(0, 1 - (this.own / donor.deviation) ** 2)) * this.share;
    for (let y = 0; y < down; y++)
      for (let x = 0; x < across; x++) {
        const pixel = (top + y) * width + left + x;
        if (labels[pixel] !== ordinal) continue;
        for (let band = 0; band < colours; band++) {
          const at = pixel * colours + band;
          const texture = donor.texture[(y * across + x) * colours + band] as number;
          levels[at] = (levels[at] as number) + texture * lacking;
        }
      }
  }

  /** The best of the nearest places of that size that lie wholly in the picture and outside every mark. */
  #donorNear(x: number, y: number, width: number, height: number, tone: number): Donor | null {
    const { work } = this.original;
    const step = Math.max(width, height);
    const furthest = Math.min(mostRings, Math.ceil(Math.max(work.width, work.height) / step));
    let best: Donor | null = null;
    let least = Infinity;
    let last = furthest;
    for (let ring = 1; ring <= last; ring++) {
      for (const [across, down] of directions) {
        const [left, top] = [x + across * ring * step - grainReach, y + down * ring * step - grainReach];
        const [wide, high] = [width + 2 * grainReach, height + 2 * grainReach];
        const inside = left >= 0 && top >= 0 && left + wide <= work.width && top + high <= work.height;
        if (!inside || this.painter.touches(left, top, wide, high)) continue;
        const donor = this.#donorAt(left, top, width, height);
        const score = donor.unrest + Math.abs(donor.mean - tone) / toneForTexture;
        if (best === null || score < least) [best, least] = [donor, score];
      }
      // The nearest place may hold an edge: a little further on there may be a calmer one.
      if (best !== null && last === furthest) last = Math.min(furthest, ring + further);
    }
    return best;
  }

  #donorAt(left: number, top: number, width: number, height: number): Donor {
    const place = `${left} ${top} ${width} ${height}`;
    const known = this.#kept.get(place);
    if (known !== undefined) return known;
    const [oldest] = this.#kept.size < mostKept ? [] : this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
    const donor = this.#measured(left, top, width, height);
    this.#kept.set(place, donor);
    return donor;
  }

  #measured(left: number, top: number, width: number, height: number): Donor {
    const { bands } = this.original.work;
    const colours = colourBands(this.original.work);
    const wide = width + 2 * grainReach;
    const samples = this.original.readTile(left, top, wide, height + 2 * grainReach);
    const texture = new Float32Array(width * height * colours);
    let sum = 0;
    for (let band = 0; band < colours; band++) {
      const means = meansAround(samples, wide, height, bands, band);
      for (let row = 0; row < height; row++)
        for (let x = 0; x < width; x++) {
          const value = samples[((row + grainReach) * wide + x + grainReach) * bands + band] as number;
          sum += value;
          texture[(row * width + x) * colours + band] = value - (means[row * width + x] as number);
        }
    }
    const deviation = usualDeviation(texture.filter((_, at) => at % colours === 0));
    let edges = 0;
    for (let at = 0; at < texture.length; at++) {
      if (Math.abs(texture[at] as number) <= 3 * deviation) continue;
      texture[at] = 0;
      edges += 1;
    }
    // An edge that is left out still lies in the means beside it: a place without any is better.
    const unrest = deviation * (1 + (edgesForTexture * edges) / texture.length);
    return { texture, deviation, mean: sum / texture.length, unrest };
  }
}

/** Means of the square about every pixel of a tile that has `grainReach` pixels more on each side; `rows` without those. */
function meansAround(samples: Samples, wide: number, rows: number, bands: number, band: number): Float32Array {
  const side = 2 * grainReach + 1;
  const width = wide - 2 * grainReach;
  const across = new Float32Array(width * (rows + 2 * grainReach));
  for (let y = 0; y < rows + 2 * grainReach; y++) {
    let sum = 0;
    for (let x = 0; x < wide; x++) {
      sum += samples[(y * wide + x) * bands + band] as number;
      if (x >= side) sum -= samples[(y * wide + x - side) * bands + band] as number;
      if (x >= side - 1) across[y * width + x - side + 1] = sum;
    }
  }
  const means = new Float32Array(width * rows);
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (let y = 0; y < rows + 2 * grainReach; y++) {
      sum += across[y * width + x] as number;
      if (y >= side) sum -= across[(y - side) * width + x] as number;
      if (y >= side - 1) means[(y - side + 1) * width + x] = sum / (side * side);
    }
  }
  return means;
}

/** A sample minus the mean of the square around it; `reach` pixels on each side must be there. */
export function residualAt(
  samples: Samples | Float32Array,
  pixel: number,
  width: number,
  bands: number,
  band: number,
  reach = grainReach,
): number {
  let sum = 0;
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++) sum += samples[(pixel + y * width + x) * bands + band] as number;
  return (samples[pixel * bands + band] as number) - sum / (2 * reach + 1) ** 2;
}

/** Median of the absolute residuals, as a standard deviation; 0 of none. */
export function usualDeviation(residuals: Float32Array): number {
  const sizes = residuals.map(Math.abs).sort();
  return (sizes[sizes.length >> 1] ?? 0) * 1.4826;
}
