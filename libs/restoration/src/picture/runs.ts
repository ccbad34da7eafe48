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
  readonly runs: readonly Run[];
}

/**
 * Collects marked pixels row by row (rows must come in order) and joins them into marks: 8-connected, stains apart from
 * scratches and dust. Memory grows with the marks, not with the picture.
 */
export class MarkCollector {
  readonly #runs: Run[] = [];
  readonly #parents: number[] = [];
  #before: [number, number] = [0, 0];
  #row = -2;

  /** Adds one row of classes (0 none) with their probabilities (0..255) and which pixels are seeds (1; all unless given). */
  addRow(y: number, classes: Uint8Array, probabilities: Uint8Array | null, seeds: Uint8Array | null = null): void {
    const begin = this.#runs.length;
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
      this.#runs.push({ y, from, to: x, kind, probability: sum / (x - from), seeds: certain });
      this.#parents.push(this.#parents.length);
      x -= 1;
    }
    for (let at = begin + 1; at < this.#runs.length; at++) {
      const left = this.#runs[at - 1] as Run;
      const right = this.#runs[at] as Run;
      if (left.to === right.from && family(left.kind) === family(right.kind)) this.#join(at - 1, at);
    }
    if (this.#row === y - 1) this.#joinRows(begin);
    this.#before = [begin, this.#runs.length];
    this.#row = y;
  }

  #joinRows(begin: number): void {
    const [start, aboveEnd] = this.#before;
    let above = start;
    for (let at = begin; at < this.#runs.length; at++) {
      const run = this.#runs[at] as Run;
      while (above < aboveEnd && (this.#runs[above] as Run).to < run.from) above += 1;
      for (let other = above; other < aboveEnd && (this.#runs[other] as Run).from <= run.to; other++) {
        if (family((this.#runs[other] as Run).kind) === family(run.kind)) this.#join(other, at);
      }
    }
  }

  #join(a: number, b: number): void {
    const rootA = rootOf(this.#parents, a);
    const rootB = rootOf(this.#parents, b);
    if (rootA < rootB) this.#parents[rootB] = rootA;
    else if (rootB < rootA) this.#parents[rootA] = rootB;
  }

  /** The marks, ordered by their first pixel in reading order. The class of a mark is that of most of its pixels. */
  marks(): Mark[] {
    const groups = new Map<number, Run[]>();
    this.#runs.forEach((run, at) => {
      const root = rootOf(this.#parents, at);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [run]);
      else group.push(run);
    });
    return [...groups.values()].map(markOf);
  }
}

const family = (kind: number): boolean => kind === 3;

function rootOf(parents: number[], at: number): number {
  let root = at;
  while (parents[root] !== root) root = parents[root] as number;
  while (parents[at] !== root) {
    const next = parents[at] as number;
    parents[at] = root;
    at = next;
  }
  return root;
}

function markOf(runs: readonly Run[]): Mark {
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
