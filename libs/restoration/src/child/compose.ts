import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { factsOf, refuse, type AcceptedSet, type CompositeResult, type Operation } from '@albumen/domain';
import { encodeMaster, encodePyramid } from '@albumen/imaging';
import { pixelSha256 } from '../picture/strips.js';
import { modelsOf, type ChildContext } from './context.js';
import { ProgressMeter } from './progress.js';
import {
  beforeEnlarging,
  changeNumbers,
  partFor,
  partOf,
  writeChangeMap,
  type Measured,
  type RestoreRun,
} from './restore.js';
import { fileSha256, runtimeOf } from './runtime.js';
import { checkSteps, type CheckedSteps } from './steps.js';
import { Workbench } from './workbench.js';

/** What a composite's run is asked. */
export interface ComposeRun extends RestoreRun {
  readonly accepted: AcceptedSet;
}

/**
 * Computes the picture of an accepted set with the same steps as the proposal: original, accepted regions, then accepted
 * layers in the recipe's order. Nothing accepted gives the original's pixels bit for bit.
 */
export async function compose(run: ComposeRun, context: ChildContext): Promise<Measured<CompositeResult>> {
  const startedAt = new Date().toISOString();
  const steps = checkSteps(run.recipe, await modelsOf(context));
  const strengths = acceptedStrengths(run.accepted, steps);
  const meter = new ProgressMeter(
    [
      { name: 'decode', seconds: 1 },
      { name: 'measure', seconds: 1.5 },
      ...[...strengths.keys()].map((operation) => partFor(steps, operation)),
      { name: 'compare', seconds: 3 },
      { name: 'texture', seconds: 1.5 },
      { name: 'encode', seconds: strengths.has('enlarge') ? 10 : 2.5 },
    ],
    run.tell,
  );
  const work = join(run.into, 'work');
  await mkdir(work);
  let opened: Workbench | undefined;
  try {
    const bench = await meter.part('decode', () => Workbench.prepare(work, run, steps, context));
    opened = bench;
    await meter.part('measure', (advance) => bench.look(advance));
    const accepted = new Set(run.accepted.regions);
    const known = new Set(bench.labelled.regions.map((region) => region.ordinal));
    for (const ordinal of accepted) if (!known.has(ordinal)) throw refuse('restoration.region-not-found', { ordinal });
    let at = '';
    for (const [operation, strength] of strengths) {
      const variant = at + factsOf(operation).letter;
      await meter.part(partOf[operation].name, (advance) =>
        bench.make({ operation, from: at, variant, twin: null, strength, accepted }, advance),
      );
      // What was enlarged is still needed for the numbers.
      if (at !== '' && operation !== 'enlarge') await bench.free(at);
      at = variant;
    }
    const regions = bench.labelled.regions
      .filter(({ ordinal }) => accepted.has(ordinal))
      .map(({ operation, ordinal }) => ({ operation, area: bench.measures.get(ordinal)?.area ?? 0 }));
    const change = await meter.part('compare', (advance) => bench.compare('', at, true, advance));
    const figures = await meter.part('texture', () => bench.figures(beforeEnlarging(at)));
    const { changeMapPath } = await writeChangeMap(change, join(run.into, 'change-map.png'));
    const masterPath = join(run.into, 'master.tif');
    const pyramidPath = join(run.into, 'pyramid.tif');
    const picture = bench.picture(at);
    const pixels = await pixelSha256(picture);
    await meter.part('encode', async (advance) => {
      await encodeMaster(picture.work, masterPath);
      advance(1, 2);
      await encodePyramid(picture.work, pyramidPath);
    });
    const { width, height, depth, bands } = bench.original;
    return {
      masterPath,
      pyramidPath,
      width: picture.work.width,
      height: picture.work.height,
      numbers: changeNumbers({ regions, of: width * height }, change, figures),
      changeMapPath,
      receipt: {
        type: 'albumen-receipt',
        version: 1,
        input: {
          sha256: await fileSha256(run.input),
          pixelSha256: await pixelSha256(bench.picture('')),
          width,
          height,
          depth,
          bands,
        },
        recipe: run.recipe,
        runtime: await runtimeOf(context),
        tilePlan: bench.tilePlan,
        derived: bench.derived,
        output: { sha256: await fileSha256(masterPath), pixelSha256: pixels, mediaType: 'image/tiff' },
        startedAt,
        finishedAt: new Date().toISOString(),
      },
      sessionSeconds: bench.sessionSeconds,
    };
  } finally {
    await opened?.close();
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * What is accepted, in the recipe's order with its strength: regions first where there are any, then layers, each of which
 * must be one of the recipe. Strength 0 stays: it is the identity.
 */
function acceptedStrengths(accepted: AcceptedSet, steps: CheckedSteps): ReadonlyMap<Operation, number> {
  const asked = new Map<Operation, number>();
  for (const { operation, strength } of accepted.layers) {
    if (factsOf(operation).kind === 'region' || !steps.operations.includes(operation))
      throw refuse('restoration.step-unknown', { operation });
    if (!(strength >= 0 && strength <= 1))
      throw refuse('restoration.engine-failed', { detail: `a strength of ${strength}` });
    asked.set(operation, strength);
  }
  // Regions of all steps are made together, by the name of the first of them.
  const regions = steps.operations.find((operation) => factsOf(operation).kind === 'region');
  if (regions !== undefined && accepted.regions.length > 0) asked.set(regions, 1);
  return new Map(
    steps.operations.flatMap((operation): [Operation, number][] => {
      const strength = asked.get(operation);
      return strength === undefined ? [] : [[operation, strength]];
    }),
  );
}
