import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  factsOf,
  type ChangeNumbers,
  type DamageReport,
  type LayerFound,
  type Operation,
  type Recipe,
  type RegionFound,
  type RestorationResult,
  type StepMap,
  type VariantFile,
} from '@albumen/domain';
import { encodeGreyPng, encodeMaster, encodePyramid } from '@albumen/imaging';
import { deltaEPerLevel, type ChangeMeter } from '../change-map.js';
import { confidenceMap, confidencePerLevel } from '../confidence-map.js';
import { IndexPngWriter } from '../picture/index-png.js';
import { pixelSha256 } from '../picture/strips.js';
import { modelsOf, type ChildContext, type ChildRun } from './context.js';
import { ProgressMeter, type PlannedPart } from './progress.js';
import { fileSha256, runtimeOf } from './runtime.js';
import { scheduleProposal, type Task } from './schedule.js';
import { checkSteps, type CheckedSteps } from './steps.js';
import type { Figures } from './texture.js';
import { Workbench } from './workbench.js';

/** What a proposal's run is asked. */
export interface RestoreRun extends ChildRun {
  readonly recipe: Recipe;
  readonly maskPath: string;
  /** The stored damage report: noise, blur, tonality and faces are taken from it, or else measured where they can be. */
  readonly report?: DamageReport;
}

/** A result with the seconds spent inside `session.run`, in all and by part where they were told apart, for the bench. */
export type Measured<T> = T & {
  readonly sessionSeconds: number;
  readonly sessionsByPart?: Readonly<Record<string, number>>;
};

/** Computes a proposal: every variant as a pyramid, the whole proposal as master, labels, change map, numbers, receipt. */
export async function restore(run: RestoreRun, context: ChildContext): Promise<Measured<RestorationResult>> {
  const startedAt = new Date().toISOString();
  const steps = checkSteps(run.recipe, await modelsOf(context));
  const tasks = scheduleProposal(steps.operations);
  const meter = new ProgressMeter(plannedParts(tasks, steps), run.tell);
  const work = join(run.into, 'work');
  await mkdir(work);
  let opened: Workbench | undefined;
  try {
    const bench = await meter.part('decode', () => Workbench.prepare(work, run, steps, context));
    opened = bench;
    await meter.part('load', () => bench.load());
    await meter.part('measure', (advance) => bench.look(advance));
    const input = { sha256: await fileSha256(run.input), pixelSha256: await pixelSha256(bench.picture('')) };
    const done = await perform(tasks, bench, run.into, meter);
    const regions = regionsFound(bench);
    const labelsPath = regions.length > 0 ? join(run.into, 'region-labels.png') : null;
    if (labelsPath !== null) await meter.part('labels', () => writeLabels(bench, labelsPath));
    const { width, height, depth, bands } = bench.original;
    return {
      variants: done.variants,
      regions,
      layers: done.layers,
      numbers: changeNumbers({ regions, of: width * height }, done.overall, done.figures),
      regionLabelsPath: labelsPath,
      ...(await writeChangeMap(done.overall, join(run.into, 'change-map.png'))),
      maps: [...done.maps, ...(await confidenceMaps(bench, regions.length > 0, run.into))],
      masterPath: done.master.path,
      masterMediaType: 'image/tiff',
      receipt: {
        type: 'albumen-receipt',
        version: 1,
        input: { ...input, width, height, depth, bands },
        recipe: run.recipe,
        runtime: await runtimeOf(context),
        tilePlan: bench.tilePlan,
        derived: bench.derived,
        output: {
          sha256: await fileSha256(done.master.path),
          pixelSha256: done.master.pixelSha256,
          mediaType: 'image/tiff',
        },
        startedAt,
        finishedAt: new Date().toISOString(),
      },
      timings: meter.timings,
      sessionSeconds: bench.sessionSeconds,
      sessionsByPart: done.sessionsByPart,
    };
  } finally {
    await opened?.close();
    await rm(work, { recursive: true, force: true });
  }
}

