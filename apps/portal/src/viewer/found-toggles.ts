import { Component, computed, inject, input, model } from '@angular/core';
import type { DamageReportView } from '@albumen/contracts';
import { Pressed } from '../controls/pressed';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Language } from '../language/language';
import { foundCount, foundKinds, type FoundKind } from './analysis-overlay';

/** Switches for what the analysis found; each shows its boxes on the picture. What was not looked for has no switch. */
@Component({
  selector: 'albumen-found-toggles',
  imports: [AsWord, Icon, Pressed],
  template: `
    @for (found of offered(); track found.kind) {
      <button
        type="button"
        class="button"
        [albumenPressed]="on().has(found.kind)"
        [title]="t('found.show')"
        (click)="toggle(found.kind)"
      >
        <albumen-icon name="visibility" />{{ t('found.' + found.kind | asWord) }}, {{ found.count }}
      </button>
    }
    @if (on().has('lettering')) {
      <p class="quiet legend">{{ t('found.lettering.legend') }}</p>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    .legend {
      flex-basis: 100%;
      margin: 0;
      font-size: 12px;
    }
  `,
})
export class FoundToggles {
  protected readonly t = inject(Language).t;
  readonly report = input.required<DamageReportView>();
  readonly on = model<ReadonlySet<FoundKind>>(new Set());
  protected readonly offered = computed(() =>
    foundKinds.map((kind) => ({ kind, count: foundCount(this.report(), kind) ?? 0 })).filter(({ count }) => count > 0),
  );

  protected toggle(kind: FoundKind): void {
    const next = new Set(this.on());
    if (!next.delete(kind)) next.add(kind);
    this.on.set(next);
  }
}
