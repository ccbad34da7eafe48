import type { PictureTones, Tonality } from '@albumen/domain';
import { labOf } from '../delta-e.js';
import { quantile, quantileOf, rounded, sorted } from './statistics.js';
import type { Reduced } from './survey.js';

/** CIELAB of the usable cells of a reduced copy, three planes. */
export interface LabPlanes {
  readonly L: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** Share of the cells that were usable. */
  readonly usable: number;
}

/** Converts the usable cells (1) of a reduced copy; where fewer than one in fifty is usable, all are taken. */
export function labPlanes(reduced: Reduced, usable: Uint8Array): LabPlanes {
  let chosen = 0;
  for (let cell = 0; cell < usable.length; cell++) chosen += usable[cell] === 1 ? 1 : 0;
  const all = chosen * 50 < usable.length;
  const length = all ? usable.length : chosen;
  const planes = { L: new Float64Array(length), a: new Float64Array(length), b: new Float64Array(length) };
  const { rgb } = reduced;
  const lab = new Float64Array(3);
  for (let cell = 0, at = 0; cell < usable.length; cell++) {
    if (!all && usable[cell] !== 1) continue;
    labOf(rgb[cell * 3] as number, rgb[cell * 3 + 1] as number, rgb[cell * 3 + 2] as number, lab, 0);
    planes.L[at] = lab[0] as number;
    planes.a[at] = lab[1] as number;
    planes.b[at] = lab[2] as number;
    at += 1;
  }
  return { ...planes, usable: chosen / Math.max(1, usable.length) };
}

/** Fading: 1 − (p99.5 − p0.5 of L*) / 100. Less sure where a few cells alone make the range. */
export function fadingOf(planes: LabPlanes): {
  readonly value: number;
  readonly confidence: number;
  readonly blackPoint: number;
  readonly whitePoint: number;
} {
  const L = planes.L.slice();
  const blackPoint = quantileOf(L, 0.005);
  const whitePoint = quantileOf(L, 0.995);
  const range = whitePoint - blackPoint;
  const inner = quantileOf(L, 0.98) - quantileOf(L, 0.02);
  return {
    value: rounded(Math.min(1, Math.max(0, 1 - range / 100))),
    confidence: rounded(planes.usable * (range <= 0 ? 0 : Math.min(1, 0.25 + inner / range))),
    blackPoint: rounded(blackPoint),
    whitePoint: rounded(whitePoint),
  };
}

/** Ends of the scale and cast of the usable cells (1), as `fadingOf` and `castOf` have them; of all, as `labPlanes` takes them. */
export function tonesOf(reduced: Reduced, usable: Uint8Array): PictureTones {
  const planes = labPlanes(reduced, usable);
  const { blackPoint, whitePoint } = fadingOf(planes);
  const { a, b } = castOf(planes);
  return { blackPoint, whitePoint, castA: a, castB: b };
}

/**
 * Colour cast: the mean of what shadows, lights and the least coloured part of the picture have in common. Each is a
 * median of a* and b*; a cast shows in all of them, a green meadow or a blue sky only in some, so the value is the
 * smallest of their projections on the common direction and the confidence says how far they agree.
 */
export function castOf(planes: LabPlanes): {
  readonly value: number;
  readonly confidence: number;
  readonly a: number;
  readonly b: number;
} {
  const L = planes.L.slice();
  if (L.length === 0) return { value: 0, confidence: 0, a: 0, b: 0 };
  const dark = quantileOf(L, 0.12);
  const light = quantileOf(L, 0.9);
  const parts: ((lightness: number) => boolean)[] = [
    (lightness) => lightness <= dark,
    (lightness) => lightness >= light,
    (lightness) => lightness > dark && lightness < light,
  ];
  const medians = parts.map((belongs) => {
    const chosen = { a: new Float64Array(L.length), b: new Float64Array(L.length) };
    let count = 0;
    for (let at = 0; at < planes.L.length; at++)
      if (belongs(planes.L[at] as number)) {
        chosen.a[count] = planes.a[at] as number;
        chosen.b[count++] = planes.b[at] as number;
      }
    return { a: quantileOf(chosen.a.subarray(0, count), 0.5), b: quantileOf(chosen.b.subarray(0, count), 0.5) };
  });
  const a = medians.reduce((sum, part) => sum + part.a, 0) / 3;
  const b = medians.reduce((sum, part) => sum + part.b, 0) / 3;
  const length = Math.hypot(a, b);
  if (length < 1e-6) return { value: 0, confidence: rounded(planes.usable), a: 0, b: 0 };
  const along = medians.map((part) => (part.a * a + part.b * b) / length);
  const least = Math.min(...along);
  const value = Math.max(0, least);
  const agreement = Math.max(0, 1 - (Math.max(...along) - least) / Math.max(4, 2 * length));
  const share = value / length;
  return {
    value: rounded(value),
    confidence: rounded(planes.usable * agreement),
    a: rounded(a * share),
    b: rounded(b * share),
  };
}

