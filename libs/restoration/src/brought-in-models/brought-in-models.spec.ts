import { createHash } from 'node:crypto';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  inOrder,
  modelKey,
  step,
  type EngineProgress,
  type ModelPins,
  type Operation,
  type ProtectedArea,
  type Recipe,
  type RecipeStep,
  type RestorationResult,
} from '@albumen/domain';
import type { WorkFile } from '@albumen/imaging';
import { compose } from '../child/compose.js';
import { childContext, type ChildContext } from '../child/context.js';
import { restore } from '../child/restore.js';
import { labOf } from '../delta-e.js';
import { installedModels, pinOf } from '../models.js';
import type { Samples } from '../picture/strips.js';
import { decoded, measured, runOn, type Measured } from '../testing/measured.js';
import { scratchFolder, type MadeShape } from '../testing/pictures.js';
import { twinFile, twins } from '../testing/onnx-twins.js';
import { twinModels } from '../testing/twins.js';

// Nets are run here, also where other work holds the machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

type TwinName = keyof typeof twins;
const size = { width: 131, height: 97 };
const plane = (name: string, channels: number): object => ({ name, element: 'float32', layout: 'NCHW', channels });
const anySize = { size: 56, multiple: 1, margin: 8 };
const whole = (side: number | null, margin = 0): object => ({
  size: side ?? 512,
  multiple: 1,
  margin,
  whole: true,
  ...(side === null ? {} : { fixed: { width: side, height: side } }),
});

/** Descriptions as an acceptance writes them, by adapter. */
const described: Readonly<Record<string, object>> = {
  image2image: { input: { ...plane('input', 3), range: '0..1' }, output: plane('output', 3), tile: anySize },
  upscale: { input: { ...plane('input', 3), range: '0..1' }, output: plane('output', 3), tile: anySize, scale: 2 },
  inpaint: {
    input: { ...plane('image', 3), range: '0..1' },
    mask: { ...plane('mask', 1), hole: 1, widest: 256 },
    output: plane('output', 3),
    tile: { ...anySize, size: 96 },
  },
  'lab-ab': { input: { ...plane('grey', 3), range: '0..1' }, output: plane('ab', 2), tile: whole(256) },
  'face-512': { input: { ...plane('face', 3), range: '0..1' }, output: plane('made', 3), tile: whole(512) },
};

const shippedFaces = fileURLToPath(new URL('../../../../models/faces', import.meta.url));
let broughtInDir: string;
let context: ChildContext;
let modelsDir: string;

beforeAll(async () => {
  modelsDir = (await twinModels({ 'restore-s': 'faithful' })).folder;
  await cp(shippedFaces, join(modelsDir, 'faces'), { recursive: true });
});
beforeEach(async () => {
  broughtInDir = await scratchFolder();
  context = childContext(modelsDir, 1, broughtInDir);
});

/** Puts a twin where an accepted model lies; `more` changes its description. */
async function accepted(
  name: TwinName,
  adapter: keyof typeof described,
  more: object = {},
  level = 2,
): Promise<{ readonly id: string; readonly version: string }> {
  const folder = join(broughtInDir, 'twin', '1.0.0');
  await mkdir(folder, { recursive: true });
  const bytes = twinFile(twins[name]);
  await writeFile(join(folder, 'twin.onnx'), bytes);
  const description = {
    id: 'twin',
    version: '1.0.0',
    task: adapter,
    adapter,
    treatmentLevel: level,
    licence: { id: 'MIT' },
    files: { f32: { file: 'twin.onnx', sha256: createHash('sha256').update(bytes).digest('hex') } },
    ...described[adapter],
    ...more,
  };
  await writeFile(join(folder, 'model.json'), JSON.stringify(description));
  return { id: 'twin', version: '1.0.0' };
}

async function pins(): Promise<ModelPins> {
  const models = await installedModels(modelsDir, broughtInDir);
  return Object.fromEntries([...models].map(([key, model]) => [key, pinOf(model)]));
}

