import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { protectedByDefault, type DamageReport } from '@albumen/domain';
import { renderedScenes } from '../testing/rendered-faces.js';
import { leaves, scratch, scratchFolder, tinyModels, toSamples, writePicture } from '../testing/pictures.js';
import { assess } from './assess.js';
import { childContext } from './context.js';

const shipped = fileURLToPath(new URL('../../../../models', import.meta.url));

async function reportOf(input: string, modelsDir: string): Promise<DamageReport> {
  const into = join(await scratchFolder(), 'run');
  await mkdir(into);
  const context = childContext(modelsDir, 1);
  try {
    return (await assess({ input, into, tell: () => undefined }, context)).report;
  } finally {
    await context.nets.close();
  }
}

/** The tiny damage net, with shipped nets beside it. */
async function withNets(...ids: readonly string[]): Promise<string> {
  const folder = join(await scratchFolder(), 'models');
  await cp(tinyModels(), folder, { recursive: true });
  for (const id of ids) await cp(join(shipped, id), join(folder, id), { recursive: true });
  return folder;
}

/** Writes into a model's description what it does not find well enough. */
async function declare(folder: string, id: string, unreliable: readonly string[]): Promise<void> {
  const card = join(folder, id, '1.0.0', 'model.json');
  const facts = JSON.parse(await readFile(card, 'utf8')) as Record<string, unknown>;
  await writeFile(card, JSON.stringify({ ...facts, unreliable }));
}

describe('a damage report', { timeout: 180_000 }, () => {
  it('looks for faces where a model is installed, and else says that it did not', async () => {
    const scene = (await renderedScenes()).find(({ faces }) => faces.filter(({ judged }) => judged).length >= 2);
    if (scene === undefined) throw new Error('Expected a rendered scene with faces but received none');
    const { width, height, data } = scene.picture;
    const path = await writePicture(await scratchFolder(), 'faces', data, { width, height, bands: 1, depth: 8 });
    const without = await reportOf(path, tinyModels());
    expect(without.faces).toBeUndefined();
    expect(without.notMeasured).toContain('faces');
    expect(without.models.map(({ id }) => id)).toEqual(['damage-s']);
    const found = await reportOf(path, await withNets('faces', 'face-look'));
    expect(found.notMeasured).not.toContain('faces');
    expect(found.models.map(({ id }) => id)).toEqual(['damage-s', 'faces', 'face-look']);
    expect(found.faces?.length).toBeGreaterThanOrEqual(1);
    for (const { box, landmarks } of found.faces ?? []) {
      expect(landmarks).toHaveLength(5);
      expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width + 0.1);
      expect(box.y + box.height).toBeLessThanOrEqual(height + 0.1);
    }
  });

  it('tells and protects lettering where a model is installed, and what it does not find well enough', async () => {
    const folder = await withNets('lettering');
    const path = join(shipped, 'evaluation', 'lettering', 'print-10.jpg');
    await declare(folder, 'lettering', []);
    const believed = await reportOf(path, folder);
    expect(believed.lettering?.length).toBeGreaterThan(0);
    expect(believed.marksOnLettering).toBeGreaterThanOrEqual(0);
    expect(believed.models.map(({ id }) => id)).toEqual(['damage-s', 'lettering']);
    expect(believed.notMeasured).toEqual(['faces']);
    for (const { box } of protectedByDefault(believed).map((area) => ({ box: area }))) {
      expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
      expect(Math.max(box.x + box.width, box.y + box.height)).toBeLessThanOrEqual(1);
    }
    await declare(folder, 'lettering', ['lettering', 'handwriting']);
    const doubted = await reportOf(path, folder);
    expect(doubted.lettering).toEqual(believed.lettering);
    expect(doubted.notMeasured).toEqual(['further-lettering', 'handwriting', 'faces']);
    // Where such a net finds nothing, that says nothing.
    const bare = join(shipped, 'evaluation', 'undamaged', 'hills.png');
    const none = await reportOf(bare, folder);
    expect(none).not.toHaveProperty('lettering');
    expect(none.notMeasured).toEqual(['lettering', 'handwriting', 'faces']);
  });

  it('says that a class is not measured where the net does not find it well enough', async () => {
    const folder = await withNets();
    await declare(folder, 'damage-s', ['stain']);
    const shape = { width: 96, height: 80, bands: 1, depth: 8 } as const;
    const path = await writePicture(await scratchFolder(), 'p', new Uint8Array(96 * 80).fill(120), shape);
    expect((await reportOf(path, folder)).notMeasured).toContain('stains');
    expect((await reportOf(path, tinyModels())).notMeasured).not.toContain('stains');
  });

  it('tells stains where a model for them is installed and good enough, and writes them into the mask', async () => {
    const folder = await withNets('stains');
    await declare(folder, 'damage-s', ['stain']);
    await declare(folder, 'stains', []);
    const path = join(shipped, 'evaluation', 'stains', 'stained-2.jpg');
    const found = await reportOf(path, folder);
    expect(found.notMeasured).not.toContain('stains');
    expect(found.models.map(({ id }) => id)).toEqual(['damage-s', 'stains']);
    expect(found.masks.stain.count).toBeGreaterThan(0);
    expect(found.masks.stain.share).toBeGreaterThan(0.01);
    expect(found.masks.stain.confidence).toBeGreaterThan(0.3);
    // In a colour photograph nothing tells them from the scene: they are shown, and call for no treatment by themselves.
    expect(found.tonality.value).toBe('colour');
    expect(found.masks.stain.credible).toEqual({ share: 0, count: 0 });
    const toned = await reportOf(join(shipped, 'evaluation', 'stains', 'stained-12.jpg'), folder);
    expect(toned.tonality.value).toBe('toned');
    const { share, count } = toned.masks.stain;
    expect(toned.masks.stain.credible).toEqual({ share, count });
    const bare = await reportOf(join(shipped, 'evaluation', 'undamaged', 'hills.png'), folder);
    expect(bare.masks.stain).toMatchObject({ share: 0, count: 0 });
    await declare(folder, 'stains', ['stain']);
    expect((await reportOf(path, folder)).notMeasured).toContain('stains');
  });

  it('has every part of version 2, 8 and 16 bit alike', async () => {
    const reports: DamageReport[] = [];
    for (const depth of [8, 16] as const) {
      const shape = { width: 420, height: 300, bands: 3, depth } as const;
      const rgb = leaves(shape.width, shape.height, 3);
      scratch(rgb, shape.width, shape.height, 3);
      reports.push(
        await reportOf(await writePicture(await scratchFolder(), 'p', toSamples(rgb, shape), shape), tinyModels()),
      );
    }
    const [eight, sixteen] = reports as [DamageReport, DamageReport];
    for (const report of reports) {
      expect(report.version).toBe(2);
      expect(report.losses).toEqual([]);
      expect(report.capture?.skew.confidence).toBe(0);
      expect(report.lowLight?.value).toBeLessThan(0.2);
      expect(report.masks.scratch.credible?.count).toBeLessThanOrEqual(report.masks.scratch.count);
      expect(report.notMeasured).toEqual(['lettering', 'handwriting', 'faces']);
      expect(report).not.toHaveProperty('lettering');
    }
    expect(sixteen.noise.value).toBeCloseTo(eight.noise.value, 0);
    expect(sixteen.fading.value).toBeCloseTo(eight.fading.value, 1);
    // A mark at the edge of its threshold may be one in the one and none in the other.
    expect(Math.abs(sixteen.masks.scratch.count - eight.masks.scratch.count)).toBeLessThanOrEqual(1);
  });
});
