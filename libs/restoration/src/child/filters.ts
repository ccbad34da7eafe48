import {
  factsOf,
  refuse,
  type DamageReport,
  type Operation,
  type ProtectedArea,
  type RecipeStep,
} from '@albumen/domain';
import type { WorkFile } from '@albumen/imaging';
import { labOf } from '../delta-e.js';
import { blurFrom, clearEdges } from '../measure/blur.js';
import { labPlanes, tonalityOf } from '../measure/colour.js';
import { noiseFrom } from '../measure/noise.js';
import { undamagedCells, type Survey } from '../measure/survey.js';
import { planGuideColour, planLiftShadows, planSharpen, planTreatFaces } from '../operations/index.js';
import type { LayerFilter, LayerPlanner, PlanContext } from '../operations/layer-filter.js';
import { colourProfileFor } from '../picture/colour-profile.js';
import type { Mark } from '../picture/runs.js';
import { colourBands, samplesOf, type Samples, type Shape } from '../picture/strips.js';
import { planTone, toneFacts, toneFilter } from '../tone.js';

/** What every classical layer of one run looks at: measured on the original alone, never on what is accepted. */
export type Measured = Omit<PlanContext, 'step' | 'shape'>;

/** What the classical layers look at, from the survey of the original; what the damage report knows is taken from it. */
export function measuredFrom(
  survey: Survey,
  bands: number,
  marks: readonly Mark[],
  report: DamageReport | null,
  protect: readonly ProtectedArea[],
): Measured {
  const { reduced } = survey;
  const usable = undamagedCells(reduced, marks);
  const tonality = report?.tonality.value ?? tonalityOf(labPlanes(reduced, usable), bands).value;
  const noise = report?.noise.value ?? noiseFrom(survey.blocks).value;
  const blur = report?.blur.value ?? blurFrom(clearEdges(survey.edges, noise)).value;
  return { reduced, usable, tonality, faces: report?.faces ?? [], protect, noise, blur };
}

/** The layers that are planned by the table of operations; the others are nets, regions and tone. */
const planners: Readonly<Partial<Record<Operation, LayerPlanner>>> = {
  sharpen: planSharpen,
  'lift-shadows': planLiftShadows,
  'guide-colour': planGuideColour,
  'treat-faces': planTreatFaces,
};

/**
 * Share of the noise that `reduce-noise` takes away at full strength; in between it is in proportion. Measured on four
 * crops of the samples with `restore-s`: 0.93 to 0.95 at strength 1, 0.47 to 0.49 at one half; with `denoise-s` 0.95 to
 * 0.98, for which the lower one is taken too: what is left then counts for a little more. A number and no new
 * measurement, so that what a layer does never depends on which regions were accepted.
 */
const takenByDenoising = 0.94;

/** Share of the original's noise in a picture of a run, by the name of its variant and the strength of `reduce-noise`. */
export function noiseLeft(variant: string, strength: number): number {
  return variant.includes(factsOf('reduce-noise').letter) ? 1 - takenByDenoising * strength : 1;
}

/**
 * The filter of a classical step for a picture of that shape, blended by its strength; null where it has nothing to do
 * here. `left`: share of the original's noise that is in the picture it is given. Refuses `restoration.step-unknown`.
 */
export function filterOf(step: RecipeStep, shape: Shape, measured: Measured, left = 1): LayerFilter | null {
  if (step.operation === 'correct-tone') {
    const plan = planTone(measured.reduced, measured.usable, measured.tonality, step.parameters);
    return { halo: 0, facts: toneFacts(plan), apply: toneFilter(plan, shape, step.strength) };
  }
  const planner = planners[step.operation];
  if (planner === undefined) throw refuse('restoration.step-unknown', { operation: step.operation });
  const filter = planner({ ...measured, noise: measured.noise * left, step, shape });
  if (filter === null || step.strength === 1) return filter;
  const row = shape.width * shape.bands;
  return {
    ...filter,
    apply: (strip, y, rows) =>
      mixed(strip.subarray(filter.halo * row, (filter.halo + rows) * row), filter.apply(strip, y, rows), step.strength),
  };
}

/** `share` (0..1) of the way from one strip to another of the same shape. */
function mixed(before: Samples, after: Samples, share: number): Samples {
  const out = after.slice();
  for (let at = 0; at < out.length; at++) {
    const was = before[at] as number;
    out[at] = Math.round(was + share * ((after[at] as number) - was));
  }
  return out;
}

/** A grey picture's shape with three colours: what colour needs to be laid over it. */
export function widened(work: WorkFile): Omit<WorkFile, 'path' | 'headerBytes' | 'hasAlpha'> {
  const { width, height, bands, depth, icc, density } = work;
  // A grey profile says nothing about three channels: they get one that means the same greys.
  return bands < 3
    ? { width, height, bands: bands + 2, depth, icc: colourProfileFor(icc), density }
    : { width, height, bands, depth, icc, density };
}

