import { runsByRow, type RowRuns } from '../picture/run-columns.js';
import type { Mark } from '../picture/runs.js';
import type { Strips } from '../picture/strips.js';
import { lumaOf } from './luma.js';

/** Half sides, in pixels, of the squares in which surroundings are averaged, and the share of the nearer that must be free. */
export interface SurroundingsRule {
  readonly near: number;
  readonly wide: number;
  readonly free: number;
}

/** Values kept together: a stretch lies in one piece, and what is kept never has to be copied to grow. */
const pieceLength = 1 << 18;

/**
 * Stretches of pixels in or beside marks, in reading order, with how far each pixel lies above its surroundings (levels of
 * 255). They lie in columns of numbers: a large picture has millions of them.
 */
export class MarkStretches {
  #columns = new Int32Array(5 * 1024);
  #length = 0;
  readonly #pieces: Float32Array[] = [];
  #room = 0;

  get length(): number {
    return this.#length;
  }

  /** Row, first column, number of pixels and number of the mark of a stretch. */
  at(index: number): { readonly y: number; readonly from: number; readonly count: number; readonly mark: number } {
    const at = 5 * index;
    const columns = this.#columns;
    return {
      y: columns[at] as number,
      from: columns[at + 1] as number,
      count: columns[at + 2] as number,
      mark: columns[at + 3] as number,
    };
  }

