import { rounded } from '../measure/statistics.js';
import type { Reduced } from '../measure/survey.js';
import type { Samples } from '../picture/strips.js';
import { fieldRow, guidedField, lumaPlane, smoothStep, type Field } from './field.js';
import { fullScale } from './planes.js';
import type { LayerFilter, LayerPlanner } from './layer-filter.js';

/** Limits of the lift. */
export const liftLimits = {
  /** Level (share of the scale) from which nothing is touched: at reach 0 and how much further at reach 1. */
  ends: 0.3,
  further: 0.5,
  /** Steepest slope of the curve, at black: beyond it shadows turn grey. */
  slope: 3.4,
  /** Levels of 255 that the noise of the shadows may grow to, and the slope that is allowed whatever the noise. */
  noise: 13,
  leastSlope: 1.25,
  /** Reach of the local light (share of the longer side) and the contrast (levels of 255) that bounds it. */
  radius: 1 / 24,
  edge: 18,
  /** How far a pixel darker than its surroundings is lifted as they are and not as itself: keeps local contrast. */
  company: 0.6,
} as const;

/**
 * Brightens what lies in the dark and leaves the lights bit-equal. Where the light is missing is told by an edge-aware
 * (guided) mean of the reduced luma; there a curve t + s t (1 − t)² is laid over the luma, monotone, with black and
 * everything above its end kept; what is darker than its surroundings is lifted less, so that shadows keep their depth. Colour follows the luma, within the gamut, so that nothing is cut off.
 * Null where no part of the picture is dark.
 */
export const planLiftShadows: LayerPlanner = ({ step, shape, reduced, usable, noise }) => {
  const reach = Math.min(1, Math.max(0, step.parameters['reach'] ?? 0.5));
  const end = liftLimits.ends + liftLimits.further * reach;
  const slope = Math.min(liftLimits.slope, Math.max(liftLimits.leastSlope, liftLimits.noise / Math.max(0.5, noise)));
  const light = localLight(reduced, usable);
  // Full lift up to a third of the curve's end, none from it on.
  const lift = { ...light, values: light.values.map((level) => (slope - 1) * (1 - smoothStep(end / 3, end, level))) };
  let dark = 0;
  for (const value of lift.values) if (value > 0.05) dark += 1;
  if (dark === 0) return null;
  return {
    halo: 0,
    facts: { end: rounded(end), slope: rounded(slope), dark: rounded(dark / lift.values.length) },
    apply: (strip, y, rows) => raise(strip, y, rows, shape, { light, lift, end }),
  } satisfies LayerFilter;
};

/** Local light, 0..1, on the reduced grid. */
function localLight(reduced: Reduced, usable: Uint8Array): Field {
  const luma = lumaPlane(reduced);
  const radius = Math.max(2, Math.round(Math.max(reduced.width, reduced.height) * liftLimits.radius));
  const values = guidedField(luma, usable, reduced.width, reduced.height, radius, liftLimits.edge ** 2);
  return {
    width: reduced.width,
    height: reduced.height,
    factor: reduced.factor,
    values: values.map((level) => Math.min(1, Math.max(0, level / 255))),
  };
}

function raise(
  strip: Samples,
  y: number,
  rows: number,
  { width, bands }: { readonly width: number; readonly bands: number },
  { light, lift, end }: { readonly light: Field; readonly lift: Field; readonly end: number },
): Samples {
  const out = strip.slice();
  const full = fullScale(strip);
  const slopes = new Float64Array(width);
  const around = new Float64Array(width);
  const limit = end * full;
  const ceiling = (full * 254) / 255;
  for (let row = 0; row < rows; row++) {
    fieldRow(lift, y + row, slopes);
    fieldRow(light, y + row, around);
    for (let x = 0, at = row * width * bands; x < width; x++, at += bands) {
      const more = slopes[x] as number;
      if (more <= 0) continue;
      const r = strip[at] as number;
      if (bands < 3) {
        if (r < limit) out[at] = (r * timesOf(r / limit, ((around[x] as number) * full) / limit, more) + 0.5) | 0;
        continue;
      }
      const g = strip[at + 1] as number;
      const b = strip[at + 2] as number;
      const luma = 0.299 * r + 0.587 * g + 0.114 * b;
      if (luma >= limit) continue;
      let times = timesOf(luma / limit, ((around[x] as number) * full) / limit, more);
      let grey = 0;
      const highest = r > g ? (r > b ? r : b) : g > b ? g : b;
      const most = highest > ceiling ? highest : ceiling;
      if (highest * times > most) {
        // Colour gives way, not the luma: the brightest channel stops a level before the end of the scale.
        const lifted = luma * times;
        times = highest > luma ? (most - lifted) / (highest - luma) : 0;
        grey = lifted - luma * times;
      }
      out[at] = (grey + r * times + 0.5) | 0;
      out[at + 1] = (grey + g * times + 0.5) | 0;
      out[at + 2] = (grey + b * times + 0.5) | 0;
    }
  }
  return out;
}

/** How many times a level grows; `t` and `around` (the local light) in shares of the curve's end, `more` the slope beyond 1. */
function timesOf(t: number, around: number, more: number): number {
  const rest = 1 - (t < around ? t + liftLimits.company * ((around < 1 ? around : 1) - t) : t);
  return 1 + more * rest * rest;
}
