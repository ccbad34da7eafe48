import type { DamageReport, MaskedDamage, Measured, Tonality } from './damage-report.js';
import type { ModelPin, ModelPins } from './models.js';
import { operations } from './operations.js';
import type { PresetName } from './preset.js';
import { proposeRecipe, usualParameters, type RecipeStep } from './recipe.js';
import type { ChangeNumbers, PictureTones } from './restoration.js';

/**
 * Steps that serve a whole album: each keeps its place, and what it takes from the measurements (strength against noise,
 * blur to undo, black and white point in L*, share of the cast) comes from the median of the album's reports, so that its
 * pictures keep their relation to each other. Where no report measured a quantity, and with no reports at all, the step
 * keeps its own numbers. `preset` limits the strengths as in `proposeRecipe`; `installed` are the models from which noise may be
 * softened. A step keeps its pin: where its numbers call for another model, whoever asks makes it anew.
 */
export function albumParameters(
  reports: readonly DamageReport[],
  steps: readonly RecipeStep[],
  preset: PresetName = 'repair',
  installed: ModelPins = {},
): readonly RecipeStep[] {
  const [first] = reports;
  if (first === undefined) return steps;
  const pins: Record<string, ModelPin> = {};
  for (const { model } of steps) if (model !== null) pins[model.id] = model;
  const common = medianReport(first, reports);
  const known = { 'restore-s': unpinned, ...installed, ...pins };
  const proposed = proposeRecipe(common, known, preset).steps;
  return steps.map((step) => {
    const like = proposed.find(({ operation }) => operation === step.operation);
    switch (step.operation) {
      case 'reduce-noise': {
        // Below the floor nothing is proposed, and yet one net serves the whole album.
        const { white = 0 } = usualParameters('reduce-noise', common, known);
        const made = { ...step, strength: like?.strength ?? step.strength };
        return white === (step.parameters['white'] ?? 0) ? made : withNumbers(made, { white });
      }
      case 'lift-shadows':
        return like === undefined ? step : { ...step, strength: like.strength };
      case 'sharpen': {
        const { least, most } = operations.sharpen.parameters.sigma;
        return common.blur.confidence === 0
          ? step
          : withNumbers(step, { sigma: Math.min(most, Math.max(least, common.blur.value)) });
      }
      case 'correct-tone': {
        const points =
          common.fading.confidence === 0
            ? {}
            : { blackPoint: common.fading.blackPoint, whitePoint: common.fading.whitePoint };
        const balance = like?.parameters['balance'];
        return withNumbers(step, { ...points, ...(balance === undefined ? {} : { balance }) });
      }
      default:
        return step;
    }
  });
}

/** Stands in while strengths are asked for; it never leaves this file, since a step keeps its own pin. */
const unpinned: ModelPin = { id: 'restore-s', version: '', sha256: '' };

function withNumbers(step: RecipeStep, numbers: Readonly<Record<string, number>>): RecipeStep {
  return { ...step, parameters: { ...step.parameters, ...numbers } };
}

/** The report in the middle of the album: medians, the most frequent tonality, no marks (those are each picture's own). */
function medianReport(first: DamageReport, reports: readonly DamageReport[]): DamageReport {
  const median = (of: (report: DamageReport) => Measured | undefined): Measured => {
    const measured = reports.map(of).filter((one) => one !== undefined && one.confidence > 0) as Measured[];
    return {
      value: middle(measured.map(({ value }) => value)),
      confidence: middle(measured.map(({ confidence }) => confidence)),
    };
  };
  const faded = reports.map(({ fading }) => fading).filter(({ confidence }) => confidence > 0);
  const none: MaskedDamage = { share: 0, count: 0, confidence: 0 };
  return {
    ...first,
    version: reports.some(({ version }) => version === 2) ? 2 : 1,
    masks: { scratch: none, dust: none, stain: none },
    noise: { ...median(({ noise }) => noise), ...middleFine(reports) },
    blur: median((report) => (report.version === 2 ? report.blur : undefined)),
    lowLight: median(({ lowLight }) => lowLight),
    fading: {
      ...median(({ fading }) => fading),
      blackPoint: middle(faded.map(({ blackPoint }) => blackPoint)),
      whitePoint: middle(faded.map(({ whitePoint }) => whitePoint)),
    },
    cast: {
      ...median(({ cast }) => cast),
      a: middle(reports.map(({ cast }) => cast.a)),
      b: middle(reports.map(({ cast }) => cast.b)),
    },
    tonality: { value: mostFrequent(reports.map(({ tonality }) => tonality.value)), confidence: 1 },
  };
}

