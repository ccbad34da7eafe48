import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  variantName,
  type LayerFound,
  type Operation,
  type Recipe,
  type RegionFound,
  type RestorationResult,
  type VariantFile,
} from '@albumen/domain';
import { encodeGreyPng, encodeMaster, encodePyramid } from '@albumen/imaging';
import { deltaEPerLevel, type ChangeMeter } from '../change-map.js';
import { IndexPngWriter } from '../picture/index-png.js';
import { pixelSha256 } from '../picture/strips.js';
import { modelsOf, type ChildContext, type ChildRun } from './context.js';
import { ProgressMeter, type PlannedPart } from './progress.js';
import type { RegionMeasure } from './repair.js';
import { checkSteps, type CheckedSteps } from './steps.js';
import { fileSha256, Workbench } from './workbench.js';

/** What a proposal's run is asked. */
export interface RestoreRun extends ChildRun {
  readonly recipe: Recipe;
  readonly maskPath: string;
}

/** A result with the seconds spent inside `session.run`, for the bench. */
export type Measured<T> = T & { readonly sessionSeconds: number };

/** Computes a proposal: every variant as a pyramid, the whole proposal as master, labels, change map, numbers, receipt. */
export async function restore(run: RestoreRun, context: ChildContext): Promise<Measured<RestorationResult>> {
  const startedAt = new Date().toISOString();
  const steps = checkSteps(run.recipe, await modelsOf(context));
  const meter = new ProgressMeter(plannedParts(steps), run.tell);
  const work = join(run.into, 'work');
  await mkdir(work);
  let bench: Workbench | undefined;
  try {
    bench = await meter.part('decode', () => Workbench.prepare(work, run.input, run.maskPath, steps, context));
    const measures = await compute(bench, meter);
    const whole = wholeVariant(steps);
    const input = { sha256: await fileSha256(run.input), pixelSha256: await pixelSha256(bench.picture('')) };
    const variants = await encodeVariants(bench, run.into, meter);
    const { layers, overall } = await measureLayers(bench, whole, meter);
    const { regions } = bench.labelled;
    const labelsPath = steps.repair !== null && regions.length > 0 ? join(run.into, 'region-labels.png') : null;
    if (labelsPath !== null) await meter.part('labels', () => writeLabels(bench as Workbench, labelsPath));
    const found = regionsFound(bench, measures);
    const { width, height, depth, bands } = bench.original;
    const changeMap = await writeChangeMap(overall, run.into);
    const masterPath = join(run.into, 'master.tif');
    const pixels = await pixelSha256(bench.picture(whole));
    await meter.part('master', () => encodeMaster((bench as Workbench).picture(whole).work, masterPath));
    return {
      variants,
      regions: found,
      layers,
      numbers: {
        replacedShare: round(found.reduce((sum, region) => sum + region.area, 0) / (width * height)),
        regionCount: found.length,
        ...overall.result(),
      },
      regionLabelsPath: labelsPath,
      ...changeMap,
      masterPath,
      masterMediaType: 'image/tiff',
      receipt: {
        type: 'albumen-receipt',
        version: 1,
        input: { ...input, width, height, depth, bands },
        recipe: run.recipe,
        runtime: await bench.runtime(),
        tilePlan: bench.tilePlan,
        derived: bench.derived,
        output: { sha256: await fileSha256(masterPath), pixelSha256: pixels, mediaType: 'image/tiff' },
        startedAt,
        finishedAt: new Date().toISOString(),
      },
      timings: meter.timings,
      sessionSeconds: bench.sessionSeconds,
    };
  } finally {
    await bench?.close();
    await rm(work, { recursive: true, force: true });
  }
}

function plannedParts(steps: CheckedSteps): PlannedPart[] {
  const seconds: Record<string, number> = {
    decode: 1,
    fill: steps.repair ? 4 : 0,
    denoise: steps.noise ? 14 : 0,
    tone: steps.tone ? 2 : 0,
    encode: 3,
    compare: 6,
    labels: 1,
    master: 2,
  };
  return Object.entries(seconds)
    .filter(([, cost]) => cost > 0)
    .map(([name, cost]) => ({ name, seconds: cost }));
}

/** Name of the variant that holds everything the recipe proposes. */
export function wholeVariant(steps: CheckedSteps): string {
  return variantName({ regions: steps.repair !== null, operations: steps.operations });
}

