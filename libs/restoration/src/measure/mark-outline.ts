import { MarkCollector, type Mark, type Run } from '../picture/runs.js';
import type { Strips } from '../picture/strips.js';
import { lumaOf } from './luma.js';

/** How a mark is drawn tighter. Lengths in pixels, levels of 255. */
export const outlineRules = {
  /** A pixel belongs to a mark if it differs from its surroundings by this share of what the mark does on average. */
  share: 0.45,
  /** A mark that differs by less than this many levels keeps the outline that the net gave it. */
  least: 3,
  /** Half sides of the squares in which the surroundings are averaged; the wider where the nearer holds too little. */
  near: 6,
  wide: 24,
  /** Share of the nearer square that must lie outside of all marks. */
  free: 0.05,
} as const;

/** A stretch of pixels in or beside one mark, with how far each lies above its surroundings (levels of 255). */
interface Stretch {
  readonly y: number;
  readonly from: number;
  readonly differences: Float32Array;
}

/**
 * Marks drawn along what can be seen: the net sees a mark at half size too, so its outline is a pixel or two too wide, or
 * too narrow. Of a mark and the pixels that touch it those are kept that differ from the surroundings (the mean of what is
 * no mark nearby) the same way as the mark and at least 0.45 times as much. Stains are left as they are. Memory is that of
 * one strip and of the marks.
 */
export async function outlined(picture: Strips, marks: readonly Mark[]): Promise<Mark[]> {
  const sums = new Float64Array(marks.length);
  const stretches = marks.map((): Stretch[] => []);
  await walk(picture, marks, (index, stretch, own) => {
    stretches[index]?.push(stretch);
    sums[index] = (sums[index] as number) + own;
  });
  const drawn = marks.map((mark, index) => {
    const contrast = (sums[index] as number) / mark.area;
    if (mark.kind === 3 || Math.abs(contrast) < outlineRules.least) return mark;
    return redrawn(mark, stretches[index] ?? [], contrast);
  });
  return regrouped(drawn, picture.work.width);
}

/** Marks as a picture of them would give them back: what touches now is one, what no longer hangs together is several. */
function regrouped(marks: readonly Mark[], width: number): Mark[] {
  const runs = marks.flatMap((mark) => mark.runs.map((run) => ({ run, kind: mark.kind })));
  runs.sort((a, b) => a.run.y - b.run.y);
  const collector = new MarkCollector();
  const [classes, chances, seeds] = [new Uint8Array(width), new Uint8Array(width), new Uint8Array(width)];
  for (let at = 0; at < runs.length;) {
    const { y } = (runs[at] as (typeof runs)[number]).run;
    classes.fill(0);
    seeds.fill(0);
    for (let entry = runs[at]; entry !== undefined && entry.run.y === y; entry = runs[++at]) {
      const { from, to } = entry.run;
      classes.fill(entry.kind, from, to);
      chances.fill(Math.round(entry.run.probability), from, to);
      seeds.fill(1, from, Math.min(to, from + entry.run.seeds));
    }
    collector.addRow(y, classes, chances, seeds);
  }
  return collector.marks();
}

function redrawn(mark: Mark, stretches: readonly Stretch[], contrast: number): Mark {
  const floor = outlineRules.share * Math.abs(contrast);
  const way = Math.sign(contrast);
  const runs: Run[] = [];
  for (const { y, from, differences } of stretches)
    for (let at = 0; at < differences.length; at++) {
      if (way * (differences[at] as number) < floor) continue;
      const begin = at;
      while (at < differences.length && way * (differences[at] as number) >= floor) at += 1;
      const probability = mark.probability * 255;
      runs.push({ y, from: from + begin, to: from + at, kind: mark.kind, probability, seeds: at - begin });
    }
  let area = 0;
  let [left, right, top, bottom] = [Infinity, 0, Infinity, 0];
  for (const run of runs) {
    area += run.to - run.from;
    left = Math.min(left, run.from);
    right = Math.max(right, run.to);
    top = Math.min(top, run.y);
    bottom = Math.max(bottom, run.y + 1);
  }
  return { ...mark, area, seeds: Math.min(mark.seeds, area), left, top, right, bottom, runs };
}

