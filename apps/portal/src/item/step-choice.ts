import { Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import {
  factsOf,
  factsOfStep,
  levelOfStep,
  modelKey,
  operationNames,
  parametersOf,
  treatmentLevelWords,
  treatmentLevels,
  type ModelName,
  type ModelPin,
  type Operation,
  type ParameterFacts,
  type TreatmentLevel,
} from '@albumen/domain';
import type { ModelView } from '@albumen/contracts';
import { Pressed } from '../controls/pressed';
import { Icon } from '../icons/icon';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ModelShelf } from '../models/model-shelf';
import { ProblemPanel } from '../problems/problem-panel';
import { Strength } from '../treatment/strength';
import { TreatmentMarks } from '../treatment/treatment-marks';
import { freshStep, type ChosenStep, type ChosenSteps } from './recipe-draft';

/** A model that was brought in, as a step offers it. */
interface OfferedModel {
  readonly view: ModelView;
  readonly name: ModelName;
  readonly key: string;
  /** Why this collection cannot use it, or nothing. */
  readonly locked: string;
}
interface Row {
  readonly operation: Operation;
  readonly step: ChosenStep | undefined;
  readonly models: readonly OfferedModel[];
  /** Key of the model that is named, or nothing. */
  readonly chosen: string;
  readonly needsModel: boolean;
  readonly level: TreatmentLevel;
  readonly label: string;
  readonly canInvent: boolean;
  /** What is done, where a model does it. */
  readonly did: string;
  readonly locked: string;
  readonly parameters: readonly { readonly name: string; readonly facts: ParameterFacts; readonly label: string }[];
}

/** Every operation of the table with its strength and its numbers; what a collection does not allow says why. */
@Component({
  selector: 'albumen-step-choice',
  imports: [Icon, Pressed, ProblemPanel, RouterLink, Strength, TreatmentMarks],
  template: `
    @if (shelf.view.error()) {
      <p class="small warn lock"><albumen-icon name="warning" />{{ t('recipe.models.failed') }}</p>
      <albumen-problem [error]="shelf.view.error()" (retry)="shelf.read()" />
    }
    @for (row of rows(); track row.operation) {
      <div class="step" [class.locked]="row.locked !== ''">
        <label class="what">
          <input
            type="checkbox"
            [checked]="row.step !== undefined"
            [disabled]="row.locked !== ''"
            (change)="toggle(row)"
          />
          <span class="grow"
            ><b>{{ row.label }}</b>
            <albumen-treatment-marks [level]="row.level" [canInvent]="row.canInvent" />
            @if (row.needsModel) {
              <span class="small warn">{{ t('recipe.suggestion') }}</span>
            }
          </span>
        </label>
        @if (row.did) {
          <p class="small quiet did">{{ row.did }}</p>
        }
        @if (row.locked) {
          <p class="small quiet lock"><albumen-icon name="lock" />{{ row.locked }}</p>
        }
        @if (row.step; as step) {
          <div class="numbers">
            @if (row.models.length) {
              <label class="with"
                ><span>{{ t('recipe.with') }}</span>
                <select
                  class="input"
                  [attr.aria-label]="t('recipe.with') + ': ' + row.label"
                  (change)="choose(row, step, $any($event.target).value)"
                >
                  @if (!row.needsModel) {
                    <option value="" [selected]="!step.model">{{ t('recipe.with.own') }}</option>
                  }
                  @for (model of row.models; track model.key) {
                    <option [value]="model.key" [selected]="model.key === row.chosen" [disabled]="model.locked !== ''">
                      {{ model.key }}{{ model.locked ? ' (' + model.locked + ')' : '' }}
                    </option>
                  }
                </select></label
              >
            }
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
              @if (parameter.facts.choices; as choices) {
                <div
                  class="segment"
                  [class.words]="parameter.facts.words !== undefined"
                  role="group"
                  [attr.aria-label]="parameter.label"
                >
                  <span>{{ parameter.label }}</span>
                  <span class="choices">
                    @if (parameter.facts.otherwise === null) {
                      <button
                        type="button"
                        class="button"
                        [albumenPressed]="step.parameters[parameter.name] === undefined"
                        (click)="changed.emit({ operation: row.operation, step: asMeasured(step, parameter.name) })"
                      >
                        {{ t('recipe.asMeasured') }}
                      </button>
                    }
                    @for (value of choices; track value) {
                      <button
                        type="button"
                        class="button"
                        [albumenPressed]="(step.parameters[parameter.name] ?? parameter.facts.otherwise) === value"
                        (click)="changed.emit({ operation: row.operation, step: chosen(step, parameter.name, value) })"
                      >
                        {{ valueWord(parameter.facts, value) ?? value }}{{ parameter.name === 'scale' ? '×' : '' }}
                      </button>
                    }
                  </span>
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
    @if (offersModels()) {
      <p class="small about">
        <a routerLink="/desk/models" target="_blank">{{ t('recipe.models.about') }}</a>
      </p>
    }
  `,
  styleUrl: './step-choice.scss',
})
export class StepChoice {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly shelf = inject(ModelShelf);
  readonly steps = input.required<ChosenSteps>();
  readonly allowedLevel = input.required<number>();
  /** Operations that cannot be chosen here, each with its reason in words. */
  readonly excluded = input<Readonly<Partial<Record<Operation, string>>>>({});
  readonly changed = output<{ readonly operation: Operation; readonly step: ChosenStep | null }>();

