import { Component, ElementRef, inject, input, model } from '@angular/core';
import { Icon } from '../icons/icon';

/** The curtain's handle: a slider by drag and by arrow keys, 0 (all restored) … 1 (all original). */
@Component({
  selector: 'albumen-curtain',
  imports: [Icon],
  template: `<span class="knob"><albumen-icon name="swap-horiz" /></span>`,
  styles: `
    :host {
      position: absolute;
      top: 0;
      bottom: 0;
      width: 44px;
      margin-left: -22px;
      display: grid;
      place-items: center;
      cursor: ew-resize;
      touch-action: none;
      z-index: 5;
      outline: none;
    }
    :host::before {
      content: '';
      position: absolute;
      inset: 0 21px;
      background: #ffffff;
      box-shadow: 0 0 0 1px rgb(0 0 0 / 0.4);
    }
    .knob {
      position: relative;
      display: grid;
      place-items: center;
      width: 44px;
      height: 44px;
      border-radius: 22px;
      background: #ffffff;
      color: #222222;
      box-shadow: 0 0 0 1px rgb(0 0 0 / 0.45);
    }
    :host(:focus-visible) .knob {
      outline: 3px solid var(--accent);
      outline-offset: 2px;
    }
  `,
  host: {
    role: 'slider',
    tabindex: '0',
    'aria-valuemin': '0',
    'aria-valuemax': '100',
    'aria-orientation': 'horizontal',
    '[attr.aria-label]': 'label()',
    '[attr.aria-valuenow]': 'percent()',
    '[attr.aria-valuetext]': 'valueText()',
    '[style.left.%]': 'share() * 100',
    '(pointerdown)': 'grab($event)',
    '(pointermove)': 'drag($event)',
    '(pointerup)': 'held = false',
    '(pointercancel)': 'held = false',
    '(keydown)': 'key($event)',
  },
})
export class Curtain {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  readonly share = model(0.5);
  readonly label = input.required<string>();
  readonly valueText = input('');
  protected held = false;

  protected percent(): number {
    return Math.round(this.share() * 100);
  }

  protected grab(event: PointerEvent): void {
    this.held = true;
    this.element.nativeElement.setPointerCapture(event.pointerId);
    event.preventDefault();
    this.element.nativeElement.focus({ preventScroll: true });
  }

  protected drag(event: PointerEvent): void {
    if (!this.held) return;
    const frame = this.element.nativeElement.parentElement?.getBoundingClientRect();
    if (frame) this.share.set(Math.min(1, Math.max(0, (event.clientX - frame.left) / frame.width)));
  }

  protected key(event: KeyboardEvent): void {
    const step = event.shiftKey ? 0.1 : 0.02;
    const moves: Record<string, number> = {
      ArrowLeft: -step,
      ArrowDown: -step,
      ArrowRight: step,
      ArrowUp: step,
      PageDown: -0.1,
      PageUp: 0.1,
      Home: -1,
      End: 1,
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.share.update((share) => Math.min(1, Math.max(0, share + move)));
  }
}
