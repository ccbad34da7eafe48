import { RunColumns, RunView } from './run-columns.js';

/** A horizontal stretch of marked pixels: row `y`, columns `from` (inclusive) to `to` (exclusive). */
export interface Run {
  readonly y: number;
  readonly from: number;
  readonly to: number;
  /** Class of the pixels: 1 scratch, 2 dust, 3 stain. */
  readonly kind: number;
  /** Mean probability of its pixels, 0..255. */
  readonly probability: number;
  /** Pixels that are certain enough to begin a mark. */
  readonly seeds: number;
}

/** Runs in reading order. They lie in columns of numbers; each is made when it is asked for. */
export interface Runs extends Iterable<Run> {
  readonly length: number;
  /** The run of that number; throws `RangeError` where there is none. */
  at(index: number): Run;
}

/** A connected set of runs. Boxes are half-open: `right` and `bottom` lie outside. */
export interface Mark {
  readonly kind: number;
  readonly area: number;
  readonly seeds: number;
  /** Mean mask probability, 0..1. */
  readonly probability: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly runs: Runs;
}

/** Keeps runs that are given one by one. */
export function runsOf(all: Iterable<Run>): Runs {
  const columns = new RunColumns(16);
  for (const { y, from, to, kind, probability, seeds } of all) columns.add(y, from, to, kind, probability, seeds);
  return new RunView(columns, 0, columns.length);
}

/**
 * Collects marked pixels row by row (rows must come in order) and joins them into marks: 8-connected, stains apart from
 * scratches and dust. Memory grows with the marks (30 bytes a run), not with the picture.
 */
export class MarkCollector {
  readonly #runs = new RunColumns(1024);
  #parents = new Int32Array(1024);
  #before: [number, number] = [0, 0];
  #row = -2;

  /** Adds one row of classes (0 none) with their probabilities (0..255) and which pixels are seeds (1; all unless given). */
  addRow(y: number, classes: Uint8Array, probabilities: Uint8Array | null, seeds: Uint8Array | null = null): void {
    const runs = this.#runs;
    const begin = runs.length;
    for (let x = 0; x < classes.length; x++) {
      const kind = classes[x] as number;
      if (kind === 0) continue;
      const from = x;
      let sum = 0;
      let certain = 0;
      while (x < classes.length && classes[x] === kind) {
        sum += probabilities === null ? 0 : (probabilities[x] as number);
        certain += seeds === null ? 1 : (seeds[x] as number);
        x += 1;
      }
      this.#own(runs.length);
      runs.add(y, from, x, kind, sum / (x - from), certain);
      x -= 1;
    }
    const { from, to, kind } = runs;
    for (let at = begin + 1; at < runs.length; at++)
      if (to[at - 1] === from[at] && isStain(kind[at - 1]) === isStain(kind[at])) this.#join(at - 1, at);
    if (this.#row === y - 1) this.#joinRows(begin);
    this.#before = [begin, runs.length];
    this.#row = y;
  }

  /** A run begins as a mark of its own. */
  #own(at: number): void {
    if (at === this.#parents.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.#parents);
      this.#parents = larger;
    }
    this.#parents[at] = at;
  }

  #joinRows(begin: number): void {
    const { from, to, kind, length } = this.#runs;
    const [start, aboveEnd] = this.#before;
    let above = start;
    for (let at = begin; at < length; at++) {
      const [left, right, stain] = [from[at] as number, to[at] as number, isStain(kind[at])];
      while (above < aboveEnd && (to[above] as number) < left) above += 1;
      for (let other = above; other < aboveEnd && (from[other] as number) <= right; other++)
        if (isStain(kind[other]) === stain) this.#join(other, at);
    }
  }

  #join(a: number, b: number): void {
    const rootA = rootOf(this.#parents, a);
    const rootB = rootOf(this.#parents, b);
    if (rootA < rootB) this.#parents[rootB] = rootA;
    else if (rootB < rootA) this.#parents[rootA] = rootB;
  }

  /**
   * The marks that `keeps` wants (all unless given), ordered by their first pixel in reading order. The class of a mark is
   * that of most of its pixels. The collector is of no use afterwards: its memory is the marks'.
   */
  marks(keeps: (mark: Mark) => boolean = () => true): Mark[] {
    const { length } = this.#runs;
    // The root of a mark is its first run: numbers follow in reading order.
    const numbers = new Int32Array(length);
    const begins = new Int32Array(length + 1);
    let count = 0;
    for (let at = 0; at < length; at++) {
      const root = rootOf(this.#parents, at);
      const number = root === at ? count++ : (numbers[root] as number);
      numbers[at] = number;
      begins[number + 1] = (begins[number + 1] as number) + 1;
    }
    for (let number = 0; number < count; number++)
      begins[number + 1] = (begins[number + 1] as number) + (begins[number] as number);
    const grouped = this.#runs.arranged(numbers, begins.slice(0, count));
    const marks: Mark[] = [];
    for (let number = 0; number < count; number++) {
      const mark = markOf(new RunView(grouped, begins[number] as number, begins[number + 1] as number));
      if (keeps(mark)) marks.push(mark);
    }
    return marks;
  }
}

function isStain(kind: number | undefined): boolean {
  return kind === 3;
}

function rootOf(parents: Int32Array, at: number): number {
  let root = at;
  while (parents[root] !== root) root = parents[root] as number;
  while (parents[at] !== root) {
    const next = parents[at] as number;
    parents[at] = root;
    at = next;
  }
  return root;
}

function markOf(runs: RunView): Mark {
  const perKind = [0, 0, 0, 0];
  let area = 0;
  let probability = 0;
  let seeds = 0;
  let [left, right, top, bottom] = [Infinity, 0, Infinity, 0];
  for (const run of runs) {
    const length = run.to - run.from;
    perKind[run.kind] = (perKind[run.kind] ?? 0) + length;
    area += length;
    probability += run.probability * length;
    seeds += run.seeds;
    left = Math.min(left, run.from);
    right = Math.max(right, run.to);
    top = Math.min(top, run.y);
    bottom = Math.max(bottom, run.y + 1);
  }
  const kind = perKind.indexOf(Math.max(...perKind));
  return { kind, area, seeds, probability: probability / area / 255, left, top, right, bottom, runs };
}

/** Thickness of a mark in pixels: the diameter of a bar of its area as long as its box's diagonal. */
export function thicknessOf(mark: Pick<Mark, 'area' | 'left' | 'right' | 'top' | 'bottom'>): number {
  return mark.area / Math.max(1, Math.hypot(mark.right - mark.left, mark.bottom - mark.top));
}
