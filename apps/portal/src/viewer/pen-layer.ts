import { Component, ElementRef, computed, inject, input, output } from '@angular/core';
import type { Point } from '@albumen/domain';
import { PenGesture, type Pen } from './pen-gesture';
import type { Stage } from './stage';

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
      @if (gesture.cursor(); as at) {
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
    '(pointerdown)': 'gesture.down($event)',
    '(pointermove)': 'gesture.move($event)',
    '(pointerup)': 'gesture.up($event)',
    '(pointercancel)': 'gesture.cancel($event)',
    '(pointerleave)': 'gesture.cursor.set(null)',
    '(wheel)': 'gesture.wheel($event)',
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

  protected readonly gesture = new PenGesture(
    {
      stage: () => this.stage(),
      pen: () => this.pen(),
      frame: () => this.host.nativeElement.getBoundingClientRect(),
      capture: (pointerId) => this.host.nativeElement.setPointerCapture(pointerId),
    },
    {
      drawn: (points) => this.drawn.emit(points),
      boxed: (corners) => this.boxed.emit(corners),
      eraseBegan: () => this.eraseBegan.emit(),
      erased: (at) => this.erased.emit(at),
    },
  );
  protected readonly width = computed(() => 2 * this.radius());
  protected readonly line = computed(() => {
    const trail = this.gesture.trail();
    const [first] = trail;
    if (this.pen() !== 'line' || !first) return null;
    return (trail.length === 1 ? [first, first] : trail).map(([x, y]) => `${x},${y}`).join(' ');
  });
  protected readonly box = computed(() => {
    const [from] = this.gesture.trail();
    const to = this.gesture.trail().at(-1);
    if (this.pen() !== 'rectangle' || !from || !to) return null;
    return {
      x: Math.min(from[0], to[0]),
      y: Math.min(from[1], to[1]),
      width: Math.abs(from[0] - to[0]),
      height: Math.abs(from[1] - to[1]),
    };
  });
}
