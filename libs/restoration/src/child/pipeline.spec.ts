import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  factsOf,
  inOrder,
  storedVariants,
  type AcceptedSet,
  type CompositeResult,
  type EngineProgress,
  type ModelPin,
  type Operation,
  type Recipe,
  type RecipeStep,
} from '@albumen/domain';
import { decodeToWorkFile } from '@albumen/imaging';
import { labOf } from '../delta-e.js';
import { interpolated } from '../picture/interpolate.js';
import { Strips, type Samples } from '../picture/strips.js';
import { keptAreas } from '../picture/strokes.js';
import { decoded, measured, runOn, type Measured } from '../testing/measured.js';
import { scratchFolder, type MadeShape } from '../testing/pictures.js';
import { colourProfileFor } from '../picture/colour-profile.js';
import { displayProfile, greyProfile } from '../testing/profile.js';
import { twinModels } from '../testing/twins.js';
import { compose } from './compose.js';
import { childContext, type ChildContext } from './context.js';
import { partOf, restore } from './restore.js';

/** No multiple of anything, several tiles of the twins in each direction. */
const size = { width: 131, height: 97 };
const layersOf: readonly Operation[] = [
  'reduce-noise',
  'sharpen',
  'correct-tone',
  'lift-shadows',
  'guide-colour',
  'treat-faces',
  'enlarge',
];
const everything: readonly Operation[] = ['repair-damage', ...layersOf];

let context: ChildContext;
let pins: Readonly<Record<string, ModelPin>>;
beforeAll(async () => {
  const twins = await twinModels();
  context = childContext(twins.folder, 1);
  pins = twins.pins;
});

/** The step as a curator would order it; the same for every picture. */
function stepOf(operation: Operation, strength: number): RecipeStep {
  const needed = operation === 'treat-faces' ? [] : factsOf(operation).models;
  const model = needed.map((id) => pins[id] ?? null)[0] ?? null;
  const parameters: Partial<Record<Operation, Readonly<Record<string, number>>>> = {
    sharpen: { sigma: 1.2 },
    'correct-tone': { balance: 1 },
    'repair-damage': { grain: 1 },
  };
  const hint = { evidence: 'object', note: 'the dress survives' } as const;
  return {
    operation,
    strength,
    parameters: parameters[operation] ?? {},
    model,
    ...(operation === 'guide-colour'
      ? {
          hints: [
            {
              ...hint,
              stroke: { points: [[0.2, 0.2] as const, [0.4, 0.3] as const], radius: 0.02 },
              colour: [180, 60, 50],
            },
            { ...hint, stroke: { points: [[0.7, 0.7] as const], radius: 0.03 }, colour: [50, 80, 170] },
          ],
        }
      : {}),
  };
}

function recipeOf(operations: readonly Operation[], strength = 0.8): Recipe {
  return { version: 1, steps: inOrder(operations.map((operation) => stepOf(operation, strength))) };
}

/** A face where there is none: the filter does not ask what it smooths. */
const face = {
  box: { x: 30, y: 25, width: 50, height: 50 },
  landmarks: [
    [45, 42],
    [65, 42],
    [55, 52],
    [47, 62],
    [63, 62],
  ],
  score: 0.9,
} as const;

interface Given extends Measured {
  readonly icc: Uint8Array | null;
}

async function make(bands: MadeShape['bands'], depth: 8 | 16, seed: number): Promise<Given> {
  const icc = bands === 3 ? displayProfile() : bands === 1 ? greyProfile(1.8) : null;
  const given = await measured({ shape: { ...size, bands, depth }, seed, scratched: true, icc }, context);
  return { ...given, report: { ...given.report, faces: [face] }, icc };
}

async function composed(given: Given, recipe: Recipe, accepted: AcceptedSet): Promise<CompositeResult> {
  return compose({ ...(await runOn(given)), recipe, accepted }, context);
}