type Given = Measured;

const make = (bands: MadeShape['bands'], depth: 8 | 16, marked = false): Promise<Given> =>
  measured({ shape: { ...size, bands, depth }, seed: 41, scratched: marked }, context);

async function run(
  given: Given,
  steps: readonly RecipeStep[],
  protect: readonly ProtectedArea[] = [],
): Promise<{ readonly result: RestorationResult; readonly samples: Samples; readonly work: WorkFile }> {
  const recipe: Recipe = { version: 1, steps: inOrder(steps), ...(protect.length > 0 ? { protect } : {}) };
  const result = await restore({ ...(await runOn(given)), recipe }, context);
  return { result, ...(await decoded(result.masterPath)) };
}

const lost = { points: [[0.3, 0.4] as const, [0.5, 0.5] as const], radius: 0.09 };
const chosen = async (operation: Operation, more: Partial<RecipeStep> = {}): Promise<RecipeStep> => ({
  ...step(operation, 1, operation === 'enlarge' ? { scale: 2 } : {}, await pins(), { id: 'twin', version: '1.0.0' }),
  ...more,
});
/** Pixels where two pictures of the same shape differ. */
function changed(a: Samples, b: Samples, bands: number): number[] {
  const found: number[] = [];
  for (let pixel = 0; pixel < a.length / bands; pixel++)
    for (let band = 0; band < bands; band++)
      if (a[pixel * bands + band] !== b[pixel * bands + band]) {
        found.push(pixel);
        break;
      }
  return found;
}

