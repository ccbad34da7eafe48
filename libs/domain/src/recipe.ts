import { filledClasses, proposalThresholds, type DamageReport } from './damage-report.js';
import type { ColourHint, ProtectedArea, Stroke } from './mark-up.js';
import { presets, type PresetName } from './preset.js';
import { modelKey, type ModelName, type ModelPin, type ModelPins } from './models.js';
import {
  factsOf,
  isAllowed,
  operationNames,
  type Operation,
  type OperationFacts,
  type TreatmentLevel,
} from './operations.js';
import { refuse } from './errors.js';

/** One ordered step. `strength` is 0..1; strength 0 is bit-exact identity. Parameters are plain numbers, all recorded. */
export interface RecipeStep {
  readonly operation: Operation;
  readonly strength: number;
  readonly parameters: Readonly<Record<string, number>>;
  /** The model that the operation needs first, or null for a classical one. */
  readonly model: ModelPin | null;
  /** Further models it uses (the net that fills, that enlarges four times), each pinned. */
  readonly further?: readonly ModelPin[];
  /** `repair-damage`, `reduce-stains`: what a person drew because the machine missed it; `rebuild-area`: what is lost. */
  readonly strokes?: readonly Stroke[];
  /** `guide-colour`: the colours that are known. */
  readonly hints?: readonly ColourHint[];
}

/** Ordered steps. The digest of its canonical JSON names the intent. */
export interface Recipe {
  readonly version: 1;
  readonly steps: readonly RecipeStep[];
  /** Areas that no step that can invent may touch. */
  readonly protect?: readonly ProtectedArea[];
}

/** The treatment level a recipe needs: the highest of its steps; 0 for an empty one. */
export function levelOf(recipe: Recipe): TreatmentLevel {
  return recipe.steps.reduce<TreatmentLevel>((level, step) => {
    const needed = levelOfStep(step);
    return needed > level ? needed : level;
  }, 0);
}

/** What of a step says which models it uses. */
type PinnedStep = Pick<RecipeStep, 'operation' | 'model' | 'further'>;

/** Every model that a step pins. */
export function pinsOfStep(step: Pick<RecipeStep, 'model' | 'further'>): readonly ModelPin[] {
  return [...(step.model === null ? [] : [step.model]), ...(step.further ?? [])];
}

/** The model that was brought in and that a step uses; null where it goes Albumen's own way. */
export function broughtInOf(step: Pick<RecipeStep, 'model' | 'further'>): ModelPin | null {
  return pinsOfStep(step).find(({ adapter }) => adapter !== undefined) ?? null;
}

/** Level of a step: its operation's, or that which its brought-in model was accepted for, where that is higher. */
export function levelOfStep(step: PinnedStep): TreatmentLevel {
  const { level } = factsOf(step.operation);
  const accepted = broughtInOf(step)?.level ?? 0;
  return accepted > level ? accepted : level;
}

/** What an operation did, in words: a model that was brought in may do what Albumen's own way does not. */
export function didOf(operation: Operation, byBroughtIn: boolean): OperationFacts['did'] {
  const { did, broughtIn } = factsOf(operation);
  return byBroughtIn ? (broughtIn?.did ?? did) : did;
}

/** What a step can do and did, where a brought-in model changes what its operation says of itself. */
export function factsOfStep(step: PinnedStep): Pick<OperationFacts, 'canInvent' | 'sourceType' | 'did'> {
  const { canInvent, sourceType, did, broughtIn } = factsOf(step.operation);
  const pin = broughtInOf(step);
  if (pin === null) return { canInvent, sourceType, did };
  return {
    // A model that was accepted for more than repair may invent, whatever the operation is called.
    canInvent: canInvent || broughtIn?.canInvent === true || (pin.level ?? 0) > 1,
    sourceType: broughtIn?.sourceType ?? sourceType,
    did: broughtIn?.did ?? did,
  };
}

/** Numbers that a step may carry: what only some models take belongs to it where its model is one of them. */
export function parametersOf(operation: Operation, pin: ModelPin | null): OperationFacts['parameters'] {
  const all = Object.entries(factsOf(operation).parameters);
  return Object.fromEntries(
    all.filter(
      ([name, { ofModel, ofOwn }]) =>
        (ofModel !== true || pin?.takes?.includes(name) === true) && (ofOwn !== true || pin === null),
    ),
  );
}

