import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { damageClasses, refuse, type Assessment, type DamageReport, type MaskedDamage } from '@albumen/domain';
import { decodeToWorkFile } from '@albumen/imaging';
import { blurFrom } from '../measure/blur.js';
import { castOf, fadingOf, labPlanes, tonalityOf } from '../measure/colour.js';
import { noiseFrom } from '../measure/noise.js';
import { surveyPicture, undamagedCells } from '../measure/survey.js';
import { writeMask } from '../picture/mask-file.js';
import type { Mark } from '../picture/runs.js';
import { Strips } from '../picture/strips.js';
import { pinOf } from '../models.js';
import { modelsOf, type ChildContext, type ChildRun } from './context.js';
import { findDamage } from './damage-masks.js';
import { ProgressMeter } from './progress.js';

/** What this version does not measure; shown as such, never guessed. */
export const notMeasured = ['faces', 'lettering', 'tears', 'handwriting', 'capture-faults'] as const;

/** Measures a picture: masks by `damage-s`, the rest by statistics. Writes `damage-mask.png` into the run's folder. */
export async function assess(
  run: ChildRun,
  context: ChildContext,
): Promise<Assessment & { readonly timings: ProgressMeter['timings']; readonly sessionSeconds: number }> {
  const model = (await modelsOf(context)).get('damage-s');
  if (model === undefined) throw refuse('model.missing', { model: 'damage-s' });
  const net = await context.nets.open(model, 'u8');
  const work = join(run.into, 'work');
  await mkdir(work);
  const meter = new ProgressMeter(
    [
      { name: 'decode', seconds: 1 },
      { name: 'measure', seconds: 2 },
      { name: 'find-damage', seconds: 12 },
      { name: 'write', seconds: 1 },
    ],
    run.tell,
  );
  try {
    const decoded = await meter.part('decode', () => decodeToWorkFile(run.input, join(work, 'original.v')));
    const picture = await Strips.open(decoded);
    try {
      const survey = await meter.part('measure', (advance) => surveyPicture(picture, true, advance));
      const { marks } = await meter.part('find-damage', (advance) => findDamage(picture, net, work, advance));
      const maskPath = join(run.into, 'damage-mask.png');
      await meter.part('write', () => writeMask(maskPath, decoded, marks));
      const planes = labPlanes(survey.reduced, undamagedCells(survey.reduced, marks));
      const noise = noiseFrom(survey.blocks);
      const clear = survey.edges.filter((edge) => edge.gradient >= 4 * noise.value).map((edge) => edge.sigma);
      const report: DamageReport = {
        version: 1,
        width: decoded.width,
        height: decoded.height,
        masks: maskedDamage(marks, decoded.width * decoded.height),
        noise,
        fading: fadingOf(planes),
        cast: castOf(planes),
        blur: blurFrom(clear),
        tonality: tonalityOf(planes, decoded.bands),
        notMeasured,
        models: [pinOf(model)],
      };
      return { report, maskPath, timings: meter.timings, sessionSeconds: net.seconds };
    } finally {
      await picture.close();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function maskedDamage(marks: readonly Mark[], pixels: number): DamageReport['masks'] {
  const of = (kind: number): MaskedDamage => {
    const own = marks.filter((mark) => mark.kind === kind);
    const area = own.reduce((sum, mark) => sum + mark.area, 0);
    const certain = own.reduce((sum, mark) => sum + mark.probability * mark.area, 0);
    return {
      share: Math.round((area / pixels) * 1e7) / 1e7,
      count: own.length,
      // Where nothing was found there is nothing to be more or less sure of.
      confidence: area === 0 ? 0 : Math.round((certain / area) * 1000) / 1000,
    };
  };
  return Object.fromEntries(damageClasses.map((name, index) => [name, of(index + 1)])) as DamageReport['masks'];
}
