import { Strips, type Samples } from '../picture/strips.js';
import type { Mark } from '../picture/runs.js';
import { quantileOf } from './statistics.js';

/** Half-size pixels around a point of a mark that are looked at, and the gap that is left beside the mark. */
const reach = 20;
const gap = 2;
/** Places of a mark that are looked at, and marks beyond which only the largest are. */
const places = 8;
export const mostMarks = 400;

/** How a mark stands against what lies around it. Both are ratios of its contrast. */
export interface StandingOut {
  /** … to the spread of levels around it (half of p15 to p85). */
  readonly overLevels: number;
  /** … to the strongest fine detail around it (p97 of the difference from the mean of 5×5). */
  readonly overDetail: number;
}

/**
 * How far each of the largest marks stands out: the median of up to eight places. A scratch lies across something calm; a
 * spoke, a slat or a leaf lies among others like it. `half` is the luma at half size, one band of 8 bits.
 */
export async function standingOut(half: Strips, marks: readonly Mark[]): Promise<ReadonlyMap<Mark, StandingOut>> {
  const { width, height } = half.work;
  const chosen = [...marks].sort((a, b) => b.area - a.area).slice(0, mostMarks);
  const points = chosen.flatMap((mark) => placesOf(mark).map((place) => ({ mark, ...place })));
  points.sort((a, b) => a.y - b.y);
  const seen = new Map<Mark, StandingOut[]>();
  let band: { readonly top: number; readonly bottom: number; readonly luma: Samples } | null = null;
  for (const { mark, x, y } of points) {
    const top = Math.max(0, y - reach - gap);
    const bottom = Math.min(height, y + reach + gap + 1);
    if (band === null || band.top > top || band.bottom < bottom) {
      const end = Math.min(height, Math.max(bottom, top + 4 * reach));
      band = { top, bottom: end, luma: await half.read(top, end - top) };
    }
    const found = look(band.luma, { width, top: band.top, bottom: band.bottom }, mark, x, y);
    if (found !== null) seen.set(mark, [...(seen.get(mark) ?? []), found]);
  }
  const middle = (all: readonly StandingOut[], of: keyof StandingOut): number =>
    quantileOf(
      Float64Array.from(all, (one) => one[of]),
      0.5,
    );
  return new Map(
    [...seen].map(([mark, all]) => [
      mark,
      { overLevels: middle(all, 'overLevels'), overDetail: middle(all, 'overDetail') },
    ]),
  );
}

/** Places evenly along a mark, in half-size pixels. */
function placesOf(mark: Mark): readonly { readonly x: number; readonly y: number }[] {
  return Array.from({ length: Math.min(places, Math.ceil(mark.area / 4)) }, (_, index, count = places) => {
    let left = Math.floor(((index + 0.5) / Math.min(count, Math.ceil(mark.area / 4))) * mark.area);
    for (const run of mark.runs) {
      const length = run.to - run.from;
      if (left < length) return { x: (run.from + left) >> 1, y: run.y >> 1 };
      left -= length;
    }
    return { x: mark.left >> 1, y: mark.top >> 1 };
  });
}

const side = 2 * (reach + gap) + 1;

function look(
  luma: Samples,
  band: { readonly width: number; readonly top: number; readonly bottom: number },
  mark: Mark,
  x: number,
  y: number,
): StandingOut | null {
  const [left, top] = [x - reach - gap, y - reach - gap];
  const covered = coverOf(mark, left, top);
  const { values, inside } = windowOf(luma, band, left, top);
  const [sums, counts, marked] = [boxSums(values), boxSums(inside), boxSums(covered)];
  const own: number[] = [];
  const around: number[] = [];
  const close: number[] = [];
  const detail: number[] = [];
  for (let row = gap; row < side - gap; row++)
    for (let column = gap; column < side - gap; column++) {
      const at = row * side + column;
      if (inside[at] === 0) continue;
      const value = values[at] as number;
      const far = Math.hypot(column - reach - gap, row - reach - gap);
      if (covered[at] === 1) {
        if (far < 5) own.push(value);
        continue;
      }
      if (marked[at] !== 0) continue;
      around.push(value);
      if (far < 8) close.push(value);
      detail.push(Math.abs(value - (sums[at] as number) / (counts[at] as number)));
    }
  if (own.length === 0 || around.length < 50) return null;
  const of = (some: readonly number[], p: number): number => quantileOf(Float64Array.from(some), p);
  const contrast = Math.abs(of(own, 0.5) - of(close.length > 8 ? close : around, 0.5));
  return {
    overLevels: contrast / Math.max(2, (of(around, 0.85) - of(around, 0.15)) / 2),
    overDetail: contrast / Math.max(1, of(detail, 0.97)),
  };
}

/** Levels of the window whose corner is (left, top), 0 beyond the picture or the band, and where it lies inside: 1. */
function windowOf(
  luma: Samples,
  band: { readonly width: number; readonly top: number; readonly bottom: number },
  left: number,
  top: number,
): { readonly values: Int32Array; readonly inside: Uint8Array } {
  const values = new Int32Array(side * side);
  const inside = new Uint8Array(side * side);
  const [from, to] = [Math.max(0, -left), Math.min(side, band.width - left)];
  for (let row = Math.max(0, band.top - top); row < Math.min(side, band.bottom - top); row++) {
    const line = (top + row - band.top) * band.width + left;
    for (let column = from; column < to; column++) values[row * side + column] = luma[line + column] as number;
    if (to > from) inside.fill(1, row * side + from, row * side + to);
  }
  return { values, inside };
}

/** Sums over the squares of 2 × gap + 1 around the places of a window that lie at least `gap` inside it. */
function boxSums(window: Int32Array | Uint8Array): Int32Array {
  const along = new Int32Array(window.length);
  const sums = new Int32Array(window.length);
  for (let row = 0; row < side; row++)
    for (let column = gap; column < side - gap; column++) {
      let sum = 0;
      for (let at = row * side + column - gap; at <= row * side + column + gap; at++) sum += window[at] as number;
      along[row * side + column] = sum;
    }
  for (let row = gap; row < side - gap; row++)
    for (let column = gap; column < side - gap; column++) {
      let sum = 0;
      for (let at = row - gap; at <= row + gap; at++) sum += along[at * side + column] as number;
      sums[row * side + column] = sum;
    }
  return sums;
}

/** The mark's own half-size pixels in the window whose corner is (left, top): 1. */
function coverOf(mark: Mark, left: number, top: number): Uint8Array {
  const covered = new Uint8Array(side * side);
  let [low, high] = [0, mark.runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (mark.runs.at(middle).y < 2 * top) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < mark.runs.length; at++) {
    const run = mark.runs.at(at);
    if (run.y >> 1 >= top + side) break;
    const from = Math.max(0, (run.from >> 1) - left);
    const to = Math.min(side, ((run.to - 1) >> 1) - left + 1);
    const row = (run.y >> 1) - top;
    if (row >= 0 && to > from) covered.fill(1, row * side + from, row * side + to);
  }
  return covered;
}
