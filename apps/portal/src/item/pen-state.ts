import { computed, signal } from '@angular/core';
import type { ColourEvidence, ColourHint, ModelName, Point, ProtectedArea, ProtectionReason } from '@albumen/domain';
import { leastRadius, mostRadius, rectangleOf, strokeOf, type Size } from '../viewer/mark-up-geometry';
import type { Pen } from '../viewer/pen-gesture';
import type { RecipeDraft } from './recipe-draft';

/** What the pen on the picture is for; `move` leaves the picture to be moved and zoomed. */
export const tools = ['move', 'mark', 'doubt', 'stain', 'lost', 'colour', 'protect', 'erase'] as const;
export type Tool = (typeof tools)[number];

/** The pen's colour on the picture, where it is not that of marks. */
const penColours: Partial<Record<Tool, string>> = { stain: '#c98a3c', lost: '#8f6bd6' };

/** The pen as it is set: what it does, how wide it is, and what a colour or an area drawn with it says. */
export class PenState {
  readonly tool = signal<Tool>('move');
  /** 0..100 between the finest and the widest brush. */
  readonly size = signal(40);
  readonly colour = signal('#7a4a2b');
  readonly evidence = signal<ColourEvidence>('conjecture');
  readonly note = signal('');
  readonly reason = signal<ProtectionReason>('lettering');

  /** Radius in shares of the picture's longer side. */
  readonly radius = computed(() => leastRadius * (mostRadius / leastRadius) ** (this.size() / 100));
  readonly pen = computed<Pen>(() =>
    this.tool() === 'protect' ? 'rectangle' : this.tool() === 'erase' ? 'erase' : 'line',
  );
  readonly shown = computed(() => (this.tool() === 'colour' ? this.colour() : (penColours[this.tool()] ?? '#e05a4e')));
  /** The model that rebuilds lost areas, while the tool for them is offered. */
  readonly rebuilder = signal<ModelName | null>(null);

  /** Takes a line that was drawn or given by numbers into the draft, as what the tool stands for. */
  take(points: readonly Point[], size: Size, draft: RecipeDraft, as: Tool = this.tool()): void {
    const stroke = strokeOf(points, this.radius(), size);
    const rebuilder = this.rebuilder();
    if (as === 'mark') draft.addStroke(stroke);
    else if (as === 'stain') draft.addStained(stroke);
    else if (as === 'lost' && rebuilder) draft.addLost(stroke, rebuilder);
    else if (as === 'colour')
      draft.addHint({ stroke, colour: partsOf(this.colour()), evidence: this.evidence(), note: this.note().trim() });
  }

  /** Takes a rectangle as a protected area. */
  protect(one: Point, other: Point, draft: RecipeDraft): void {
    const area: ProtectedArea = { ...rectangleOf(one, other), reason: this.reason() };
    if (area.width > 0.001 && area.height > 0.001) draft.addProtected(area);
  }
}

/** The parts of a colour written as #rrggbb, 0..255 each. */
export function partsOf(hex: string): ColourHint['colour'] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** A colour as #rrggbb. */
export function hexOf(colour: ColourHint['colour']): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
