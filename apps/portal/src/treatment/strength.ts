import { Component, inject, input, output } from '@angular/core';
import { Language } from '../language/language';
import { Formats } from '../language/formats';

/** How strongly a step acts, in per cent, by hand or by arrow keys; the figure stands beside it. */
@Component({
  selector: 'albumen-strength',
  template: `
    <input
      type="range"
      [min]="least()"
      max="100"
      step="5"
      [value]="percent()"
      [disabled]="disabled()"
      [attr.aria-label]="t('desk.strength') + ': ' + of()"
      (input)="changed.emit(+$any($event.target).value)"
    />
    <span class="figure">{{ formats.number(percent()) }} %</span>
  `,
  styles: `
    :host {
      display: contents;
    }
    .figure {
      font-size: 13px;
      text-align: right;
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    input {
      width: 100%;
      height: 24px;
      margin: 0;
      accent-color: var(--strength, var(--accent));
    }
    @media (max-width: 800px) {
      input {
        min-height: 44px;
      }
    }
  `,
})
export class Strength {
  protected readonly t = inject(Language).t;
  protected readonly formats = inject(Formats);
  readonly percent = input.required<number>();
  /** Words of the step, for assistive technology. */
  readonly of = input.required<string>();
  /** A proposed layer may be turned off, a chosen step may not. */
  readonly least = input(0);
  readonly disabled = input(false);
  readonly changed = output<number>();
}
