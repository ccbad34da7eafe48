import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  damageClasses,
  proposalThresholds,
  refuse,
  type Assessment,
  type CredibleDamage,
  type DamageClass,
  type DamageReport,
  type MaskedDamage,
} from '@albumen/domain';
import { decodeToWorkFile } from '@albumen/imaging';
import { withDetectors } from '../brought-in-models/yunet.js';
import { blurFrom, clearEdges } from '../measure/blur.js';
import { castOf, fadingOf, labPlanes, tonalityOf } from '../measure/colour.js';
import { noiseFrom } from '../measure/noise.js';
import { surveyPicture, undamagedCells, type Reduced } from '../measure/survey.js';
import { clippingFrom } from '../measure/clipping.js';
import { credibleMarks, filmGrain } from '../measure/credible-marks.js';
import { frameOf, type Frame } from '../measure/frame.js';
import { lowLightOf } from '../measure/light.js';
import { lossesOf } from '../measure/losses.js';
import { writeMask } from '../picture/mask-file.js';
import type { Mark } from '../picture/runs.js';
import { Strips } from '../picture/strips.js';
import { credibleStains } from '../stains/credible-stains.js';
import { stainAreas } from '../stains/stain-areas.js';
import { beneath, stainKind } from '../stains/stain-marks.js';
import { pinOf } from '../models.js';
import { modelsOf, type ChildContext, type ChildRun } from './context.js';
import { findDamage } from './damage-masks.js';
import { facesOf } from './faces-of.js';
import { letteringOf } from './lettering-of.js';
import { stainsOf } from './stains-of.js';
import { ProgressMeter } from './progress.js';

/** How a class of marks that the net does not find well enough is called among what was not measured. */
const unmeasuredName = { scratch: 'scratches', dust: 'dust', stain: 'stains' } as const satisfies Record<
  DamageClass,
  string
>;