/** Chroma below which a picture counts as black-and-white, and spread about one hue below which it counts as toned. */
const greyChroma = { usual: 2.5, strong: 6, few: 14 } as const;
const tonedSpread = 4;
const tonedTurn = 3;
const binsOfL = 24;
/** Neighbouring cells whose colours are averaged before they are judged: noise is not coloured in places. */
const together = 4;

/**
 * Black-and-white: hardly any chroma. Toned: the chroma is explained by one colour for each lightness, all of about one
 * hue. Everything else is colour. Colour noise is measured from neighbour to neighbour and taken off first. The
 * confidence is the distance from the nearest border between them.
 */
export function tonalityOf(all: LabPlanes, bands: number): { readonly value: Tonality; readonly confidence: number } {
  if (bands < 3) return { value: 'black-and-white', confidence: 1 };
  const planes = averaged(all);
  const noise = colourNoise(planes);
  const chroma = sorted(planes.L.map((_, at) => Math.hypot(planes.a[at] as number, planes.b[at] as number)));
  const usual = without(quantile(chroma, 0.5), 1.18 * noise);
  const grey = Math.max(
    usual / greyChroma.usual,
    without(quantile(chroma, 0.97), 2.65 * noise) / greyChroma.strong,
    without(quantile(chroma, 0.995), 3.26 * noise) / greyChroma.few,
  );
  if (grey < 1) return { value: 'black-and-white', confidence: rounded(Math.min(1, (1 - grey) * 2)) };
  const { spread, turn } = aboutOneHue(planes, noise);
  const toned = Math.max(spread / Math.max(tonedSpread, 0.22 * usual), turn / Math.max(tonedTurn, 0.35 * usual));
  const distance = Math.min(Math.abs(1 - toned) * 2, (grey - 1) * 2, 1);
  return { value: toned < 1 ? 'toned' : 'colour', confidence: rounded(distance) };
}

/** Means of `together` cells that follow each other; too few cells stay as they are. */
function averaged(planes: LabPlanes): LabPlanes {
  const length = Math.floor(planes.L.length / together);
  if (length < 256) return planes;
  const mean = (from: Float64Array): Float64Array =>
    Float64Array.from({ length }, (_, at) => {
      let sum = 0;
      for (let beside = 0; beside < together; beside++) sum += from[at * together + beside] as number;
      return sum / together;
    });
  return { L: mean(planes.L), a: mean(planes.a), b: mean(planes.b), usable: planes.usable };
}

/** Standard deviation of colour noise in a* and b*, from the usual difference of neighbours (flat places are usual). */
function colourNoise(planes: LabPlanes): number {
  const of = (plane: Float64Array): number =>
    quantile(sorted(plane.subarray(1).map((value, at) => Math.abs(value - (plane[at] as number)))), 0.5) /
    (0.6745 * Math.SQRT2);
  return Math.hypot(of(planes.a), of(planes.b)) / Math.SQRT2;
}

/** What is left of a length when noise of the given length is taken off, both squared. */
function without(length: number, noise: number): number {
  return Math.sqrt(Math.max(0, length * length - noise * noise));
}

/**
 * `spread`: how far the cells' (a*, b*) lie from the median of their lightness (90th percentile, or half the 98th: a few
 * coloured things make a colour picture). `turn`: how far those medians lie beside one hue, as paper and ink do a little.
 * Radii of two-dimensional noise of deviation 1 have their 90th percentile at 2.15, their 98th at 2.8.
 */
function aboutOneHue(planes: LabPlanes, noise: number): { readonly spread: number; readonly turn: number } {
  const bins: { a: number[]; b: number[] }[] = Array.from({ length: binsOfL }, () => ({ a: [], b: [] }));
  const binOf = (at: number): number =>
    Math.min(binsOfL - 1, Math.max(0, Math.floor(((planes.L[at] as number) / 100) * binsOfL)));
  for (let at = 0; at < planes.L.length; at++) {
    const bin = bins[binOf(at)] as { a: number[]; b: number[] };
    bin.a.push(planes.a[at] as number);
    bin.b.push(planes.b[at] as number);
  }
  const centres = bins.map((bin) => ({
    a: quantile(sorted(bin.a), 0.5),
    b: quantile(sorted(bin.b), 0.5),
    count: bin.a.length,
  }));
  const distances = sorted(
    planes.L.map((_, at) => {
      const centre = centres[binOf(at)] as { a: number; b: number };
      return Math.hypot((planes.a[at] as number) - centre.a, (planes.b[at] as number) - centre.b);
    }),
  );
  const meanA = centres.reduce((sum, centre) => sum + centre.a * centre.count, 0) / Math.max(1, planes.L.length);
  const meanB = centres.reduce((sum, centre) => sum + centre.b * centre.count, 0) / Math.max(1, planes.L.length);
  const length = Math.max(1e-6, Math.hypot(meanA, meanB));
  const aside =
    centres.reduce((sum, centre) => sum + (Math.abs(centre.a * meanB - centre.b * meanA) / length) * centre.count, 0) /
    Math.max(1, planes.L.length);
  const spread = Math.max(
    without(quantile(distances, 0.9), 2.15 * noise),
    without(quantile(distances, 0.98), 2.8 * noise) / 2,
  );
  return { spread, turn: aside };
}
