import { operationNames, operations, refuse, type Operation, type Recipe, type RecipeStep } from '@albumen/domain';
import { pinnedModel, type InstalledModel } from '../models.js';

/** The steps of a recipe by operation, checked: known operations, each once, in the order of the operations table. */
export interface CheckedSteps {
  readonly repair: RecipeStep | null;
  readonly noise: { readonly step: RecipeStep; readonly model: InstalledModel } | null;
  readonly tone: RecipeStep | null;
  readonly operations: readonly Operation[];
}

/**
 * Checks a recipe against the installed models. Refuses `restoration.step-unknown`, `restoration.nothing-to-do`,
 * `restoration.engine-failed` for steps out of order, `model.missing`, `model.digest-differs`.
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
  }
  const of = (operation: Operation): RecipeStep | null =>
    recipe.steps.find((step) => step.operation === operation) ?? null;
  const noise = of('reduce-noise');
  const repair = of('repair-damage');
  // The mask was made by the pinned damage model; that its bytes are still the same is part of the promise.
  if (repair?.model) pinnedModel(models, repair.model);
  if (noise !== null && noise.model === null) throw refuse('model.missing', { model: 'restore-s' });
  return {
    repair,
    noise: noise?.model ? { step: noise, model: pinnedModel(models, noise.model) } : null,
    tone: of('correct-tone'),
    operations: recipe.steps.map((step) => step.operation),
  };
}