/** Name of the part in which an operation is computed, and what it costs (seconds for 12 megapixels, from experience). */
export const partOf: Readonly<Record<Operation, PlannedPart>> = {
  'repair-damage': { name: 'fill', seconds: 5 },
  'rebuild-area': { name: 'fill', seconds: 10 },
  'reduce-stains': { name: 'fill', seconds: 2 },
  'reduce-noise': { name: 'denoise', seconds: 24 },
  sharpen: { name: 'sharpen', seconds: 3 },
  'correct-tone': { name: 'tone', seconds: 1.5 },
  'lift-shadows': { name: 'lift', seconds: 2 },
  'suggest-colour': { name: 'suggest', seconds: 8 },
  'guide-colour': { name: 'colour', seconds: 5 },
  'treat-faces': { name: 'faces', seconds: 1.5 },
  enlarge: { name: 'enlarge', seconds: 40 },
};

/** What other work costs, likewise. */
const plain = {
  decode: 1,
  load: 0.5,
  measure: 1.5,
  encode: 0.5,
  compare: 2.5,
  texture: 1.5,
  labels: 0.5,
  master: 1.5,
} as const;

/** The part of an operation with what it costs as this recipe has it: a net that looks several times takes as long. */
export function partFor(steps: CheckedSteps, operation: Operation): PlannedPart {
  const { name, seconds } = partOf[operation];
  return { name, seconds: seconds * (steps.of(operation)?.parameters['views'] ?? 1) };
}

function plannedParts(tasks: readonly Task[], steps: CheckedSteps): PlannedPart[] {
  const parts = tasks.flatMap((task): PlannedPart[] => {
    if (task.kind === 'free') return [];
    if (task.kind === 'make') {
      const { name, seconds } = partFor(steps, task.operation);
      return [{ name, seconds: task.twin === null ? seconds : seconds * 1.4 }];
    }
    // An enlarged picture is larger by its scale, which is at least two.
    const larger = task.kind !== 'compare' && beforeEnlarging(task.variant) !== task.variant ? 4 : 1;
    const texture = task.kind === 'compare' && task.operations.includes(null);
    return [
      { name: task.kind, seconds: plain[task.kind] * larger },
      ...(texture ? [{ name: 'texture', seconds: plain.texture }] : []),
    ];
  });
  const labels = tasks.some((task) => task.kind === 'make' && factsOf(task.operation).kind === 'region');
  return [
    { name: 'decode', seconds: plain.decode },
    { name: 'load', seconds: plain.load },
    { name: 'measure', seconds: plain.measure },
    ...parts,
    ...(labels ? [{ name: 'labels', seconds: plain.labels }] : []),
  ];
}

interface Done {
  readonly variants: readonly VariantFile[];
  readonly layers: readonly LayerFound[];
  readonly overall: ChangeMeter;
  readonly figures: Figures;
  readonly maps: readonly StepMap[];
  readonly master: { readonly path: string; readonly pixelSha256: string };
  readonly sessionsByPart: Readonly<Record<string, number>>;
}

async function perform(tasks: readonly Task[], bench: Workbench, into: string, meter: ProgressMeter): Promise<Done> {
  const variants: VariantFile[] = [];
  const layers: LayerFound[] = [];
  const maps: StepMap[] = [];
  const sessionsByPart: Record<string, number> = {};
  let overall: ChangeMeter | undefined;
  let figures: Figures | undefined;
  let master: Done['master'] | undefined;
  for (const task of tasks) {
    if (task.kind === 'free') await bench.free(task.variant);
    else if (task.kind === 'make') {
      const strength = bench.steps.of(task.operation)?.strength ?? 0;
      const { name } = partOf[task.operation];
      const before = bench.sessionSeconds;
      await meter.part(name, (advance) => bench.make({ ...task, strength, accepted: null }, advance));
      sessionsByPart[name] = (sessionsByPart[name] ?? 0) + bench.sessionSeconds - before;
    } else if (task.kind === 'encode') {
      const { variant } = task;
      const pyramidPath = join(into, `variant-${variant}.tif`);
      const { width, height } = await meter.part('encode', () =>
        encodePyramid(bench.picture(variant).work, pyramidPath),
      );
      variants.push({ variant, pyramidPath, width, height });
    } else if (task.kind === 'compare') {
      const { before, after, operations } = task;
      const change = await meter.part('compare', (advance) => bench.compare(before, after, true, advance));
      for (const operation of operations) {
        if (operation === null) {
          overall = change;
          figures = await meter.part('texture', () => bench.figures(beforeEnlarging(after)));
        } else {
          layers.push({ operation, strength: bench.steps.of(operation)?.strength ?? 0, ...change.result() });
          const { changeMapPath, changeMap } = await writeChangeMap(change, join(into, `change-map-${operation}.png`));
          const { width, height, deltaEPerLevel: perLevel } = changeMap;
          maps.push({ kind: 'change', operation, path: changeMapPath, width, height, perLevel });
        }
      }
    } else {
      const path = join(into, 'master.tif');
      const picture = bench.picture(task.variant);
      const pixels = await pixelSha256(picture);
      await meter.part('master', () => encodeMaster(picture.work, path));
      master = { path, pixelSha256: pixels };
    }
  }
  if (overall === undefined || figures === undefined || master === undefined)
    throw new TypeError('Expected a schedule that compares and writes the whole proposal');
  // The order in which variants are made saves work; the order in which they are told is that of their names.
  variants.sort((a, b) => a.variant.length - b.variant.length || (a.variant < b.variant ? -1 : 1));
  return { variants, layers, overall, figures, maps, master, sessionsByPart };
}

