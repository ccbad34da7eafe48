import { HttpClient } from '@angular/common/http';
import { Component, computed, inject, input, output, signal, type OnInit } from '@angular/core';
import {
  presetOf,
  presets,
  rightsStatements,
  tidyText,
  treatmentLevels,
  treatmentLevelWords,
  type PresetName,
  type TreatmentLevel,
} from '@albumen/domain';
import { collectionView, type CollectionView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { floorOf, offeredPresets, presetWithin } from './preset-choice';
import { inTreeOrder } from './tree-order';

/** Makes or changes a collection in place, without a dialog; what was written stays on the screen when saving is refused. */
@Component({
  selector: 'albumen-collection-form',
  imports: [ProblemPanel],
  template: `
    <form class="card" (submit)="$event.preventDefault(); save()">
      <h2>{{ t(collection() ? 'collection.form.edit' : 'collection.form.new') }}</h2>
      <div class="pair">
        <label class="field"
          ><span>{{ t('collection.form.title.vi') }}</span
          ><input class="input" lang="vi" [value]="titleVi()" (input)="titleVi.set(valueOf($event))"
        /></label>
        <label class="field"
          ><span>{{ t('collection.form.title.en') }}</span
          ><input class="input" lang="en" [value]="titleEn()" (input)="titleEn.set(valueOf($event))"
        /></label>
        <label class="field"
          ><span>{{ t('collection.form.description.vi') }}</span
          ><textarea class="input" lang="vi" [value]="aboutVi()" (input)="aboutVi.set(valueOf($event))"></textarea>
        </label>
        <label class="field"
          ><span>{{ t('collection.form.description.en') }}</span
          ><textarea class="input" lang="en" [value]="aboutEn()" (input)="aboutEn.set(valueOf($event))"></textarea>
        </label>
        <label class="field"
          ><span>{{ t('collection.form.parent') }}</span>
          <select class="input" (change)="parentId.set(valueOf($event))">
            <option value="" [selected]="parentId() === ''">{{ t('collection.form.parent.none') }}</option>
            @for (row of parents(); track row.collection.id) {
              <option [value]="row.collection.id" [selected]="parentId() === row.collection.id">
                {{ '\\u2003'.repeat(row.depth) }}{{ language.text(row.collection.title) }}
              </option>
            }
          </select>
        </label>
        <label class="field"
          ><span>{{ t('collection.form.code') }}</span
          ><input class="input" [value]="code()" (input)="code.set(valueOf($event))"
        /></label>
        <label class="field"
          ><span>{{ t('collection.rights') }}</span>
          <select class="input" (change)="rights.set(valueOf($event))">
            <option value="" [selected]="rights() === ''">{{ t('collection.rights.none') }}</option>
            @for (statement of statements; track statement.uri) {
              <option [value]="statement.uri" [selected]="rights() === statement.uri">
                {{ language.text(statement.label) }}: {{ language.text(statement.plain) }}
              </option>
            }
          </select>
        </label>
        <label class="field"
          ><span>{{ t('collection.form.level') }}</span>
          <select class="input" (change)="setLevel(+valueOf($event))">
            @for (n of levels; track n) {
              <option [value]="n" [selected]="level() === n">{{ n }} · {{ language.text(levelWords[n]) }}</option>
            }
          </select>
        </label>
        <label class="field"
          ><span>{{ t('collection.form.preset') }}</span>
          <select class="input" aria-describedby="preset-meaning" (change)="preset.set($any($event.target).value)">
            @for (offered of offeredPresets(); track offered.name) {
              <option
                [value]="offered.name"
                [selected]="preset() === offered.name"
                [disabled]="!offered.allowed"
                [title]="offered.reason || language.text(presets[offered.name].meaning)"
              >
                {{ language.text(presets[offered.name].label) }}{{ offered.reason ? ' · ' + offered.reason : '' }}
              </option>
            }
          </select>
          <small class="quiet" id="preset-meaning">{{ language.text(presets[preset()].meaning) }}</small>
        </label>
        <label class="field"
          ><span>{{ t('collection.form.grain') }}</span
          ><input
            class="input"
            inputmode="decimal"
            aria-describedby="grain-meaning"
            [value]="grain()"
            [placeholder]="formats.number(presets[preset()].grainFloor * 100)"
            (input)="grain.set(valueOf($event))"
          />
          <small class="quiet" id="grain-meaning">{{
            t('collection.form.grain.hint', { floor: formats.share(presets[preset()].grainFloor) })
          }}</small>
        </label>
        <label class="field"
          ><span>{{ t('collection.proposals') }}</span>
          <select class="input" (change)="proposals.set(valueOf($event) === 'automatic' ? 'automatic' : 'on-request')">
            <option value="automatic" [selected]="proposals() === 'automatic'">
              {{ t('collection.proposals.automatic') }}
            </option>
            <option value="on-request" [selected]="proposals() === 'on-request'">
              {{ t('collection.proposals.on-request') }}
            </option>
          </select>
        </label>
      </div>
      @if (fault(); as error) {
        <albumen-problem [error]="error" [retryable]="false" />
      }
      <div class="row">
        <button type="submit" class="button primary" [disabled]="busy()">{{ t('save') }}</button>
        <button type="button" class="button bare" (click)="closed.emit()">{{ t('cancel') }}</button>
      </div>
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: 16px;
      padding: 16px;
      margin-bottom: 16px;
    }
    .pair {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr));
      gap: 12px 16px;
      .field {
        align-content: start;
      }
    }
  `,
})
export class CollectionForm implements OnInit {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);
  /** The collection to change, or none to make one. */
  readonly collection = input<CollectionView>();
  readonly others = input<readonly CollectionView[]>([]);
  readonly saved = output<CollectionView>();
  readonly closed = output();

  protected readonly statements = rightsStatements;
  protected readonly levels = treatmentLevels;
  protected readonly levelWords = treatmentLevelWords;
  protected readonly titleEn = signal('');
  protected readonly titleVi = signal('');
  protected readonly aboutEn = signal('');
  protected readonly aboutVi = signal('');
  protected readonly parentId = signal('');
  protected readonly code = signal('');
  protected readonly rights = signal('');
  protected readonly level = signal<TreatmentLevel>(1);
  protected readonly proposals = signal<'automatic' | 'on-request'>('automatic');
  protected readonly preset = signal<PresetName>(presetOf(1));
  /** Per cent as written; empty: the preset's own. */
  protected readonly grain = signal('');
  protected readonly presets = presets;
  protected readonly offeredPresets = computed(() =>
    offeredPresets(this.level()).map((offered) => ({
      ...offered,
      reason: offered.allowed
        ? ''
        : this.t('collection.form.preset.locked', {
            preset: this.language.text(presets[offered.name].label),
            n: presets[offered.name].level,
          }),
    })),
  );
  protected readonly busy = signal(false);
  protected readonly fault = signal<unknown>(null);
  protected readonly parents = computed(() =>
    inTreeOrder(this.others()).filter(({ collection }) => collection.id !== this.collection()?.id),
  );

  ngOnInit(): void {
    const collection = this.collection();
    if (!collection) return;
    this.titleEn.set(collection.title.en ?? '');
    this.titleVi.set(collection.title.vi ?? '');
    this.aboutEn.set(collection.description.en ?? '');
    this.aboutVi.set(collection.description.vi ?? '');
    this.parentId.set(collection.parentId ?? '');
    this.code.set(collection.referenceCode);
    this.rights.set(collection.rights ?? '');
    this.level.set(collection.treatmentLevel);
    this.proposals.set(collection.proposals);
    this.preset.set(collection.preset);
    this.grain.set(collection.grainFloor === null ? '' : String(Math.round(collection.grainFloor * 1000) / 10));
  }

  /** A lower level takes a preset above it down with it. */
  protected setLevel(wanted: number): void {
    const level = treatmentLevels.find((known) => known === wanted) ?? 0;
    this.level.set(level);
    this.preset.set(presetWithin(this.preset(), level));
  }

  protected valueOf(event: Event): string {
    return (event.target as HTMLInputElement).value;
  }

  protected async save(): Promise<void> {
    this.busy.set(true);
    this.fault.set(null);
    const body = {
      title: tidyText({ en: this.titleEn(), vi: this.titleVi() }),
      description: tidyText({ en: this.aboutEn(), vi: this.aboutVi() }),
      parentId: this.parentId() || null,
      referenceCode: this.code().trim(),
      rights: this.rights() || null,
      treatmentLevel: this.level(),
      proposals: this.proposals(),
      preset: this.preset(),
      grainFloor: floorOf(this.grain()),
    };
    const collection = this.collection();
    try {
      const answer = collection
        ? this.http.patch<unknown>(`/api/collections/${collection.id}`, { version: collection.version, ...body })
        : this.http.post<unknown>('/api/collections', body);
      this.saved.emit(collectionView.parse(await firstValueFrom(answer)));
      this.notices.say('The collection is saved.', 'Đã lưu bộ sưu tập.');
    } catch (fault) {
      this.fault.set(fault);
    } finally {
      this.busy.set(false);
    }
  }
}
