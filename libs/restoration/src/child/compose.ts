import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { refuse, type AcceptedSet, type CompositeResult, type Operation } from '@albumen/domain';
import { encodeMaster, encodePyramid } from '@albumen/imaging';
import { pixelSha256 } from '../picture/strips.js';
import { modelsOf, type ChildContext } from './context.js';
import { ProgressMeter } from './progress.js';
import { round, writeChangeMap, type Measured, type RestoreRun } from './restore.js';
import { checkSteps, type CheckedSteps } from './steps.js';
import { fileSha256, Workbench } from './workbench.js';

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
      { name: 'fill', seconds: run.accepted.regions.length > 0 ? 4 : 0.01 },
      { name: 'denoise', seconds: strengths.has('reduce-noise') ? 14 : 0.01 },
      { name: 'tone', seconds: strengths.has('correct-tone') ? 2 : 0.01 },
      { name: 'compare', seconds: 3 },
      { name: 'encode', seconds: 2 },
    ],
    run.tell,
  );
  const work = join(run.into, 'work');
  await mkdir(work);
  let bench: Workbench | undefined;
  try {
    const made = await meter.part('decode', () => Workbench.prepare(work, run.input, run.maskPath, steps, context));
    bench = made;
    let at = '';
    let replaced = 0;
    const accepted = new Set(run.accepted.regions);
    const known = new Set(made.labelled.regions.map((region) => region.ordinal));
    for (const ordinal of accepted)
      if (steps.repair === null || !known.has(ordinal)) throw refuse('restoration.region-not-found', { ordinal });
    if (accepted.size > 0) {
      const measures = await meter.part('fill', (advance) => made.repair('r', accepted, advance));
      for (const ordinal of accepted) replaced += measures.get(ordinal)?.area ?? 0;
      at = 'r';
    }
    const noise = strengths.get('reduce-noise');
    if (noise !== undefined) {
      await meter.part('denoise', (advance) => made.reduceNoise([at, `${at}n`], null, noise, advance));
      at = `${at}n`;
    }
    const tone = strengths.get('correct-tone');
    if (tone !== undefined) {
      await meter.part('tone', async (advance) => {
        await made.planTone(advance);
        await made.correctTone(at, `${at}t`, tone);
      });
      at = `${at}t`;
    }
    const change = await meter.part('compare', (advance) => made.compare('', at, true, advance));
    const { changeMapPath } = await writeChangeMap(change, run.into);
    const masterPath = join(run.into, 'master.tif');
    const pyramidPath = join(run.into, 'pyramid.tif');
    const pixels = await pixelSha256(made.picture(at));
    await meter.part('encode', async (advance) => {
      await encodeMaster(made.picture(at).work, masterPath);
      advance(1, 2);
      await encodePyramid(made.picture(at).work, pyramidPath);
    });
    const { width, height, depth, bands } = made.original;
    return {
      masterPath,
      pyramidPath,
      width,
      height,
      numbers: { replacedShare: round(replaced / (width * height)), regionCount: accepted.size, ...change.result() },
      changeMapPath,
      receipt: {
        type: 'albumen-receipt',
        version: 1,
        input: {
          sha256: await fileSha256(run.input),
          pixelSha256: await pixelSha256(made.picture('')),
          width,
          height,
          depth,
          bands,
        },
        recipe: run.recipe,
        runtime: await made.runtime(),
        tilePlan: made.tilePlan,
        derived: made.derived,
        output: { sha256: await fileSha256(masterPath), pixelSha256: pixels, mediaType: 'image/tiff' },
        startedAt,
        finishedAt: new Date().toISOString(),
      },
      sessionSeconds: made.sessionSeconds,
    };
  } finally {
    await bench?.close();
    await rm(work, { recursive: true, force: true });
  }
}

/** Strengths of the accepted layers; each must be a layer of the recipe. Strength 0 stays: it is the identity. */
function acceptedStrengths(accepted: AcceptedSet, steps: CheckedSteps): ReadonlyMap<Operation, number> {
  const strengths = new Map<Operation, number>();
  for (const { operation, strength } of accepted.layers) {
    if (operation === 'repair-damage' || !steps.operations.includes(operation))
      throw refuse('restoration.step-unknown', { operation });
    if (!(strength >= 0 && strength <= 1))
      throw refuse('restoration.engine-failed', { detail: `a strength of ${strength}` });
    strengths.set(operation, strength);
  }
  return strengths;
}
