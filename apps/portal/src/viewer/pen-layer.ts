import { Component, ElementRef, computed, inject, input, output, signal } from '@angular/core';
import type { Point } from '@albumen/domain';
import type { Stage } from './stage';

/** What the pen does: a line, a rectangle, or taking away what it touches. */
export type Pen = 'line' | 'rectangle' | 'erase';

/**
 * A layer over the viewer that a mouse, a pen or one finger draws on. Two fingers move and zoom the picture below, so does
 * the wheel. Points are shares of the picture.
 */
@Component({
  selector: 'albumen-pen-layer',
  template: `
    <svg aria-hidden="true">
      @if (line(); as points) {
        <polyline [attr.points]="points" [attr.stroke-width]="width()" [style.stroke]="colour()" />
      }
      @if (box(); as rect) {
        <rect [attr.x]="rect.x" [attr.y]="rect.y" [attr.width]="rect.width" [attr.height]="rect.height" />
      }
      @if (cursor(); as at) {
        @if (pen() !== 'rectangle') {
          <circle [attr.cx]="at[0]" [attr.cy]="at[1]" [attr.r]="width() / 2" />
        }
      }
    </svg>
  `,
  styles: `
    :host {
      position: absolute;
      inset: 0;
      z-index: 4;
      touch-action: none;
      user-select: none;
      cursor: crosshair;
    }
    svg {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      pointer-events: none;
    }
    polyline {
      fill: none;
      stroke-linecap: round;
      stroke-linejoin: round;
      opacity: 0.75;
    }
    rect,
    circle {
      fill: none;
      stroke: #ffffff;
      stroke-width: 1.5;
      filter: drop-shadow(0 0 1px #000000);
    }
    rect {
      fill: rgb(255 255 255 / 0.15);
      stroke-dasharray: 6 4;
    }
  `,
  host: {
    '(mousedown)': '$event.preventDefault()',
    '(pointerdown)': 'down($event)',
    '(pointermove)': 'move($event)',
    '(pointerup)': 'up($event)',
    '(pointercancel)': 'cancel($event)',
    '(pointerleave)': 'cursor.set(null)',
    '(wheel)': 'wheel($event)',
  },
})
export class PenLayer {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  readonly stage = input.required<Stage>();
  readonly pen = input<Pen>('line');
  /** Radius of the brush in CSS pixels. */
  readonly radius = input(8);
  readonly colour = input('#e05a4e');
  readonly drawn = output<readonly Point[]>();
  readonly boxed = output<readonly [Point, Point]>();
  readonly eraseBegan = output();
  readonly erased = output<Point>();

  protected readonly cursor = signal<readonly [number, number] | null>(null);
  private readonly trail = signal<readonly (readonly [number, number])[]>([]);
  protected readonly width = computed(() => 2 * this.radius());
  protected readonly line = computed(() => {
    const trail = this.trail();
    const [first] = trail;
    if (this.pen() !== 'line' || !first) return null;
    return (trail.length === 1 ? [first, first] : trail).map(([x, y]) => `${x},${y}`).join(' ');
  });
  protected readonly box = computed(() => {
    const [from] = this.trail();
    const to = this.trail().at(-1);
    if (this.pen() !== 'rectangle' || !from || !to) return null;
    return {
      x: Math.min(from[0], to[0]),
      y: Math.min(from[1], to[1]),
      width: Math.abs(from[0] - to[0]),
      height: Math.abs(from[1] - to[1]),
    };
  });
  private readonly fingers = new Map<number, readonly [number, number]>();
  private drawing: number | null = null;

  protected down(event: PointerEvent): void {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    event.preventDefault();
    this.host.nativeElement.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, this.placeOf(event));
    if (this.fingers.size > 1) {
      // A second finger turns drawing into moving the picture.
      this.drawing = null;
      this.trail.set([]);
      return;
    }
    this.drawing = event.pointerId;
    this.trail.set([this.placeOf(event)]);
    if (this.pen() !== 'erase') return;
    this.eraseBegan.emit();
    this.erased.emit(this.stage().pointAt(event.clientX, event.clientY));
  }

  protected move(event: PointerEvent): void {
    const place = this.placeOf(event);
    this.cursor.set(event.pointerType === 'touch' ? null : place);
    if (this.fingers.size > 1) {
      this.pinch(event.pointerId, place);
      return;
    }
    if (this.drawing !== event.pointerId) return;
    const events = event.getCoalescedEvents?.() ?? [];
    const places = (events.length ? events : [event]).map((one) => this.placeOf(one));
    this.trail.update((trail) => [...trail, ...places]);
    if (this.pen() === 'erase') this.erased.emit(this.stage().pointAt(event.clientX, event.clientY));
  }

  protected up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    if (this.drawing !== event.pointerId) return;
    this.drawing = null;
    const frame = this.host.nativeElement.getBoundingClientRect();
    const points = this.trail().map(([x, y]) => this.stage().pointAt(x + frame.left, y + frame.top));
    this.trail.set([]);
    const [first] = points;
    const last = points.at(-1);
    if (!first || !last) return;
    if (this.pen() === 'line') this.drawn.emit(points);
    else if (this.pen() === 'rectangle') this.boxed.emit([first, last]);
  }

  protected cancel(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    this.drawing = null;
    this.trail.set([]);
  }

  protected wheel(event: WheelEvent): void {
    event.preventDefault();
    this.stage().zoomAround(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.clientX, event.clientY);
  }

  private pinch(id: number, place: readonly [number, number]): void {
    const before = this.fingers.get(id);
    const other = [...this.fingers].find(([known]) => known !== id)?.[1];
    if (!before || !other) return;
    this.fingers.set(id, place);
    const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
    const is = Math.hypot(place[0] - other[0], place[1] - other[1]);
    const frame = this.host.nativeElement.getBoundingClientRect();
    this.stage().panPixels((before[0] - place[0]) / 2, (before[1] - place[1]) / 2);
    if (was > 10 && is > 10)
      this.stage().zoomAround(is / was, frame.left + (place[0] + other[0]) / 2, frame.top + (place[1] + other[1]) / 2);
  }

  private placeOf(event: PointerEvent): readonly [number, number] {
    const frame = this.host.nativeElement.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  }
}
