import { filledClasses, proposalThresholds, type DamageReport } from './damage-report.js';
import { factsOf, operationNames, type Operation, type TreatmentLevel } from './operations.js';
import { refuse } from './errors.js';

/** A model pinned by its bytes. */
export interface ModelPin {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
}

/** One ordered step. `strength` is 0..1; strength 0 is bit-exact identity. Parameters are plain numbers, all recorded. */
export interface RecipeStep {
  readonly operation: Operation;
  readonly strength: number;
  readonly parameters: Readonly<Record<string, number>>;
  readonly model: ModelPin | null;
}

/** Ordered steps. The digest of its canonical JSON names the intent. */
export interface Recipe {
  readonly version: 1;
  readonly steps: readonly RecipeStep[];
}

/** The treatment level a recipe needs: the highest of its steps; 0 for an empty one. */
export function levelOf(recipe: Recipe): TreatmentLevel {
  return recipe.steps.reduce<TreatmentLevel>((level, step) => {
    const needed = factsOf(step.operation).level;
    return needed > level ? needed : level;
  }, 0);
}

/**
 * The recipe that the measurements call for, in the order the nets were trained for. Empty steps mean
 * "no treatment needed". `pins` maps model id → pin for the models that are installed.
 */
export function proposeRecipe(report: DamageReport, pins: Readonly<Record<string, ModelPin>>): Recipe {
  const floors = proposalThresholds;
  const marks = filledClasses.map((kind) => report.masks[kind]);
  const share = marks.reduce((sum, mask) => sum + mask.share, 0);
  const count = marks.reduce((sum, mask) => sum + mask.count, 0);
  const steps: RecipeStep[] = [];
  if ((share >= floors.damageShare && count >= 1) || count >= floors.damageCount)
    steps.push(step('repair-damage', 1, { grain: 1 }, pins));
  if (report.noise.value >= floors.noise && report.noise.confidence >= floors.noiseConfidence)
    steps.push(step('reduce-noise', noiseStrength(report.noise.value), {}, pins));
  const cast = report.tonality.value === 'colour' && report.cast.value >= floors.cast;
  if (report.fading.value >= floors.fading || cast) {
    steps.push(
      step(
        'correct-tone',
        1,
        { balance: cast ? 1 : 0, blackPoint: report.fading.blackPoint, whitePoint: report.fading.whitePoint },
        pins,
      ),
    );
  }
  return { version: 1, steps };
}

/** A step with the pin its operation needs; refuses with `model.missing` where that model is not installed. */
export function step(
  operation: Operation,
  strength: number,
  parameters: Readonly<Record<string, number>>,
  pins: Readonly<Record<string, ModelPin>>,
): RecipeStep {
  const id = factsOf(operation).model;
  const model = id === null ? null : pins[id];
  if (model === undefined) throw refuse('model.missing', { model: id });
  return { operation, strength, parameters, model };
}

/** Sorts steps into the order of the operations table; a recipe has each operation at most once. */
export function inOrder(steps: readonly RecipeStep[]): readonly RecipeStep[] {
  return [...steps].sort((a, b) => operationNames.indexOf(a.operation) - operationNames.indexOf(b.operation));
}

/** Period grain stays visible: the default keeps 30 % of it, more correction only where noise is strong. */
function noiseStrength(sigma: number): number {
  return Math.round(Math.min(0.95, 0.7 + (sigma - proposalThresholds.noise) * 0.02) * 100) / 100;
}
