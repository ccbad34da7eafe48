import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelPin, ProtectedArea, Recipe, RecipeStep, RestorationResult, Stroke } from '@albumen/domain';
import { decodeToWorkFile } from '@albumen/imaging';
import { deltaE2000, labOf } from '../delta-e.js';
import { installedModels, pinOf } from '../models.js';
import { writeMask } from '../picture/mask-file.js';
import { Strips, type Samples } from '../picture/strips.js';
import { marksOfStrokes } from '../picture/strokes.js';
import type { Mark } from '../picture/runs.js';
import {
  leaves,
  normalFrom,
  randomFrom,
  scratchFolder,
  toSamples,
  writePicture,
  type MadeShape,
} from '../testing/pictures.js';
import { twinModels } from '../testing/twins.js';
import { compose } from './compose.js';
import { childContext, type ChildContext } from './context.js';
import { restore } from './restore.js';

const usual: MadeShape = { width: 420, height: 300, bands: 3, depth: 8 };
/** Middle and radius of the stain in shares of the longer side, and a stroke and a mark that cover it. */
const spot = { x: 0.5, y: 0.36, radius: 0.13 };
const over: Stroke = { points: [[0.5, 0.504] as const], radius: 0.125 };
/** What light a stain of full strength lets through: brown. */
const brown = [0.82, 0.68, 0.5] as const;

let context: ChildContext;
let pins: Readonly<Record<string, ModelPin>>;
beforeAll(async () => {
  const twins = await twinModels();
  const folder = await scratchFolder();
  await cp(twins.folder, folder, { recursive: true });
  await cp(new URL('../../../../models/stains', import.meta.url).pathname, join(folder, 'stains'), { recursive: true });
  context = childContext(folder, 1);
  const stains = (await installedModels(folder)).get('stains') ?? expect.fail('no stains model');
  pins = { ...twins.pins, stains: pinOf(stains) };
});

const pin = (id: string): ModelPin => pins[id] ?? expect.fail(`no model ${id}`);
const step = (operation: RecipeStep['operation'], model: string, more: Partial<RecipeStep> = {}): RecipeStep => ({
  operation,
  strength: 1,
  parameters: {},
  model: pin(model),
  ...more,
});
const reduce = (more: Partial<RecipeStep> = {}): RecipeStep => step('reduce-stains', 'stains', more);

/** Levels of 255 of an old print: one tone of brown by lightness, a little grain; `colour`: as the scene was. */
function print(shape: MadeShape, colour = false): Float32Array {
  const rgb = leaves(shape.width, shape.height, 31, 1.1);
  const normal = normalFrom(randomFrom(7));
  for (let at = 0; at < rgb.length; at += 3) {
    const grain = 1.5 * normal();
    const [r, g, b] = [rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number];
    const light = 0.299 * r + 0.587 * g + 0.114 * b + grain;
    rgb.set(colour ? [r + 55 * Math.sin(at / 900), g, b] : [light, 4 + 0.9 * light, 6 + 0.72 * light], at);
  }
  return rgb;
}

/** The picture with a stain that has a sharp rim and an uneven inside. */
function stained(rgb: Float32Array, { width, height }: MadeShape): Float32Array {
  const out = rgb.slice();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const away = Math.hypot(x / width - spot.x, y / width - spot.y) / spot.radius;
      const rim = Math.exp(-(((away - 0.9) / 0.05) ** 2));
      const density = (away < 0.93 ? 0.7 + 0.2 * Math.sin(x / 19) : 0.7 * Math.max(0, (1 - away) / 0.07)) + 0.4 * rim;
      for (let band = 0; band < 3; band++) {
        const at = (y * width + x) * 3 + band;
        out[at] = (out[at] as number) * (brown[band] as number) ** Math.max(0, density);
      }
    }
  return out;
}

interface Made {
  readonly result: RestorationResult;
  readonly after: Samples;
  readonly composed: (regions: readonly number[]) => Promise<Samples>;
}