/** Calls `found` with every stretch of every mark, in reading order, and with the sum over the mark's own pixels in it. */
async function walk(
  picture: Strips,
  marks: readonly Mark[],
  found: (index: number, stretch: Stretch, own: number) => void,
): Promise<void> {
  const { width, height, bands } = picture.work;
  const runs = marks.flatMap((mark, index) => (mark.kind === 3 ? [] : mark.runs.map((run) => ({ run, index }))));
  runs.sort((a, b) => a.run.y - b.run.y);
  const halo = outlineRules.wide + 1;
  const rows = Math.max(32, Math.min(256, Math.floor(1_500_000 / width)));
  let next = 0;
  for (let y = 0; y < height; y += rows) {
    const end = Math.min(height, y + rows);
    const [top, bottom] = [Math.max(0, y - halo), Math.min(height, end + halo)];
    while (next < runs.length && (runs[next]?.run.y ?? 0) < top) next += 1;
    const here = [];
    for (let at = next; at < runs.length; at++) {
      const entry = runs[at] as (typeof runs)[number];
      if (entry.run.y >= bottom) break;
      here.push(entry);
    }
    if (!here.some(({ run }) => run.y >= y - 1 && run.y <= end)) continue;
    const count = bottom - top;
    const luma = new Float32Array(width * count);
    lumaOf(await picture.read(top, count), bands, luma);
    const labels = new Int32Array(width * count);
    for (const { run, index } of here)
      labels.fill(index + 1, (run.y - top) * width + run.from, (run.y - top) * width + run.to);
    const strip = { luma, labels, touched: touching(labels, width, count), width, count };
    const around = new Surroundings(strip);
    for (let row = y - top; row < end - top; row++) stretchesOf(strip, around, row, top, found);
  }
}

interface Strip {
  readonly luma: Float32Array;
  /** 0, or 1 + the index of the mark that has the pixel. */
  readonly labels: Int32Array;
  /** The same for the pixels that touch a mark, too: the highest of the marks that touch it. */
  readonly touched: Int32Array;
  readonly width: number;
  readonly count: number;
}

function touching(labels: Int32Array, width: number, count: number): Int32Array {
  const out = labels.slice();
  for (let row = 0; row < count; row++)
    for (let column = 0; column < width; column++) {
      const label = labels[row * width + column] as number;
      if (label === 0) continue;
      for (let dy = Math.max(0, row - 1); dy <= Math.min(count - 1, row + 1); dy++)
        for (let dx = Math.max(0, column - 1); dx <= Math.min(width - 1, column + 1); dx++) {
          const at = dy * width + dx;
          if (labels[at] === 0 && (out[at] as number) < label) out[at] = label;
        }
    }
  return out;
}

/** Means over squares of the pixels that neither belong to a mark nor touch one; sums of all rows above and left. */
class Surroundings {
  readonly #levels: Float64Array;
  readonly #pixels: Float64Array;

  constructor(private readonly strip: Strip) {
    const { luma, touched, width, count } = strip;
    this.#levels = new Float64Array((width + 1) * (count + 1));
    this.#pixels = new Float64Array((width + 1) * (count + 1));
    for (let row = 0; row < count; row++) {
      let [levels, pixels] = [0, 0];
      for (let column = 0; column < width; column++) {
        const from = row * width + column;
        if (touched[from] === 0) {
          levels += luma[from] as number;
          pixels += 1;
        }
        const to = (row + 1) * (width + 1) + column + 1;
        this.#levels[to] = (this.#levels[to - width - 1] as number) + levels;
        this.#pixels[to] = (this.#pixels[to - width - 1] as number) + pixels;
      }
    }
  }

  /** The level around a pixel, or null where nothing but marks lies within reach. */
  at(column: number, row: number): number | null {
    const { near, wide, free } = outlineRules;
    const close = this.#square(column, row, near);
    if (close.pixels >= free * (2 * near + 1) ** 2) return close.levels / close.pixels;
    const far = this.#square(column, row, wide);
    return far.pixels > 0 ? far.levels / far.pixels : null;
  }

  #square(column: number, row: number, reach: number): { readonly levels: number; readonly pixels: number } {
    const { width, count } = this.strip;
    const left = Math.max(0, column - reach);
    const right = Math.min(width, column + reach + 1);
    const upper = Math.max(0, row - reach) * (width + 1);
    const lower = Math.min(count, row + reach + 1) * (width + 1);
    const of = (sums: Float64Array): number =>
      (sums[lower + right] as number) -
      (sums[lower + left] as number) -
      (sums[upper + right] as number) +
      (sums[upper + left] as number);
    return { levels: of(this.#levels), pixels: of(this.#pixels) };
  }
}

function stretchesOf(
  strip: Strip,
  around: Surroundings,
  row: number,
  top: number,
  found: (index: number, stretch: Stretch, own: number) => void,
): void {
  const { luma, labels, touched, width } = strip;
  for (let column = 0; column < width; column++) {
    const label = touched[row * width + column] as number;
    if (label === 0) continue;
    const from = column;
    const differences: number[] = [];
    let own = 0;
    while (column < width && touched[row * width + column] === label) {
      const level = luma[row * width + column] as number;
      const difference = level - (around.at(column, row) ?? level);
      differences.push(difference);
      if (labels[row * width + column] === label) own += difference;
      column += 1;
    }
    column -= 1;
    found(label - 1, { y: row + top, from, differences: Float32Array.from(differences) }, own);
  }
}