/**
 * What a step of the operation carries where nothing else is said: the table's own numbers, and the measured ones where the table
 * has none. What only some models take is added where one of them is named. `pins` maps model id → pin for the models that are installed.
 */
export function usualParameters(
  operation: Operation,
  report: DamageReport,
  pins: ModelPins,
): Readonly<Record<string, number>> {
  const measured: Readonly<Record<string, number>> = {
    blackPoint: report.fading.blackPoint,
    whitePoint: report.fading.whitePoint,
    sigma: report.blur.value,
    white: softensWhite(report, pins) ? 1 : 0,
  };
  return Object.fromEntries(
    Object.entries(parametersOf(operation, null)).flatMap(([name, { least, most, otherwise }]) => {
      const value = otherwise ?? measured[name];
      return value === undefined ? [] : [[name, Math.min(most, Math.max(least, value))] as const];
    }),
  );
}

/** True where the noise is white and the net for it is installed. */
function softensWhite({ noise }: DamageReport, pins: ModelPins): boolean {
  return isWhite(noise) && pins['denoise-s'] !== undefined;
}

/**
 * The recipe that the measurements call for, in the order the nets were trained for, within a preset. Empty steps mean
 * "no treatment needed". `pins` maps model id → pin for the models that are installed.
 */
export function proposeRecipe(report: DamageReport, pins: ModelPins, preset: PresetName = 'repair'): Recipe {
  const floors = proposalThresholds;
  const { proposes, noiseStrength } = presets[preset];
  // Marks that may be lines of the scene are shown, but call for nothing.
  const marks = filledClasses.map((kind) => report.masks[kind].credible ?? report.masks[kind]);
  const share = marks.reduce((sum, mask) => sum + mask.share, 0);
  const count = marks.reduce((sum, mask) => sum + mask.count, 0);
  const steps: RecipeStep[] = [];
  const add = (operation: Operation, strength: number, parameters: Readonly<Record<string, number>>): void => {
    if (proposes.includes(operation)) steps.push(step(operation, strength, parameters, pins));
  };
  if ((share >= floors.damageShare && count >= 1) || count >= floors.damageCount) add('repair-damage', 1, { grain: 1 });
  // A stain whose colour departs from the print's own can be taken back; the others are shown only.
  if ((report.masks.stain.credible?.share ?? 0) >= floors.stainShare) add('reduce-stains', 1, {});
  if (report.noise.value >= floors.noise && report.noise.confidence >= floors.noiseConfidence)
    add(
      'reduce-noise',
      Math.min(noiseStrength, strengthAgainst(report.noise.value)),
      softensWhite(report, pins) ? { white: 1 } : {},
    );
  // Version 1 of the report did not ask for a proposal of these two.
  if (report.version === 2 && report.blur.value >= floors.blur && report.blur.confidence >= floors.blurConfidence)
    add('sharpen', 0.7, { sigma: Math.min(3, Math.max(0.3, report.blur.value)) });
  const cast = report.tonality.value === 'colour' && report.cast.value >= floors.cast;
  if (report.fading.value >= floors.fading || cast)
    add('correct-tone', 1, {
      balance: cast ? 1 : 0,
      blackPoint: report.fading.blackPoint,
      whitePoint: report.fading.whitePoint,
    });
  if (report.lowLight !== undefined && report.lowLight.value >= floors.lowLight && report.lowLight.confidence >= 0.5)
    add('lift-shadows', Math.round(Math.min(0.9, 0.4 + report.lowLight.value) * 100) / 100, {});
  return { version: 1, steps };
}

/**
 * A step with the pins its operation needs, its parameters checked against the table; `named` is a brought-in model that
 * it should use. Refuses `model.missing` where a model it needs is not installed, `model.needed`, `model.unsuitable`,
 * `model.parameter-not-taken` and `restoration.parameter-out-of-range`.
 */
