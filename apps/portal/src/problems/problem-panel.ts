import { Component, computed, inject, input, output } from '@angular/core';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import { shownOf } from './problem';

/** A failure in words, with a button to try again. */
@Component({
  selector: 'albumen-problem',
  imports: [Icon],
  template: `
    <div class="problem" role="alert">
      <albumen-icon name="error" />
      <p>{{ shown().sentences[language.current()] }}</p>
      @if (retryable()) {
        <button type="button" class="button" (click)="retry.emit()">
          <albumen-icon name="refresh" />{{ language.t('retry') }}
        </button>
      }
    </div>
  `,
  styles: `
    .problem {
      display: flex;
      align-items: center;
      flex-wrap: wrap;
      gap: 12px;
      padding: 12px 16px;
      border: 1px solid var(--line);
      border-left: 3px solid var(--reject);
      border-radius: 4px;
      background: var(--surface);
      text-align: left;
    }
    albumen-icon {
      color: var(--reject);
    }
    .button albumen-icon {
      color: inherit;
    }
    p {
      flex: 1 1 240px;
    }
  `,
})
export class ProblemPanel {
  protected readonly language = inject(Language);
  readonly error = input.required<unknown>();
  readonly retryable = input(true);
  readonly retry = output();
  protected readonly shown = computed(() => shownOf(this.error()));
}
