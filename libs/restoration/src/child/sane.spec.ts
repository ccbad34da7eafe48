import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelPin, RecipeStep } from '@albumen/domain';
import { leaves, scratchFolder, toSamples, writePicture, type MadeShape } from '../testing/pictures.js';
import { twinModels, type Behaviour, type Twins } from '../testing/twins.js';
import { assess } from './assess.js';
import { childContext } from './context.js';
import { restore } from './restore.js';

const size = { width: 130, height: 110 };

/** Runs one step with twins that misbehave; answers what it was refused with. */
async function refusalOf(
  twins: Twins,
  depth: 8 | 16,
  step: (pins: Readonly<Record<string, ModelPin>>) => RecipeStep,
): Promise<unknown> {
  const { folder, pins } = await twinModels(twins);
  const context = childContext(folder, 1);
  const shape: MadeShape = { ...size, bands: 3, depth };
  const place = await scratchFolder();
  const input = await writePicture(place, 'input', toSamples(leaves(size.width, size.height, 5), shape), shape);
  const run = async (name: string): Promise<{ input: string; into: string; tell: () => void }> => {
    const into = join(place, name);
    await mkdir(into);
    return { input, into, tell: () => undefined };
  };
  try {
    const { maskPath } = await assess(await run('assess'), context);
    const recipe = { version: 1, steps: [step(pins)] } as const;
    return await restore({ ...(await run('restore')), recipe, maskPath }, context).then(
      () => 'it was taken',
      (error: unknown) => error,
    );
  } finally {
    await context.nets.close();
  }
}

const denoise = (pins: Readonly<Record<string, ModelPin>>): RecipeStep => ({
  operation: 'reduce-noise',
  strength: 1,
  parameters: {},
  model: pins['restore-s'] ?? null,
});
const denoiseWhite = (pins: Readonly<Record<string, ModelPin>>): RecipeStep => ({
  ...denoise(pins),
  parameters: { white: 1 },
  model: pins['denoise-s'] ?? null,
});
const enlarge = (pins: Readonly<Record<string, ModelPin>>): RecipeStep => ({
  operation: 'enlarge',
  strength: 1,
  parameters: { scale: 2 },
  model: pins['up2'] ?? null,
});
const fill = (pins: Readonly<Record<string, ModelPin>>): RecipeStep => ({
  operation: 'repair-damage',
  strength: 1,
  parameters: {},
  model: pins['damage-s'] ?? null,
  further: pins['fill-s'] === undefined ? [] : [pins['fill-s']],
  strokes: [{ points: [[0.2, 0.3] as const, [0.7, 0.6] as const], radius: 0.01 }],
});

const picture: readonly (readonly [Behaviour, 8 | 16, RegExp])[] = [
  ['nan', 8, /a value of NaN/],
  ['nan', 16, /a value of NaN/],
  ['black', 8, /mean moved|black/],
  ['black', 16, /mean moved|black/],
  ['shifted', 8, /mean moved/],
  ['levels', 8, /a value of/],
  ['levels', 16, /a value of/],
  ['other-scale', 8, /tile/],
  ['other-scale', 16, /tile/],
  ['one-channel', 16, /values in a tile/],
  ['wide-type', 8, /type int64/],
];

describe('a net that does not keep its contract', () => {
  it.each(picture)('restore-s, %s, %i bits: its result is thrown away', async (how, depth, why) => {
    expect(await refusalOf({ 'restore-s': how }, depth, denoise)).toMatchObject({
      code: 'restoration.output-not-sane',
      message: expect.stringMatching(why) as string,
    });
  });

  it.each(picture)('up2, %s, %i bits: its result is thrown away', async (how, depth, why) => {
    expect(await refusalOf({ up2: how }, depth, enlarge)).toMatchObject({
      code: 'restoration.output-not-sane',
      message: expect.stringMatching(why) as string,
    });
  });

  it.each([
    ['nan', 16, /a value of NaN/],
    ['black', 8, /all black/],
    ['levels', 8, /a value of/],
    ['levels', 16, /a value of/],
    ['everywhere', 8, /no hole/],
    ['everywhere', 16, /no hole/],
  ] as const)('fill-s, %s, %i bits: its result is thrown away', async (how, depth, why) => {
    expect(await refusalOf({ 'fill-s': how }, depth, fill)).toMatchObject({
      code: 'restoration.output-not-sane',
      message: expect.stringMatching(why) as string,
    });
  });

  it('that fails while it runs fails the run, and says which', async () => {
    expect(await refusalOf({ 'restore-s': 'failing' }, 8, denoise)).toMatchObject({
      code: 'restoration.engine-failed',
      message: expect.stringMatching(/restore-s could not be run/) as string,
    });
  });

  it('matters where a step says that it is the one, and nowhere else', async () => {
    expect(await refusalOf({ 'denoise-s': 'failing' }, 8, denoiseWhite)).toMatchObject({
      code: 'restoration.engine-failed',
      message: expect.stringMatching(/denoise-s could not be run/) as string,
    });
    expect(await refusalOf({ 'restore-s': 'failing', 'denoise-s': 'faithful' }, 8, denoiseWhite)).toBe('it was taken');
    expect(await refusalOf({ 'restore-s': 'faithful', 'denoise-s': 'failing' }, 8, denoise)).toBe('it was taken');
    // A step that says white noise and pins the other net is not run by it.
    const crossed = (pins: Readonly<Record<string, ModelPin>>): RecipeStep => ({
      ...denoise(pins),
      parameters: { white: 1 },
    });
    expect(await refusalOf({}, 8, crossed)).toMatchObject({ code: 'model.missing' });
  });

  it('is told apart from one that does', async () => {
    for (const [twins, step] of [
      [{ 'restore-s': 'faithful' }, denoise],
      [{ up2: 'faithful' }, enlarge],
      [{ 'fill-s': 'faithful' }, fill],
    ] as const)
      for (const depth of [8, 16] as const) expect(await refusalOf(twins, depth, step)).toBe('it was taken');
  });
});