const shapes = [
  [1, 8, 11],
  [3, 8, 12],
  [4, 8, 13],
  [3, 16, 14],
  [2, 16, 15],
] as const;

describe.each(shapes)('every operation on a picture with %i bands of %i bits (seed %i)', (bands, depth, seed) => {
  let given: Given;
  beforeAll(async () => {
    given = await make(bands, depth, seed);
  });

  it('is nothing where nothing is accepted, however long the recipe', async () => {
    const made = await composed(given, recipeOf(everything), { regions: [], layers: [] });
    const back = await decoded(made.masterPath);
    expect(back.samples).toEqual(given.samples);
    expect(back.work).toMatchObject({ ...given.shape, density: 300, icc: given.icc });
    expect(made.receipt.output.pixelSha256).toBe(made.receipt.input.pixelSha256);
  });

  it.each(layersOf)('%s: strength 0 is the picture itself, bit for bit', async (operation) => {
    const made = await composed(given, recipeOf([operation]), { regions: [], layers: [{ operation, strength: 0 }] });
    expect(made.receipt.output.pixelSha256).toBe(made.receipt.input.pixelSha256);
    expect(made.numbers.maxDeltaE).toBe(0);
    expect(made).toMatchObject(size);
  });

  it.each(layersOf)('%s: moves the picture, and keeps depth, alpha, profile and resolution', async (operation) => {
    const made = await composed(given, recipeOf([operation]), { regions: [], layers: [{ operation, strength: 1 }] });
    const { samples, work } = await decoded(made.masterPath);
    expect(made.receipt.output.pixelSha256).not.toBe(made.receipt.input.pixelSha256);
    const times = operation === 'enlarge' ? 2 : 1;
    const widened = operation === 'guide-colour' && bands < 3;
    expect(work).toMatchObject({
      width: size.width * times,
      height: size.height * times,
      depth,
      bands: widened ? bands + 2 : bands,
      density: 300 * times,
      icc: widened ? colourProfileFor(given.icc) : given.icc,
    });
    const wanted = given.samples.length;
    expect(samples).toHaveLength((widened ? (wanted / bands) * (bands + 2) : wanted) * times * times);
    if (bands % 2 === 0) {
      const alpha = work.bands - 1;
      for (let y = 0; y < work.height; y++)
        for (let x = 0; x < work.width; x++) {
          const from = (Math.floor(y / times) * size.width + Math.floor(x / times)) * bands + bands - 1;
          if (samples[(y * work.width + x) * work.bands + alpha] !== given.samples[from])
            expect.fail(`alpha differs at ${x},${y}`);
        }
    }
    if (depth === 16) expect(new Set(samples.filter((value) => value % 257 !== 0)).size).toBeGreaterThan(2000);
  });

  it('has nothing of what was rejected in it', async () => {
    // Every second layer rejected is the same as a recipe that never had it.
    for (const kept of [layersOf.filter((_, at) => at % 2 === 0), layersOf.filter((_, at) => at % 2 === 1)]) {
      const accepted = { regions: [], layers: kept.map((operation) => ({ operation, strength: 0.8 })) };
      const some = await composed(given, recipeOf(everything), accepted);
      const alone = await composed(given, recipeOf(kept), accepted);
      expect(some.receipt.output.pixelSha256).toBe(alone.receipt.output.pixelSha256);
    }
  });

  it('stores the variants of the table, and its whole is what composing all of it gives', async () => {
    const recipe = recipeOf(everything);
    const told: EngineProgress[] = [];
    const proposal = await restore(
      { ...(await runOn(given)), recipe, tell: (progress) => told.push(progress) },
      context,
    );
    // The share never goes back, and every operation is named.
    expect(told.map(({ share }) => share)).toEqual(told.map(({ share }) => share).sort((a, b) => a - b));
    expect(told.at(-1)?.share).toBeGreaterThan(0.99);
    for (const operation of everything) expect(told.map(({ doing }) => doing)).toContain(partOf[operation].name);
    expect(proposal.variants.map(({ variant }) => variant)).toEqual(storedVariants(everything));
    expect(proposal.layers.map(({ operation }) => operation)).toEqual(layersOf);
    const whole = proposal.variants.find(({ variant }) => variant.endsWith('u'));
    expect(whole).toMatchObject({ width: size.width * 2, height: size.height * 2 });
    const all = await composed(given, recipe, {
      regions: proposal.regions.map(({ ordinal }) => ordinal),
      layers: layersOf.map((operation) => ({ operation, strength: 0.8 })),
    });
    expect(all.receipt.output.pixelSha256).toBe(proposal.receipt.output.pixelSha256);
    expect(all.numbers).toEqual(proposal.numbers);
    expect(proposal.numbers.facesDeltaE).toBeGreaterThan(0);
    expect(proposal.numbers.texture?.rangeAfter).not.toBe(proposal.numbers.texture?.rangeBefore);
    expect(Object.keys(proposal.receipt.derived ?? {}).sort()).toEqual(
      everything.filter((name) => name !== 'reduce-noise').sort(),
    );
  });

  it('enlarges protected areas without the net', async () => {
    const recipe: Recipe = {
      ...recipeOf(['enlarge'], 1),
      protect: [{ x: 0.3, y: 0.3, width: 0.3, height: 0.4, reason: 'lettering' }],
    };
    const layers = [{ operation: 'enlarge', strength: 1 }] as const;
    const free = await decoded((await composed(given, recipeOf(['enlarge'], 1), { regions: [], layers })).masterPath);
    const kept = await decoded((await composed(given, recipe, { regions: [], layers })).masterPath);
    const [area] = keptAreas(recipe.protect ?? [], size);
    const inner = area ?? expect.fail('no area');
    const strips = await Strips.open(await decodeToWorkFile(given.input, join(await scratchFolder(), 'source.v')));
    const around = strips.readTile(-2, -2, size.width + 4, size.width + 4);
    await strips.close();
    const window = { left: 2, top: 2, ...size };
    const cubic = interpolated(around, size.width + 4, bands, bands < 3 ? 1 : 3, window, 2);
    let [spared, same] = [0, 0];
    for (let y = 0; y < size.height * 2; y++)
      for (let x = 0; x < size.width * 2; x++) {
        const at = (y * size.width * 2 + x) * bands;
        const away = Math.max(inner.left - x / 2, x / 2 - inner.right, inner.top - y / 2, y / 2 - inner.bottom);
        if (away < -1) {
          if (Math.abs((kept.samples[at] as number) - (cubic[at] as number)) > 0.51)
            expect.fail(`${x},${y} is the net's`);
          if (kept.samples[at] !== free.samples[at]) spared += 1;
        } else if (away > 17) {
          if (kept.samples[at] !== free.samples[at]) expect.fail(`${x},${y} was changed by a protection far away`);
          same += 1;
        }
      }
    expect(spared).toBeGreaterThan(300);
    expect(same).toBeGreaterThan(3000);
  });

  it('keeps the lightness of every pixel that it colours', async () => {
    const made = await composed(given, recipeOf(['guide-colour']), {
      regions: [],
      layers: [{ operation: 'guide-colour', strength: 1 }],
    });
    const { samples, work } = await decoded(made.masterPath);
    const scale = depth === 8 ? 1 : 255 / 65535;
    const lab = new Float64Array(6);
    const [second, third] = bands < 3 ? [0, 0] : [1, 2];
    let most = 0;
    let coloured = 0;
    for (let pixel = 0; pixel < size.width * size.height; pixel++) {
      const from = pixel * bands;
      const to = pixel * work.bands;
      const level = (of: Samples, at: number): number => (of[at] as number) * scale;
      labOf(
        level(given.samples, from),
        level(given.samples, from + second),
        level(given.samples, from + third),
        lab,
        0,
      );
      labOf(level(samples, to), level(samples, to + 1), level(samples, to + 2), lab, 3);
      most = Math.max(most, Math.abs((lab[3] as number) - (lab[0] as number)));
      if (Math.hypot((lab[4] as number) - (lab[1] as number), (lab[5] as number) - (lab[2] as number)) > 5)
        coloured += 1;
    }
    expect(most).toBeLessThanOrEqual(0.5);
    expect(coloured).toBeGreaterThan(200);
  });
});

