import {
  broughtInOf,
  factsOf,
  isAllowed,
  modelKey,
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
  /** The model that was brought in and that a step uses, checked against its operation; null where there is none. */
  broughtIn(operation: Operation): InstalledModel | null;
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
    requireAllowed(step);
    before = place;
    // Also where the engine does not run it itself (the mask, the faces): that its bytes are still the same is a promise.
    for (const pin of [...(step.model === null ? [] : [step.model]), ...(step.further ?? [])]) pinnedModel(models, pin);
  }
  const of = (operation: Operation): RecipeStep | null =>
    recipe.steps.find((step) => step.operation === operation) ?? null;
  const broughtIn = (operation: Operation): InstalledModel | null => broughtInModel(of(operation), models);
  for (const { operation } of recipe.steps)
    if (broughtIn(operation) === null && factsOf(operation).broughtIn?.how === 'needed')
      throw refuse('model.needed', { operation, adapter: factsOf(operation).broughtIn?.adapter ?? '' });
  requireOneLook(of('reduce-noise'), broughtIn('reduce-noise'));
  return {
    operations: recipe.steps.map((step) => step.operation),
    of,
    denoiser: broughtIn('reduce-noise') ?? netOf(of('reduce-noise'), models, denoiserOf(of('reduce-noise')), 1),
    filler: broughtIn('repair-damage') ?? fillerOf(of('repair-damage'), models),
    enlarger: enlargerOf(of('enlarge'), models, broughtIn('enlarge')),
    broughtIn,
    protect: recipe.protect ?? [],
  };
}

function requireAllowed({ operation, parameters }: RecipeStep): void {
  for (const [parameter, limits] of Object.entries(factsOf(operation).parameters)) {
    const value = parameters[parameter];
    if (value === undefined || isAllowed(limits, value)) continue;
    const { least, most } = limits;
    throw refuse('restoration.parameter-out-of-range', { operation, parameter, value, least, most });
  }
}

/** A model that sees the picture as a whole sees it once: a recipe must not say that it looked more often. */
function requireOneLook(step: RecipeStep | null, brought: InstalledModel | null): void {
  const value = step?.parameters['views'] ?? 1;
  if (step === null || value === 1 || brought?.broughtIn?.whole !== true) return;
  const { operation } = step;
  throw refuse('restoration.parameter-out-of-range', { operation, parameter: 'views', value, least: 1, most: 1 });
}

const denoiserOf = (step: RecipeStep | null): string => (step?.parameters['white'] === 1 ? 'denoise-s' : 'restore-s');

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

/** Refuses `model.unsuitable` where the adapter of a brought-in model is not the one that the table names. */
function broughtInModel(step: RecipeStep | null, models: ReadonlyMap<string, InstalledModel>): InstalledModel | null {
  const pin = step === null ? null : broughtInOf(step);
  if (step === null || pin === null) return null;
  const model = pinnedModel(models, pin);
  // What the recipe says of it is not believed: its own description is.
  if (model.broughtIn === undefined || model.broughtIn.adapter !== factsOf(step.operation).broughtIn?.adapter)
    throw refuse('model.unsuitable', { model: modelKey(pin), operation: step.operation });
  return model;
}

function enlargerOf(
  step: RecipeStep | null,
  models: ReadonlyMap<string, InstalledModel>,
  brought: InstalledModel | null,
): InstalledModel | null {
  if (step === null) return null;
  const scale = step.parameters['scale'] ?? factsOf('enlarge').parameters['scale']?.otherwise ?? 2;
  if (brought === null) return netOf(step, models, `up${scale}`, scale);
  if (brought.scale !== scale) throw refuse('model.unsuitable', { model: modelKey(brought), operation: 'enlarge' });
  return brought;
}
