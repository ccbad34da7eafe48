import { Component, computed, inject, input, signal } from '@angular/core';
import {
  colourEvidence,
  colourEvidenceWords,
  protectionReasonWords,
  protectionReasons,
  type Point,
  type ProtectedArea,
  type Stroke,
} from '@albumen/domain';
import { CodeChoice } from '../controls/code-choice';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import type { Size } from '../viewer/mark-up-geometry';
import { DrawnRow } from './drawn-row';
import { hexOf, partsOf, type PenState } from './pen-state';
import { PercentField } from './percent-field';
import type { RecipeDraft } from './recipe-draft';

type Kind = 'mark' | 'stain' | 'lost' | 'colour' | 'protect';
const corners = ['x1', 'y1', 'x2', 'y2'] as const;
const edges = ['x', 'y', 'width', 'height'] as const;

/** Everything that was drawn as a list: it can be read, changed, taken away and added by numbers, without drawing. */
@Component({
  selector: 'albumen-mark-up-list',
  imports: [AsWord, CodeChoice, DrawnRow, Icon, PercentField],
  templateUrl: './mark-up-list.html',
  styleUrl: './mark-up-list.scss',
})
export class MarkUpList {
  protected readonly t = inject(Language).t;
  private readonly formats = inject(Formats);
  readonly draft = input.required<RecipeDraft>();
  readonly pen = input.required<PenState>();
  readonly size = input.required<Size>();
  /** Kinds that the collection's level allows. */
  readonly kinds = input.required<readonly Kind[]>();

  protected readonly corners = corners;
  protected readonly edges = edges;
  protected readonly evidences = colourEvidence.map((code) => ({ code, words: colourEvidenceWords[code] }));
  protected readonly reasons = protectionReasons.map((code) => ({ code, words: protectionReasonWords[code] }));
  protected readonly adding = signal<Kind>('protect');
  /** Shares of width and height. */
  protected readonly numbers = signal<Record<(typeof corners)[number], number>>({ x1: 0.1, y1: 0.1, x2: 0.3, y2: 0.2 });

  /** Everything is numbered in one row, as on the picture. */
  private readonly starts = computed(() => {
    const { strokes, stained, lost, hints } = this.draft().markUp();
    const toLost = strokes.length + stained.length;
    const toHints = toLost + lost.length;
    return { stained: strokes.length, lost: toLost, hints: toHints, protect: toHints + hints.length };
  });
  protected readonly strokes = computed(() => this.linesOf(this.draft().markUp().strokes, 0));
  protected readonly stained = computed(() => this.linesOf(this.draft().markUp().stained, this.starts().stained));
  protected readonly lost = computed(() => this.linesOf(this.draft().markUp().lost, this.starts().lost));
  protected readonly hints = computed(() =>
    this.draft()
      .markUp()
      .hints.map((hint, place) => ({ hint, hex: hexOf(hint.colour), number: this.starts().hints + place + 1 })),
  );
  protected readonly areas = computed(() =>
    this.draft()
      .markUp()
      .protect.map((area, place) => ({ area, number: this.starts().protect + place + 1 })),
  );

  protected setEdge(place: number, edge: (typeof edges)[number], share: number): void {
    this.draft().changeProtected(place, { [edge]: share } as Partial<ProtectedArea>);
  }

  protected setNote(place: number, event: Event): void {
    this.draft().changeHint(place, { note: (event.target as HTMLInputElement).value.trim() });
  }

  protected setColour(place: number, event: Event): void {
    this.draft().changeHint(place, { colour: partsOf((event.target as HTMLInputElement).value) });
  }

  protected setNumber(corner: (typeof corners)[number], share: number): void {
    this.numbers.update((numbers) => ({ ...numbers, [corner]: share }));
  }

  protected add(): void {
    const { x1, y1, x2, y2 } = this.numbers();
    const from: Point = [x1, y1];
    const to: Point = [x2, y2];
    if (this.adding() === 'protect') this.pen().protect(from, to, this.draft());
    else this.pen().take([from, to], this.size(), this.draft(), this.adding());
  }

  private linesOf(strokes: readonly Stroke[], start: number): readonly { number: number; words: string }[] {
    const longer = Math.max(this.size().width, this.size().height);
    return strokes.map(({ points, radius }, place) => ({
      number: start + place + 1,
      words: this.t('markUp.stroke', {
        points: points.length,
        width: this.formats.number(2 * radius * longer),
      }),
    }));
  }
}