describe('a noise layer that looked in four positions', () => {
  it('says how sure it is, is composed to the same bytes again, and costs four times the tiles', async () => {
    const given = await make(3, 8, 16);
    const one = recipeOf(['repair-damage', 'reduce-noise']);
    const recipe = {
      ...one,
      steps: one.steps.map((step) => ({ ...step, parameters: { ...step.parameters, views: 4 } })),
    };
    const proposal = await restore({ ...(await runOn(given)), recipe }, context);
    const sure = proposal.maps.filter(({ kind }) => kind === 'confidence');
    expect(sure.map(({ operation }) => operation).sort()).toEqual(['reduce-noise', 'repair-damage']);
    const map = await decoded(sure.find(({ operation }) => operation === 'reduce-noise')?.path ?? '');
    expect(map.work).toMatchObject(size);
    // The twin is a mean over neighbours, the same from every side.
    expect(Math.min(...map.samples)).toBeGreaterThanOrEqual(254);
    const plain = await restore({ ...(await runOn(given)), recipe: one }, context);
    const tilesOf = ({ receipt }: typeof proposal): number =>
      receipt.tilePlan.find(({ operation }) => operation === 'reduce-noise')?.tiles ?? 0;
    expect(tilesOf(proposal)).toBe(4 * tilesOf(plain));
    expect(plain.maps.filter(({ kind }) => kind === 'confidence')).toHaveLength(1);
    const all = await composed(given, recipe, {
      regions: proposal.regions.map(({ ordinal }) => ordinal),
      layers: [{ operation: 'reduce-noise', strength: 0.8 }],
    });
    expect(all.receipt.output.pixelSha256).toBe(proposal.receipt.output.pixelSha256);
  });
});