async function treated(
  samples: Samples,
  shape: MadeShape,
  steps: readonly RecipeStep[],
  given: { readonly marks?: readonly Mark[]; readonly protect?: readonly ProtectedArea[] } = {},
): Promise<Made> {
  const folder = await scratchFolder();
  const input = await writePicture(folder, 'input', samples, shape);
  const maskPath = join(folder, 'mask.png');
  const stain = marksOfStrokes([over], shape).map((mark) => ({ ...mark, kind: 3, probability: 0.9 }));
  await writeMask(maskPath, shape, given.marks ?? stain);
  const place = async (name: string): Promise<{ input: string; into: string; tell: () => void }> => {
    const into = join(folder, name);
    await mkdir(into);
    return { input, into, tell: () => undefined };
  };
  const recipe: Recipe = { version: 1, steps, ...(given.protect ? { protect: given.protect } : {}) };
  const read = async (path: string, name: string): Promise<Samples> => {
    const strips = await Strips.open(await decodeToWorkFile(path, join(folder, `${name}.v`)));
    const all = await strips.read(0, shape.height);
    await strips.close();
    return all;
  };
  const result = await restore({ ...(await place('restore')), recipe, maskPath }, context);
  const compare = async (regions: readonly number[]): Promise<Samples> => {
    const name = `compose-${regions.join('-')}`;
    const accepted = { regions, layers: [] };
    const { masterPath } = await compose({ ...(await place(name)), recipe, maskPath, accepted }, context);
    return read(masterPath, name);
  };
  return { result, after: await read(result.masterPath, 'after'), composed: compare };
}

/** Mean ΔE2000 between two pictures within the stain. */
function apart(one: Samples, other: Samples, { width, height, bands, depth }: MadeShape): number {
  const scale = depth === 8 ? 1 : 257;
  const lab = new Float64Array(6);
  let [sum, count] = [0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (Math.hypot(x / width - spot.x, y / width - spot.y) > spot.radius) continue;
      const at = (y * width + x) * bands;
      const level = (samples: Samples, band: number): number => (samples[at + band] as number) / scale;
      labOf(level(one, 0), level(one, 1), level(one, 2), lab, 0);
      labOf(level(other, 0), level(other, 1), level(other, 2), lab, 3);
      sum += deltaE2000(...(lab as unknown as [number, number, number, number, number, number]));
      count += 1;
    }
  return sum / count;
}

