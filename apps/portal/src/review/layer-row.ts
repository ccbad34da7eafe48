import { Component, computed, inject, input, output } from '@angular/core';
import { factsOf, treatmentLevelWords } from '@albumen/domain';
import type { LayerView, PictureView } from '@albumen/contracts';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { shareOf } from './composite';

/** One whole-picture step: what it did, how far it moved the picture, at which level, and a word for it with its strength. */
@Component({
  selector: 'albumen-layer-row',
  imports: [AsWord, Icon],
  template: `
    <div class="head">
      <span class="grow name">{{ label() }}</span>
      @if (active()) {
        <button
          type="button"
          class="tick"
          [class.yes]="layer().acceptance === 'accepted'"
          [attr.aria-pressed]="layer().acceptance === 'accepted'"
          [attr.aria-label]="t('desk.accept') + ': ' + label()"
          [title]="t('desk.accept')"
          (click)="decide('accepted')"
        >
          <albumen-icon name="check" />
        </button>
        <button
          type="button"
          class="tick"
          [class.cross]="layer().acceptance === 'rejected'"
          [attr.aria-pressed]="layer().acceptance === 'rejected'"
          [attr.aria-label]="t('desk.refuse') + ': ' + label()"
          [title]="t('desk.refuse')"
          (click)="decide('rejected')"
        >
          <albumen-icon name="close" />
        </button>
      } @else {
        <span class="quiet small">{{ t('desk.' + layer().acceptance | asWord) }}</span>
      }
    </div>
    <p class="small quiet">
      {{ language.text(facts().did) }} ·
      {{
        t('layer.moved', {
          mean: formats.number(layer().meanDeltaE, 1),
          most: formats.number(layer().maxDeltaE, 1),
          share: formats.share(layer().shareMoved),
        })
      }}
    </p>
    <p class="chips small">
      <span class="chip">{{ t('layer.level', { n: facts().level, word: level() }) }}</span>
      @if (facts().canInvent) {
        <span class="chip warn" [title]="t('layer.canInvent.hint')"
          ><albumen-icon name="warning" />{{ t('layer.canInvent') }}</span
        >
      }
    </p>
    @if (layer().operation === 'enlarge') {
      <p class="small">{{ t('layer.enlarged') }}</p>
      @if (enlarged(); as picture) {
        <button
          type="button"
          class="button"
          [class.on]="showsEnlarged()"
          [attr.aria-pressed]="showsEnlarged()"
          (click)="enlargedToggled.emit()"
        >
          {{ t('layer.enlarged.open', { width: picture.width, height: picture.height }) }}
        </button>
      }
    } @else {
      <div class="strength" [class.off]="layer().acceptance === 'rejected'">
        <input
          type="range"
          min="0"
          max="100"
          step="5"
          [value]="percent()"
          [disabled]="!active() || layer().acceptance === 'rejected'"
          [attr.aria-label]="t('desk.strength') + ': ' + label()"
          (input)="setPercent(+$any($event.target).value)"
        />
        <span class="figure">{{ percent() }} %</span>
      </div>
    }
  `,
  styleUrl: './layer-row.scss',
})
export class LayerRow {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  readonly layer = input.required<LayerView>();
  readonly active = input(true);
  /** The whole proposal enlarged, where this layer enlarges. */
  readonly enlarged = input<PictureView | null>(null);
  readonly showsEnlarged = input(false);
  readonly decided = output<{ readonly acceptance: LayerView['acceptance']; readonly strength: number }>();
  readonly enlargedToggled = output();

  protected readonly facts = computed(() => factsOf(this.layer().operation));
  protected readonly label = computed(() => this.language.text(this.facts().label));
  protected readonly level = computed(() => this.language.text(treatmentLevelWords[this.facts().level]));
  /** Per cent of the proposed strength; a rejected layer keeps the figure it would come back with. */
  protected readonly percent = computed(() => Math.round(shareOf({ ...this.layer(), acceptance: 'undecided' }) * 100));

  protected decide(acceptance: LayerView['acceptance']): void {
    const layer = this.layer();
    this.decided.emit({
      acceptance: layer.acceptance === acceptance ? 'undecided' : acceptance,
      strength: layer.acceptedStrength || layer.strength,
    });
  }

  protected setPercent(percent: number): void {
    const layer = this.layer();
    this.decided.emit({
      acceptance: layer.acceptance === 'rejected' ? 'undecided' : layer.acceptance,
      strength: (layer.strength * percent) / 100,
    });
  }
}
