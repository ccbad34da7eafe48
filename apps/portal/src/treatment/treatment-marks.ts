import { Component, computed, inject, input } from '@angular/core';
import { treatmentLevelWords, type TreatmentLevel } from '@albumen/domain';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';

/** What must be known of a step or a model before its result is believed: the treatment level, and whether it can invent. */
@Component({
  selector: 'albumen-treatment-marks',
  imports: [Icon],
  template: `
    <span class="chip">{{ words() }}</span>
    @if (canInvent()) {
      <span class="chip warn" [title]="t('layer.canInvent.hint')"
        ><albumen-icon name="warning" />{{ t('layer.canInvent') }}</span
      >
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    .chip {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      padding: 0 7px;
      border: 1px solid currentColor;
      border-radius: 4px;
      color: var(--quiet);
      font-size: 12px;
      line-height: 20px;
      white-space: nowrap;
    }
    .warn {
      color: var(--rework);
    }
  `,
})
export class TreatmentMarks {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;
  readonly level = input.required<TreatmentLevel>();
  readonly canInvent = input(false);
  protected readonly words = computed(() =>
    this.t('layer.level', { n: this.level(), word: this.language.text(treatmentLevelWords[this.level()]) }),
  );
}
