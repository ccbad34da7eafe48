import { Component, computed, inject, input, output } from '@angular/core';
import { didOf, factsOf } from '@albumen/domain';
import type { LayerView, PictureView } from '@albumen/contracts';
import { Pressed } from '../controls/pressed';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Strength } from '../treatment/strength';
import { TreatmentMarks } from '../treatment/treatment-marks';
import { Acceptance } from './acceptance';
import { shareOf } from './composite';

/** One whole-picture step: what it did, how far it moved the picture, at which level, and a word for it with its strength. */
@Component({
  selector: 'albumen-layer-row',
  imports: [Acceptance, Pressed, Strength, TreatmentMarks],
  template: `
    <div class="head">
      <span class="grow name">{{ label() }}</span>
      <albumen-acceptance
        [given]="layer().acceptance"
        [subject]="label()"
        [active]="active()"
        (chose)="decide($event)"
      />
    </div>
    <p class="small quiet">
      {{ language.text(did()) }} ·
      {{
        t('layer.moved', {
          mean: formats.number(layer().meanDeltaE, 1),
          most: formats.number(layer().maxDeltaE, 1),
          share: formats.share(layer().shareMoved),
        })
      }}
    </p>
    <p class="chips small">
      <albumen-treatment-marks [level]="layer().level" [canInvent]="layer().canInvent" />
    </p>
    @if (layer().operation === 'enlarge') {
      <p class="small">{{ t('layer.enlarged') }}</p>
      @if (enlarged(); as picture) {
        <button type="button" class="button" [albumenPressed]="showsEnlarged()" (click)="enlargedToggled.emit()">
          {{ t('layer.enlarged.open', { width: picture.width, height: picture.height }) }}
        </button>
      }
    } @else {
      <div class="strength" [class.off]="layer().acceptance === 'rejected'">
        <albumen-strength
          [percent]="percent()"
          [of]="label()"
          [disabled]="!active() || layer().acceptance === 'rejected'"
          (changed)="setPercent($event)"
        />
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
  protected readonly did = computed(() => didOf(this.layer().operation, this.layer().broughtIn !== undefined));
  protected readonly label = computed(() => this.language.text(this.facts().label));
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
