import { setImmediate } from 'node:timers/promises';
import type { Box } from '@albumen/domain';
import { fieldRow } from '../operations/field.js';
import { blurRows, gaussianKernel, reachOf, type HalfKernel } from '../operations/planes.js';
import { mirrored, type Strips } from '../picture/strips.js';
import { RegionTally, type RegionMeasure } from '../region-measure.js';
import type { LabelPainter } from '../regions.js';
import { missing, toneRules, type StainTone } from './stain-tone.js';

/** Pixels that are worked on at once, with the kernel's reach around them. */
const tile = { width: 1024, height: 128 } as const;
/** Sigma of the densities in cells of the reduced copy, in pixels at least, and at most. */
const softness = { ofCell: 0.8, least: 1.2, most: 6 } as const;
/** Share of known pixels around one from which its density is taken from them; below, from the reduced copy. */
const leastKnown = 0.25;

/** A stain with the number of its region. */
export interface NumberedStain {
  readonly ordinal: number;
  readonly tone: StainTone;
}

/** Everything that is needed to take stains back. */
export interface StainReduction {
  /** Densities are measured here: they never depend on what else is accepted. */
  readonly original: Strips;
  /** Only pixels of accepted regions are written; marks that were filled in a stain are treated with it. */
  readonly target: Strips;
  readonly stains: readonly NumberedStain[];
  /** Pixels of the reduced copy's cells along each side. */
  readonly factor: number;
  /** Labels of all regions, and those of stains alone, which go on under marks. */
  readonly painter: LabelPainter;
  readonly under: LabelPainter;
  readonly accepted: ReadonlySet<number>;
  /** 0..1: share of the density that is taken back. */
  readonly strength: number;
  readonly advance: (done: number, of: number) => void;
}

/**
 * Takes stains back: each pixel loses what its density adds in every colour, so that the print's own colour comes back and
 * what was drawn under the stain stays as sharp and as grainy as it was. Nothing is taken from elsewhere. Pixels outside
 * accepted regions, and alpha, stay bit for bit. Answers the measures by ordinal; a stain that changes nothing has none.
 */
export async function reduceStains(job: StainReduction): Promise<ReadonlyMap<number, RegionMeasure>> {
  const measures = new Map<number, RegionMeasure>();
  const { width, height } = job.original.work;
  const all = job.stains.reduce((sum, { tone }) => sum + tone.area.bottom - tone.area.top, 0) * job.factor;
  let done = 0;
  for (const stain of job.stains) {
    const tally = new RegionTally(job.original.work);
    const { left, top, right, bottom } = stain.tone.area;
    const [endX, endY] = [Math.min(width, right * job.factor), Math.min(height, bottom * job.factor)];
    for (let y = top * job.factor; y < endY; y += tile.height) {
      const rows = Math.min(tile.height, endY - y);
      for (let x = left * job.factor; x < endX; x += tile.width)
        reduceTile(job, stain, { x, y, width: Math.min(tile.width, endX - x), height: rows }, tally);
      job.advance(Math.min(all, (done += rows)), all);
      await setImmediate();
    }
    const measure = tally.result();
    if (measure !== null) measures.set(stain.ordinal, measure);
  }
  return measures;
}

function reduceTile(job: StainReduction, stain: NumberedStain, place: Box, tally: RegionTally): void {
  const { original, target, accepted, strength } = job;
  const { ofRed, noise } = stain.tone;
  const { bands, depth } = original.work;
  const { x, y, width, height } = place;
  const under = job.under.paintWindow(x, y, width, height);
  if (!under.includes(stain.ordinal)) return;
  const labels = job.painter.paintWindow(x, y, width, height);
  const { inBlue, inGreen } = missingColours(job, stain.tone, place);
  const [full, scale] = depth === 8 ? [255, 1] : [65535, 65535 / 255];
  const before = target.readTile(x, y, width, height);
  const after = before.slice();
  const shown = [0, 0, 0];
  for (let pixel = 0; pixel < under.length; pixel++) {
    const label = labels[pixel] as number;
    if (under[pixel] !== stain.ordinal || label === 0) continue;
    const density = Math.max(0, inBlue[pixel] as number);
    // What may as well be noise counts half; less counts almost nothing (Wiener's share).
    const share = (strength * (density * density)) / (density * density + noise * noise + 1e-12);
    const red = ofRed * density;
    const taken = [red, red + (inGreen[pixel] as number), red + density] as const;
    const at = pixel * bands;
    for (let band = 0; band < 3; band++) {
      const level = (before[at + band] as number) / scale;
      const made = (level + toneRules.darkest) * Math.exp(share * (taken[band] as number)) - toneRules.darkest;
      shown[band] = Math.min(full, Math.max(0, Math.round(made * scale)));
    }
    if (shown.every((value, band) => value === before[at + band])) continue;
    if (label === stain.ordinal) tally.add(before, at, shown, 0, x + (pixel % width), y + Math.floor(pixel / width));
    if (accepted.has(stain.ordinal) && (label === stain.ordinal || accepted.has(label))) after.set(shown, at);
  }
  target.writeTile(x, y, width, after);
}