describe('the numbers that a receipt tells of a classical layer', () => {
  let given: Given;
  beforeAll(async () => {
    const made = await make(3, 8, 31);
    given = { ...made, report: { ...made.report, noise: { value: 6, confidence: 0.9 } } };
  });
  const layer = (operation: Operation, strength = 1) => ({ operation, strength });
  const derivedBy = async (operation: Operation, layers: AcceptedSet['layers']) => {
    const recipe = recipeOf(['reduce-noise', 'sharpen', 'treat-faces'], 1);
    return (await composed(given, recipe, { regions: [], layers })).receipt.derived?.[operation] ?? {};
  };

  it.each(['sharpen', 'treat-faces'] as const)('%s: are those of the whole proposal', async (operation) => {
    const recipe = recipeOf(['reduce-noise', operation], 1);
    const proposal = await restore({ ...(await runOn(given)), recipe }, context);
    expect(proposal.variants.length).toBeGreaterThan(2);
    const all = await derivedBy(operation, [layer('reduce-noise'), layer(operation)]);
    const alone = await derivedBy(operation, [layer(operation)]);
    expect(proposal.receipt.derived?.[operation]).toEqual(all);
    expect(all).not.toEqual(alone);
  });

  it('count with the noise that was left, by the strength at which it was taken', async () => {
    const noise = async (...before: AcceptedSet['layers']) =>
      (await derivedBy('sharpen', [...before, layer('sharpen')]))['noise'] ?? Number.NaN;
    const found = given.report.noise.value;
    expect(await noise()).toBeCloseTo(found, 3);
    expect(await noise(layer('reduce-noise', 0.5))).toBeCloseTo(0.53 * found, 2);
    expect(await noise(layer('reduce-noise'))).toBeCloseTo(0.06 * found, 2);
  });
});