describe.each([
  [3, 8],
  [1, 8],
  [3, 16],
] as const)('a model for pictures, on %i bands of %i bits', (bands, depth) => {
  it.each(['reduce-noise', 'sharpen'] as const)(
    'is what %s runs, tile by tile, and the receipt pins it',
    async (name) => {
      await accepted('mean', 'image2image');
      const given = await make(bands, depth);
      const { result, samples } = await run(given, [await chosen(name)]);
      // The mean of 9×9 well inside the picture.
      const [x, y] = [60, 50];
      const near = (band: number): number => {
        let sum = 0;
        for (let down = -4; down <= 4; down++)
          for (let across = -4; across <= 4; across++)
            sum += given.samples[((y + down) * size.width + x + across) * bands + band] as number;
        return sum / 81;
      };
      const unit = depth === 8 ? 1 : 257;
      for (let band = 0; band < bands; band++)
        expect(Math.abs((samples[(y * size.width + x) * bands + band] as number) - near(band))).toBeLessThanOrEqual(
          unit,
        );
      expect((result.receipt.recipe as Recipe).steps[0]?.model).toMatchObject({
        id: 'twin',
        version: '1.0.0',
        adapter: 'image2image',
        licence: 'MIT',
        level: 2,
      });
      expect(result.receipt.runtime.provider).toBe('cpu');
      expect(result.receipt.tilePlan[0]).toMatchObject({ operation: name, margin: 8 });
      expect(result.receipt.tilePlan[0]?.tiles).toBeGreaterThan(1);
    },
  );

  it('enlarges', async () => {
    await accepted('double', 'upscale');
    const given = await make(bands, depth);
    const { samples, work } = await run(given, [await chosen('enlarge')]);
    expect(work).toMatchObject({ width: 262, height: 194, bands });
    for (const [x, y] of [
      [0, 0],
      [77, 33],
      [130, 96],
    ] as const)
      for (let band = 0; band < bands; band++)
        expect(samples[(2 * y * 262 + 2 * x + 1) * bands + band]).toBe(
          given.samples[(y * size.width + x) * bands + band],
        );
  });

  it.each([
    ['hole-is-1', 1, plane('output', 3)],
    ['hole-is-0', 0, plane('output', 3)],
    ['hole-is-1-of-255', 1, { ...plane('levels', 3), range: '0..255' }],
  ] as const)('rebuilds what a person marked, and nothing else (%s)', async (name, hole, output) => {
    await accepted(name, 'inpaint', { mask: { ...plane('mask', 1), hole, widest: 256 }, output });
    const given = await make(bands, depth, true);
    const { result, samples } = await run(given, [await chosen('rebuild-area', { strokes: [lost] })]);
    const touched = changed(given.samples, samples, bands);
    expect(result.regions).toHaveLength(1);
    expect(result.regions[0]).toMatchObject({ operation: 'rebuild-area', kind: 'drawn', ordinal: 1 });
    const { box, area } = result.regions[0] as RestorationResult['regions'][number];
    expect(touched.length).toBeGreaterThan(area * 0.9);
    expect(touched.length).toBeLessThanOrEqual(area);
    for (const pixel of touched) {
      const [x, y] = [pixel % size.width, Math.floor(pixel / size.width)];
      expect(x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height).toBe(true);
    }
    const middle = (Math.round(0.45 * size.height) * size.width + Math.round(0.4 * size.width)) * bands;
    expect(Math.abs((samples[middle] as number) / (depth === 8 ? 255 : 65535) - 0.5)).toBeLessThan(0.003);
  });

  it('rebuilds with the grain of the picture, as the receipt says, and never outside what was marked', async () => {
    await accepted('hole-is-1', 'inpaint');
    const given = await make(bands, depth);
    const rebuild = await chosen('rebuild-area', { strokes: [lost] });
    const plain = await run(given, [rebuild]);
    const grained = await run(given, [{ ...rebuild, parameters: { grain: 1 } }]);
    expect((grained.result.receipt.recipe as Recipe).steps[0]?.parameters).toEqual({ grain: 1 });
    const area = grained.result.regions[0]?.area ?? 0;
    const textured = changed(plain.samples, grained.samples, bands);
    expect(textured.length).toBeGreaterThan(area * 0.2);
    expect(changed(given.samples, grained.samples, bands).length).toBeLessThanOrEqual(area);
  });

  it('lays suggested colours over it and keeps its lightness', async () => {
    await accepted('colours', 'lab-ab', {}, 3);
    const given = await make(bands, depth);
    const kept = { x: 0, y: 0, width: 0.3, height: 0.4, reason: 'other' } as const;
    const { samples, work, result } = await run(given, [await chosen('suggest-colour')], [kept]);
    expect(work.bands).toBe(3);
    const scale = depth === 8 ? 1 : 255 / 65535;
    const [was, is] = [new Float64Array(3), new Float64Array(3)];
    let [furthest, coloured] = [0, 0];
    for (let pixel = 0; pixel < size.width * size.height; pixel++) {
      const at = (band: number): number => (given.samples[pixel * bands + (bands === 3 ? band : 0)] as number) * scale;
      labOf(at(0), at(1), at(2), was, 0);
      const now = (band: number): number => (samples[pixel * 3 + band] as number) * scale;
      labOf(now(0), now(1), now(2), is, 0);
      furthest = Math.max(furthest, Math.abs((is[0] as number) - (was[0] as number)));
      const [x, y] = [pixel % size.width, Math.floor(pixel / size.width)];
      if (x < 0.3 * size.width - 1 && y < 0.4 * size.height - 1)
        expect([now(0), now(1), now(2)]).toEqual([at(0), at(1), at(2)]);
      else if (Math.hypot((is[1] as number) - (was[1] as number), (is[2] as number) - (was[2] as number)) > 2)
        coloured++;
    }
    expect(furthest).toBeLessThan(0.5);
    expect(coloured).toBeGreaterThan(size.width * size.height * 0.3);
    expect(result.receipt.derived?.['suggest-colour']?.['meanChroma']).toBeGreaterThan(1);
  });
});