function regionsFound(bench: Workbench): RegionFound[] {
  return bench.labelled.regions.flatMap((region) => {
    const measure = bench.measures.get(region.ordinal);
    // A region whose every pixel belongs to earlier ones, or is protected, has nothing of its own to accept.
    if (measure === undefined) return [];
    return [
      {
        ordinal: region.ordinal,
        operation: region.operation,
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

/** How sure the fill is, where there are regions, and layers whose net looked in several positions. */
async function confidenceMaps(bench: Workbench, hasRegions: boolean, into: string): Promise<StepMap[]> {
  const maps = new Map(bench.sure);
  const { regions, painter } = bench.labelled;
  // A stain is told from what lies under it pixel by pixel: how far the next known one is says nothing of it.
  const filled = regions.filter(({ operation }) => replaces(operation));
  const [first] = bench.steps.operations.filter(replaces);
  if (hasRegions && first !== undefined && filled.length > 0)
    maps.set(first, confidenceMap(bench.original, filled, painter));
  return Promise.all(
    [...maps].map(async ([operation, { width, height, levels }]): Promise<StepMap> => {
      const path = join(into, `confidence-map-${operation}.png`);
      await encodeGreyPng(levels, width, height, path);
      return { kind: 'confidence', operation, path, width, height, perLevel: confidencePerLevel };
    }),
  );
}

/** Writes the change map and answers where it lies and how to read it. */
export async function writeChangeMap(
  meter: ChangeMeter,
  changeMapPath: string,
): Promise<{
  readonly changeMapPath: string;
  readonly changeMap: { readonly width: number; readonly height: number; readonly deltaEPerLevel: number };
}> {
  if (meter.map === null) throw new TypeError('Expected a meter that draws the change map');
  const { width, height } = meter.map;
  await encodeGreyPng(meter.levels(), width, height, changeMapPath);
  return { changeMapPath, changeMap: { width, height, deltaEPerLevel } };
}

/** Name of the variant that a picture was enlarged from; its own where it was not. */
export function beforeEnlarging(variant: string): string {
  const { letter } = factsOf('enlarge');
  return variant.endsWith(letter) ? variant.slice(0, -letter.length) : variant;
}

/** Whether the regions of an operation stand in place of what was there; a stain that is taken back leaves it. */
function replaces(operation: Operation): boolean {
  const { kind, canInvent } = factsOf(operation);
  return kind === 'region' && canInvent;
}

/** The numbers that say how far a picture is from its original. `regions`: those in the picture; `of`: pixels of the original. */
export function changeNumbers(
  { regions, of }: { readonly regions: readonly Pick<RegionFound, 'operation' | 'area'>[]; readonly of: number },
  overall: ChangeMeter,
  figures: Figures,
): ChangeNumbers {
  const replaced = regions.filter(({ operation }) => replaces(operation));
  const facesDeltaE = overall.insideAreas();
  return {
    replacedShare: round(replaced.reduce((sum, { area }) => sum + area, 0) / of),
    regionCount: regions.length,
    ...overall.result(),
    ...figures,
    ...(facesDeltaE === null ? {} : { facesDeltaE }),
  };
}

/** Seven decimals: shares of large pictures are small. */
export function round(value: number): number {
  return Math.round(value * 1e7) / 1e7;
}
