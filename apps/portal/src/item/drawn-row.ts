import { Component, inject, input, output } from '@angular/core';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';

/** One thing that was drawn on the picture: its number there, what can be said of it, and a way to take it away. */
@Component({
  selector: 'li[albumenDrawnRow]',
  imports: [Icon],
  template: `
    <b>{{ albumenDrawnRow() }}</b>
    <ng-content />
    <button
      type="button"
      class="button bare"
      [attr.aria-label]="t('markUp.remove', { n: albumenDrawnRow() })"
      (click)="removed.emit()"
    >
      <albumen-icon name="delete" />
    </button>
  `,
  styles: `
    :host {
      padding: 4px 0;
      border-top: 1px solid var(--line);
    }
    b {
      min-width: 22px;
      font-weight: 500;
      font-variant-numeric: tabular-nums;
    }
    .button {
      min-height: 32px;
      padding: 2px 8px;
    }
    @media (max-width: 700px) {
      .button {
        min-height: 44px;
        min-width: 44px;
      }
    }
  `,
  host: { class: 'row' },
})
export class DrawnRow {
  protected readonly t = inject(Language).t;
  /** The number that stands on the picture. */
  readonly albumenDrawnRow = input.required<number>();
  readonly removed = output();
}