describe('a model that sees the whole picture', () => {
  it('is never cut into tiles; what it changed is laid over the full size', async () => {
    await accepted('whole-picture', 'image2image', { tile: whole(null) });
    const given = await make(3, 8);
    const { result, samples } = await run(given, [await chosen('reduce-noise')]);
    expect(result.receipt.tilePlan).toEqual([{ operation: 'reduce-noise', size: 131, margin: 0, tiles: 1 }]);
    expect(changed(given.samples, samples, 3).length).toBeGreaterThan(1000);
  });

  it('looks once, and refuses to be asked for several positions', async () => {
    await accepted('whole-picture', 'image2image', { tile: whole(null) });
    const given = await make(3, 8);
    const looking = async (views: number) => run(given, [await chosen('reduce-noise', { parameters: { views } })]);
    expect((await looking(1)).result.receipt.tilePlan).toHaveLength(1);
    await expect(looking(4)).rejects.toMatchObject({
      code: 'restoration.parameter-out-of-range',
      details: { operation: 'reduce-noise', parameter: 'views', value: 4, least: 1, most: 1 },
    });
  });

  it('works at its own size, and a picture larger than that cannot be enlarged by it', async () => {
    await accepted('whole-picture', 'image2image', { tile: whole(64) });
    const given = await make(3, 8);
    const { result } = await run(given, [await chosen('sharpen', { strength: 0.5 })]);
    expect(result.receipt.derived?.['sharpen']).toMatchObject({ workingWidth: 64 });
    await accepted('double', 'upscale', { tile: whole(64) });
    await expect(run(given, [await chosen('enlarge')])).rejects.toMatchObject({ code: 'model.picture-too-large' });
  });
});