/** Computes every variant of the recipe as a work file of its name. */
async function compute(bench: Workbench, meter: ProgressMeter): Promise<ReadonlyMap<number, RegionMeasure>> {
  const { repair, noise, tone } = bench.steps;
  const { regions } = bench.labelled;
  let measures: ReadonlyMap<number, RegionMeasure> = new Map();
  const bases = repair === null ? [''] : ['r', ''];
  if (repair !== null)
    measures = await meter.part('fill', (advance) =>
      bench.repair('r', new Set(regions.map((region) => region.ordinal)), advance),
    );
  if (noise !== null)
    await meter.part('denoise', (advance) =>
      bench.reduceNoise(
        [bases[0] as string, `${bases[0]}n`],
        repair === null ? null : ['', 'n'],
        noise.step.strength,
        advance,
      ),
    );
  if (tone !== null)
    await meter.part('tone', async (advance) => {
      await bench.planTone(() => undefined);
      const sources = noise === null ? bases : [...bases, ...bases.map((base) => `${base}n`)];
      for (const [index, source] of sources.entries()) {
        await bench.correctTone(source, `${source}t`, tone.strength);
        advance(index + 1, sources.length);
      }
    });
  return measures;
}

/** All variants but the original: every combination of what the recipe has. */
export function variantsOf(steps: CheckedSteps): string[] {
  const letters = [steps.repair === null ? '' : 'r', steps.noise === null ? '' : 'n', steps.tone === null ? '' : 't'];
  return letters
    .reduce<string[]>(
      (names, letter) => (letter === '' ? names : [...names, ...names.map((name) => name + letter)]),
      [''],
    )
    .filter((name) => name !== '');
}

async function encodeVariants(bench: Workbench, into: string, meter: ProgressMeter): Promise<VariantFile[]> {
  const names = variantsOf(bench.steps);
  return meter.part('encode', async (advance) => {
    const files: VariantFile[] = [];
    for (const variant of names) {
      const pyramidPath = join(into, `variant-${variant}.tif`);
      const { width, height } = await encodePyramid(bench.picture(variant).work, pyramidPath);
      files.push({ variant, pyramidPath, width, height });
      advance(files.length, names.length);
    }
    return files;
  });
}

/** Each layer against its own input, and the proposal against the original (with the change map). */
async function measureLayers(
  bench: Workbench,
  whole: string,
  meter: ProgressMeter,
): Promise<{ layers: LayerFound[]; overall: ChangeMeter }> {
  return meter.part('compare', async (advance) => {
    const { noise, tone, repair } = bench.steps;
    const base = repair === null ? '' : 'r';
    const steps: [Operation, string, string, number][] = [];
    if (noise !== null) steps.push(['reduce-noise', base, `${base}n`, noise.step.strength]);
    if (tone !== null) steps.push(['correct-tone', whole.slice(0, -1), whole, tone.strength]);
    const passes = steps.length + 1;
    const layers: LayerFound[] = [];
    let overall: ChangeMeter | undefined;
    for (const [operation, before, after, strength] of steps) {
      // A layer whose input is the original and whose output is the proposal is the whole change.
      const isAll = before === '' && after === whole;
      const meterOf = await bench.compare(before, after, isAll, (done, of) =>
        advance(layers.length + done / of, passes),
      );
      if (isAll) overall = meterOf;
      layers.push({ operation, strength, ...meterOf.result() });
    }
    overall ??= await bench.compare('', whole, true, (done, of) => advance(layers.length + done / of, passes));
    return { layers, overall };
  });
}

function regionsFound(bench: Workbench, measures: ReadonlyMap<number, RegionMeasure>): RegionFound[] {
  if (bench.steps.repair === null) return [];
  return bench.labelled.regions.flatMap((region) => {
    const measure = measures.get(region.ordinal);
    // A region whose every pixel belongs to earlier ones has nothing of its own to accept.
    if (measure === undefined) return [];
    return [
      {
        ordinal: region.ordinal,
        operation: 'repair-damage' as const,
        kind: region.kind,
        confidence: region.confidence,
        ...measure,
      },
    ];
  });
}

async function writeLabels(bench: Workbench, path: string): Promise<void> {
  const { width, height } = bench.original;
  const writer = await IndexPngWriter.create(path, { width, height }, 'grey16');
  const rows = 256;
  for (let y = 0; y < height; y += rows) await writer.rows(bench.labelled.painter.paint(y, Math.min(rows, height - y)));
  await writer.end();
}

/** Writes the change map and answers where it lies and how to read it. */
export async function writeChangeMap(
  meter: ChangeMeter,
  into: string,
): Promise<{
  readonly changeMapPath: string;
  readonly changeMap: { readonly width: number; readonly height: number; readonly deltaEPerLevel: number };
}> {
  if (meter.map === null) throw new TypeError('Expected a meter that draws the change map');
  const changeMapPath = join(into, 'change-map.png');
  const { width, height } = meter.map;
  await encodeGreyPng(meter.levels(), width, height, changeMapPath);
  return { changeMapPath, changeMap: { width, height, deltaEPerLevel } };
}

/** Seven decimals: shares of large pictures are small. */
export function round(value: number): number {
  return Math.round(value * 1e7) / 1e7;
}
