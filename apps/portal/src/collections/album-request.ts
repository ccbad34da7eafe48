import { HttpClient } from '@angular/common/http';
import { Component, computed, inject, input, output, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { factsOf, isErrorCode, operationNames, retell, type Operation } from '@albumen/domain';
import { albumRequest, type AlbumRequest as AlbumAnswer, type CollectionView, type ItemRow } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Icon } from '../icons/icon';
import type { ChosenStep, ChosenSteps } from '../item/recipe-draft';
import { StepChoice } from '../item/step-choice';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { albumBody, leftByReason } from './album-answer';

/** One recipe for chosen items of a collection or for all of them, and what became of each. */
@Component({
  selector: 'albumen-album-request',
  imports: [RouterLink, Icon, ProblemPanel, StepChoice],
  template: `
    <section class="card" [attr.aria-label]="t('album.title')">
      @if (answer(); as done) {
        <h2>{{ t('album.done', { n: done.requested.length }) }}</h2>
        @for (step of common(); track step.operation) {
          <p>
            <b>{{ step.label }}</b> <span class="quiet">{{ step.numbers }}</span>
          </p>
        }
        @if (done.spread; as spread) {
          <p class="quiet">
            {{
              t('album.spread', {
                measured: formats.number(spread.measured.blackPoint, 1),
                common: formats.number(spread.common.blackPoint, 1),
                each: formats.number(spread.each.blackPoint, 1),
              })
            }}
          </p>
        }
        @if (done.requested.length > 1) {
          <p class="quiet">{{ t('album.then') }}</p>
        }
        @if (done.left.length) {
          <h3>{{ t('album.left', { n: done.left.length }) }}</h3>
          @for (group of left(); track group.key) {
            <p>{{ group.sentence }}</p>
            <ul>
              @for (id of group.itemIds; track id) {
                <li>
                  <a [routerLink]="['/desk/items', id]">{{ titleOf(id) }}</a>
                </li>
              }
            </ul>
          }
        }
        <div class="row">
          <button type="button" class="button primary" (click)="finished.emit()">{{ t('close') }}</button>
        </div>
      } @else {
        <h2>{{ t('album.title') }}</h2>
        <p class="quiet">{{ t('album.lead') }}</p>
        <p role="status">
          <strong class="chosen">{{
            selected().size ? t('album.chosen', { n: selected().size }) : t('album.all')
          }}</strong>
          <span class="quiet">{{ t('album.choose') }}</span>
        </p>
        <albumen-step-choice
          [steps]="steps()"
          [allowedLevel]="collection().treatmentLevel"
          [excluded]="excluded()"
          (changed)="set($event.operation, $event.step)"
        />
        @if (fault(); as error) {
          <albumen-problem [error]="error" [retryable]="false" />
        }
        <div class="row">
          <button type="button" class="button primary" [disabled]="busy() || steps().size === 0" (click)="send()">
            <albumen-icon name="layers" />{{
              selected().size ? t('album.send', { n: selected().size }) : t('album.send.all')
            }}
          </button>
          <button type="button" class="button bare" (click)="finished.emit()">{{ t('cancel') }}</button>
          @if (steps().size === 0) {
            <span class="quiet">{{ t('restoration.request.needsStep') }}</span>
          }
        </div>
      }
    </section>
  `,
  styles: `
    .card {
      display: grid;
      gap: 8px;
      padding: 16px;
      margin-bottom: 12px;
    }
    b {
      display: inline-block;
      margin-right: 6px;
      font-weight: 500;
    }
    b::first-letter {
      text-transform: uppercase;
    }
    .chosen {
      margin-right: 6px;
    }
    ul {
      margin: 0;
      padding-left: 20px;
      columns: 220px;
    }
  `,
})
export class AlbumRequest {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  private readonly http = inject(HttpClient);
  readonly collection = input.required<CollectionView>();
  /** Chosen items; none: all of the collection. */
  readonly selected = input.required<ReadonlySet<string>>();
  /** Rows that are known, for the titles of the answer. */
  readonly rows = input.required<readonly ItemRow[]>();
  readonly finished = output();
  readonly sent = output();

  protected readonly steps = signal<ChosenSteps>(new Map());
  protected readonly busy = signal(false);
  protected readonly fault = signal<unknown>(null);
  protected readonly answer = signal<AlbumAnswer | null>(null);
  protected readonly excluded = computed(() => ({
    'guide-colour': this.t('album.noColour'),
    'rebuild-area': this.t('album.noDrawing'),
  }));
  protected readonly left = computed(() =>
    leftByReason(this.answer()?.left ?? []).map((group) => ({
      ...group,
      sentence: isErrorCode(group.code)
        ? retell(group.code, group.detail, this.language.current())
        : group.detail || group.code,
    })),
  );
  protected readonly common = computed(() =>
    (this.answer()?.steps ?? []).map((step) => {
      const operation = operationNames.find((name) => name === step.operation);
      const facts = operation ? factsOf(operation) : undefined;
      return {
        operation: step.operation,
        label: facts ? this.language.text(facts.label) : step.operation,
        numbers: [
          this.t('recipe.strength', { share: this.formats.share(step.strength) }),
          ...Object.entries(step.parameters).map(([name, value]) => {
            const known = facts?.parameters[name];
            return `${known ? this.language.text(known.label) : name} ${this.formats.number(value, 2)}`;
          }),
        ].join(' · '),
      };
    }),
  );

  protected titleOf(id: string): string {
    const row = this.rows().find((known) => known.id === id);
    return row ? this.language.text(row.title) || row.fileName : id;
  }

  protected set(operation: Operation, step: ChosenStep | null): void {
    this.steps.update((steps) => {
      const next = new Map(steps);
      if (step) next.set(operation, step);
      else next.delete(operation);
      return next;
    });
  }

  protected async send(): Promise<void> {
    this.busy.set(true);
    this.fault.set(null);
    try {
      this.answer.set(
        albumRequest.parse(
          await firstValueFrom(
            this.http.post<unknown>(
              `/api/collections/${this.collection().id}/restorations`,
              albumBody(this.selected(), this.steps()),
            ),
          ),
        ),
      );
      this.sent.emit();
    } catch (fault) {
      this.fault.set(fault);
    } finally {
      this.busy.set(false);
    }
  }
}
