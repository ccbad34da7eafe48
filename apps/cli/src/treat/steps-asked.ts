import {
  factsOf,
  guarded,
  inOrder,
  isAllowed,
  modelKey,
  operationNames,
  presets,
  proposeRecipe,
  refuse,
  step,
  treatmentLevelWords,
  usualParameters,
  type DamageReport,
  type ModelName,
  type ModelPin,
  type Operation,
  type PresetName,
  type Recipe,
  type RecipeStep,
} from '@albumen/domain';
import { CommandFault, exitCodes } from '../command-fault.js';

/** One step as it was written: what is left out is taken from the measurements. */
export interface StepAsked {
  readonly operation: Operation;
  readonly strength: number | null;
  readonly parameters: Readonly<Record<string, number>>;
  /** A model that was brought in and that the step should use. */
  readonly model?: ModelName;
}

/** How a picture is to be treated. */
export interface TreatmentAsked {
  readonly preset: PresetName;
  /** Whether somebody named the preset: what is named is a limit. */
  readonly presetNamed: boolean;
  /** Null: what the measurements call for. */
  readonly steps: readonly StepAsked[] | null;
  readonly scale: 2 | 4 | null;
  /** Runs also where nothing was measured that calls for it. */
  readonly force: boolean;
}

/** Strength of a step that nothing was measured for and nobody gave one; grain is softened, not taken away. */
const unaskedStrength = (operation: Operation): number => (operation === 'reduce-noise' ? 0.7 : 1);

/** Steps that --force runs where the preset allows them: those that undo a measured amount need the amount. */
const forcedOperations: readonly Operation[] = ['repair-damage', 'reduce-noise', 'correct-tone'];

/**
 * Reads `--steps`: `OPERATION[:STRENGTH][:PARAMETER=NUMBER]…[:model=ID@VERSION]`, with commas between steps. Throws CommandFault (usage) that
 * names what was expected.
 */
export function readSteps(text: string): readonly StepAsked[] {
  const steps = text.split(',').map((part) => readStep(part.trim()));
  for (const [place, { operation }] of steps.entries())
    if (steps.findIndex((other) => other.operation === operation) !== place)
      throw usage(`Expected each step once for --steps but received ${operation} twice.`);
  return steps;
}

function readStep(text: string): StepAsked {
  const [name = '', ...rest] = text.split(':');
  const operation = operationNames.find((known) => known === name);
  if (operation === undefined)
    throw usage(`Expected one of ${operationNames.join(', ')} for --steps but received "${name}".`);
  if (operation === 'guide-colour')
    throw usage('The step guide-colour needs colours that a person gives with their evidence: use the desk for it.');
  if (operation === 'rebuild-area')
    throw usage('The step rebuild-area needs areas that a person marks as lost: use the portal for it.');
  let strength: number | null = null;
  let model: ModelName | undefined;
  const parameters: Record<string, number> = {};
  for (const part of rest) {
    const [key = '', value] = part.split('=');
    if (value === undefined) {
      strength = numberOf(key, `the strength of ${operation}`, 0, 1);
      continue;
    }
    if (key === 'model') {
      model = modelOf(value, operation);
      continue;
    }
    const limits = Object.hasOwn(factsOf(operation).parameters, key) ? factsOf(operation).parameters[key] : undefined;
    if (limits === undefined) {
      const known = Object.keys(factsOf(operation).parameters).join(', ') || 'no parameter';
      throw usage(`Expected ${known} for ${operation} but received "${key}".`);
    }
    const number = numberOf(value, `${key} of ${operation}`, limits.least, limits.most);
    if (!isAllowed(limits, number))
      throw usage(`Expected ${limits.choices?.join(' or ')} for ${key} of ${operation} but received ${number}.`);
    parameters[key] = number;
  }
  return { operation, strength, parameters, ...(model === undefined ? {} : { model }) };
}

function modelOf(text: string, operation: Operation): ModelName {
  const [id = '', version = '', ...rest] = text.split('@');
  if (factsOf(operation).broughtIn === undefined) throw usage(`The step ${operation} takes no model of your own.`);
  if (id === '' || version === '' || rest.length > 0)
    throw usage(`Expected ID@VERSION for the model of ${operation} but received "${text}".`);
  return { id, version };
}

function numberOf(text: string, what: string, least: number, most: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw usage(`Expected a number between ${least} and ${most} for ${what} but received "${text}".`);
}

/** Refuses (usage) steps that need a higher treatment level than the preset that was named. */
export function requireWithin(preset: PresetName, operations: readonly Operation[]): void {
  for (const operation of operations) {
    const { level } = factsOf(operation);
    if (level <= presets[preset].level) continue;
    throw usage(
      `The step ${operation} is ${treatmentLevelWords[level].en} (level ${level}); the preset ${preset} goes as far as level ${presets[preset].level}. Name a further preset, or leave --preset out.`,
    );
  }
}

/**
 * The same of models that steps name: one may be accepted for a higher level than its step has. Refuses
 * `restoration.level-above-collection`, as a server does.
 */
export function requireModelsWithin(
  preset: PresetName,
  steps: readonly StepAsked[],
  pins: Readonly<Record<string, ModelPin>>,
): void {
  const allowed = presets[preset].level;
  for (const { model } of steps) {
    const needed = model === undefined ? 0 : (pins[modelKey(model)]?.level ?? 0);
    if (needed > allowed) throw refuse('restoration.level-above-collection', { needed, allowed });
  }
}

/**
 * The recipe of one picture; without steps where no treatment is needed. Refuses `model.missing` and
 * `restoration.parameter-out-of-range`.
 */
export function recipeFor(
  asked: TreatmentAsked,
  report: DamageReport,
  pins: Readonly<Record<string, ModelPin>>,
): Recipe {
  const measured = proposeRecipe(report, pins, asked.preset);
  const steps =
    asked.steps === null
      ? [...measured.steps, ...(asked.force && measured.steps.length === 0 ? forcedSteps(asked, report, pins) : [])]
      : asked.steps.map((one) => filled(one, measured, report, pins));
  const enlarging = asked.scale === null ? [] : [step('enlarge', 1, { scale: asked.scale }, pins)];
  const all = inOrder([
    ...steps.filter(({ operation }) => enlarging.length === 0 || operation !== 'enlarge'),
    ...enlarging,
  ]);
  return guarded({ version: 1, steps: all }, report);
}

function forcedSteps(
  { preset }: TreatmentAsked,
  report: DamageReport,
  pins: Readonly<Record<string, ModelPin>>,
): RecipeStep[] {
  const { proposes, noiseStrength } = presets[preset];
  return forcedOperations
    .filter((operation) => proposes.includes(operation))
    .map((operation) => {
      const strength = Math.min(unaskedStrength(operation), operation === 'reduce-noise' ? noiseStrength : 1);
      return step(operation, strength, usualParameters(operation, report, pins), pins);
    });
}

/** A step as asked for; what was left out comes from the measured proposal, then from the table and the measurements. */
function filled(
  one: StepAsked,
  measured: Recipe,
  report: DamageReport,
  pins: Readonly<Record<string, ModelPin>>,
): RecipeStep {
  const proposed = measured.steps.find(({ operation }) => operation === one.operation);
  const parameters = {
    ...usualParameters(one.operation, report, pins),
    ...(proposed?.parameters ?? {}),
    ...one.parameters,
  };
  const strength = one.strength ?? proposed?.strength ?? unaskedStrength(one.operation);
  return step(one.operation, strength, parameters, pins, one.model);
}

function usage(sentence: string): CommandFault {
  return new CommandFault(exitCodes.usage, `${sentence} See: albumen restore --help`);
}
