import type { Tonality } from '@albumen/domain';
import { blend } from './composite.js';
import { lightnessOf } from './delta-e.js';
import { quantile } from './measure/statistics.js';
import type { Reduced } from './measure/survey.js';
import type { Samples } from './picture/strips.js';

/** Limits of the tone correction: a faded print is lifted, never stretched to the ends of the scale. */
export const toneLimits = {
  /** Levels of 255 that the black and the white point are brought to. */
  black: 8,
  white: 247,
  /** Steepest slope of the curve: beyond it grain and JPEG blocks become the picture. */
  slope: 2.4,
  /** Share of a channel's own black and white point that is followed against a cast. */
  balance: 0.85,
  /** Limits of the gamma that brings the channels' middles together. */
  gamma: 1.3,
} as const;

/** Straight pieces through (0,0), (black, newBlack), (white, newWhite), (255,255): monotone, and nothing is clipped. */
export interface ToneCurve {
  readonly black: number;
  readonly white: number;
  readonly newBlack: number;
  readonly newWhite: number;
  readonly gamma: number;
}

/** `luma`: one curve on the luma, chroma kept (black-and-white and toned). `channels`: a curve for each channel. */
export interface TonePlan {
  readonly kind: 'luma' | 'channels';
  readonly curves: readonly [ToneCurve, ToneCurve, ToneCurve];
}

/** Level of 255 whose L* is the given one. */
export function levelOfLightness(lightness: number): number {
  let [low, high] = [0, 255];
  for (let turn = 0; turn < 40; turn++) {
    const middle = (low + high) / 2;
    if (lightnessOf(middle) < lightness) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function curveBetween(black: number, white: number): ToneCurve {
  const range = Math.max(1, white - black);
  let newBlack = Math.min(black, toneLimits.black);
  let newWhite = Math.max(white, toneLimits.white);
  const most = range * toneLimits.slope;
  if (newWhite - newBlack > most) {
    // Too flat to stretch fully: the gain is kept at its limit and shared between both ends as they need it.
    const excess = newWhite - newBlack - most;
    const down = black - newBlack;
    const up = newWhite - white;
    newBlack += (excess * down) / Math.max(1e-6, down + up);
    newWhite -= (excess * up) / Math.max(1e-6, down + up);
  }
  return { black, white: black + range, newBlack, newWhite, gamma: 1 };
}

/**
 * Curves for a picture from the step's parameters (`blackPoint`, `whitePoint` in L*, `balance` 0 or 1) and from its
 * undamaged cells. Deterministic: the same picture and parameters give the same curves.
 */
export function planTone(
  reduced: Reduced,
  usable: Uint8Array,
  tonality: Tonality,
  parameters: Readonly<Record<string, number>>,
): TonePlan {
  const levels = levelsOf(reduced, usable);
  const given = (name: string, share: number): number => {
    const value = parameters[name];
    return value === undefined ? quantile(levels.luma, share) : levelOfLightness(value);
  };
  const black = given('blackPoint', 0.005);
  const white = given('whitePoint', 0.995);
  const plain = curveBetween(black, white);
  if (tonality !== 'colour') return { kind: 'luma', curves: [plain, plain, plain] };
  if (!((parameters['balance'] ?? 0) > 0)) return { kind: 'channels', curves: [plain, plain, plain] };
  const share = toneLimits.balance * Math.min(1, parameters['balance'] ?? 0);
  const { channels } = levels;
  const levelled = channels.map((values) =>
    curveBetween(black + share * (quantile(values, 0.005) - black), white + share * (quantile(values, 0.995) - white)),
  );
  // Shades of grey (Finlayson and Trezzi, 2004): the Minkowski means of the levelled channels are brought together.
  const means = channels.map((values, band) => minkowski(values, levelled[band] as ToneCurve) / 255);
  const target = means.reduce((sum, mean) => sum + mean, 0) / 3;
  const curves = levelled.map((curve, band) => {
    const wanted = Math.log(Math.max(0.02, target)) / Math.log(Math.min(0.98, Math.max(0.02, means[band] as number)));
    const gamma = Math.min(toneLimits.gamma, Math.max(1 / toneLimits.gamma, wanted ** share));
    return { ...curve, gamma };
  });
  return { kind: 'channels', curves: curves as [ToneCurve, ToneCurve, ToneCurve] };
}

/** Levels (of 255) of the usable cells in rising order; sorted once, and only what is asked for. */
class SortedLevels {
  #channels: readonly Float64Array[] | null = null;
  #luma: Float64Array | null = null;

  constructor(
    private readonly reduced: Reduced,
    readonly usable: Uint8Array,
  ) {}

  get channels(): readonly Float64Array[] {
    this.#channels ??= [0, 1, 2].map((band) => this.#sorted((rgb, at) => rgb[at + band] as number));
    return this.#channels;
  }

  get luma(): Float64Array {
    this.#luma ??= this.#sorted(
      (rgb, at) => 0.299 * (rgb[at] as number) + 0.587 * (rgb[at + 1] as number) + 0.114 * (rgb[at + 2] as number),
    );
    return this.#luma;
  }

  #sorted(level: (rgb: Float32Array, at: number) => number): Float64Array {
    const { usable } = this;
    const { rgb } = this.reduced;
    const values = new Float64Array(usable.length);
    let count = 0;
    for (let cell = 0; cell < usable.length; cell++) if (usable[cell] === 1) values[count++] = level(rgb, cell * 3);
    return values.subarray(0, count).sort();
  }
}