/** Measures a picture: masks by `damage-s`, those of stains by `stains` where it is installed, the rest by statistics. Writes `damage-mask.png` into the run's folder. */
export async function assess(
  run: ChildRun,
  context: ChildContext,
): Promise<Assessment & { readonly timings: ProgressMeter['timings']; readonly sessionSeconds: number }> {
  const models = await modelsOf(context);
  const model = models.get('damage-s');
  if (model === undefined) throw refuse('model.missing', { model: 'damage-s' });
  const net = await context.nets.open(model);
  const work = join(run.into, 'work');
  await mkdir(work);
  const meter = new ProgressMeter(
    [
      { name: 'decode', seconds: 1 },
      { name: 'measure', seconds: 2 },
      { name: 'find-damage', seconds: 12 },
      { name: 'find-faces', seconds: 2 },
      { name: 'find-lettering', seconds: 3 },
      { name: 'find-stains', seconds: 0.2 },
      { name: 'judge-marks', seconds: 0.3 },
      { name: 'write', seconds: 1 },
    ],
    run.tell,
  );
  try {
    const decoded = await meter.part('decode', () => decodeToWorkFile(run.input, join(work, 'original.v')));
    const picture = await Strips.open(decoded);
    try {
      const survey = await meter.part('measure', (advance) => surveyPicture(picture, true, advance));
      const { marks: found, half } = await meter.part('find-damage', (advance) =>
        findDamage(picture, net, work, advance),
      );
      await context.nets.rest();
      const frame = frameOf(survey.reduced);
      const noise = noiseFrom(survey.blocks);
      const looked = await meter.part('find-faces', async () => {
        const nets = {
          finding: models.get('faces'),
          looking: models.get('face-look'),
          placing: models.get('face-marks'),
        };
        const found = await facesOf(picture, nets, context.threads);
        return withDetectors(found, picture, models, context.threads);
      });
      await context.nets.rest();
      const read = await meter.part('find-lettering', () =>
        letteringOf(picture, models.get('lettering'), looked.faces ?? [], context.threads),
      );
      await context.nets.rest();
      const stains = await meter.part('find-stains', () =>
        stainsOf(survey.reduced, frame, decoded, models.get('stains'), looked.faces ?? [], context.threads),
      );
      await context.nets.rest();
      // What looks for stains alone has the say about them, where it is installed.
      const others = stains === null ? found : found.filter(({ kind }) => kind !== stainKind);
      const marks = stains === null ? found : [...others, ...stains.marks];
      // Tone is that of the photograph: neither its damage nor the scanner's bed around it has a say.
      const usable = undamagedCells(survey.reduced, others, frame.inside);
      const stained = stainAreas(survey.reduced, stains?.marks ?? [], usable);
      const planes = labPlanes(survey.reduced, enough(stained.bare) ? stained.bare : usable);
      const fading = fadingOf(planes);
      const tonality = tonalityOf(planes, decoded.bands);
      const ageless =
        noise.value < filmGrain && fading.value < proposalThresholds.fading && tonality.value === 'colour';
      const credible = await meter.part('judge-marks', async () => {
        const luma = await Strips.open(half);
        try {
          return await credibleMarks(luma, marks, {
            width: decoded.width,
            height: decoded.height,
            ageless,
            faces: (looked.faces ?? []).map(({ box }) => box),
            lettering: (read.lettering ?? []).map(({ box }) => box),
            isPhotograph: placeIn(frame, survey.reduced),
          });
        } finally {
          await luma.close();
        }
      });
      const reducible =
        stains === null ? null : credibleStains(survey.reduced, stains.marks, stained, decoded, tonality.value);
      const maskPath = join(run.into, 'damage-mask.png');
      await meter.part('write', () => {
        const drawn = stains === null ? marks : [...others, ...beneath(stains.marks, others, decoded.width)];
        return writeMask(maskPath, decoded, drawn, credible.doubtful);
      });
      const report: DamageReport = {
        version: 2,
        width: decoded.width,
        height: decoded.height,
        masks: maskedDamage(
          marks,
          { ...credible.damage, ...(reducible && { stain: reducible }) },
          decoded.width * decoded.height,
        ),
        noise,
        fading,
        cast: castOf(planes),
        blur: blurFrom(clearEdges(survey.edges, noise.value)),
        tonality,
        lowLight: lowLightOf(planes),
        ...(survey.clipping === null
          ? {}
          : { capture: { ...clippingFrom(survey.clipping), skew: frame.skew, border: frame.border } }),
        ...(looked.faces === undefined ? {} : { faces: looked.faces }),
        ...(read.lettering === undefined ? {} : { lettering: read.lettering, marksOnLettering: credible.onLettering }),
        losses: lossesOf(survey.reduced, frame.inside, frame.colour, decoded),
        notMeasured: [
          ...read.notMeasured,
          ...(looked.faces === undefined ? ['faces'] : []),
          ...damageClasses
            .filter((name) =>
              name === 'stain' && stains !== null ? !stains.measured : model.unreliable.includes(name),
            )
            .map((name) => unmeasuredName[name]),
        ],
        models: [pinOf(model), ...(stains?.pins ?? []), ...looked.pins, ...read.pins],
      };
      return { report, maskPath, timings: meter.timings, sessionSeconds: net.seconds };
    } finally {
      await picture.close();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Share of the cells that tone is measured on; where stains leave fewer, they are the picture. */
const leastBare = 0.1;

function enough(cells: Uint8Array): boolean {
  return cells.reduce((sum, value) => sum + value, 0) >= leastBare * cells.length;
}

/** Whether a place of the picture, in its own pixels, shows the photograph. */
function placeIn({ inside }: Frame, { width, height, factor }: Reduced): (x: number, y: number) => boolean {
  return (x, y) => {
    const column = Math.min(width - 1, Math.floor(x / factor));
    return inside[Math.min(height - 1, Math.floor(y / factor)) * width + column] === 1;
  };
}

function maskedDamage(
  marks: readonly Mark[],
  credible: Readonly<Record<DamageClass, CredibleDamage>>,
  pixels: number,
): DamageReport['masks'] {
  const of = (name: DamageClass, kind: number): MaskedDamage => {
    const own = marks.filter((mark) => mark.kind === kind);
    const area = own.reduce((sum, mark) => sum + mark.area, 0);
    const certain = own.reduce((sum, mark) => sum + mark.probability * mark.area, 0);
    return {
      share: Math.round((area / pixels) * 1e7) / 1e7,
      count: own.length,
      // Where nothing was found there is nothing to be more or less sure of.
      confidence: area === 0 ? 0 : Math.round((certain / area) * 1000) / 1000,
      credible: credible[name],
    };
  };
  return Object.fromEntries(damageClasses.map((name, index) => [name, of(name, index + 1)])) as DamageReport['masks'];
}
