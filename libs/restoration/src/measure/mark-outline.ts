import type { OutlineRule } from '../mark-rule.js';
import { runsByRow } from '../picture/run-columns.js';
import { MarkCollector, type Mark } from '../picture/runs.js';
import type { Strips } from '../picture/strips.js';
import { stretchesOf } from './mark-stretches.js';

/**
 * Marks drawn along what can be seen: the net sees a mark at half size too, so its outline is a pixel or two too wide, or
 * too narrow. Of a mark and the pixels that touch it those are kept that differ from the surroundings (the mean of what is
 * no mark nearby) the same way as the mark and at least that share as much. Stains are left as they are. Marks as a picture
 * of them would give them back: what touches now is one, what no longer hangs together is several. Memory is that of one
 * strip and of the marks.
 */
export async function outlined(picture: Strips, marks: readonly Mark[], rule: OutlineRule): Promise<Mark[]> {
  const { stretches, sums } = await stretchesOf(picture, marks, rule);
  const contrasts = sums.map((sum, index) => sum / (marks[index] as Mark).area);
  const isKept = (index: number): boolean =>
    marks[index]?.kind === 3 || Math.abs(contrasts[index] as number) < rule.least;
  const keeping = new Set(marks.filter((_, index) => isKept(index)));
  const kept = runsByRow(marks, (mark) => keeping.has(mark));
  const row = new OutlineRow(picture.work.width);
  const collector = new MarkCollector();
  for (let stretch = 0, run = 0; stretch < stretches.length || run < kept.length;) {
    const y = Math.min(
      stretch < stretches.length ? stretches.at(stretch).y : Infinity,
      run < kept.length ? (kept.y[run] as number) : Infinity,
    );
    // Where a stain lies under another mark the later of both has the pixel.
    const drawn: { readonly mark: number; readonly draw: () => void }[] = [];
    for (; run < kept.length && kept.y[run] === y; run++) {
      const mark = kept.mark[run] as number;
      const { from, to, probability, seeds } = (marks[mark] as Mark).runs.at(kept.place[run] as number);
      const { kind } = marks[mark] as Mark;
      drawn.push({ mark, draw: () => row.draw(from, to, kind, probability, seeds) });
    }
    const overlaps = drawn.length > 0;
    for (; stretch < stretches.length; stretch++) {
      const { y: at, from, mark } = stretches.at(stretch);
      if (at !== y) break;
      if (isKept(mark)) continue;
      const differences = stretches.differences(stretch);
      const contrast = contrasts[mark] as number;
      const draw = (): void => row.redraw(marks[mark] as Mark, from, differences, contrast, rule.share);
      if (overlaps) drawn.push({ mark, draw });
      else draw();
    }
    drawn.sort((a, b) => a.mark - b.mark);
    for (const { draw } of drawn) draw();
    row.collectedBy(collector, y);
  }
  return collector.marks();
}

/** One row of the outlined marks while it is drawn. */
class OutlineRow {
  readonly #classes: Uint8Array;
  readonly #chances: Uint8Array;
  readonly #seeds: Uint8Array;

  constructor(width: number) {
    this.#classes = new Uint8Array(width);
    this.#chances = new Uint8Array(width);
    this.#seeds = new Uint8Array(width);
  }

  /** Draws a run as it was; `probability` 0..255, the first `seeds` pixels certain. */
  draw(from: number, to: number, kind: number, probability: number, seeds: number): void {
    this.#classes.fill(kind, from, to);
    this.#chances.fill(Math.round(probability), from, to);
    this.#seeds.fill(1, from, Math.min(to, from + seeds));
  }

  /** Draws those pixels of a stretch that differ as the mark does, by at least that share. */
  redraw({ kind, probability }: Mark, from: number, differences: Float32Array, contrast: number, share: number): void {
    const floor = share * Math.abs(contrast);
    const way = Math.sign(contrast);
    const chance = Math.round(probability * 255);
    for (let at = 0; at < differences.length; at++) {
      if (way * (differences[at] as number) < floor) continue;
      this.#classes[from + at] = kind;
      this.#chances[from + at] = chance;
      this.#seeds[from + at] = 1;
    }
  }

  /** Hands the row over and begins the next one. */
  collectedBy(collector: MarkCollector, y: number): void {
    collector.addRow(y, this.#classes, this.#chances, this.#seeds);
    this.#classes.fill(0);
    this.#seeds.fill(0);
  }
}
