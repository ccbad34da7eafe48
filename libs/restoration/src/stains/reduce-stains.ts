import { setImmediate } from 'node:timers/promises';
import { deltaE2000, labOf } from '../delta-e.js';
import type { RegionMeasure } from '../child/repair.js';
import { fieldRow } from '../operations/field.js';
import { blurRows, gaussianKernel, reachOf, type HalfKernel } from '../operations/planes.js';
import { mirrored, type Samples, type Strips } from '../picture/strips.js';
import type { LabelPainter } from '../regions.js';
import { missing, toneRules, type StainTone } from './stain-tone.js';

/** Rows of an area that are worked on at once. */
const rowsAtOnce = 128;
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

interface Sums {
  area: number;
  deltaE: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Takes stains back: each pixel loses what its density adds in every colour, so that the print's own colour comes back and
 * what was drawn under the stain stays as sharp and as grainy as it was. Nothing is taken from elsewhere. Pixels outside
 * accepted regions, and alpha, stay bit for bit. Answers the measures by ordinal; a stain that changes nothing has none.
 */
export async function reduceStains(job: StainReduction): Promise<ReadonlyMap<number, RegionMeasure>> {
  const measures = new Map<number, RegionMeasure>();
  const { height } = job.original.work;
  const all = job.stains.reduce((sum, { tone }) => sum + tone.area.bottom - tone.area.top, 0) * job.factor;
  let done = 0;
  for (const stain of job.stains) {
    const sums: Sums = { area: 0, deltaE: 0, left: Infinity, top: Infinity, right: 0, bottom: 0 };
    const bottom = Math.min(height, stain.tone.area.bottom * job.factor);
    for (let y = stain.tone.area.top * job.factor; y < bottom; y += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, bottom - y);
      reduceRows(job, stain, y, rows, sums);
      job.advance(Math.min(all, (done += rows)), all);
      await setImmediate();
    }
    if (sums.area > 0)
      measures.set(stain.ordinal, {
        area: sums.area,
        meanDeltaE: Math.round((sums.deltaE / sums.area) * 1000) / 1000,
        box: { x: sums.left, y: sums.top, width: sums.right - sums.left, height: sums.bottom - sums.top },
      });
  }
  return measures;
}

function reduceRows(job: StainReduction, stain: NumberedStain, y: number, rows: number, sums: Sums): void {
  const { original, target, factor, accepted, strength } = job;
  const { area, ofRed, noise } = stain.tone;
  const { bands, depth } = original.work;
  const x = area.left * factor;
  const width = Math.min(original.work.width, area.right * factor) - x;
  const under = job.under.paintWindow(x, y, width, rows);
  if (!under.includes(stain.ordinal)) return;
  const labels = job.painter.paintWindow(x, y, width, rows);
  const { inBlue, inGreen } = missingColours(job, stain.tone, { x, y, width, rows });
  const [full, scale] = depth === 8 ? [255, 1] : [65535, 65535 / 255];
  const before = target.readTile(x, y, width, rows);
  const after = before.slice();
  const shown = before.slice();
  for (let at = 0; at < under.length; at++) {
    const label = labels[at] as number;
    if (under[at] !== stain.ordinal || label === 0) continue;
    const density = Math.max(0, inBlue[at] as number);
    // What may as well be noise counts half; less counts almost nothing (Wiener's share).
    const share = (strength * (density * density)) / (density * density + noise * noise + 1e-12);
    const red = ofRed * density;
    const taken = [red, red + (inGreen[at] as number), red + density] as const;
    let changed = false;
    for (let band = 0; band < 3; band++) {
      const place = at * bands + band;
      const level = (before[place] as number) / scale;
      const made = (level + toneRules.darkest) * Math.exp(share * (taken[band] as number)) - toneRules.darkest;
      const value = Math.min(full, Math.max(0, Math.round(made * scale)));
      if (value === before[place]) continue;
      changed = true;
      shown[place] = value;
      if (accepted.has(stain.ordinal) && (label === stain.ordinal || accepted.has(label))) after[place] = value;
    }
    if (changed && label === stain.ordinal)
      count(sums, before, shown, at * bands, scale, x + (at % width), y + Math.floor(at / width));
  }
  target.writeTile(x, y, width, after);
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly rows: number;
}

/**
 * How much less there is of the blue (which is the density) and of the green, against the red, than the print has: for every
 * pixel of a rectangle, measured at its own size and smoothed. Marks take it from what lies around them.
 */
function missingColours(
  { original, painter, factor, stains }: StainReduction,
  tone: StainTone,
  { x, y, width, rows }: Rectangle,
): { readonly inBlue: Float32Array; readonly inGreen: Float32Array } {
  const kernel = gaussianKernel(Math.min(softness.most, Math.max(softness.least, softness.ofCell * factor)));
  const reach = reachOf(kernel);
  const { bands, depth, width: across, height } = original.work;
  const [left, top] = [Math.max(0, x - reach), Math.max(0, y - reach)];
  const wide = Math.min(across, x + width + reach) - left;
  const high = Math.min(height, y + rows + reach) - top;
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
  const expected = new Float64Array(tone.density.width * factor);
  const guesses = new Float32Array(wide * high);
  for (let row = 0; row < high; row++) {
    fieldRow({ ...tone.density, factor }, top + row - tone.density.top * factor, expected);
    for (let column = 0; column < wide; column++) {
      const at = row * wide + column;
      const there = left + column - tone.density.left * factor;
      const guess = expected[Math.min(expected.length - 1, Math.max(0, there))] as number;
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
    const out = new Float32Array(width * rows);
    for (let row = 0; row < rows; row++)
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

const lab = new Float64Array(6);

function count(sums: Sums, before: Samples, after: Samples, at: number, scale: number, x: number, y: number): void {
  for (const [samples, to] of [
    [before, 0],
    [after, 3],
  ] as const)
    labOf(
      (samples[at] as number) / scale,
      (samples[at + 1] as number) / scale,
      (samples[at + 2] as number) / scale,
      lab,
      to,
    );
  const [L1, a1, b1, L2, a2, b2] = lab as unknown as [number, number, number, number, number, number];
  sums.area += 1;
  sums.deltaE += deltaE2000(L1, a1, b1, L2, a2, b2);
  sums.left = Math.min(sums.left, x);
  sums.right = Math.max(sums.right, x + 1);
  sums.top = Math.min(sums.top, y);
  sums.bottom = Math.max(sums.bottom, y + 1);
}
