import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AcceptedSet, CompositeResult, Recipe, RestorationResult } from '@albumen/domain';
import { decodeToWorkFile } from '@albumen/imaging';
import { installedModels, pinOf } from '../models.js';
import { tonesOf } from '../measure/colour.js';
import { rounded } from '../measure/statistics.js';
import { undamagedCells } from '../measure/survey.js';
import { readIndexPng } from '../picture/index-png.js';
import { readMask } from '../picture/mask-file.js';
import { Strips, type Samples } from '../picture/strips.js';
import {
  leaves,
  scratch,
  scratchFolder,
  tinyModels,
  toSamples,
  writePicture,
  type MadeShape,
} from '../testing/pictures.js';
import { assess } from './assess.js';
import { compose } from './compose.js';
import { childContext } from './context.js';
import { restore } from './restore.js';

/** Two tiles in each direction for the tiny models, and no multiple of anything. */
const size = { width: 203, height: 149 };
/** The least that decoders take for a profile is not needed: the bytes are carried, never applied. */
const context = childContext(tinyModels(), 1);

interface Case {
  readonly shape: MadeShape;
  readonly input: string;
  readonly samples: Samples;
  readonly folder: string;
  readonly recipe: Recipe;
  readonly maskPath: string;
  readonly proposal: RestorationResult;
  readonly labels: Uint16Array;
}

async function decoded(
  path: string,
): Promise<{ readonly samples: Samples; readonly shape: MadeShape & { icc: Uint8Array | null } }> {
  const work = await decodeToWorkFile(path, join(await scratchFolder(), 'back.v'));
  const strips = await Strips.open(work);
  const samples = await strips.read(0, work.height);
  await strips.close();
  return {
    samples,
    shape: {
      width: work.width,
      height: work.height,
      bands: work.bands as MadeShape['bands'],
      depth: work.depth,
      icc: work.icc,
    },
  };
}

async function run(folder: string, name: string): Promise<{ into: string; tell: () => void }> {
  const into = join(folder, name);
  await mkdir(into);
  return { into, tell: () => undefined };
}

async function makeCase(bands: MadeShape['bands'], depth: 8 | 16): Promise<Case> {
  const shape: MadeShape = { ...size, bands, depth };
  const rgb = leaves(size.width, size.height, 31 + bands);
  scratch(rgb, size.width, size.height, 5 + bands);
  const samples = toSamples(rgb, shape);
  const folder = await scratchFolder();
  const input = await writePicture(folder, 'input', samples, shape);
  const { maskPath, report } = await assess({ input, ...(await run(folder, 'assess')) }, context);
  expect(report.masks.scratch.count).toBeGreaterThan(1);
  const pins = Object.fromEntries([...(await installedModels(tinyModels()))].map(([id, model]) => [id, pinOf(model)]));
  const recipe: Recipe = {
    version: 1,
    steps: [
      { operation: 'repair-damage', strength: 1, parameters: { grain: 1 }, model: pins['damage-s']! },
      { operation: 'reduce-noise', strength: 0.7, parameters: {}, model: pins['restore-s']! },
      { operation: 'correct-tone', strength: 0.9, parameters: { balance: 1 }, model: null },
    ],
  };
  const proposal = await restore({ input, recipe, maskPath, ...(await run(folder, 'restore')) }, context);
  const labels = new Uint16Array(size.width * size.height);
  await readIndexPng(
    proposal.regionLabelsPath!,
    () => undefined,
    (y, row) => labels.set(row, y * size.width),
  );
  return { shape, input, samples, folder, recipe, maskPath, proposal, labels };
}

let composed = 0;
async function composeCase(given: Case, accepted: AcceptedSet): Promise<CompositeResult> {
  return compose(
    {
      input: given.input,
      recipe: given.recipe,
      maskPath: given.maskPath,
      accepted,
      ...(await run(given.folder, `compose-${++composed}`)),
    },
    context,
  );
}

const allLayers = [
  { operation: 'reduce-noise', strength: 0.7 },
  { operation: 'correct-tone', strength: 0.9 },
] as const;

