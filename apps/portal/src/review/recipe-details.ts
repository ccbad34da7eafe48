import { HttpClient } from '@angular/common/http';
import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import {
  colourEvidence,
  colourEvidenceWords,
  factsOf,
  operationNames,
  protectionReasonWords,
  type Operation,
} from '@albumen/domain';
import type { DeskView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { readReceiptSteps, type ReceiptStep } from './receipt-steps';

/** The recipe as it was run: each step with its numbers and models, what a person drew, and where colours are known from. */
@Component({
  selector: 'albumen-recipe-details',
  imports: [ProblemPanel],
  template: `
    <details (toggle)="opened($any($event.target).open)">
      <summary>{{ t('recipe.details') }}</summary>
      @if (fault(); as error) {
        <albumen-problem [error]="error" (retry)="read()" />
      }
      @for (step of shown(); track step.operation) {
        <div class="step">
          <strong>{{ step.label }}</strong>
          <p class="quiet">{{ step.numbers }}</p>
          @for (model of step.models; track model.id) {
            <p class="quiet">
              {{ t('recipe.model', { id: model.id, version: model.version }) }}
              <span class="mono">{{ model.sha256.slice(0, 8) }}…</span>
            </p>
          }
        </div>
      }
      @if (markUp().strokes.length) {
        <p>{{ t('recipe.strokes', { n: markUp().strokes.length }) }}</p>
      }
      @if (markUp().hints.length) {
        <p>{{ t('recipe.hints', { n: markUp().hints.length }) }}</p>
        <ul>
          @for (hint of hints(); track $index) {
            <li>
              <i [style.background]="hint.css" aria-hidden="true"></i>
              <span
                ><span class="mono">{{ hint.hex }}</span> {{ hint.evidence }}
                @if (hint.note) {
                  <span class="quiet">{{ hint.note }}</span>
                }
              </span>
            </li>
          }
        </ul>
        @if (conjectures()) {
          <p class="warn">{{ t('recipe.conjectures', { n: conjectures() }) }}</p>
        }
      }
      @if (markUp().protect.length) {
        <p>{{ t('recipe.protect', { n: markUp().protect.length }) }}: {{ protectedFor() }}</p>
      }
    </details>
  `,
  styles: `
    :host {
      font-size: 12px;
      line-height: 1.5;
    }
    summary {
      min-height: 28px;
      cursor: pointer;
      font-weight: 500;
    }
    .step {
      padding: 4px 0;
      border-top: 1px solid var(--line);
    }
    strong {
      display: block;
      font-weight: 500;
    }
    strong::first-letter {
      text-transform: uppercase;
    }
    ul {
      margin: 4px 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 20px 1fr;
      gap: 8px;
      align-items: start;
      padding: 2px 0;
    }
    i {
      width: 18px;
      height: 18px;
      border: 1px solid var(--edge);
    }
  `,
})
export class RecipeDetails {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly formats = inject(Formats);
  private readonly http = inject(HttpClient);
  /** Address of the receipt. */
  readonly receipt = input.required<string>();
  readonly markUp = input.required<DeskView['markUp']>();

  protected readonly fault = signal<unknown>(null);
  private readonly steps = linkedSignal<string, readonly ReceiptStep[] | null>({
    source: this.receipt,
    computation: () => null,
  });
  private isOpen = false;

  protected readonly shown = computed(() =>
    (this.steps() ?? []).map((step) => {
      const known = operationNames.find((name) => name === step.operation);
      const numbers = Object.entries({ ...step.parameters, ...step.derived }).map(
        ([name, value]) => `${this.parameterWord(known, name)} ${this.valueWord(known, name, value)}`,
      );
      return {
        operation: step.operation,
        label: known ? this.language.text(factsOf(known).label) : step.operation,
        numbers: [this.t('recipe.strength', { share: this.formats.share(step.strength) }), ...numbers].join(' · '),
        models: step.models,
      };
    }),
  );
  protected readonly hints = computed(() =>
    [...this.markUp().hints]
      .sort((one, other) => colourEvidence.indexOf(one.evidence) - colourEvidence.indexOf(other.evidence))
      .map(({ colour, evidence, note }) => ({
        css: `rgb(${colour.join(' ')})`,
        hex: `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`,
        evidence: this.language.text(colourEvidenceWords[evidence]),
        note,
      })),
  );
  protected readonly conjectures = computed(
    () => this.markUp().hints.filter(({ evidence }) => evidence === 'conjecture').length,
  );
  protected readonly protectedFor = computed(() =>
    [...new Set(this.markUp().protect.map(({ reason }) => this.language.text(protectionReasonWords[reason])))].join(
      ', ',
    ),
  );

  protected opened(open: boolean): void {
    this.isOpen = open;
    if (open && this.steps() === null) void this.read();
  }

  protected async read(): Promise<void> {
    const address = this.receipt();
    this.fault.set(null);
    try {
      const steps = readReceiptSteps(await firstValueFrom(this.http.get<unknown>(address)));
      if (this.receipt() === address && this.isOpen) this.steps.set(steps);
    } catch (fault) {
      this.fault.set(fault);
    }
  }

  private parameterWord(operation: Operation | undefined, name: string): string {
    const facts = operation ? factsOf(operation).parameters[name] : undefined;
    return facts ? this.language.text(facts.label) : name;
  }

  private valueWord(operation: Operation | undefined, name: string, value: number): string {
    const word = operation ? factsOf(operation).parameters[name]?.words?.[value] : undefined;
    return word ? this.language.text(word) : this.formats.number(value, 2);
  }
}
