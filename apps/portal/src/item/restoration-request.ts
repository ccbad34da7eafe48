import { HttpClient } from '@angular/common/http';
import { Component, computed, inject, input, output, signal } from '@angular/core';
import { factsOf, operationNames, type Operation } from '@albumen/domain';
import { firstValueFrom } from 'rxjs';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';

/** Asks for a restoration: what the measurements propose, or chosen steps with their strength. */
@Component({
  selector: 'albumen-restoration-request',
  imports: [ProblemPanel],
  template: `
    <form (submit)="$event.preventDefault(); send()">
      <p>{{ t('restoration.request.lead') }}</p>
      <label
        ><input type="radio" name="what" [checked]="!own()" (change)="own.set(false)" />
        {{ t('restoration.request.proposed') }}</label
      >
      <label
        ><input type="radio" name="what" [checked]="own()" (change)="own.set(true)" />
        {{ t('restoration.request.own') }}</label
      >
      @if (own()) {
        @for (operation of offered(); track operation) {
          <div class="step">
            <label
              ><input type="checkbox" [checked]="strengths().has(operation)" (change)="toggle(operation)" />
              {{ word(operation) }}</label
            >
            <input
              type="range"
              min="5"
              max="100"
              step="5"
              [disabled]="!strengths().has(operation)"
              [value]="(strengths().get(operation) ?? 1) * 100"
              [attr.aria-label]="t('desk.strength') + ': ' + word(operation)"
              (input)="set(operation, +$any($event.target).value)"
            />
            <span>{{ strengths().has(operation) ? (strengths().get(operation)! * 100).toFixed(0) : '' }}</span>
          </div>
        }
      }
      @if (fault(); as error) {
        <albumen-problem [error]="error" [retryable]="false" />
      }
      <div class="row">
        <button type="submit" class="button primary" [disabled]="busy() || (own() && strengths().size === 0)">
          {{ t('restoration.request.send') }}
        </button>
        <button type="button" class="button bare" (click)="closed.emit()">{{ t('cancel') }}</button>
        @if (own() && strengths().size === 0) {
          <span class="quiet">{{ t('restoration.request.needsStep') }}</span>
        }
      </div>
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: 8px;
      padding: 12px;
      border: 1px solid var(--line);
      border-radius: 8px;
    }
    .step {
      display: grid;
      grid-template-columns: 1fr 120px 32px;
      gap: 10px;
      align-items: center;
      padding-left: 22px;
    }
    input[type='range'] {
      width: 100%;
      accent-color: var(--accent);
    }
  `,
})
export class RestorationRequest {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);
  readonly originalId = input.required<string>();
  readonly allowedLevel = input.required<number>();
  readonly sent = output();
  readonly closed = output();

  protected readonly own = signal(false);
  protected readonly busy = signal(false);
  protected readonly fault = signal<unknown>(null);
  protected readonly strengths = signal<ReadonlyMap<Operation, number>>(new Map());
  protected readonly offered = computed(() =>
    operationNames.filter((operation) => factsOf(operation).level <= this.allowedLevel()),
  );

  protected word(operation: Operation): string {
    return this.language.text(factsOf(operation).label);
  }

  protected toggle(operation: Operation): void {
    this.strengths.update((strengths) => {
      const next = new Map(strengths);
      if (!next.delete(operation)) next.set(operation, operation === 'reduce-noise' ? 0.7 : 1);
      return next;
    });
  }

  protected set(operation: Operation, percent: number): void {
    this.strengths.update((strengths) => new Map(strengths).set(operation, percent / 100));
  }

  protected async send(): Promise<void> {
    this.busy.set(true);
    this.fault.set(null);
    const steps = operationNames.flatMap((operation) => {
      const strength = this.strengths().get(operation);
      return strength === undefined ? [] : [{ operation, strength, parameters: {} }];
    });
    try {
      await firstValueFrom(
        this.http.post(`/api/originals/${this.originalId()}/restorations`, this.own() ? { steps } : {}),
      );
      this.notices.say('The restoration is requested.', 'Đã yêu cầu bản phục chế.');
      this.sent.emit();
    } catch (fault) {
      this.fault.set(fault);
    } finally {
      this.busy.set(false);
    }
  }
}
