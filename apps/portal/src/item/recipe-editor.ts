import { HttpClient, httpResource } from '@angular/common/http';
import { Component, computed, effect, inject, input, output, signal, untracked } from '@angular/core';
import { factsOf, presetNames, presets, treatmentLevelWords, treatmentLevels, type PresetName } from '@albumen/domain';
import { collectionView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import { ModelShelf } from '../models/model-shelf';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import type { Size } from '../viewer/mark-up-geometry';
import { MarkUpList } from './mark-up-list';
import type { PenState } from './pen-state';
import { RecipeDraft } from './recipe-draft';
import { StepChoice } from './step-choice';

/** Writes a recipe for one original: what a preset proposes, changed step by step, with what was drawn on the picture. */
@Component({
  selector: 'albumen-recipe-editor',
  imports: [Icon, MarkUpList, ProblemPanel, StepChoice],
  template: `
    <form novalidate (submit)="$event.preventDefault(); send()">
      <h2>{{ t('restoration.request') }}</h2>
      <label class="field"
        ><span>{{ t('recipe.preset') }}</span>
        <select class="input" (change)="draft().propose($any($event.target).value)">
          @for (preset of offered(); track preset.name) {
            <option
              [value]="preset.name"
              [selected]="draft().preset() === preset.name"
              [disabled]="preset.locked !== ''"
            >
              {{ preset.label }}{{ preset.locked ? ' (' + preset.locked + ')' : '' }}
            </option>
          }
        </select>
      </label>
      <p class="quiet">{{ language.text(presetFacts[draft().preset()].meaning) }}</p>
      <p class="row state" role="status">
        @if (draft().own()) {
          <span class="grow"><albumen-icon name="edit" /> {{ t('recipe.own') }}</span>
          <button type="button" class="button" (click)="draft().propose(draft().preset())">
            <albumen-icon name="undo" />{{ t('recipe.back') }}
          </button>
        } @else if (draft().steps().size === 0) {
          <span>{{ t('recipe.nothing') }}</span>
        } @else {
          <span><albumen-icon name="fact-check" /> {{ t('recipe.proposed') }}</span>
        }
      </p>
      <albumen-step-choice
        [steps]="draft().steps()"
        [allowedLevel]="allowedLevel()"
        (changed)="draft().setStep($event.operation, $event.step)"
      />
      <section class="drawn">
        <h3>{{ t('markUp.title') }}</h3>
        <p class="quiet">{{ t('markUp.lead') }}</p>
        <albumen-mark-up-list [draft]="draft()" [pen]="pen()" [size]="size()" [kinds]="kinds()" />
        @if (unused(); as n) {
          <p class="warn"><albumen-icon name="warning" /> {{ t('markUp.unused', { n }) }}</p>
        }
      </section>
      @if (fault(); as error) {
        <albumen-problem [error]="error" [retryable]="false" />
      }
      <div class="row send">
        <button type="submit" class="button primary" [disabled]="busy() || draft().missing() !== null">
          {{ t('restoration.request.send') }}
        </button>
        <button type="button" class="button bare" (click)="closed.emit()">{{ t('cancel') }}</button>
        @if (draft().missing(); as missing) {
          <span class="quiet">{{ t(whatIsMissing[missing]) }}</span>
        }
      </div>
    </form>
  `,
  styles: `
    form,
    .drawn {
      display: grid;
      gap: 8px;
    }
    .drawn {
      padding-top: 12px;
      border-top: 1px solid var(--line);
    }
    .state {
      min-height: 36px;
    }
    .send {
      position: sticky;
      bottom: 0;
      padding: 10px 0;
      z-index: 2;
      background: var(--page);
      border-top: 1px solid var(--line);
    }
  `,
})
export class RecipeEditor {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);
  private readonly shelf = inject(ModelShelf);
  readonly originalId = input.required<string>();
  readonly collectionId = input.required<string>();
  readonly allowedLevel = input.required<number>();
  readonly draft = input.required<RecipeDraft>();
  readonly pen = input.required<PenState>();
  readonly size = input.required<Size>();
  readonly sent = output();
  readonly closed = output();

  protected readonly presetFacts = presets;
  protected readonly whatIsMissing = {
    step: 'restoration.request.needsStep',
    colour: 'recipe.needsColour',
    lost: 'recipe.needsLost',
    fewer: 'recipe.tooMuch',
  } as const;
  protected readonly busy = signal(false);
  protected readonly fault = signal<unknown>(null);
  private readonly collection = httpResource(() => `/api/collections/${this.collectionId()}`, {
    parse: (raw) => collectionView.parse(raw),
  });
  protected readonly offered = computed(() =>
    presetNames.map((name) => ({
      name,
      label:
        this.language.text(presets[name].label) + (this.isCollections(name) ? ` · ${this.t('recipe.preset.own')}` : ''),
      locked: presets[name].level > this.allowedLevel() ? this.lockedWords(name) : '',
    })),
  );
  protected readonly kinds = computed(() => [
    'protect' as const,
    ...(factsOf('repair-damage').level <= this.allowedLevel() ? (['mark'] as const) : []),
    ...(factsOf('reduce-stains').level <= this.allowedLevel() ? (['stain'] as const) : []),
    ...(this.pen().rebuilder() ? (['lost'] as const) : []),
    ...(factsOf('guide-colour').level <= this.allowedLevel() ? (['colour'] as const) : []),
  ]);

  /** How much is drawn that no chosen step uses. */
  protected readonly unused = computed(() => {
    const { strokes, stained, lost, hints } = this.draft().unused();
    return strokes + stained + lost + hints;
  });

  constructor() {
    effect(() => {
      const [model] = this.shelf
        .fitting('rebuild-area')
        .filter((one) => Math.max(factsOf('rebuild-area').level, one.level ?? 0) <= this.allowedLevel());
      const named = this.draft().steps().get('rebuild-area')?.model;
      untracked(() => this.pen().rebuilder.set(named ?? (model ? { id: model.id, version: model.version } : null)));
    });
    effect(() => {
      const preset = this.collection.hasValue() ? this.collection.value().preset : null;
      untracked(() => {
        if (preset && !this.draft().dirty()) this.draft().propose(preset);
      });
    });
    effect(() => {
      const fault = this.collection.error();
      if (fault) untracked(() => this.fault.set(fault));
    });
  }

  protected async send(): Promise<void> {
    this.busy.set(true);
    this.fault.set(null);
    try {
      await firstValueFrom(this.http.post(`/api/originals/${this.originalId()}/restorations`, this.draft().body()));
      this.notices.say('The restoration is requested.', 'Đã yêu cầu bản phục chế.');
      this.sent.emit();
    } catch (fault) {
      this.fault.set(fault);
    } finally {
      this.busy.set(false);
    }
  }

  private isCollections(name: PresetName): boolean {
    return this.collection.hasValue() && this.collection.value().preset === name;
  }

  private lockedWords(name: PresetName): string {
    const allowed = treatmentLevels.find((level) => level === this.allowedLevel()) ?? 0;
    return this.t('recipe.preset.locked', {
      n: presets[name].level,
      allowed,
      word: this.language.text(treatmentLevelWords[allowed]),
    });
  }
}