/** Only where some report tells it. */
function middleFine(reports: readonly DamageReport[]): { readonly fine?: number } {
  const told = reports.flatMap(({ noise }) => noise.fine ?? []);
  return told.length > 0 ? { fine: middle(told) } : {};
}

/** Median; the mean of both middles for an even number, 0 for none. Rounded to three decimals as reports are. */
function middle(values: readonly number[]): number {
  const all = [...values].sort((a, b) => a - b);
  if (all.length === 0) return 0;
  const [low, high] = [all[Math.floor((all.length - 1) / 2)], all[Math.floor(all.length / 2)]] as [number, number];
  return Math.round(((low + high) / 2) * 1000) / 1000;
}

function mostFrequent(values: readonly Tonality[]): Tonality {
  const order = ['black-and-white', 'toned', 'colour'] as const;
  const count = (one: Tonality): number => values.filter((value) => value === one).length;
  return order.reduce((most, one) => (count(one) > count(most) ? one : most));
}

/** How far the pictures of an album lie apart: standard deviations of L* (points) and of a* and b* (cast). */
export type AlbumSpread = PictureTones;

/** The quantities of a spread, in the order in which they are told. */
export const spreadQuantities = ['blackPoint', 'whitePoint', 'castA', 'castB'] as const satisfies (keyof AlbumSpread)[];
export type SpreadQuantity = (typeof spreadQuantities)[number];

/**
 * The spread of an album as it was measured, with the common tone correction of `albumParameters` applied to every picture
 * (one curve for all: relations stay), and with a correction of each picture by its own measurements (every picture comes to
 * the same points). `common` and `each` are computed from the reports, not from pixels.
 */
export function albumSpread(reports: readonly DamageReport[]): {
  readonly measured: AlbumSpread;
  readonly common: AlbumSpread;
  readonly each: AlbumSpread;
} {
  const tone: RecipeStep = { operation: 'correct-tone', strength: 1, parameters: { balance: 0 }, model: null };
  const [step = tone] = albumParameters(reports, [tone]);
  return {
    measured: spreadOf(reports.map(tonesOf)),
    common: spreadOf(reports.map((report) => correctedTones(report, step))),
    each: spreadOf(
      reports.map((report) => {
        const [own = tone] = albumParameters([report], [tone]);
        return correctedTones(report, own);
      }),
    ),
  };
}

/** What a spread is foretold from. */
export type ToneReport = Pick<DamageReport, 'fading' | 'cast' | 'tonality'>;

/** A picture of an album that is restored: its report, and the tones that its pixels had and have. */
export interface MeasuredPicture {
  readonly report: ToneReport;
  readonly tones: NonNullable<ChangeNumbers['tones']>;
}

/** The spread of an album from the pixels of its originals and of their restorations. */
export interface MeasuredSpread {
  readonly before: AlbumSpread;
  readonly after: AlbumSpread;
  /** What was foretold of the same pictures from their reports; null for a recipe that corrects no tones. */
  readonly foretold: AlbumSpread | null;
  /** Where the pictures came to lie further apart by more than `seenSpread`, and whether that was foretold. */
  readonly grew: readonly { readonly quantity: SpreadQuantity; readonly foretold: boolean }[];
}

/** A spread that grew by less (L*, a*, b*) is not taken for a change: about what an eye tells apart. */
export const seenSpread = 1;

