import type { Reduced } from '../measure/survey.js';
import { quantileOf } from '../measure/statistics.js';
import { blurRows, gaussianKernel, reachOf, type HalfKernel } from '../operations/planes.js';
import type { StainArea, StainAreas } from './stain-areas.js';

/**
 * How a stain is told from the print under it. A print of one tone has one colour for each lightness, so what a stain adds to
 * it shows in the colour: with logarithms ln(level + `darkest`) a stain takes the same from every picture. Its density is how
 * much more it takes of the blue than of the red; what it takes of the red itself is in proportion to that.
 */
export const toneRules = {
  /** Levels of 255 added before the logarithm, so that noise in blacks is no colour. */
  darkest: 12,
  /** Steps of the print's colours, by the logarithm of red. */
  steps: 48,
  /** Cells that a step needs; the others are taken from their neighbours. */
  perStep: 40,
  /** Bare cells around a stain that are asked, as far as this many times its reach; and how few are too few. */
  around: 4,
  leastBare: 500,
  /** A stain is told from noise if nine tenths of its densities … the upper tenth reaches these. */
  leastDensity: 0.05,
  overNoise: 3,
  /** Most that a stain may take of the red, in densities: more would be a shadow. */
  mostRed: 2.5,
  /**
   * A print may grow browner as it darkens. Where that makes more than this of a stain's colour, its blacks cannot be told
   * from a stain: densities then feed on themselves.
   */
  mostOfPrint: 0.33,
} as const;

/** Sigmas in cells: of the densities, and of the scales at which a stain's edges are looked at. */
const smoothed = 1.2;
const edgeScales = [1.5, 4] as const;
/** Share of the gradients of the density that are no edges of it. */
const flat = 0.6;
const rounds = 4;

/** What a stain does to the print, and where. */
export interface StainTone {
  readonly area: StainArea;
  /** ln of green and of blue less ln of red of the bare print, by steps of ln red from `lowest` to `highest`. */
  readonly green: Float64Array;
  readonly blue: Float64Array;
  /** What a stain of density 1 takes of the red (of the blue: 1 more). */
  readonly ofRed: number;
  /** How much more than of the red it takes of the green, usually: for places where that cannot be measured. */
  readonly ofGreen: number;
  /** Densities of which as much is noise as stain. */
  readonly noise: number;
  /** Density on the reduced copy, a window of it. */
  readonly density: Window;
}

/** A part of the reduced copy's planes; `left`, `top` in cells. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

const lowest = Math.log(toneRules.darkest);
const highest = Math.log(255 + toneRules.darkest);

/** The colour of the bare print at a lightness: a curve of `StainTone`, interpolated. */
export function printColour(curve: Float64Array, lnRed: number): number {
  const last = curve.length - 1;
  const at = Math.min(last, Math.max(0, ((lnRed - lowest) / (highest - lowest)) * curve.length - 0.5));
  const low = Math.min(last - 1, Math.floor(at));
  return (curve[low] as number) + ((curve[low + 1] as number) - (curve[low] as number)) * (at - low);
}

/** How much less there is of a colour (`curve`), against the red, than the bare print has; both as logarithms. */
export function missing(curve: Float64Array, lnRed: number, lnColour: number, bareRed: number): number {
  return printColour(curve, bareRed) - (lnColour - lnRed);
}

/** The tone of each area whose colour departs from the print's; the others, and all of a colour photograph, have none. */
export function stainTones(reduced: Reduced, { areas, bare }: StainAreas): readonly StainTone[] {
  if (areas.length === 0) return [];
  const planes = logarithms(reduced);
  return areas.flatMap((area) => toneOf(area, reduced, planes, bare) ?? []);
}

interface Planes {
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
}

function logarithms({ rgb }: Reduced): Planes {
  const plane = (band: number): Float32Array =>
    Float32Array.from({ length: rgb.length / 3 }, (_, at) =>
      Math.log(Math.min(255, Math.max(0, rgb[at * 3 + band] as number)) + toneRules.darkest),
    );
  return { red: plane(0), green: plane(1), blue: plane(2) };
}