/** Grey samples three times over (alpha once); colour samples as they are. */
export function widenedSamples(strip: Samples, bands: number): Samples {
  if (bands >= 3) return strip;
  const pixels = strip.length / bands;
  const out = samplesOf(strip instanceof Uint8Array ? 8 : 16, pixels * (bands + 2));
  for (let pixel = 0, from = 0, to = 0; pixel < pixels; pixel++, from += bands) {
    const grey = strip[from] as number;
    out[to++] = grey;
    out[to++] = grey;
    out[to++] = grey;
    if (bands === 2) out[to++] = strip[from + 1] as number;
  }
  return out;
}

/** A strip of `has` bands with `bands` of them: grey samples widened where colour is wanted. */
export function widenedTo(bands: number, has: number, strip: Samples): Samples {
  return bands === has ? strip : widenedSamples(strip, has);
}

/**
 * Share of samples that a classical step may bring from well inside (this share of the scale) to its ends. A colour laid
 * over a grey picture may reach the end of one channel and still keep its lightness.
 */
const mostClipped = 0.005;
const wellInside = 8 / 255;
/** Largest believable shift of the mean lightness (share of L*) by steps that are not meant to make a picture lighter. */
const largestMeanShift = 0.03;
const keepsMean: readonly Operation[] = ['reduce-noise', 'sharpen', 'suggest-colour', 'guide-colour', 'treat-faces'];
/** Colour laid over a grey picture may reach the end of one channel. */
const mayClip: readonly Operation[] = ['suggest-colour', 'guide-colour'];
/** Every so many pixels the ends of the scale are looked at, and the lightness; rarer where that would be more than `most` of them. */
const every = { ends: 7, lightness: 11, most: 60_000 } as const;

/** Looks at a classical layer's result as it is made, and refuses `restoration.output-not-sane`. */
export class LayerJudge {
  readonly #lab = new Float64Array(3);
  #clipped = 0;
  #seen = 0;
  #before = 0;
  #after = 0;
  #weighed = 0;
  #brightest = 0;
  /** Samples between two that are looked at. */
  readonly #step: { readonly ends: number; readonly lightness: number };

  constructor(
    private readonly operation: Operation,
    private readonly shape: Shape,
  ) {
    const { width, height, bands } = shape;
    // Without a divisor in common with the row, or it would look at some columns alone.
    const apart = (least: number): number => {
      let step = Math.max(least, Math.ceil((width * height) / every.most));
      while (commonDivisor(width, step) > 1) step += 1;
      return step;
    };
    this.#step = { ends: apart(every.ends) * bands, lightness: apart(every.lightness) * bands };
  }

  add(before: Samples, after: Samples): void {
    if (before.length !== after.length || before.BYTES_PER_ELEMENT !== after.BYTES_PER_ELEMENT)
      throw this.#refusal(
        `${after.length} samples of ${after.BYTES_PER_ELEMENT} bytes where there were ${before.length} of ${before.BYTES_PER_ELEMENT}`,
      );
    const { bands, depth } = this.shape;
    const colours = colourBands(this.shape);
    const full = depth === 8 ? 255 : 65535;
    for (let pixel = 0; pixel < before.length; pixel += this.#step.ends) {
      for (let at = pixel; at < pixel + colours; at++) {
        const value = after[at] as number;
        if ((value === 0 || value === full) && Math.abs((before[at] as number) - value) > wellInside * full)
          this.#clipped += 1;
        if (value > this.#brightest) this.#brightest = value;
        this.#seen += 1;
      }
      if (bands > colours && before[pixel + colours] !== after[pixel + colours])
        throw this.#refusal('its alpha was changed');
    }
    for (let pixel = 0; pixel < before.length; pixel += this.#step.lightness) {
      this.#before += this.#lightness(before, pixel);
      this.#after += this.#lightness(after, pixel);
      this.#weighed += 1;
    }
  }

  #lightness(strip: Samples, at: number): number {
    const scale = this.shape.depth === 8 ? 1 : 255 / 65535;
    const [second, third] = colourBands(this.shape) === 3 ? [1, 2] : [0, 0];
    const level = (band: number): number => (strip[at + band] as number) * scale;
    labOf(level(0), level(second), level(third), this.#lab, 0);
    return (this.#lab[0] as number) / 100;
  }

  judge(): void {
    if (this.#seen === 0) return;
    const share = this.#clipped / this.#seen;
    if (share > mostClipped && !mayClip.includes(this.operation))
      throw this.#refusal(`${(share * 100).toFixed(2)} % of it was cut off`);
    const before = this.#before / this.#weighed;
    const after = this.#after / this.#weighed;
    if (before > 0.02 && this.#brightest === 0) throw this.#refusal('it is all black');
    if (keepsMean.includes(this.operation) && Math.abs(after - before) > largestMeanShift)
      throw this.#refusal(`the mean lightness moved from ${before.toFixed(3)} to ${after.toFixed(3)}`);
  }

  #refusal(detail: string): Error {
    return refuse('restoration.output-not-sane', { operation: this.operation, detail });
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
