import type { Mark, Run, Runs } from './runs.js';

/** Runs as columns of numbers: millions of them in a large picture, 25 bytes each. */
export class RunColumns {
  y: Int32Array;
  from: Int32Array;
  to: Int32Array;
  seeds: Int32Array;
  kind: Uint8Array;
  probability: Float64Array;
  #length = 0;

  /** Begins with room for `room` runs; the room grows as it is needed. */
  constructor(room: number) {
    const space = Math.max(1, room);
    this.y = new Int32Array(space);
    this.from = new Int32Array(space);
    this.to = new Int32Array(space);
    this.seeds = new Int32Array(space);
    this.kind = new Uint8Array(space);
    this.probability = new Float64Array(space);
  }

  get length(): number {
    return this.#length;
  }

  add(y: number, from: number, to: number, kind: number, probability: number, seeds: number): void {
    if (this.#length === this.y.length) this.#grow();
    this.#set(this.#length++, y, from, to, kind, probability, seeds);
  }

  #set(at: number, y: number, from: number, to: number, kind: number, probability: number, seeds: number): void {
    this.y[at] = y;
    this.from[at] = from;
    this.to[at] = to;
    this.kind[at] = kind;
    this.probability[at] = probability;
    this.seeds[at] = seeds;
  }

  #grow(): void {
    const room = Math.ceil(1.5 * this.y.length) + 16;
    const larger = <T extends Int32Array | Uint8Array | Float64Array>(made: T, old: T): T => {
      made.set(old);
      return made;
    };
    this.y = larger(new Int32Array(room), this.y);
    this.from = larger(new Int32Array(room), this.from);
    this.to = larger(new Int32Array(room), this.to);
    this.seeds = larger(new Int32Array(room), this.seeds);
    this.kind = larger(new Uint8Array(room), this.kind);
    this.probability = larger(new Float64Array(room), this.probability);
  }

  run(at: number): Run {
    return {
      y: this.y[at] as number,
      from: this.from[at] as number,
      to: this.to[at] as number,
      kind: this.kind[at] as number,
      probability: this.probability[at] as number,
      seeds: this.seeds[at] as number,
    };
  }

  /** The same runs, those of each group together and in their order; `next`: where each group begins (written over). */
  arranged(groups: Int32Array, next: Int32Array): RunColumns {
    const out = new RunColumns(this.#length);
    out.#length = this.#length;
    for (let at = 0; at < this.#length; at++) {
      const group = groups[at] as number;
      const to = next[group] as number;
      next[group] = to + 1;
      out.#set(
        to,
        this.y[at] as number,
        this.from[at] as number,
        this.to[at] as number,
        this.kind[at] as number,
        this.probability[at] as number,
        this.seeds[at] as number,
      );
    }
    return out;
  }
}

/** A stretch of columns, run by run. */
export class RunView implements Runs {
  constructor(
    private readonly columns: RunColumns,
    private readonly begin: number,
    private readonly end: number,
  ) {}

  get length(): number {
    return this.end - this.begin;
  }

  at(index: number): Run {
    if (!(index >= 0 && index < this.length))
      throw new RangeError(`Expected a run below ${this.length} but received number ${index}`);
    return this.columns.run(this.begin + index);
  }

  *[Symbol.iterator](): Iterator<Run> {
    for (let at = this.begin; at < this.end; at++) yield this.columns.run(at);
  }
}

/** Runs of many marks in the order of their rows; within a row in the order of the marks. */
export interface RowRuns {
  readonly length: number;
  readonly y: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Number of the mark, of those that were given, that each run belongs to. */
  readonly mark: Int32Array;
  /** Number of each run among those of its mark. */
  readonly place: Int32Array;
}

/** Puts the runs of marks in the order of their rows; of the marks that `takes` wants, of all unless given. */
export function runsByRow(marks: readonly Mark[], takes: (mark: Mark) => boolean = () => true): RowRuns {
  const taken = marks.map(takes);
  const bottom = marks.reduce((lowest, mark) => Math.max(lowest, mark.bottom), 0);
  const next = new Int32Array(bottom + 1);
  let length = 0;
  marks.forEach((mark, index) => {
    if (taken[index] !== true) return;
    length += mark.runs.length;
    for (const { y } of mark.runs) next[y + 1] = (next[y + 1] as number) + 1;
  });
  for (let y = 0; y < bottom; y++) next[y + 1] = (next[y + 1] as number) + (next[y] as number);
  const out = {
    length,
    y: new Int32Array(length),
    from: new Int32Array(length),
    to: new Int32Array(length),
    mark: new Int32Array(length),
    place: new Int32Array(length),
  };
  marks.forEach((mark, index) => {
    if (taken[index] !== true) return;
    let place = 0;
    for (const { y, from, to } of mark.runs) {
      const at = next[y] as number;
      next[y] = at + 1;
      out.y[at] = y;
      out.from[at] = from;
      out.to[at] = to;
      out.mark[at] = index;
      out.place[at] = place++;
    }
  });
  return out;
}
