import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DamageReport, ModelPin } from '@albumen/domain';
import { drawChanges } from './change-picture.js';
import { findPictures } from './find-pictures.js';
import { ResultFolder } from './result-folder.js';
import { readSteps, recipeFor, requireModelsWithin, requireWithin, type TreatmentAsked } from './steps-asked.js';
import { durationWords } from './time-words.js';

const pin = (id: string): ModelPin => ({ id, version: '1.0.0', sha256: id.padEnd(64, '0') });
const pins = { 'damage-s': pin('damage-s'), 'restore-s': pin('restore-s'), up2: pin('up2') };
const measured = (value: number): { value: number; confidence: number } => ({ value, confidence: 1 });
const none = { share: 0, count: 0, confidence: 0 };
const undamaged: DamageReport = {
  version: 2,
  width: 100,
  height: 80,
  masks: { scratch: none, dust: none, stain: none },
  noise: measured(2),
  fading: { ...measured(0.1), blackPoint: 4, whitePoint: 95 },
  cast: { ...measured(0), a: 0, b: 0 },
  blur: measured(0.6),
  tonality: { value: 'black-and-white', confidence: 1 },
  notMeasured: [],
  models: [],
};
const asked: TreatmentAsked = { preset: 'repair', presetNamed: false, steps: null, scale: null, force: false };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'albumen-treat-'));
});

describe('steps', () => {
  it('are read with strength and parameters', () => {
    expect(readSteps('reduce-noise:0.7, correct-tone:balance=0.5:1,enlarge:scale=4')).toEqual([
      { operation: 'reduce-noise', strength: 0.7, parameters: {} },
      { operation: 'correct-tone', strength: 1, parameters: { balance: 0.5 } },
      { operation: 'enlarge', strength: null, parameters: { scale: 4 } },
    ]);
  });

  it.each([
    ['polish', /one of repair-damage.*received "polish"/],
    ['reduce-noise:2', /between 0 and 1 for the strength of reduce-noise but received "2"/],
    ['reduce-noise:', /received ""/],
    ['reduce-noise:size=2', /Expected white, views for reduce-noise but received "size"/],
    ['enlarge:scale=3', /Expected 2 or 4/],
    ['reduce-noise:views=3', /Expected 1 or 2 or 4 or 8/],
    ['sharpen,sharpen', /sharpen twice/],
    ['guide-colour', /use the desk/],
  ])('that cannot be understood are refused (%s)', (text, words) => {
    expect(() => readSteps(text)).toThrow(words);
  });

  it('stay within a preset that was named', () => {
    expect(() => requireWithin('repair', ['reduce-noise'])).not.toThrow();
    expect(() => requireWithin('repair', ['enlarge'])).toThrow(/level 2.*repair goes as far as level 1/);
  });

  it('stay within it with the level of their models, too', () => {
    const made = { ...pin('maker'), adapter: 'image2image', licence: 'MIT', level: 3 } as const;
    const own = { ...pins, 'maker@1.0.0': made };
    const steps = readSteps('reduce-noise:0.5:model=maker@1.0.0,correct-tone');
    const refused = { code: 'restoration.level-above-collection' };
    for (const preset of ['faithful', 'repair', 'reconstruct'] as const)
      expect(() => requireModelsWithin(preset, steps, own)).toThrow(expect.objectContaining(refused));
    expect(() => requireModelsWithin('interpret', steps, own)).not.toThrow();
    expect(() => requireModelsWithin('repair', readSteps('reduce-noise'), own)).not.toThrow();
  });

  it('come from the measurements, from what was asked, or by force', () => {
    expect(recipeFor(asked, undamaged, pins).steps).toEqual([]);
    const forced = recipeFor({ ...asked, force: true }, undamaged, pins).steps;
    expect(forced.map(({ operation, strength }) => [operation, strength])).toEqual([
      ['repair-damage', 1],
      ['reduce-noise', 0.7],
      ['correct-tone', 1],
    ]);
    expect(forced[2]?.parameters).toEqual({ balance: 0, blackPoint: 4, whitePoint: 95 });
    const named = recipeFor({ ...asked, steps: readSteps('correct-tone,reduce-noise:0.4'), scale: 2 }, undamaged, pins);
    expect(named.steps.map(({ operation, strength }) => [operation, strength])).toEqual([
      ['reduce-noise', 0.4],
      ['correct-tone', 1],
      ['enlarge', 1],
    ]);
    expect(() => recipeFor({ ...asked, scale: 4 }, undamaged, pins)).toThrow(/up4/);
  });
});