  protected readonly rows = computed(() =>
    operationNames.flatMap((operation): Row[] => {
      const facts = factsOf(operation);
      const step = this.steps().get(operation);
      const models = this.modelsOf(operation, step);
      const needsModel = facts.broughtIn?.how === 'needed';
      // A step without a way of its own is there only where a model is.
      if (needsModel && models.length === 0 && !step) return [];
      const chosen = step?.model ? modelKey(step.model) : '';
      const model = models.find(({ key }) => key === chosen) ?? (needsModel ? models[0] : undefined);
      const pinned = { operation, model: model ? pinOf(model.view) : null };
      const level = levelOfStep(pinned);
      return [
        {
          operation,
          step,
          models,
          chosen,
          needsModel,
          level,
          label: this.language.text(facts.label),
          canInvent: factsOfStep(pinned).canInvent,
          did: needsModel || (step && model) ? this.language.text(factsOfStep(pinned).did) : '',
          locked: this.lockedWords(Math.max(facts.level, needsModel ? level : 0)) || (this.excluded()[operation] ?? ''),
          parameters: Object.entries(parametersOf(operation, pinned.model)).map(([name, one]) => ({
            name,
            facts: one,
            label: this.language.text(one.label),
          })),
        },
      ];
    }),
  );

  protected readonly offersModels = computed(() => this.rows().some(({ models }) => models.length > 0));

  constructor() {
    this.shelf.read();
  }

  protected toggle(row: Row): void {
    const { operation } = row;
    if (this.steps().has(operation)) this.changed.emit({ operation, step: null });
    else this.changed.emit({ operation, step: freshStep(operation, row.needsModel ? row.models[0]?.name : undefined) });
  }

  /** Names the model of a step by its key; none: Albumen's own way. */
  protected choose(row: Row, step: ChosenStep, key: string): void {
    const { model: _own, parameters: before, ...rest } = step;
    const named = row.models.find((model) => model.key === key);
    // A number that only the model before took goes with it.
    const known = parametersOf(row.operation, named ? pinOf(named.view) : null);
    const parameters = Object.fromEntries(Object.entries(before).filter(([name]) => Object.hasOwn(known, name)));
    this.changed.emit({
      operation: row.operation,
      step: { ...rest, parameters, ...(named ? { model: named.name } : {}) },
    });
  }

  /** Models that the step may name, those that the collection's level allows first. */
  private modelsOf(operation: Operation, step: ChosenStep | undefined): readonly OfferedModel[] {
    return this.shelf
      .fitting(operation, step?.parameters['scale'])
      .map((view) => {
        const level = levelOfStep({ operation, model: pinOf(view) });
        return {
          view,
          name: { id: view.id, version: view.version },
          key: modelKey(view),
          locked: level > this.allowedLevel() ? this.t('recipe.with.locked', { n: level }) : '',
        };
      })
      .sort((one, other) => Number(one.locked !== '') - Number(other.locked !== ''));
  }

  private lockedWords(level: number): string {
    if (level <= this.allowedLevel()) return '';
    const [n, allowed] = [level, this.allowedLevel()].map((one) => treatmentLevels.find((known) => known === one) ?? 0);
    return this.t('recipe.locked', {
      n,
      word: this.language.text(treatmentLevelWords[n ?? 0]),
      allowed,
      allowedWord: this.language.text(treatmentLevelWords[allowed ?? 0]),
    });
  }

  protected valueWord({ words }: ParameterFacts, value: number): string | null {
    const word = words?.[value];
    return word ? this.language.text(word) : null;
  }

  protected strengthOf(step: ChosenStep, percent: number): ChosenStep {
    return { ...step, strength: percent / 100 };
  }

  /** A model enlarges by one scale alone: another scale goes back to Albumen's own way. */
  protected chosen(step: ChosenStep, name: string, value: number): ChosenStep {
    const { model: _ofTheOther, ...rest } = step;
    return this.withNumber(name !== 'scale' || step.parameters[name] === value ? step : rest, name, value);
  }

  protected withNumber(step: ChosenStep, name: string, value: number): ChosenStep {
    return { ...step, parameters: { ...step.parameters, [name]: value } };
  }

  /** Leaves a number to the measurements. */
  protected asMeasured(step: ChosenStep, name: string): ChosenStep {
    const { [name]: _left, ...parameters } = step.parameters;
    return { ...step, parameters };
  }

  /** An empty field leaves the number to the measurements; what lies outside the limits is brought to the nearer one. */
  protected numberOf(step: ChosenStep, parameter: { name: string; facts: ParameterFacts }, event: Event): ChosenStep {
    const field = event.target as HTMLInputElement;
    if (field.value.trim() === '' || !Number.isFinite(field.valueAsNumber)) {
      return this.asMeasured(step, parameter.name);
    }
    const value = Math.min(parameter.facts.most, Math.max(parameter.facts.least, field.valueAsNumber));
    field.value = String(value);
    return this.withNumber(step, parameter.name, value);
  }
}

/** What the table asks of a model to say what a step with it is. */
function pinOf({ id, version, sha256, adapter, level, takes }: ModelView): ModelPin {
  return { id, version, sha256, takes, ...(adapter ? { adapter } : {}), ...(level === null ? {} : { level }) };
}
