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
      <p class="quiet legend">{{ legend() }}</p>
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
  /** Areas that the recipe of a proposal protects; null where nothing was asked for yet. */
  readonly protects = input<number | null>(null);
  readonly on = model<ReadonlySet<FoundKind>>(new Set());
  protected readonly offered = computed(() =>
    foundKinds.map((kind) => ({ kind, count: foundCount(this.report(), kind) ?? 0 })).filter(({ count }) => count > 0),
  );

  /** A person may have lifted the protection: a proposal is told by its own recipe. */
  protected readonly legend = computed(() => {
    const n = this.protects();
    return n === null ? this.t('found.lettering.legend') : this.t('found.lettering.proposal', { n });
  });

  protected toggle(kind: FoundKind): void {
    const next = new Set(this.on());
    if (!next.delete(kind)) next.add(kind);
    this.on.set(next);
  }
}