describe('pictures', () => {
  it('are found by name, folder and pattern, each once, without earlier results', async () => {
    await mkdir(join(folder, 'box', 'inner'), { recursive: true });
    await mkdir(join(folder, 'box', 'a10.tif.albumen'));
    const files = [
      'box/a10.tif',
      'box/a2.tif',
      'box/.hidden.tif',
      'box/inner/b.jpg',
      'box/a10.tif.albumen/proposal.tif',
    ];
    for (const file of files) await writeFile(join(folder, file), 'x');
    await symlink(join(folder, 'box'), join(folder, 'box', 'loop'));
    const found = await findPictures([join(folder, 'box'), join(folder, 'box', 'a2.tif')]);
    expect(found.pictures.map(({ path, named }) => [path.slice(folder.length), named])).toEqual([
      ['/box/a2.tif', true],
      ['/box/a10.tif', false],
      ['/box/inner/b.jpg', false],
    ]);
    const fitting = await findPictures([join(folder, '**', '*.{tif,jpg}')]);
    expect(fitting.pictures.map(({ path }) => basename(path)).sort()).toEqual(['a10.tif', 'a2.tif', 'b.jpg']);
    const nothing = await findPictures([join(folder, 'nobody-*.tif')]);
    expect(nothing).toMatchObject({ pictures: [], missing: [{ why: /nothing fits/ }] });
  });
});

describe('a result folder', () => {
  it('appears whole, never over another one, or not at all', async () => {
    const original = join(folder, 'scan.tif');
    const place = async (text: string): Promise<string> => {
      const made = await ResultFolder.begin(original, undefined);
      await writeFile(join(made.path, 'README.txt'), text);
      expect(basename(made.path).startsWith('.')).toBe(true);
      return made.finish();
    };
    const [first, second] = [await place('first'), await place('second')];
    expect([first, second].map((path) => basename(path))).toEqual(['scan.tif.albumen', 'scan.tif.albumen-2']);
    expect(await readFile(join(first, 'README.txt'), 'utf8')).toBe('first');
    const given = await ResultFolder.begin(original, undefined);
    await given.discard();
    expect((await readdir(folder)).sort()).toEqual(['scan.tif.albumen', 'scan.tif.albumen-2']);
    await expect(ResultFolder.begin(original, join(first, 'README.txt'))).rejects.toThrow(/--out/);
    expect(existsSync(given.path)).toBe(false);
  });
});

describe('a change map', () => {
  it('has its own colour for what did not change, and a scale below', () => {
    const { width, height, indices, palette } = drawChanges(
      Uint8Array.of(0, 1, 100, 255),
      { width: 2, height: 2 },
      0.1,
    );
    expect(indices.length).toBe(width * height);
    expect([...indices.subarray(0, 2), ...indices.subarray(width, width + 2)]).toEqual([0, 1, 100, 253]);
    expect(palette).toHaveLength(256);
    expect(palette[0]).not.toEqual(palette[1]);
    const below = indices.subarray(2 * width);
    expect(below).toContain(255);
    expect(Math.max(...below.filter((index) => index < 254))).toBe(253);
  });
});

describe('durations', () => {
  it.each([
    [0.2, '1 s'],
    [89, '89 s'],
    [130, '2 min'],
    [7800, '2 h 10 min'],
  ])('%d s is %s', (seconds, words) => {
    expect(durationWords(seconds)).toBe(words);
  });
});