/**
 * How much less there is of the blue (which is the density) and of the green, against the red, than the print has: for every
 * pixel of a rectangle, measured at its own size and smoothed. Marks take it from what lies around them.
 */
function missingColours(
  { original, painter, factor, stains }: StainReduction,
  tone: StainTone,
  { x, y, width, height }: Box,
): { readonly inBlue: Float32Array; readonly inGreen: Float32Array } {
  const kernel = gaussianKernel(Math.min(softness.most, Math.max(softness.least, softness.ofCell * factor)));
  const reach = reachOf(kernel);
  const { bands, depth, width: across, height: down } = original.work;
  const [left, top] = [Math.max(0, x - reach), Math.max(0, y - reach)];
  const wide = Math.min(across, x + width + reach) - left;
  const high = Math.min(down, y + height + reach) - top;
  const pixels = original.readTile(left, top, wide, high);
  const labels = painter.paintWindow(left, top, wide, high, 'damaged');
  const ordinals = new Set(stains.map(({ ordinal }) => ordinal));
  const logarithm = logarithms(depth);
  // Rows above and below for the kernel's reach.
  const [blue, green, known] = [0, 1, 2].map(() => new Float32Array(wide * (high + 2 * reach))) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const expected = new Float64Array(wide);
  const guesses = new Float32Array(wide * high);
  for (let row = 0; row < high; row++) {
    fieldRow(
      { ...tone.density, factor },
      top + row - tone.density.top * factor,
      expected,
      left - tone.density.left * factor,
    );
    for (let column = 0; column < wide; column++) {
      const at = row * wide + column;
      const guess = expected[column] as number;
      guesses[at] = guess;
      const label = labels[at] as number;
      if (label !== 0 && !ordinals.has(label)) continue;
      const [red, g, b] = [0, 1, 2].map((band) => logarithm[pixels[at * bands + band] as number] as number) as [
        number,
        number,
        number,
      ];
      const to = (row + reach) * wide + column;
      blue[to] = missing(tone.blue, red, b, red + tone.ofRed * guess);
      green[to] = missing(tone.green, red, g, red + tone.ofRed * guess);
      known[to] = 1;
    }
  }
  const share = softened(known, wide, high, kernel);
  const smooth = (plane: Float32Array, ofGuess: number): Float32Array => {
    const soft = softened(plane, wide, high, kernel);
    const out = new Float32Array(width * height);
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const from = (row + y - top) * wide + column + x - left;
        const part = share[from] as number;
        out[row * width + column] =
          part >= leastKnown ? (soft[from] as number) / part : ofGuess * (guesses[from] as number);
      }
    return out;
  };
  return { inBlue: smooth(blue, 1), inGreen: smooth(green, tone.ofGreen) };
}

/** The plane blurred; it has the kernel's reach of rows above and below, where it is mirrored, and comes back without them. */
function softened(plane: Float32Array, width: number, height: number, kernel: HalfKernel): Float32Array {
  const reach = reachOf(kernel);
  for (let row = 0; row < reach; row++) {
    const above = reach + mirrored(-1 - row, height);
    const below = reach + mirrored(height + row, height);
    plane.copyWithin((reach - 1 - row) * width, above * width, (above + 1) * width);
    plane.copyWithin((reach + height + row) * width, below * width, (below + 1) * width);
  }
  const out = new Float32Array(plane.length);
  blurRows(plane, width, kernel, reach, reach + height, out);
  return out.subarray(reach * width, (reach + height) * width);
}

const tables = new Map<8 | 16, Float32Array>();

/** ln(level + `darkest`) of every sample value. */
function logarithms(depth: 8 | 16): Float32Array {
  const known = tables.get(depth);
  if (known !== undefined) return known;
  const full = depth === 8 ? 255 : 65535;
  const made = Float32Array.from({ length: full + 1 }, (_, value) =>
    Math.log((value * 255) / full + toneRules.darkest),
  );
  tables.set(depth, made);
  return made;
}
