import {
  markUpLimits,
  factsOf,
  inOrder,
  levelOf,
  operationNames,
  proposeRecipe,
  protectedByDefault,
  refuse,
  step,
  usualParameters,
  type ColourHint,
  type DamageReport,
  type ModelName,
  type ModelPins,
  type Operation,
  type PresetName,
  type ProtectedArea,
  type Recipe,
  type RecipeStep,
  type Stroke,
  type TreatmentLevel,
} from '@albumen/domain';

/** A step as it is asked for; what it leaves out is taken from the measurements or from the operations table. */
export interface WantedStep {
  readonly operation: string;
  readonly strength: number;
  readonly parameters: Readonly<Record<string, number>>;
  readonly strokes?: readonly Stroke[] | undefined;
  readonly hints?: readonly ColourHint[] | undefined;
  /** A model that was brought in and that the step should use. */
  readonly model?: ModelName | undefined;
}

/** What a recipe is made from. */
export interface RecipeGround {
  readonly report: DamageReport;
  readonly pins: ModelPins;
  readonly preset: PresetName;
}

/**
 * The recipe of a request: its own steps in recipe order, or without any what the report calls for under the preset.
 * Errors: `restoration.step-unknown`, `restoration.parameter-out-of-range`, `restoration.mark-up-invalid`, `model.missing`,
 * `restoration.nothing-to-do`, `request.invalid` (an operation twice).
 */
export function requestedRecipe(
  wanted: {
    readonly steps?: readonly WantedStep[] | undefined;
    readonly protect?: readonly ProtectedArea[] | undefined;
  },
  ground: RecipeGround,
): Recipe {
  const proposed = proposalOf(ground);
  const steps = wanted.steps
    ? inOrder(wanted.steps.map((one) => wantedStep(one, proposed, ground)))
    : // Without steps of its own a request needs every model that the measurements call for.
      proposeRecipe(ground.report, ground.pins, ground.preset).steps;
  if (steps.length === 0) throw refuse('restoration.nothing-to-do');
  if (new Set(steps.map((each) => each.operation)).size < steps.length)
    throw refuse('request.invalid', { detail: 'an operation stands in a recipe once at most' });
  const drawn = steps.flatMap((each) => [...(each.strokes ?? []), ...(each.hints ?? []).map((hint) => hint.stroke)]);
  const points = drawn.reduce((sum, stroke) => sum + stroke.points.length, 0);
  if (points > markUpLimits.points)
    throw invalid(`Expected at most ${markUpLimits.points} points but received ${points}`);
  // What a request says nothing of is protected as it is by default; an empty list lifts every protection.
  const protect = wanted.protect ?? protectedByDefault(ground.report);
  for (const area of protect) requireInside(area);
  return { version: 1, steps, ...(protect.length > 0 ? { protect } : {}) };
}

const invalid = (detail: string): Error => refuse('restoration.mark-up-invalid', { detail });

/** Parameters that a proposal would carry; a model that is missing matters only to a step that was asked for. */
function proposalOf({ report, pins, preset }: RecipeGround): Recipe {
  const known = Object.fromEntries(
    operationNames.flatMap((name) => factsOf(name).models).map((id) => [id, { id, version: '', sha256: '' }]),
  );
  return proposeRecipe(report, { ...known, ...pins }, preset);
}

/** One step with every number it needs, checked. */
function wantedStep(wanted: WantedStep, proposed: Recipe, { report, pins }: RecipeGround): RecipeStep {
  if (!(operationNames as readonly string[]).includes(wanted.operation))
    throw refuse('restoration.step-unknown', { operation: wanted.operation });
  const operation = wanted.operation as Operation;
  const known =
    proposed.steps.find((each) => each.operation === operation)?.parameters ?? usualParameters(operation, report, pins);
  const made = step(operation, wanted.strength, { ...known, ...wanted.parameters }, pins, wanted.model);
  requireSense(made);
  const { strokes = [], hints = [] } = wanted;
  if (strokes.length > 0 && factsOf(operation).kind !== 'region')
    throw invalid(`drawn marks belong to steps that work on areas, not to ${operation}`);
  if (operation === 'rebuild-area' && strokes.length === 0)
    throw invalid('rebuild-area needs at least one drawn mark over what is lost');
  if (hints.length > 0 && operation !== 'guide-colour')
    throw invalid(`colours belong to guide-colour, not to ${operation}`);
  if (operation === 'guide-colour' && hints.length === 0) throw invalid('guide-colour needs at least one colour');
  return {
    ...made,
    ...(strokes.length > 0 ? { strokes } : {}),
    ...(hints.length > 0 ? { hints: hints.map((hint) => ({ ...hint, note: hint.note.normalize('NFC').trim() })) } : {}),
  };
}

/** What the table's limits do not say: tones must not cross. */
function requireSense({ operation, parameters }: RecipeStep): void {
  const { blackPoint, whitePoint } = parameters;
  if (blackPoint !== undefined && whitePoint !== undefined && whitePoint - blackPoint < 1)
    throw refuse('restoration.parameter-out-of-range', {
      operation,
      parameter: 'whitePoint',
      value: whitePoint,
      least: blackPoint + 1,
      most: 100,
    });
}

function requireInside({ x, y, width, height }: ProtectedArea): void {
  const inside = width > 0 && height > 0 && x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9;
  if (!inside)
    throw invalid(`Expected a protected area inside the picture but received ${width} × ${height} at ${x}, ${y}`);
}

/** Refuses with `restoration.level-above-collection`, both levels named: before anything is asked of models. */
export function requireLevelWithin(
  steps: readonly { readonly operation: string }[] | undefined,
  allowed: TreatmentLevel,
): void {
  const levels = (steps ?? [])
    .filter(({ operation }) => (operationNames as readonly string[]).includes(operation))
    .map(({ operation }) => factsOf(operation as Operation).level);
  requireLevel(Math.max(0, ...levels), allowed);
}

/** The same of a recipe, where a model that was brought in may lift the level of its step. */
export function requireRecipeWithin(recipe: Recipe, allowed: TreatmentLevel): void {
  requireLevel(levelOf(recipe), allowed);
}

function requireLevel(needed: number, allowed: TreatmentLevel): void {
  if (needed > allowed) throw refuse('restoration.level-above-collection', { needed, allowed });
}

/** True where the measurements call for a treatment at all, whatever a collection proposes by itself. */
export function callsForTreatment(ground: Omit<RecipeGround, 'preset'>): boolean {
  return proposalOf({ ...ground, preset: 'repair' }).steps.length > 0;
}