function toneOf(area: StainArea, { width, height }: Reduced, planes: Planes, bare: Uint8Array): StainTone | null {
  const reach = Math.ceil((Math.max(width, height) / 64) * toneRules.around);
  const left = Math.max(0, area.left - reach);
  const top = Math.max(0, area.top - reach);
  const [right, bottom] = [Math.min(width, area.right + reach), Math.min(height, area.bottom + reach)];
  const size = { left, top, width: right - left, height: bottom - top };
  const cut = <T extends Float32Array | Uint8Array>(plane: T, into: T): T => {
    for (let row = 0; row < size.height; row++) {
      const at = (top + row) * width + left;
      into.set(plane.subarray(at, at + size.width), row * size.width);
    }
    return into;
  };
  const cells = size.width * size.height;
  const [red, green, blue] = [planes.red, planes.green, planes.blue].map((plane) =>
    cut(plane, new Float32Array(cells)),
  ) as [Float32Array, Float32Array, Float32Array];
  const near = cut(bare, new Uint8Array(cells));
  const own = area.cells.map((cell) => (Math.floor(cell / width) - top) * size.width + (cell % width) - left);
  const enough = Math.max(toneRules.leastBare, 0.3 * own.length);
  const wide = near.reduce((sum, value) => sum + value, 0) < enough;
  const curves = wide ? curvesOf(planes, bare) : curvesOf({ red, green, blue }, near);
  if (curves === null) return null;
  return fitted(area, { ...size, red, green, blue, near, own }, curves);
}

interface Local extends Planes, Omit<Window, 'values'> {
  readonly near: Uint8Array;
  /** Places of the area's cells in the window. */
  readonly own: readonly number[];
}

type Curves = Pick<StainTone, 'green' | 'blue'>;

/** Density, its direction and what it takes of the red, found together: each needs the others a little. */
function fitted(area: StainArea, local: Local, curves: Curves): StainTone | null {
  const { width, height, red, blue, near, own } = local;
  const blurredBy = gaussianKernel(smoothed);
  const around = new Float32Array(red.length);
  for (let at = 0; at < around.length; at++)
    if (near[at] === 1) around[at] = missing(curves.blue, red[at] as number, blue[at] as number, red[at] as number);
  const noise = spreadOf(blurred(around, width, height, blurredBy), near);
  const scales = edgeScales.map((sigma) => gaussianKernel(sigma));
  const reds = scales.map((kernel) => blurred(red, width, height, kernel));
  const raw = new Float32Array(red.length);
  let density = new Float32Array(red.length);
  let ofRed = 0.3;
  for (let round = 0; round < rounds; round++) {
    for (const at of own) {
      const bare = (red[at] as number) + ofRed * (density[at] as number);
      raw[at] = missing(curves.blue, red[at] as number, blue[at] as number, bare);
    }
    const smooth = blurred(raw, width, height, blurredBy);
    const next = new Float32Array(red.length);
    for (const at of own) next[at] = Math.max(0, smooth[at] as number);
    density = next;
    ofRed = redOf(local, reds, scales, density, ofRed);
  }
  const upper = quantileOf(
    Float64Array.from(own, (at) => density[at] as number),
    0.9,
  );
  if (upper < Math.max(toneRules.leastDensity, toneRules.overNoise * noise)) return null;
  const { left, top, green } = local;
  let [both, squares, ofPrint, sum] = [0, 0, 0, 0];
  for (const at of own) {
    const value = density[at] as number;
    both += value * missing(curves.green, red[at] as number, green[at] as number, (red[at] as number) + ofRed * value);
    squares += value * value;
    const bare = (red[at] as number) + ofRed * value;
    ofPrint += value * ofRed * ((printColour(curves.blue, bare + 0.05) - printColour(curves.blue, bare - 0.05)) / 0.1);
    sum += value;
  }
  if (ofPrint > toneRules.mostOfPrint * sum) return null;
  const ofGreen = both / squares;
  return { area, ...curves, ofRed, ofGreen, noise, density: { left, top, width, height, values: density } };
}

/**
 * What the stain takes of the red: as much as makes its edges vanish from the red. The scene's own edges do not follow the
 * stain's, so that they even out; large ones count less (weights of an absolute error).
 */