describe('a stain that is taken back', () => {
  for (const shape of [usual, { ...usual, bands: 4 as const }, { ...usual, depth: 16 as const }])
    it(`leaves the print that was under it (${shape.bands} bands of ${shape.depth} bit), and all else bit for bit`, async () => {
      const clean = print(shape);
      const [truth, before] = [toSamples(clean, shape), toSamples(stained(clean, shape), shape)];
      const { result, after, composed } = await treated(before, shape, [reduce()]);
      expect(apart(before, truth, shape)).toBeGreaterThan(8);
      expect(apart(after, truth, shape)).toBeLessThan(1.6);
      expect(result.regions).toMatchObject([{ operation: 'reduce-stains', kind: 'stain', confidence: 0.902 }]);
      expect(result.regions[0]?.area).toBeGreaterThan(0.04 * shape.width * shape.height);
      expect(result.receipt.derived?.['reduce-stains']).toEqual({ takenBack: 1, leftAlone: 0 });
      // Nothing stands in place of what was there, and no map says how sure a fill is.
      expect(result.numbers).toMatchObject({ replacedShare: 0, regionCount: 1 });
      expect(result.maps.map(({ kind }) => kind)).not.toContain('confidence');
      const [region] = result.regions;
      const inside = (pixel: number): boolean => {
        const [x, y] = [pixel % shape.width, Math.floor(pixel / shape.width)];
        const box = region?.box ?? expect.fail('no region');
        return x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
      };
      for (let at = 0; at < after.length; at++) {
        if (after[at] === before[at]) continue;
        if (at % shape.bands === 3) expect.fail(`alpha was changed at ${at}`);
        if (!inside(Math.floor(at / shape.bands))) expect.fail(`sample ${at} was changed outside the stain`);
      }
      expect(await composed([1])).toEqual(after);
      expect(await composed([])).toEqual(before);
    });

  it('is the scan, bit for bit, at strength 0, and half as dense at one half', async () => {
    const clean = print(usual);
    const [truth, before] = [toSamples(clean, usual), toSamples(stained(clean, usual), usual)];
    const none = await treated(before, usual, [reduce({ strength: 0 })]);
    expect(none.after).toEqual(before);
    expect(none.result.regions).toEqual([]);
    const half = await treated(before, usual, [reduce({ strength: 0.5 })]);
    const share = apart(half.after, truth, usual) / apart(before, truth, usual);
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.65);
  });

  it('is left alone where its colour says nothing: in a colour photograph, in a grey scan, in a print that has none', async () => {
    const colourful = toSamples(stained(print(usual, true), usual), usual);
    const seen = await treated(colourful, usual, [reduce()]);
    expect(seen.after).toEqual(colourful);
    expect(seen.result.receipt.derived?.['reduce-stains']).toEqual({ takenBack: 0, leftAlone: 1 });
    const grey = { ...usual, bands: 1 as const };
    const scan = toSamples(stained(print(grey), grey), grey);
    expect((await treated(scan, grey, [reduce()])).after).toEqual(scan);
    const plain = toSamples(print(usual), usual);
    const marked = await treated(plain, usual, [reduce()]);
    expect(marked.after).toEqual(plain);
    expect(marked.result.regions).toEqual([]);
  });

  it('is not seen in blacks of a print that grows browner as it darkens', async () => {
    // A shadow in the print's darkest brown, a little browner still: it looks like a stain on something lighter.
    const rgb = print(usual);
    for (let y = 0; y < usual.height; y++)
      for (let x = 0; x < usual.width; x++) {
        const at = (y * usual.width + x) * 3;
        const inside = Math.hypot(x / usual.width - spot.x, y / usual.width - spot.y) < spot.radius;
        const light = inside ? 30 + 0.06 * (rgb[at] as number) : (rgb[at] as number);
        rgb.set([light, 0.9 * light, (inside ? 0.8 : 1) * 0.8 * 255 * (light / 255) ** 1.7], at);
      }
    const shadow = toSamples(rgb, usual);
    const { after, result } = await treated(shadow, usual, [reduce()]);
    expect(result.receipt.derived?.['reduce-stains']).toEqual({ takenBack: 0, leftAlone: 1 });
    expect(after).toEqual(shadow);
  });

  it('may be drawn by a person, and what is written under it is wanted back', async () => {
    const clean = print(usual);
    const [truth, before] = [toSamples(clean, usual), toSamples(stained(clean, usual), usual)];
    const protect = [{ x: 0.2, y: 0.2, width: 0.6, height: 0.6, reason: 'lettering' as const }];
    const drawn = await treated(before, usual, [reduce({ strokes: [over] })], { marks: [], protect });
    expect(drawn.result.regions).toMatchObject([{ operation: 'reduce-stains', kind: 'drawn', confidence: 1 }]);
    expect(apart(drawn.after, truth, usual)).toBeLessThan(1.6);
  });

  it('goes on under a mark that is filled, as far as both are accepted', async () => {
    const clean = print(usual);
    const before = toSamples(stained(clean, usual), usual);
    const line: Stroke = { points: [[0.42, 0.5] as const, [0.58, 0.5] as const], radius: 0.004 };
    const repair = step('repair-damage', 'damage-s', { strokes: [line], parameters: { grain: 0 } });
    const both = await treated(before, usual, [repair, reduce()]);
    expect(both.result.regions.map(({ ordinal, operation }) => [ordinal, operation])).toEqual([
      [1, 'repair-damage'],
      [2, 'reduce-stains'],
    ]);
    expect(await both.composed([1, 2])).toEqual(both.after);
    // The line itself is a mark that nobody accepted: it stays as it is, stain and all.
    const line1 = (samples: Samples): Samples =>
      samples.slice(150 * 3 * usual.width + 190 * 3, 150 * 3 * usual.width + 230 * 3);
    expect(line1(await both.composed([2]))).toEqual(line1(before));
    const alone = await treated(before, usual, [repair]);
    expect(await both.composed([1])).toEqual(alone.after);
    // What was filled has the colour of what stands beside it.
    const [onLine, beside] = [150, 158].map((y) => {
      let sum = 0;
      for (let x = 190; x < 230; x++) sum += (both.after[(y * usual.width + x) * 3 + 2] as number) / 40;
      return sum;
    }) as [number, number];
    const filled = (samples: Samples): number => {
      let sum = 0;
      for (let x = 190; x < 230; x++) sum += (samples[(150 * usual.width + x) * 3 + 2] as number) / 40;
      return sum;
    };
    expect(filled(both.after) - filled(alone.after)).toBeGreaterThan(15);
    expect(Math.abs(onLine - beside)).toBeLessThan(40);
    expect(both.result.numbers.replacedShare).toBeGreaterThan(0);
    expect(both.result.numbers.replacedShare).toBeLessThan(0.02);
  });
});
