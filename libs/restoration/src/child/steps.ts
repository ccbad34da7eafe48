import {
  factsOf,
  operationNames,
  operations,
  refuse,
  type Operation,
  type Recipe,
  type RecipeStep,
} from '@albumen/domain';
import { pinnedModel, type InstalledModel } from '../models.js';

/** The steps of a recipe by operation, checked: known operations, each once, in the order of the operations table. */
export interface CheckedSteps {
  readonly operations: readonly Operation[];
  /** The step of an operation, or null. */
  of(operation: Operation): RecipeStep | null;
  /** The net that reduces noise, that fills holes, that enlarges; null where the recipe does not pin it. */
  readonly denoiser: InstalledModel | null;
  readonly filler: InstalledModel | null;
  readonly enlarger: InstalledModel | null;
  readonly protect: NonNullable<Recipe['protect']>;
}

/**
 * Checks a recipe against the installed models. Refuses `restoration.step-unknown`, `restoration.nothing-to-do`,
 * `restoration.parameter-out-of-range`, `restoration.engine-failed` for steps out of order, `model.missing`,
 * `model.digest-differs`.
 */
export function checkSteps(recipe: Recipe, models: ReadonlyMap<string, InstalledModel>): CheckedSteps {
  if (recipe.steps.length === 0) throw refuse('restoration.nothing-to-do');
  let before = -1;
  for (const step of recipe.steps) {
    if (!Object.hasOwn(operations, step.operation))
      throw refuse('restoration.step-unknown', { operation: step.operation });
    const place = operationNames.indexOf(step.operation);
    if (place <= before)
      throw refuse('restoration.engine-failed', { detail: `the step ${step.operation} stands out of order` });
    if (!(step.strength >= 0 && step.strength <= 1))
      throw refuse('restoration.engine-failed', { detail: `a strength of ${step.strength}` });
    before = place;
    // Also where the engine does not run it itself (the mask, the faces): that its bytes are still the same is a promise.
    for (const pin of [...(step.model === null ? [] : [step.model]), ...(step.further ?? [])]) pinnedModel(models, pin);
  }
  const of = (operation: Operation): RecipeStep | null =>
    recipe.steps.find((step) => step.operation === operation) ?? null;
  return {
    operations: recipe.steps.map((step) => step.operation),
    of,
    denoiser: netOf(of('reduce-noise'), models, 'restore-s', 1),
    filler: fillerOf(of('repair-damage'), models),
    enlarger: enlargerOf(of('enlarge'), models),
    protect: recipe.protect ?? [],
  };
}

function netOf(
  step: RecipeStep | null,
  models: ReadonlyMap<string, InstalledModel>,
  id: string,
  scale: number,
): InstalledModel | null {
  if (step === null) return null;
  const pin = [step.model, ...(step.further ?? [])].find((candidate) => candidate?.id === id);
  if (!pin) throw refuse('model.missing', { model: id });
  const model = pinnedModel(models, pin);
  if (model.scale !== scale)
    throw refuse('restoration.engine-failed', { detail: `${id} enlarges ${model.scale} times, not ${scale}` });
  return model;
}

function fillerOf(step: RecipeStep | null, models: ReadonlyMap<string, InstalledModel>): InstalledModel | null {
  const pin = step?.further?.find(({ id }) => id === 'fill-s');
  if (pin === undefined) return null;
  const model = pinnedModel(models, pin);
  if (model.mask === null)
    throw refuse('restoration.engine-failed', { detail: 'fill-s names no input for its mask in model.json' });
  return model;
}

function enlargerOf(step: RecipeStep | null, models: ReadonlyMap<string, InstalledModel>): InstalledModel | null {
  if (step === null) return null;
  const limits = factsOf('enlarge').parameters['scale'];
  const scale = step.parameters['scale'] ?? limits?.otherwise ?? 2;
  if (scale !== 2 && scale !== 4)
    throw refuse('restoration.parameter-out-of-range', {
      operation: 'enlarge',
      parameter: 'scale',
      value: scale,
      least: 2,
      most: 4,
    });
  return netOf(step, models, `up${scale}`, scale);
}