function redOf(
  { width, height }: Local,
  reds: readonly Float32Array[],
  scales: readonly HalfKernel[],
  density: Float32Array,
  before: number,
): number {
  let [both, squares] = [0, 0];
  scales.forEach((kernel, scale) => {
    const sigma = edgeScales[scale] as number;
    const [light, stain] = [reds[scale] as Float32Array, blurred(density, width, height, kernel)];
    for (const [step, columns, rows] of [
      [1, width - 1, height],
      [width, width, height - 1],
    ] as const) {
      const slopes: number[] = [];
      for (let y = 0; y < rows; y++)
        for (let x = 0; x < columns; x++) {
          const at = y * width + x;
          const slope = Math.abs((stain[at + step] as number) - (stain[at] as number));
          if (slope > 1e-5) slopes.push(slope);
        }
      if (slopes.length === 0) continue;
      const least = quantileOf(Float64Array.from(slopes), flat);
      for (let y = 0; y < rows; y++)
        for (let x = 0; x < columns; x++) {
          const at = y * width + x;
          const ofStain = sigma * ((stain[at + step] as number) - (stain[at] as number));
          if (Math.abs(ofStain) <= sigma * least) continue;
          const ofLight = sigma * ((light[at + step] as number) - (light[at] as number));
          const weight = 1 / (Math.abs(ofLight + before * ofStain) + 0.01);
          both -= weight * ofLight * ofStain;
          squares += weight * ofStain * ofStain;
        }
    }
  });
  return squares === 0 ? before : Math.min(toneRules.mostRed, Math.max(0, both / squares));
}

/** Standard deviation about zero of the cells that count. */
function spreadOf(values: Float32Array, counted: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    if (counted[at] === 0) continue;
    sum += (values[at] as number) ** 2;
    count += 1;
  }
  return Math.sqrt(sum / Math.max(1, count));
}

function blurred(plane: Float32Array, width: number, height: number, kernel: HalfKernel): Float32Array {
  const reach = reachOf(kernel);
  const room = new Float32Array(width * (height + 2 * reach));
  for (let row = -reach; row < height + reach; row++) {
    const from = Math.min(height - 1, Math.max(0, row)) * width;
    room.set(plane.subarray(from, from + width), (row + reach) * width);
  }
  const out = new Float32Array(room.length);
  blurRows(room, width, kernel, reach, reach + height, out);
  return out.slice(reach * width, (reach + height) * width);
}

/** The colours of the bare print by lightness: medians, gaps filled, smoothed; null where nothing is bare. */
function curvesOf({ red, green, blue }: Planes, bare: Uint8Array): Curves | null {
  const { steps, perStep } = toneRules;
  const byStep: number[][] = Array.from({ length: steps }, () => []);
  for (let at = 0; at < bare.length; at++) {
    if (bare[at] === 0) continue;
    const step = Math.floor((((red[at] as number) - lowest) / (highest - lowest)) * steps);
    byStep[Math.min(steps - 1, Math.max(0, step))]?.push(at);
  }
  const known = byStep.flatMap((cells, step) => (cells.length >= perStep ? [step] : []));
  if (known.length === 0) return null;
  const curve = (plane: Float32Array): Float64Array => {
    const medians = new Map(
      known.map((step) => [
        step,
        quantileOf(
          Float64Array.from(byStep[step] as number[], (at) => (plane[at] as number) - (red[at] as number)),
          0.5,
        ),
      ]),
    );
    return smoothedCurve(Float64Array.from({ length: steps }, (_, step) => between(medians, known, step)));
  };
  return { green: curve(green), blue: curve(blue) };
}

function between(medians: ReadonlyMap<number, number>, known: readonly number[], step: number): number {
  const below = known.filter((one) => one <= step).at(-1) ?? (known[0] as number);
  const above = known.find((one) => one >= step) ?? (known.at(-1) as number);
  const [low, high] = [medians.get(below) as number, medians.get(above) as number];
  return above === below ? low : low + ((high - low) * (step - below)) / (above - below);
}

function smoothedCurve(curve: Float64Array): Float64Array {
  const kernel = gaussianKernel(1.5);
  const value = (at: number): number => curve[Math.min(curve.length - 1, Math.max(0, at))] as number;
  return curve.map((_, at) => {
    let sum = (kernel[0] as number) * value(at);
    for (let tap = 1; tap < kernel.length; tap++) sum += (kernel[tap] as number) * (value(at - tap) + value(at + tap));
    return sum;
  });
}
