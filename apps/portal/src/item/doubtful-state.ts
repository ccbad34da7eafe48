import { computed, signal } from '@angular/core';
import type { Point } from '@albumen/domain';
import {
  doubtfulMarks,
  DoubtfulPicture,
  markAt,
  markWeight,
  type DoubtfulMark,
  type DoubtfulMarks,
} from '../viewer/doubtful-marks';
import { readLabels } from '../viewer/label-picture';
import { holds, type Size } from '../viewer/mark-up-geometry';
import type { RecipeDraft } from './recipe-draft';

/** The doubtful marks of one original while a person looks through them: which there are, and which one is chosen. */
export class DoubtfulState {
  private readonly found = signal<DoubtfulMarks | null>(null);
  private address = '';
  readonly failed = signal(false);
  readonly chosen = signal<DoubtfulMark | null>(null);
  readonly marks = computed(() => this.found()?.marks ?? null);
  /** Place of the chosen mark among all, from 0; −1 where none is chosen. */
  readonly place = computed(() => {
    const chosen = this.chosen();
    return chosen === null ? -1 : (this.marks()?.indexOf(chosen) ?? -1);
  });
  private readonly picture = computed(() => {
    const found = this.found();
    return found && found.marks.length > 0 ? new DoubtfulPicture(found) : null;
  });
  /** The marks to lay over the picture; the chosen one is not covered. */
  readonly overlay = computed(() => {
    const picture = this.picture();
    picture?.uncover(this.chosen());
    return picture?.element ?? null;
  });

  /** Reads the mask at that address, once. */
  async open(address: string, size: Size, read = readMask): Promise<void> {
    if (this.address === address && !this.failed()) return;
    this.address = address;
    this.failed.set(false);
    this.found.set(null);
    this.chosen.set(null);
    try {
      const found = doubtfulMarks(await readLabels(await read(address), undefined, markWeight), size);
      if (this.address === address) this.found.set(found);
    } catch (fault) {
      console.warn('The damage mask could not be read', fault);
      if (this.address === address) this.failed.set(true);
    }
  }

  /** Chooses the mark at a point, or none where there is none within reach (shares of the longer side). */
  choose(at: Point, reach: number): void {
    const found = this.found();
    if (found) this.chosen.set(markAt(found, at, reach));
  }

  /** Chooses the next mark, or with −1 the one before; after the last comes the first. */
  move(by: 1 | -1): DoubtfulMark | null {
    const marks = this.marks() ?? [];
    if (marks.length === 0) return null;
    const from = this.place() < 0 && by < 0 ? 0 : this.place();
    const mark = marks[(from + by + marks.length) % marks.length] ?? null;
    this.chosen.set(mark);
    return mark;
  }

  /**
   * Asks for the chosen mark to be repaired, like one that a person painted over, or no longer; the draft can undo either.
   */
  toggle(draft: RecipeDraft): void {
    const chosen = this.chosen();
    if (!chosen) return;
    const place = draft.markUp().strokes.indexOf(chosen.stroke);
    if (place < 0) draft.addStroke(chosen.stroke);
    else draft.remove('strokes', place);
  }

  /** True where the draft asks for the chosen mark already. */
  isAsked(draft: RecipeDraft): boolean {
    const chosen = this.chosen();
    return chosen !== null && draft.markUp().strokes.includes(chosen.stroke);
  }

  /** True where the chosen mark lies in protected areas alone, so that asking for it changes nothing. */
  isProtected(draft: RecipeDraft): boolean {
    const areas = draft.markUp().protect;
    const points = this.chosen()?.stroke.points ?? [];
    return points.length > 0 && points.every((point) => areas.some((area) => holds(area, point)));
  }
}

async function readMask(address: string): Promise<ArrayBuffer> {
  const answer = await fetch(address, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.arrayBuffer();
}