describe.each([
  [1, 8],
  [3, 8],
  [4, 8],
  [3, 16],
  [2, 16],
] as const)('composite of a picture with %i bands of %i bits', (bands, depth) => {
  let given: Case;
  beforeAll(async () => {
    given = await makeCase(bands, depth);
  });

  it('equals the original bit for bit where nothing is accepted', async () => {
    const made = await composeCase(given, { regions: [], layers: [] });
    const back = await decoded(made.masterPath);
    expect(back.shape).toMatchObject(given.shape);
    expect(back.samples).toEqual(given.samples);
    expect(made.receipt.output.pixelSha256).toBe(made.receipt.input.pixelSha256);
    expect(made.numbers).toMatchObject({
      replacedShare: 0,
      regionCount: 0,
      meanDeltaE: 0,
      maxDeltaE: 0,
      shareMoved: 0,
    });
    expect(made.numbers.texture?.grainKept).toBe(1);
    expect(made.numbers.tones?.after).toEqual(made.numbers.tones?.before);
  });

  it('changes accepted regions only, where no layer is accepted', async () => {
    const chosen = given.proposal.regions.filter((_, at) => at % 2 === 0).map((region) => region.ordinal);
    const made = await composeCase(given, { regions: chosen, layers: [] });
    const { samples } = await decoded(made.masterPath);
    let changed = 0;
    for (let pixel = 0; pixel < given.labels.length; pixel++)
      for (let band = 0; band < bands; band++) {
        if (samples[pixel * bands + band] === given.samples[pixel * bands + band]) continue;
        changed += 1;
        expect(chosen).toContain(given.labels[pixel]);
      }
    expect(changed).toBeGreaterThan(50);
  });

  it('has the bytes of the proposal where everything is accepted', async () => {
    const made = await composeCase(given, {
      regions: given.proposal.regions.map((region) => region.ordinal),
      layers: allLayers,
    });
    expect(made.receipt.output.pixelSha256).toBe(given.proposal.receipt.output.pixelSha256);
    expect(made.receipt.output.sha256).toBe(given.proposal.receipt.output.sha256);
    expect(made.numbers).toEqual(given.proposal.numbers);
  });

  it('is outside accepted regions the original with the accepted layers, bit for bit', async () => {
    const layers = [{ operation: 'correct-tone', strength: 0.9 }] as const;
    const chosen = given.proposal.regions.slice(0, 1).map((region) => region.ordinal);
    const without = await decoded((await composeCase(given, { regions: [], layers })).masterPath);
    const withOne = await decoded((await composeCase(given, { regions: chosen, layers })).masterPath);
    const different = without.samples.reduce(
      (count, value, at) =>
        count + (value !== withOne.samples[at] && given.labels[Math.floor(at / bands)] !== chosen[0] ? 1 : 0),
      0,
    );
    expect(different).toBe(0);
  });

  it('takes strength 0 for the identity', async () => {
    const made = await composeCase(given, {
      regions: [],
      layers: allLayers.map((layer) => ({ ...layer, strength: 0 })),
    });
    expect((await decoded(made.masterPath)).samples).toEqual(given.samples);
  });

  it('leaves alpha as it was and moves the colours', async () => {
    const { samples, shape } = await decoded(given.proposal.masterPath);
    expect(shape).toMatchObject(given.shape);
    let moved = 0;
    for (let at = 0; at < samples.length; at++) {
      const isAlpha = (bands === 2 || bands === 4) && at % bands === bands - 1;
      if (isAlpha) expect(samples[at]).toBe(given.samples[at]);
      else if (samples[at] !== given.samples[at]) moved += 1;
    }
    expect(moved).toBeGreaterThan(samples.length / 10);
  });
});

describe('a proposal', () => {
  it('holds every variant, its regions and its numbers', async () => {
    const { proposal, labels } = await makeCase(3, 8);
    expect(proposal.variants.map(({ variant }) => variant)).toEqual(['n', 'r', 't', 'nt', 'rn', 'rt', 'rnt']);
    expect(proposal.layers.map(({ operation }) => operation)).toEqual(['reduce-noise', 'correct-tone']);
    for (const region of proposal.regions) {
      const own: number[] = [];
      labels.forEach((label, pixel) => label === region.ordinal && own.push(pixel));
      expect(own).toHaveLength(region.area);
      expect(Math.min(...own.map((pixel) => pixel % size.width))).toBe(region.box.x);
      expect(Math.max(...own.map((pixel) => Math.floor(pixel / size.width)))).toBe(
        region.box.y + region.box.height - 1,
      );
      expect(region.meanDeltaE).toBeGreaterThan(1);
    }
    expect(proposal.numbers.replacedShare).toBeCloseTo(labels.filter((label) => label > 0).length / labels.length, 6);
    expect(proposal.numbers.maxDeltaE).toBeGreaterThan(proposal.numbers.meanDeltaE);
    expect(proposal.receipt.tilePlan.map(({ operation }) => operation)).toEqual(['repair-damage', 'reduce-noise']);
    expect(proposal.receipt.derived?.['correct-tone']?.['red.white']).toBeGreaterThan(100);
  });

  it('tells the ends of the scale and the cast that its pixels have, beside those of the original', async () => {
    const { proposal, input, maskPath } = await makeCase(3, 8);
    const marks = await readMask(maskPath, await decodeToWorkFile(input, join(await scratchFolder(), 'input.v')));
    const measured = async (path: string) => {
      const { samples } = await decoded(path);
      const reduced = { ...size, factor: 1, rgb: Float32Array.from(samples) };
      return tonesOf(reduced, undamagedCells(reduced, marks));
    };
    const { before, after } = proposal.numbers.tones ?? expect.fail('no tones');
    expect(after).toEqual(await measured(proposal.masterPath));
    expect(before).toEqual(await measured(input));
    expect(proposal.numbers.texture).toMatchObject({
      rangeBefore: rounded(before.whitePoint - before.blackPoint),
      rangeAfter: rounded(after.whitePoint - after.blackPoint),
    });
    // The tones were corrected, so that both differ.
    expect(after.whitePoint).toBeGreaterThan(before.whitePoint + 1);
  });
});
