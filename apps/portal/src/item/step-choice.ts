import { Component, computed, inject, input, output } from '@angular/core';
import {
  factsOf,
  operationNames,
  treatmentLevelWords,
  treatmentLevels,
  type Operation,
  type ParameterFacts,
} from '@albumen/domain';
import { Pressed } from '../controls/pressed';
import { Icon } from '../icons/icon';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Strength } from '../treatment/strength';
import { TreatmentMarks } from '../treatment/treatment-marks';
import { freshStep, type ChosenStep, type ChosenSteps } from './recipe-draft';

/** Every operation of the table with its strength and its numbers; what a collection does not allow says why. */
@Component({
  selector: 'albumen-step-choice',
  imports: [Icon, Pressed, Strength, TreatmentMarks],
  template: `
    @for (row of rows(); track row.operation) {
      <div class="step" [class.locked]="row.locked !== ''">
        <label class="what">
          <input
            type="checkbox"
            [checked]="row.step !== undefined"
            [disabled]="row.locked !== ''"
            (change)="toggle(row.operation)"
          />
          <span class="grow"
            ><b>{{ row.label }}</b>
            <albumen-treatment-marks [operation]="row.operation" />
          </span>
        </label>
        @if (row.locked) {
          <p class="small quiet lock"><albumen-icon name="lock" />{{ row.locked }}</p>
        }
        @if (row.step; as step) {
          <div class="numbers">
            @if (row.operation !== 'enlarge') {
              <label
                ><span>{{ t('desk.strength') }}</span>
                <albumen-strength
                  [percent]="step.strength * 100"
                  [of]="row.label"
                  [least]="5"
                  (changed)="changed.emit({ operation: row.operation, step: strengthOf(step, $event) })"
              /></label>
            }
            @for (parameter of row.parameters; track parameter.name) {
              @if (parameter.name === 'scale') {
                <div class="segment" role="group" [attr.aria-label]="parameter.label">
                  <span>{{ parameter.label }}</span>
                  @for (times of [2, 4]; track times) {
                    <button
                      type="button"
                      class="button"
                      [albumenPressed]="step.parameters['scale'] === times"
                      (click)="changed.emit({ operation: row.operation, step: withNumber(step, 'scale', times) })"
                    >
                      {{ times }}×
                    </button>
                  }
                </div>
              } @else {
                <label
                  ><span>{{ parameter.label }}</span>
                  <input
                    class="input"
                    type="number"
                    [min]="parameter.facts.least"
                    [max]="parameter.facts.most"
                    step="any"
                    [value]="step.parameters[parameter.name] ?? ''"
                    [placeholder]="
                      parameter.facts.otherwise === null ? t('recipe.asMeasured') : parameter.facts.otherwise
                    "
                    [attr.aria-label]="
                      row.label +
                      ': ' +
                      parameter.label +
                      ', ' +
                      t('recipe.range', { least: parameter.facts.least, most: parameter.facts.most })
                    "
                    (change)="changed.emit({ operation: row.operation, step: numberOf(step, parameter, $event) })"
                  /><span class="figure quiet">{{
                    t('recipe.range', { least: parameter.facts.least, most: parameter.facts.most })
                  }}</span></label
                >
              }
            }
          </div>
        }
      </div>
    }
  `,
  styleUrl: './step-choice.scss',
})
export class StepChoice {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  readonly steps = input.required<ChosenSteps>();
  readonly allowedLevel = input.required<number>();
  /** Operations that cannot be chosen here, each with its reason in words. */
  readonly excluded = input<Readonly<Partial<Record<Operation, string>>>>({});
  readonly changed = output<{ readonly operation: Operation; readonly step: ChosenStep | null }>();

  protected readonly rows = computed(() =>
    operationNames.map((operation) => {
      const facts = factsOf(operation);
      const level = { n: facts.level, word: this.language.text(treatmentLevelWords[facts.level]) };
      const allowed = treatmentLevels.find((known) => known === this.allowedLevel()) ?? 0;
      const tooHigh =
        facts.level > allowed
          ? this.t('recipe.locked', {
              ...level,
              allowed,
              allowedWord: this.language.text(treatmentLevelWords[allowed]),
            })
          : '';
      return {
        operation,
        label: this.language.text(facts.label),
        locked: tooHigh || (this.excluded()[operation] ?? ''),
        step: this.steps().get(operation),
        parameters: Object.entries(facts.parameters).map(([name, one]) => ({
          name,
          facts: one,
          label: this.language.text(one.label),
        })),
      };
    }),
  );

  protected toggle(operation: Operation): void {
    this.changed.emit({ operation, step: this.steps().has(operation) ? null : freshStep(operation) });
  }

  protected strengthOf(step: ChosenStep, percent: number): ChosenStep {
    return { ...step, strength: percent / 100 };
  }

  protected withNumber(step: ChosenStep, name: string, value: number): ChosenStep {
    return { ...step, parameters: { ...step.parameters, [name]: value } };
  }

  /** An empty field leaves the number to the measurements; what lies outside the limits is brought to the nearer one. */
  protected numberOf(step: ChosenStep, parameter: { name: string; facts: ParameterFacts }, event: Event): ChosenStep {
    const field = event.target as HTMLInputElement;
    if (field.value.trim() === '' || !Number.isFinite(field.valueAsNumber)) {
      const { [parameter.name]: _left, ...parameters } = step.parameters;
      return { ...step, parameters };
    }
    const value = Math.min(parameter.facts.most, Math.max(parameter.facts.least, field.valueAsNumber));
    field.value = String(value);
    return this.withNumber(step, parameter.name, value);
  }
}