describe('regions of two steps', () => {
  it('are accepted one by one, and the fill of one never depends on the other', async () => {
    await accepted('hole-is-1', 'inpaint');
    const given = await make(3, 8, true);
    const repair = step('repair-damage', 1, { grain: 0 }, await pins());
    const steps = inOrder([repair, await chosen('rebuild-area', { strokes: [lost] })]);
    const { result } = await run(given, steps);
    const of = (operation: Operation) => result.regions.filter((region) => region.operation === operation);
    expect(of('rebuild-area')).toHaveLength(1);
    expect(of('repair-damage').length).toBeGreaterThan(0);
    expect(result.variants.map(({ variant }) => variant)).toEqual(['r']);
    const rebuilt = await compose(
      {
        ...(await runOn(given)),
        recipe: { version: 1, steps },
        accepted: { regions: of('rebuild-area').map(({ ordinal }) => ordinal), layers: [] },
      },
      context,
    );
    const alone = await decoded(rebuilt.masterPath);
    const proposal = await decoded(result.masterPath);
    const touched = changed(given.samples, alone.samples, 3);
    expect(touched.length).toBeLessThanOrEqual(of('rebuild-area')[0]?.area ?? 0);
    // What was rebuilt is the same with and without the repairs.
    for (const pixel of touched)
      expect([...alone.samples.subarray(pixel * 3, pixel * 3 + 3)]).toEqual([
        ...proposal.samples.subarray(pixel * 3, pixel * 3 + 3),
      ]);
  });

  it('are told as one piece of work, whose share never goes back', async () => {
    await accepted('hole-is-1', 'inpaint');
    const given = await make(3, 8, true);
    const steps = inOrder([
      step('repair-damage', 1, { grain: 0 }, await pins()),
      await chosen('rebuild-area', { strokes: [lost] }),
    ]);
    // A clock on which every piece of progress is old enough to be told.
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (clock += 1000));
    const shares: number[] = [];
    const tell = ({ share, doing }: EngineProgress): void => {
      if (doing === 'fill') shares.push(share);
    };
    await restore({ ...(await runOn(given)), recipe: { version: 1, steps }, tell }, context).finally(() =>
      vi.restoreAllMocks(),
    );
    expect(shares.length).toBeGreaterThan(4);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  it('may both be filled by the model that was brought in', async () => {
    await accepted('hole-is-1', 'inpaint');
    const given = await make(3, 8, true);
    const { result, samples } = await run(given, [await chosen('repair-damage')]);
    expect(result.receipt.derived?.['repair-damage']?.['filledByNet']).toBeGreaterThan(0);
    expect(changed(given.samples, samples, 3).length).toBeGreaterThan(100);
  });
});

describe('a model that takes a number', () => {
  it('is given that of the step, and the receipt records it', async () => {
    const scalar = { name: 'weight', element: 'float32', shape: [1], parameter: 'fidelity' };
    await accepted('face-weight-not-a-quarter', 'face-512', { scalar }, 3);
    const given = await make(3, 8);
    const landmarks = [
      [55, 40],
      [75, 40],
      [65, 52],
      [57, 62],
      [73, 62],
    ] as const;
    const faces = [{ box: { x: 45, y: 25, width: 40, height: 50 }, landmarks, score: 0.9 }];
    const withFace: Given = { ...given, report: { ...given.report, faces } };
    const treat = await chosen('treat-faces');
    expect(treat.parameters).toEqual({ fidelity: 0.5 });
    const { result } = await run(withFace, [{ ...treat, parameters: { fidelity: 0.75 } }]);
    expect((result.receipt.recipe as Recipe).steps[0]).toMatchObject({
      parameters: { fidelity: 0.75 },
      further: [{ takes: ['fidelity'] }],
    });
    expect(result.receipt.derived?.['treat-faces']).toMatchObject({ faces: 1 });
    // This one gives no numbers at a quarter.
    await expect(run(withFace, [{ ...treat, parameters: { fidelity: 0.25 } }])).rejects.toMatchObject({
      code: 'restoration.output-not-sane',
    });
  });
});

describe('a model that does not do what it was accepted for', () => {
  it.each([
    ['nan', 'image2image', 'reduce-noise', {}],
    ['black', 'image2image', 'reduce-noise', {}],
    ['black', 'image2image', 'sharpen', { tile: whole(null) }],
    ['nan', 'image2image', 'sharpen', { tile: whole(null) }],
    ['mean', 'image2image', 'reduce-noise', { output: plane('output', 1) }],
    ['mean', 'upscale', 'enlarge', {}],
    ['hole-is-0', 'inpaint', 'rebuild-area', {}],
    ['hole-is-1', 'inpaint', 'rebuild-area', { input: { ...plane('image', 3), range: '0..255' } }],
    ['colours-of-255', 'lab-ab', 'suggest-colour', {}],
    ['colours-of-1', 'lab-ab', 'suggest-colour', {}],
  ] as const)('fails its step with a reason (%s as %s for %s)', async (name, adapter, operation, more) => {
    await accepted(name, adapter, more, 3);
    const given = await make(3, 8, true);
    const asked = await chosen(operation, operation === 'rebuild-area' ? { strokes: [lost] } : {});
    await expect(run(given, [asked])).rejects.toMatchObject({ code: 'restoration.output-not-sane' });
  });

  it('is not run where its bytes changed, it is gone, or the step is another', async () => {
    await accepted('mean', 'image2image');
    const given = await make(3, 8);
    const asked = await chosen('reduce-noise');
    const forged = { ...asked, operation: 'rebuild-area', strokes: [lost] } as const;
    await expect(run(given, [forged])).rejects.toMatchObject({ code: 'model.unsuitable' });
    await writeFile(join(broughtInDir, 'twin', '1.0.0', 'twin.onnx'), twinFile(twins.black));
    await expect(run(given, [asked])).rejects.toMatchObject({ code: 'model.digest-differs' });
    await rm(join(broughtInDir, 'twin'), { recursive: true });
    await expect(run(given, [asked])).rejects.toMatchObject({
      code: 'model.missing',
      details: { model: modelKey({ id: 'twin', version: '1.0.0' }) },
    });
    const bare: RecipeStep = { operation: 'suggest-colour', strength: 1, parameters: {}, model: null };
    await expect(run(given, [bare])).rejects.toMatchObject({ code: 'model.needed' });
  });
});
