import { signal } from '@angular/core';
import type { Point } from '@albumen/domain';
import type { Stage } from './stage';

/** What the pen does: a line, a rectangle, or taking away what it touches. */
export type Pen = 'line' | 'rectangle' | 'erase';

/** A place on the layer, in CSS pixels from its upper left corner. */
export type Place = readonly [x: number, y: number];

/** What a gesture needs of the layer it is made on. */
export interface PenSurface {
  stage(): Pick<Stage, 'pointAt' | 'zoomAround' | 'panPixels'>;
  pen(): Pen;
  /** Where the layer lies in the window. */
  frame(): { readonly left: number; readonly top: number };
  /** Keeps the events of a pointer on the layer wherever it goes. */
  capture(pointerId: number): void;
}

/** What came of a gesture; points are shares of the picture. */
export interface PenTold {
  drawn(points: readonly Point[]): void;
  boxed(corners: readonly [Point, Point]): void;
  eraseBegan(): void;
  erased(at: Point): void;
}

/**
 * Pointer events as they are meant: a mouse, a pen or one finger draws, two fingers move and zoom the picture below. A hand
 * that rests on the screen while a pen draws does nothing. A finger erases from its first movement on: until then it may
 * become one of two.
 */
export class PenGesture {
  readonly cursor = signal<Place | null>(null);
  readonly trail = signal<readonly Place[]>([]);
  private readonly fingers = new Map<number, Place>();
  private drawing: { readonly id: number; readonly kind: string; erases: boolean } | null = null;

  constructor(
    private readonly surface: PenSurface,
    private readonly told: PenTold,
  ) {}

  down(event: PointerEvent): void {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    event.preventDefault();
    if (this.drawing?.kind === 'pen' && event.pointerType === 'touch') return;
    this.surface.capture(event.pointerId);
    this.fingers.set(event.pointerId, this.placeOf(event));
    if (this.fingers.size > 1) {
      // A second finger turns drawing into moving the picture.
      this.drawing = null;
      this.trail.set([]);
      return;
    }
    this.drawing = { id: event.pointerId, kind: event.pointerType, erases: false };
    this.trail.set([this.placeOf(event)]);
    if (event.pointerType !== 'touch') this.erase(event);
  }

  move(event: PointerEvent): void {
    const place = this.placeOf(event);
    this.cursor.set(event.pointerType === 'touch' ? null : place);
    if (this.fingers.size > 1) {
      this.pinch(event.pointerId, place);
      return;
    }
    // Where it is now, should a second finger come.
    if (this.fingers.has(event.pointerId)) this.fingers.set(event.pointerId, place);
    if (this.drawing?.id !== event.pointerId) return;
    const events = event.getCoalescedEvents?.() ?? [];
    const places = (events.length ? events : [event]).map((one) => this.placeOf(one));
    this.trail.update((trail) => [...trail, ...places]);
    this.erase(event);
  }

  up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    if (this.drawing?.id !== event.pointerId) return;
    // A finger that only tapped erases where it stood.
    if (!this.drawing.erases) this.erase(event);
    this.drawing = null;
    const { left, top } = this.surface.frame();
    const points = this.trail().map(([x, y]) => this.surface.stage().pointAt(x + left, y + top));
    this.trail.set([]);
    const [first] = points;
    const last = points.at(-1);
    if (!first || !last) return;
    if (this.surface.pen() === 'line') this.told.drawn(points);
    else if (this.surface.pen() === 'rectangle') this.told.boxed([first, last]);
  }

  /** The system took the pointer away: what was begun is not drawn. */
  cancel(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    this.drawing = null;
    this.trail.set([]);
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    this.surface.stage().zoomAround(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.clientX, event.clientY);
  }

  private erase(event: PointerEvent): void {
    if (!this.drawing || this.surface.pen() !== 'erase') return;
    if (!this.drawing.erases) this.told.eraseBegan();
    this.drawing.erases = true;
    this.told.erased(this.surface.stage().pointAt(event.clientX, event.clientY));
  }

  private pinch(id: number, place: Place): void {
    const before = this.fingers.get(id);
    const other = [...this.fingers].find(([known]) => known !== id)?.[1];
    if (!before || !other) return;
    this.fingers.set(id, place);
    const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
    const is = Math.hypot(place[0] - other[0], place[1] - other[1]);
    const { left, top } = this.surface.frame();
    this.surface.stage().panPixels((before[0] - place[0]) / 2, (before[1] - place[1]) / 2);
    if (was > 10 && is > 10)
      this.surface.stage().zoomAround(is / was, left + (place[0] + other[0]) / 2, top + (place[1] + other[1]) / 2);
  }

  private placeOf(event: PointerEvent): Place {
    const { left, top } = this.surface.frame();
    return [event.clientX - left, event.clientY - top];
  }
}
