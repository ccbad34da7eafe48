import { HttpClient } from '@angular/common/http';
import { Component, computed, inject, input, linkedSignal, output, signal } from '@angular/core';
import { treatmentLevelWords, treatmentLevels, type TreatmentLevel } from '@albumen/domain';
import { modelView, type AcceptModel as Acceptance, type ModelView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';

/** Lets a model out of quarantine: the licence is written once more, and a treatment level is given. */
@Component({
  selector: 'albumen-accept-model',
  imports: [Icon, ProblemPanel],
  template: `
    <form novalidate (submit)="$event.preventDefault(); send()" [attr.aria-label]="title()">
      <div class="fields">
        <label class="field"
          ><span>{{ t('models.accept.licence') }}</span>
          <input
            class="input"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            [attr.aria-describedby]="'licence-' + model().id"
            [value]="licence()"
            (input)="licence.set($any($event.target).value)"
          />
          <small class="quiet" [id]="'licence-' + model().id">{{
            t('models.accept.licence.hint', { licence: model().licence.id })
          }}</small>
        </label>
        <label class="field"
          ><span>{{ t('models.accept.level') }}</span>
          <select
            class="input"
            [attr.aria-describedby]="'level-' + model().id"
            (change)="choose($any($event.target).value)"
          >
            @for (row of levels(); track row.level) {
              <option [value]="row.level" [selected]="level() === row.level">{{ row.words }}</option>
            }
          </select>
          <small class="quiet" [id]="'level-' + model().id">{{ t('models.accept.level.hint') }}</small>
        </label>
      </div>
      @if (fault(); as error) {
        <albumen-problem [error]="error" [retryable]="false" />
      }
      <div class="row">
        <button type="submit" class="button primary" [disabled]="busy() || licence().trim() === ''">
          <albumen-icon name="check" />{{ t('models.accept.send') }}
        </button>
        <button type="button" class="button bare" (click)="closed.emit()">{{ t('cancel') }}</button>
      </div>
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: 12px;
      padding: 12px 14px;
      border: 1px solid var(--line);
      border-radius: 4px;
    }
    .fields {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(260px, 100%), 1fr));
      gap: 12px 20px;
    }
    .field {
      align-content: start;
    }
    small {
      font-size: 12px;
    }
  `,
})
export class AcceptModel {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly http = inject(HttpClient);
  readonly model = input.required<ModelView>();
  readonly accepted = output<ModelView>();
  readonly closed = output();

  protected readonly licence = signal('');
  protected readonly level = linkedSignal<TreatmentLevel>(() => this.model().leastLevel);
  protected readonly busy = signal(false);
  protected readonly fault = signal<unknown>(null);
  protected readonly title = computed(() =>
    this.t('models.accept.title', { id: this.model().id, version: this.model().version }),
  );
  /** Levels it may be accepted for: none below the least of its kind. */
  protected readonly levels = computed(() =>
    treatmentLevels
      .filter((level) => level >= this.model().leastLevel)
      .map((level) => ({ level, words: `${level}, ${this.language.text(treatmentLevelWords[level])}` })),
  );

  protected choose(value: string): void {
    this.level.set(treatmentLevels.find((level) => String(level) === value) ?? this.level());
  }

  protected async send(): Promise<void> {
    const { id, version } = this.model();
    const body: Acceptance = { licence: this.licence().trim(), level: this.level() };
    this.busy.set(true);
    this.fault.set(null);
    try {
      const answer = await firstValueFrom(
        this.http.post<unknown>(`/api/models/${encodeURIComponent(id)}/${encodeURIComponent(version)}/accept`, body),
      );
      this.accepted.emit(modelView.parse(answer));
    } catch (fault) {
      this.fault.set(fault);
    } finally {
      this.busy.set(false);
    }
  }
}
