import { Component, computed, inject, input } from '@angular/core';
import { damageClasses, proposalThresholds } from '@albumen/domain';
import type { DamageReportView } from '@albumen/contracts';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { words, type WordKey } from '../language/words';

/** The damage report in words, every word with its number, its limit and how sure the measurement is. */
@Component({
  selector: 'albumen-damage-table',
  imports: [AsWord],
  template: `
    <dl>
      @for (row of rows(); track row.name) {
        <div [class.above]="row.above">
          <dt>{{ row.name }}</dt>
          <dd>
            {{ row.value }}
            <span class="quiet small">
              @if (row.limit) {
                {{ row.above ? t('damage.above', { limit: row.limit }) : t('damage.below', { limit: row.limit }) }} ·
              }
              @if (row.confidence !== null) {
                {{ t('damage.confidence', { share: formats.share(row.confidence) }) }}
              }
            </span>
          </dd>
        </div>
      }
      <div>
        <dt>{{ t('damage.tonality') }}</dt>
        <dd>
          {{ t('tonality.' + report().tonality.value | asWord) }}
          <span class="quiet small">{{
            t('damage.confidence', { share: formats.share(report().tonality.confidence) })
          }}</span>
        </dd>
      </div>
    </dl>
    @if (notMeasured()) {
      <p class="quiet small">{{ t('desk.notMeasured', { what: notMeasured() }) }}</p>
    }
  `,
  styles: `
    dl {
      display: grid;
      margin: 0;
    }
    dl div {
      display: grid;
      grid-template-columns: minmax(120px, 1fr) 2fr;
      gap: 8px;
      padding: 5px 0;
      border-bottom: 1px solid var(--line);
    }
    dt {
      color: var(--quiet);
    }
    dd {
      margin: 0;
    }
    .above dd {
      font-weight: 500;
    }
    .small {
      font-size: 12px;
      font-weight: 400;
    }
  `,
})
export class DamageTable {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  readonly report = input.required<DamageReportView>();

  protected readonly rows = computed(() => {
    const { masks, noise, fading, cast, blur } = this.report();
    const floors = proposalThresholds;
    const { number, share } = this.formats;
    const marks = damageClasses.map((kind) => {
      const mask = masks[kind];
      return {
        name: this.t(`kind.${kind}`),
        value:
          mask.count === 0
            ? this.t(`damage.${kind}`, { n: 0 })
            : `${this.t(`damage.${kind}`, { n: mask.count })}, ${this.t('damage.ofPicture', { share: share(mask.share) })}`,
        limit: '',
        above: mask.count > 0,
        confidence: mask.count > 0 ? mask.confidence : null,
      };
    });
    return [
      ...marks,
      {
        name: this.t('damage.noise'),
        value: this.t('damage.noise.value', { n: number(noise.value, 1) }),
        limit: number(floors.noise, 1),
        above: noise.value >= floors.noise,
        confidence: noise.confidence,
      },
      {
        name: this.t('damage.fading'),
        value: this.t('damage.fading.value', { share: share(fading.value) }),
        limit: share(floors.fading),
        above: fading.value >= floors.fading,
        confidence: fading.confidence,
      },
      {
        name: this.t('damage.cast'),
        value: this.t('damage.cast.value', { n: number(cast.value, 1) }),
        limit: number(floors.cast, 1),
        above: cast.value >= floors.cast,
        confidence: cast.confidence,
      },
      {
        name: this.t('damage.blur'),
        value: this.t('damage.blur.value', { n: number(blur.value, 1) }),
        limit: '',
        above: false,
        confidence: blur.confidence,
      },
    ];
  });
  protected readonly notMeasured = computed(() =>
    this.report()
      .notMeasured.map((name) =>
        Object.hasOwn(words, `measure.${name}`) ? this.t(`measure.${name}` as WordKey) : name,
      )
      .join(', '),
  );
}
