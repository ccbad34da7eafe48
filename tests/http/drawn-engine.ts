import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ChangeNumbers,
  CompositeResult,
  DamageReport,
  EngineRun,
  ModelPin,
  Recipe,
  RestorationEngine,
  RestorationResult,
} from '@albumen/domain';
import { emptyShelf } from '../support/empty-shelf.js';
import { characterise, encodeGreyPng, encodePalettePng, encodePyramid } from '@albumen/imaging';

/** Two marks and some noise, the same for every picture. */
const found = {
  masks: {
    scratch: { share: 0.004, count: 2, confidence: 0.9 },
    dust: { share: 0, count: 0, confidence: 0 },
    stain: { share: 0.002, count: 1, confidence: 0.8 },
  },
  noise: { value: 9, confidence: 0.9 },
} as const;
const pins: Record<string, ModelPin> = {
  'damage-s': { id: 'damage-s', version: '0', sha256: '0'.repeat(64) },
  'restore-s': { id: 'restore-s', version: '0', sha256: '1'.repeat(64) },
};
const numbers: ChangeNumbers = {
  replacedShare: 0.006,
  regionCount: 3,
  meanDeltaE: 1.4,
  maxDeltaE: 30,
  shareMoved: 0.1,
};

/**
 * An engine for tests of doors and use cases: it measures nothing and restores nothing, but every file that it writes is
 * a real one of the right kind and size. What pixels become is tested with the real engine elsewhere.
 */
export const drawnEngine: RestorationEngine = {
  pins: async () => pins,
  shelf: emptyShelf,
  async assess(run) {
    const { width, height } = await characterise(run.input);
    const maskPath = join(run.into, 'mask.png');
    const classes = new Uint8Array(width * height);
    classes.fill(1, 0, width);
    await encodePalettePng(
      classes,
      width,
      height,
      [
        [0, 0, 0, 0],
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
      ],
      maskPath,
    );
    return { maskPath, report: reportOf(width, height) };
  },
  async restore(run) {
    const written = await draw(run);
    const { width, height } = written;
    const regionLabelsPath = join(run.into, 'labels.png');
    await encodeGreyPng(new Uint16Array(width * height), width, height, regionLabelsPath);
    return {
      variants: ['r', 'rn'].map((variant) => ({ variant, pyramidPath: written.pyramid(variant), width, height })),
      regions: [1, 2, 3].map((ordinal) => ({
        ordinal,
        operation: 'repair-damage' as const,
        kind: ordinal === 3 ? ('stain' as const) : ('scratch' as const),
        box: { x: ordinal * 10, y: 5, width: 4, height: 4 },
        area: 16,
        confidence: 0.9,
        meanDeltaE: 12,
      })),
      layers: [{ operation: 'reduce-noise', strength: 0.7, meanDeltaE: 1, maxDeltaE: 6, shareMoved: 0.1 }],
      numbers,
      regionLabelsPath,
      changeMapPath: written.changeMapPath,
      changeMap: { width, height, deltaEPerLevel: 0.1 },
      masterPath: written.masterPath,
      masterMediaType: 'image/tiff',
      receipt: receiptOf(run.recipe, width, height),
      timings: [],
    } satisfies RestorationResult;
  },
  async compose(run) {
    const { width, height, ...written } = await draw(run);
    return {
      masterPath: written.masterPath,
      pyramidPath: written.pyramid('r'),
      width,
      height,
      numbers: { ...numbers, regionCount: run.accepted.regions.length },
      changeMapPath: written.changeMapPath,
      receipt: receiptOf(run.recipe, width, height),
    } satisfies CompositeResult;
  },
  close: async () => {},
};

async function draw(run: EngineRun) {
  const { width, height } = await characterise(run.input);
  const pyramid = (variant: string): string => join(run.into, `${variant}.tif`);
  await encodePyramid(run.input, pyramid('r'), { quality: 88 });
  await encodePyramid(run.input, pyramid('rn'), { quality: 86 });
  const masterPath = join(run.into, 'master.tif');
  await copyFile(pyramid('r'), masterPath);
  const changeMapPath = join(run.into, 'map.png');
  await encodeGreyPng(new Uint8Array(width * height).fill(7), width, height, changeMapPath);
  return { width, height, pyramid, masterPath, changeMapPath };
}

function reportOf(width: number, height: number): DamageReport {
  return {
    version: 1,
    width,
    height,
    ...found,
    fading: { value: 0.05, confidence: 0.9, blackPoint: 2, whitePoint: 97 },
    cast: { value: 1, confidence: 0.5, a: 0.5, b: 0.8 },
    blur: { value: 1, confidence: 0.5 },
    tonality: { value: 'colour', confidence: 0.9 },
    notMeasured: ['faces'],
    models: [],
  };
}

function receiptOf(recipe: Recipe, width: number, height: number): RestorationResult['receipt'] {
  const at = '2026-01-01T00:00:00.000Z';
  const zero = '0'.repeat(64);
  return {
    type: 'albumen-receipt',
    version: 1,
    input: { sha256: zero, pixelSha256: zero, width, height, depth: 8, bands: 3 },
    recipe,
    derived: {},
    runtime: {
      onnxruntime: 'none',
      provider: 'none',
      optimisation: 'none',
      isa: 'none',
      opencv: 'none',
      sharp: 'real',
      threads: 1,
    },
    tilePlan: [],
    output: { sha256: zero, pixelSha256: zero, mediaType: 'image/tiff' },
    startedAt: at,
    finishedAt: at,
  } as unknown as RestorationResult['receipt'];
}
