import { Component, computed, inject, input } from '@angular/core';
import { damageClasses, isWhite, proposalThresholds } from '@albumen/domain';
import type { DamageReportView } from '@albumen/contracts';
import { Fact, Facts } from '../controls/facts';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { measureWords } from '../language/measure-words';

/** One measurement in words. */
interface Row {
  readonly name: string;
  readonly value: string;
  /** Limit above which a step is proposed; nothing where no step depends on it. */
  readonly limit: string;
  readonly above: boolean;
  readonly confidence: number | null;
}

/** How a class of marks is called among what was not measured. */
const notMeasuredName = { scratch: 'scratches', dust: 'dust', stain: 'stains' } as const;

/** The damage report in words, every word with its number, its limit and how sure the measurement is. */
@Component({
  selector: 'albumen-damage-table',
  imports: [AsWord, Fact, Facts],
  template: `
    <dl albumenFacts>
      @for (row of rows(); track row.name) {
        <div [albumenFact]="row.name" [class.above]="row.above">
          {{ row.value }}
          <span class="quiet small">
            @if (row.limit) {
              {{ row.above ? t('damage.above', { limit: row.limit }) : t('damage.below', { limit: row.limit }) }} ·
            }
            @if (row.confidence !== null) {
              {{ t('damage.confidence', { share: formats.share(row.confidence) }) }}
            }
          </span>
        </div>
      }
      <div [albumenFact]="t('damage.tonality')">
        {{ t('tonality.' + report().tonality.value | asWord) }}
        <span class="quiet small">{{
          t('damage.confidence', { share: formats.share(report().tonality.confidence) })
        }}</span>
      </div>
    </dl>
    @if (capture().length) {
      <h3>{{ t('damage.capture') }}</h3>
      <dl albumenFacts>
        @for (row of capture(); track row.name) {
          <div [albumenFact]="row.name">
            {{ row.value }}
            <span class="quiet small">{{ t('damage.confidence', { share: formats.share(row.confidence ?? 0) }) }}</span>
          </div>
        }
      </dl>
    }
    @if (notMeasured()) {
      <p class="quiet small">{{ t('desk.notMeasured', { what: notMeasured() }) }}</p>
    }
  `,
  styles: `
    :host {
      --fact-terms: minmax(120px, 1fr);
    }
    h3 {
      margin: 12px 0 2px;
    }
    .above {
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

  protected readonly rows = computed<readonly Row[]>(() => {
    const { version, masks, noise, fading, cast, blur, lowLight } = this.report();
    const floors = proposalThresholds;
    const colour = this.report().tonality.value === 'colour';
    const { number, share } = this.formats;
    // A class that stands among what was not measured has no number: "none found" would be a claim.
    const measured = damageClasses.filter((kind) => !this.report().notMeasured.includes(notMeasuredName[kind]));
    const marks = measured.map((kind) => {
      const mask = masks[kind];
      return {
        name: this.t(`kind.${kind}`),
        value:
          mask.count === 0
            ? this.t(`damage.${kind}`, { n: 0 })
            : [
                this.t(`damage.${kind}`, { n: mask.count }),
                this.t('damage.ofPicture', { share: share(mask.share) }),
                ...(mask.credible && kind === 'stain' ? [this.t('damage.reducible', { n: mask.credible.count })] : []),
                ...(mask.credible && kind !== 'stain' && mask.credible.count < mask.count
                  ? [this.t('damage.doubtful', { n: mask.count - mask.credible.count })]
                  : []),
              ].join(', '),
        limit: '',
        above: mask.count > 0,
        confidence: mask.count > 0 ? mask.confidence : null,
      };
    });
    return [
      ...marks,
      ...this.found(),
      {
        name: this.t('damage.noise'),
        value: [
          this.t('damage.noise.value', { n: number(noise.value, 1) }),
          ...(noise.value >= floors.noise && isWhite(noise) ? [this.t('damage.noise.white')] : []),
        ].join(', '),
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
        // A toned print is meant to be toned: only colour pictures are asked this.
        limit: colour ? number(floors.cast, 1) : '',
        above: colour && cast.value >= floors.cast,
        confidence: cast.confidence,
      },
      {
        name: this.t('damage.blur'),
        value: this.t('damage.blur.value', { n: number(blur.value, 1) }),
        // Version 1 of the report had no limit for it.
        limit: version === 2 ? number(floors.blur, 1) : '',
        above: version === 2 && blur.value >= floors.blur,
        confidence: blur.confidence,
      },
      ...(lowLight
        ? [
            {
              name: this.t('damage.lowLight'),
              value: this.t('damage.lowLight.value', { share: share(lowLight.value) }),
              limit: share(floors.lowLight),
              above: lowLight.value >= floors.lowLight,
              confidence: lowLight.confidence,
            },
          ]
        : []),
    ];
  });
  /** Faults of the scan, not of the photograph; no step mends them. */
  protected readonly capture = computed<readonly Row[]>(() => {
    const capture = this.report().capture;
    if (!capture) return [];
    const { number, share } = this.formats;
    const row = (name: string, value: string, confidence: number): Row => ({
      name,
      value,
      limit: '',
      above: false,
      confidence,
    });
    const { clippedShadows, clippedHighlights, skew, border } = capture;
    return [
      row(
        this.t('damage.clippedShadows'),
        this.t('damage.ofPicture', { share: share(clippedShadows.value) }),
        clippedShadows.confidence,
      ),
      row(
        this.t('damage.clippedHighlights'),
        this.t('damage.ofPicture', { share: share(clippedHighlights.value) }),
        clippedHighlights.confidence,
      ),
      row(this.t('damage.skew'), this.t('damage.skew.value', { n: number(skew.value, 1) }), skew.confidence),
      row(this.t('damage.border'), this.t('damage.border.value', { share: share(border.value) }), border.confidence),
    ];
  });
  protected readonly notMeasured = computed(() => measureWords(this.report().notMeasured, this.t));

  /** What was looked for and counted; a kind that was not looked for has no row and stands under "not looked for". */
  private found(): readonly Row[] {
    const { losses, lettering, marksOnLettering = 0, faces } = this.report();
    const { share } = this.formats;
    const mean = (all: readonly number[]): number | null =>
      all.length ? all.reduce((sum, one) => sum + one, 0) / all.length : null;
    const rows: Row[] = [];
    const add = (name: string, value: string, all: readonly number[]): number =>
      rows.push({ name, value, limit: '', above: false, confidence: mean(all) });
    if (losses) {
      const lost = losses.reduce((sum, one) => sum + one.share, 0);
      const count = this.t('damage.losses.value', {
        corners: losses.filter(({ kind }) => kind === 'corner').length,
        tears: losses.filter(({ kind }) => kind === 'tear').length,
      });
      add(
        this.t('found.losses'),
        losses.length
          ? `${count}, ${this.t('damage.ofPicture', { share: share(lost) })}`
          : this.t('damage.losses.none'),
        losses.map(({ confidence }) => confidence),
      );
    }
    if (lettering)
      add(
        this.t('found.lettering'),
        marksOnLettering
          ? `${this.t('damage.lettering.value', { n: lettering.length })}; ${this.t('damage.lettering.marks', { n: marksOnLettering })}`
          : this.t('damage.lettering.value', { n: lettering.length }),
        lettering.map(({ confidence }) => confidence),
      );
    if (faces)
      add(
        this.t('found.faces'),
        this.t('damage.faces.value', { n: faces.length }),
        faces.map(({ score }) => score),
      );
    return rows;
  }
}