/** Every variant of a run is corrected by the same cells. */
const levelsKept = new WeakMap<Reduced, SortedLevels>();

function levelsOf(reduced: Reduced, usable: Uint8Array): SortedLevels {
  const known = levelsKept.get(reduced);
  if (known?.usable === usable) return known;
  const found = new SortedLevels(reduced, usable);
  levelsKept.set(reduced, found);
  return found;
}

function minkowski(values: Float64Array, curve: ToneCurve): number {
  const p = 4;
  let sum = 0;
  for (const value of values) sum += applyCurve(curve, value) ** p;
  return values.length === 0 ? 128 : (sum / values.length) ** (1 / p);
}

/** The curve at a level of 255 (fractions allowed); monotone from 0 to 255. */
export function applyCurve(curve: ToneCurve, level: number): number {
  let out: number;
  if (level <= curve.black) out = curve.black <= 0 ? curve.newBlack : (level / curve.black) * curve.newBlack;
  else if (level < curve.white)
    out = curve.newBlack + ((level - curve.black) / (curve.white - curve.black)) * (curve.newWhite - curve.newBlack);
  else
    out =
      curve.white >= 255
        ? curve.newWhite
        : curve.newWhite + ((level - curve.white) / (255 - curve.white)) * (255 - curve.newWhite);
  return curve.gamma === 1 ? out : 255 * (out / 255) ** curve.gamma;
}

/** Numbers of a plan for the receipt. */
export function toneFacts(plan: TonePlan): Readonly<Record<string, number>> {
  const facts: Record<string, number> = { perChannel: plan.kind === 'channels' ? 1 : 0 };
  (['red', 'green', 'blue'] as const).forEach((name, band) => {
    for (const [key, value] of Object.entries(plan.curves[band] as ToneCurve))
      facts[`${name}.${key}`] = Math.round(value * 1e4) / 1e4;
  });
  return facts;
}

/** Prepares a function that corrects a strip in place of the step's input; alpha is copied, strength 0 changes nothing. */
export function toneFilter(
  plan: TonePlan,
  shape: { readonly bands: number; readonly depth: 8 | 16 },
  strength: number,
): (strip: Samples) => Samples {
  const { bands, depth } = shape;
  const full = depth === 8 ? 255 : 65535;
  const scale = 255 / full;
  const inverse = 1 / scale;
  const blended = (before: number, after: number): number => blend(before, after, strength, full);
  const mixed = (before: number, after: number): number => {
    const value = before + strength * (after - before);
    return value <= 0 ? 0 : value >= full ? full : Math.round(value);
  };
  if (strength === 0) return (strip) => strip.slice();
  if (plan.kind === 'channels' || bands < 3) {
    const tables = plan.curves.map((curve) =>
      Float64Array.from({ length: full + 1 }, (_, sample) =>
        blended(sample, applyCurve(curve, sample * scale) / scale),
      ),
    );
    const [first, second, third] = tables as [Float64Array, Float64Array, Float64Array];
    return (strip) => {
      const out = strip.slice();
      if (bands < 3) for (let at = 0; at < strip.length; at += bands) out[at] = first[strip[at] as number] as number;
      else
        for (let at = 0; at < strip.length; at += bands) {
          out[at] = first[strip[at] as number] as number;
          out[at + 1] = second[strip[at + 1] as number] as number;
          out[at + 2] = third[strip[at + 2] as number] as number;
        }
      return out;
    };
  }
  const [curve] = plan.curves;
  return (strip) => {
    const out = strip.slice();
    for (let pixel = 0; pixel < strip.length; pixel += bands) {
      const r = (strip[pixel] as number) * scale;
      const g = (strip[pixel + 1] as number) * scale;
      const b = (strip[pixel + 2] as number) * scale;
      const luma = 0.299 * r + 0.587 * g + 0.114 * b;
      const lifted = applyCurve(curve, luma);
      // Chroma is kept as far as the ends of the scale allow; beyond, it is scaled down to one level before them, so
      // that nothing is clipped and nothing looks as if it were.
      const highest = (r > g ? (r > b ? r : b) : g > b ? g : b) - luma;
      const lowest = luma - (r < g ? (r < b ? r : b) : g < b ? g : b);
      let fits = 1;
      if (highest > 1e-9 && 254 - lifted < highest) fits = (254 - lifted) / highest;
      if (lowest > 1e-9 && lifted - 1 < fits * lowest) fits = (lifted - 1) / lowest;
      if (fits < 0) fits = 0;
      out[pixel] = mixed(strip[pixel] as number, (lifted + (r - luma) * fits) * inverse);
      out[pixel + 1] = mixed(strip[pixel + 1] as number, (lifted + (g - luma) * fits) * inverse);
      out[pixel + 2] = mixed(strip[pixel + 2] as number, (lifted + (b - luma) * fits) * inverse);
    }
    return out;
  };
}