export function step(
  operation: Operation,
  strength: number,
  given: Readonly<Record<string, number>>,
  pins: ModelPins,
  named?: ModelName,
): RecipeStep {
  const facts = factsOf(operation);
  const brought = broughtInFor(operation, given, pins, named);
  const known = parametersOf(operation, brought);
  const carried = Object.entries(given).filter(([name]) => brought === null || facts.parameters[name]?.ofOwn !== true);
  for (const [name, value] of carried) {
    const limits = Object.hasOwn(known, name) ? known[name] : undefined;
    if (limits === undefined && facts.parameters[name]?.ofModel === true)
      throw refuse('model.parameter-not-taken', { operation, parameter: name });
    if (limits === undefined || !isAllowed(limits, value))
      throw refuse('restoration.parameter-out-of-range', {
        operation,
        parameter: name,
        value,
        least: limits?.least ?? 0,
        most: limits?.most ?? 0,
      });
  }
  // What a model takes is always recorded: nothing that decides about a picture is left to a default of later.
  const taken = Object.entries(known).filter(([, { ofModel, otherwise }]) => ofModel === true && otherwise !== null);
  const parameters = {
    ...Object.fromEntries(taken.map(([name, { otherwise }]) => [name, otherwise as number])),
    ...Object.fromEntries(carried),
  };
  if (brought !== null && facts.broughtIn?.how !== 'further')
    return { operation, strength, parameters, model: brought };
  const four = operation === 'enlarge' && parameters['scale'] === 4;
  const white = operation === 'reduce-noise' && parameters['white'] === 1;
  const needed = [...(white ? ['denoise-s'] : facts.models), ...(four ? ['up4'] : [])].map((id) => {
    const pin = pins[id];
    if (pin === undefined) throw refuse('model.missing', { model: id });
    return pin;
  });
  // Those of enlarging and of noise stand for others: they are needed or not used.
  const isChosen = operation === 'enlarge' || operation === 'reduce-noise';
  const optional = isChosen ? [] : (facts.optionalModels ?? []).flatMap((id) => pins[id] ?? []);
  const further = [...needed.slice(1), ...(brought === null ? optional : [brought])];
  return { operation, strength, parameters, model: needed[0] ?? null, ...(further.length > 0 ? { further } : {}) };
}

/** Accepted models that a step of this operation may name, enlarging by that scale; empty where the table allows none. */
export function modelsFor(operation: Operation, pins: ModelPins, scale?: number): readonly ModelPin[] {
  const use = factsOf(operation).broughtIn;
  if (use === undefined) return [];
  return Object.values(pins).filter(
    (pin) => pin.adapter === use.adapter && (operation !== 'enlarge' || scale === undefined || pin.scale === scale),
  );
}

function broughtInFor(
  operation: Operation,
  parameters: Readonly<Record<string, number>>,
  pins: ModelPins,
  named: ModelName | undefined,
): ModelPin | null {
  const { broughtIn, parameters: limits } = factsOf(operation);
  if (named === undefined) {
    if (broughtIn?.how !== 'needed') return null;
    const fitting = modelsFor(operation, pins);
    const [only] = fitting;
    // With several to choose from a person says which: what is made up depends on it.
    if (only === undefined || fitting.length > 1)
      throw refuse('model.needed', { operation, adapter: broughtIn.adapter });
    return only;
  }
  const pin = pins[modelKey(named)];
  if (pin === undefined) throw refuse('model.missing', { model: modelKey(named) });
  const scale = operation === 'enlarge' ? (parameters['scale'] ?? limits['scale']?.otherwise ?? undefined) : undefined;
  if (broughtIn === undefined || pin.adapter !== broughtIn.adapter || (scale !== undefined && pin.scale !== scale))
    throw refuse('model.unsuitable', { model: modelKey(named), operation });
  return pin;
}

/** Sorts steps into the order of the operations table; a recipe has each operation at most once. */
export function inOrder(steps: readonly RecipeStep[]): readonly RecipeStep[] {
  return [...steps].sort((a, b) => operationNames.indexOf(a.operation) - operationNames.indexOf(b.operation));
}

/** Whether noise is white, as a scanner adds it: grain and what went through JPEG have less of the finest detail, screens more. */
export function isWhite({ fine }: { readonly fine?: number | undefined }): boolean {
  return fine !== undefined && fine >= proposalThresholds.whiteNoise && fine <= proposalThresholds.screen;
}

/** Period grain stays visible: the default keeps 30 % of it, more correction only where noise is strong. */
function strengthAgainst(sigma: number): number {
  return Math.round(Math.min(0.95, 0.7 + (sigma - proposalThresholds.noise) * 0.02) * 100) / 100;
}