/** Measures how far the pictures lie apart before and after these steps; null for fewer than two pictures. */
export function measuredSpread(
  pictures: readonly MeasuredPicture[],
  steps: readonly RecipeStep[],
): MeasuredSpread | null {
  if (pictures.length < 2) return null;
  const before = spreadOf(pictures.map(({ tones }) => tones.before));
  const after = spreadOf(pictures.map(({ tones }) => tones.after));
  const tone = steps.find(({ operation }) => operation === 'correct-tone');
  const foretold = tone === undefined ? null : spreadOf(pictures.map(({ report }) => correctedTones(report, tone)));
  const grew = spreadQuantities
    .filter((quantity) => after[quantity] - before[quantity] > seenSpread)
    .map((quantity) => ({
      quantity,
      foretold: foretold !== null && after[quantity] - foretold[quantity] <= seenSpread,
    }));
  return { before, after, foretold, grew };
}

function tonesOf({ fading, cast }: ToneReport): PictureTones {
  return { blackPoint: fading.blackPoint, whitePoint: fading.whitePoint, castA: cast.a, castB: cast.b };
}

/** Limits of the tone correction: the engine's own (`toneLimits` there); a test compares both. */
const toneLimits = { black: 8, white: 247, slope: 2.4, balance: 0.85 } as const;

/** What becomes of a picture's ends and cast under a `correct-tone` step. */
export function correctedTones(report: ToneReport, { parameters, strength }: RecipeStep): PictureTones {
  const black = levelOf(parameters['blackPoint'] ?? report.fading.blackPoint);
  const white = Math.max(black + 1, levelOf(parameters['whitePoint'] ?? report.fading.whitePoint));
  let newBlack = Math.min(black, toneLimits.black);
  let newWhite = Math.max(white, toneLimits.white);
  const excess = newWhite - newBlack - (white - black) * toneLimits.slope;
  if (excess > 0) {
    const [down, up] = [black - newBlack, newWhite - white];
    newBlack += (excess * down) / Math.max(1e-6, down + up);
    newWhite -= (excess * up) / Math.max(1e-6, down + up);
  }
  const moved = (lightness: number): number => {
    const level = levelOf(lightness);
    const after =
      level <= black
        ? black <= 0
          ? newBlack
          : (level / black) * newBlack
        : level < white
          ? newBlack + ((level - black) / (white - black)) * (newWhite - newBlack)
          : white >= 255
            ? newWhite
            : newWhite + ((level - white) / (255 - white)) * (255 - newWhite);
    return lightnessOf(level + strength * (after - level));
  };
  // On a picture in colour every channel follows the curve, and the balance takes its share of the cast away.
  const inColour = report.tonality.value === 'colour';
  const slope = (newWhite - newBlack) / (white - black);
  const left = inColour ? slope * (1 - toneLimits.balance * Math.min(1, parameters['balance'] ?? 0)) : 1;
  const cast = 1 + strength * (left - 1);
  return {
    blackPoint: moved(report.fading.blackPoint),
    whitePoint: moved(report.fading.whitePoint),
    castA: report.cast.a * cast,
    castB: report.cast.b * cast,
  };
}

/** L* of a grey level of 255, sRGB. */
function lightnessOf(level: number): number {
  const encoded = level / 255;
  const light = encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
  return light > 216 / 24389 ? 116 * Math.cbrt(light) - 16 : (24389 / 27) * light;
}

/** Grey level of 255 (fractions) of an L*. */
function levelOf(lightness: number): number {
  const held = Math.min(100, Math.max(0, lightness));
  const light = held > 8 ? ((held + 16) / 116) ** 3 : held / (24389 / 27);
  return 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);
}

function spreadOf(all: readonly PictureTones[]): AlbumSpread {
  const deviation = (of: (tones: PictureTones) => number): number => {
    const values = all.map(of);
    if (values.length < 2) return 0;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return Math.round(Math.sqrt(square) * 1000) / 1000;
  };
  return {
    blackPoint: deviation((tones) => tones.blackPoint),
    whitePoint: deviation((tones) => tones.whitePoint),
    castA: deviation((tones) => tones.castA),
    castB: deviation((tones) => tones.castB),
  };
}