  /** The differences of a stretch, one for each of its pixels; to be read at once. */
  differences(index: number): Float32Array {
    const place = this.#columns[5 * index + 4] as number;
    const piece = this.#pieces[Math.floor(place / pieceLength)] as Float32Array;
    return piece.subarray(place % pieceLength, (place % pieceLength) + (this.#columns[5 * index + 2] as number));
  }

  add(y: number, from: number, mark: number, differences: Float32Array): void {
    const count = differences.length;
    if (count > pieceLength)
      throw new RangeError(`Expected at most ${pieceLength} pixels in a row but received ${count}`);
    if (this.#room < count) {
      this.#pieces.push(new Float32Array(pieceLength));
      this.#room = pieceLength;
    }
    const piece = this.#pieces.length - 1;
    const offset = pieceLength - this.#room;
    (this.#pieces[piece] as Float32Array).set(differences, offset);
    this.#room -= count;
    const at = 5 * this.#length;
    if (at === this.#columns.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.#columns);
      this.#columns = larger;
    }
    this.#columns.set([y, from, count, mark, piece * pieceLength + offset], at);
    this.#length += 1;
  }
}

/**
 * Every stretch of every mark but stains, and for each mark the sum of the differences over its own pixels. Memory is that
 * of one strip and of the stretches.
 */
export async function stretchesOf(
  picture: Strips,
  marks: readonly Mark[],
  rule: SurroundingsRule,
): Promise<{ readonly stretches: MarkStretches; readonly sums: Float64Array }> {
  const { width, height, bands } = picture.work;
  const runs = runsByRow(marks, (mark) => mark.kind !== 3);
  const halo = rule.wide + 1;
  const rows = Math.max(32, Math.min(256, Math.floor(1_500_000 / width)));
  const strip = new MarkStrip(width, Math.min(height, rows + 2 * halo), rule);
  const stretches = new MarkStretches();
  const sums = new Float64Array(marks.length);
  let next = 0;
  for (let y = 0; y < height; y += rows) {
    const end = Math.min(height, y + rows);
    const [top, bottom] = [Math.max(0, y - halo), Math.min(height, end + halo)];
    while (next < runs.length && (runs.y[next] as number) < top) next += 1;
    let last = next;
    let near = false;
    for (; last < runs.length && (runs.y[last] as number) < bottom; last++)
      near ||= (runs.y[last] as number) >= y - 1 && (runs.y[last] as number) <= end;
    if (!near) continue;
    lumaOf(await picture.read(top, bottom - top), bands, strip.luma);
    strip.label(runs, next, last, top, bottom - top);
    for (let row = y - top; row < end - top; row++) strip.collect(row, top, stretches, sums);
  }
  return { stretches, sums };
}

/** Some rows of the picture with what its marks cover there; used again for strip after strip. */
class MarkStrip {
  readonly luma: Float32Array;
  /** 0, or 1 + the number of the mark that has the pixel. */
  readonly #labels: Int32Array;
  /** The same for the pixels that touch a mark, too: the highest of the marks that touch it. */
  readonly #touched: Int32Array;
  /** Sums of the levels and numbers of the pixels above and left that neither belong to a mark nor touch one. */
  readonly #levels: Float64Array;
  readonly #pixels: Int32Array;
  readonly #line: Float32Array;
  #count = 0;

  constructor(
    private readonly width: number,
    rows: number,
    private readonly rule: SurroundingsRule,
  ) {
    this.luma = new Float32Array(width * rows);
    this.#labels = new Int32Array(width * rows);
    this.#touched = new Int32Array(width * rows);
    this.#levels = new Float64Array((width + 1) * (rows + 1));
    this.#pixels = new Int32Array((width + 1) * (rows + 1));
    this.#line = new Float32Array(width);
  }

  /** Takes over the runs from number `first` to `last` (not among them); the strip's `count` rows begin at row `top`. */
  label(runs: RowRuns, first: number, last: number, top: number, count: number): void {
    const { width } = this;
    this.#count = count;
    const labels = this.#labels.subarray(0, width * count).fill(0);
    for (let at = first; at < last; at++) {
      const row = ((runs.y[at] as number) - top) * width;
      labels.fill((runs.mark[at] as number) + 1, row + (runs.from[at] as number), row + (runs.to[at] as number));
    }
    const touched = this.#touched;
    touched.set(labels);
    for (let at = first; at < last; at++) {
      const row = (runs.y[at] as number) - top;
      const label = (runs.mark[at] as number) + 1;
      const from = Math.max(0, (runs.from[at] as number) - 1);
      const to = Math.min(width, (runs.to[at] as number) + 1);
      for (let beside = Math.max(0, row - 1); beside <= Math.min(count - 1, row + 1); beside++)
        for (let pixel = beside * width + from; pixel < beside * width + to; pixel++)
          if (labels[pixel] === 0 && (touched[pixel] as number) < label) touched[pixel] = label;
    }
    this.#sum();
  }

  #sum(): void {
    const { width, luma } = this;
    const [levels, pixels, touched] = [this.#levels, this.#pixels, this.#touched];
    for (let row = 0, from = 0; row < this.#count; row++) {
      let [level, free] = [0, 0];
      let to = (row + 1) * (width + 1) + 1;
      for (let column = 0; column < width; column++, from++, to++) {
        if (touched[from] === 0) {
          level += luma[from] as number;
          free += 1;
        }
        levels[to] = (levels[to - width - 1] as number) + level;
        pixels[to] = (pixels[to - width - 1] as number) + free;
      }
    }
  }

  /** The level around a pixel, or its own where nothing but marks lies within reach. */
  #around(column: number, row: number): number {
    const { near, wide, free } = this.rule;
    const close = this.#mean(column, row, near, free * (2 * near + 1) ** 2);
    const far = Number.isNaN(close) ? this.#mean(column, row, wide, 1) : close;
    return Number.isNaN(far) ? (this.luma[row * this.width + column] as number) : far;
  }

  /** Mean of the free pixels of a square; no number where there are fewer than `least`. */
  #mean(column: number, row: number, reach: number, least: number): number {
    const line = this.width + 1;
    const left = Math.max(0, column - reach);
    const right = Math.min(this.width, column + reach + 1);
    const upper = Math.max(0, row - reach) * line;
    const lower = Math.min(this.#count, row + reach + 1) * line;
    const [levels, pixels] = [this.#levels, this.#pixels];
    const free =
      (pixels[lower + right] as number) -
      (pixels[lower + left] as number) -
      (pixels[upper + right] as number) +
      (pixels[upper + left] as number);
    if (free < least) return Number.NaN;
    const level =
      (levels[lower + right] as number) -
      (levels[lower + left] as number) -
      (levels[upper + right] as number) +
      (levels[upper + left] as number);
    return level / free;
  }

  /** Adds the stretches of one row of the strip, whose rows begin at row `top` of the picture. */
  collect(row: number, top: number, stretches: MarkStretches, sums: Float64Array): void {
    const { luma, width } = this;
    const [labels, touched, line] = [this.#labels, this.#touched, this.#line];
    const begin = row * width;
    for (let column = 0; column < width; column++) {
      const label = touched[begin + column] as number;
      if (label === 0) continue;
      const from = column;
      let own = 0;
      for (; column < width && touched[begin + column] === label; column++) {
        const difference = (luma[begin + column] as number) - this.#around(column, row);
        line[column - from] = difference;
        if (labels[begin + column] === label) own += difference;
      }
      stretches.add(row + top, from, label - 1, line.subarray(0, column - from));
      sums[label - 1] = (sums[label - 1] as number) + own;
      column -= 1;
    }
  }
}
