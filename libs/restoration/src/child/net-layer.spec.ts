import { describe, expect, it } from 'vitest';
import { installedModels, type InstalledModel } from '../models.js';
import { mirrored, Strips, type Samples } from '../picture/strips.js';
import { leaves, scratchFolder, tinyModels, toSamples, type MadeShape } from '../testing/pictures.js';
import { NetCache } from './nets.js';
import { runNetLayer } from './net-layer.js';

const nets = new NetCache(1);

async function denoised(
  samples: Samples,
  shape: MadeShape,
  tile: InstalledModel['tile'],
  strength = 1,
): Promise<Samples> {
  const model = (await installedModels(tinyModels())).get('restore-s')!;
  const folder = await scratchFolder();
  const source = await Strips.create(`${folder}/source.v`, shape);
  const target = await Strips.create(`${folder}/target.v`, shape);
  await source.write(0, samples);
  const net = await nets.open({ ...model, tile });
  await runNetLayer({ operation: 'reduce-noise', net, strength, base: { source, target }, advance: () => undefined });
  const out = await target.read(0, shape.height);
  await Promise.all([source.close(), target.close()]);
  return out;
}

const farthest = (a: Samples, b: Samples): number =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] as number))), 0);

describe('noise layer', () => {
  const shape: MadeShape = { width: 311, height: 187, bands: 3, depth: 8 };
  const samples = toSamples(leaves(shape.width, shape.height, 41), shape);

  it('gives the same picture in tiles as in one frame, to within a level', async () => {
    const frame = await denoised(samples, shape, { size: 512, margin: 16, multiple: 16 });
    for (const tile of [
      { size: 128, margin: 16, multiple: 16 },
      { size: 96, margin: 16, multiple: 16 },
    ])
      expect(farthest(await denoised(samples, shape, tile), frame)).toBeLessThanOrEqual(1);
  });

  it('is what the net computes at every pixel, mirrored at the true edges', async () => {
    const out = await denoised(samples, shape, { size: 128, margin: 16, multiple: 16 });
    let most = 0;
    for (let y = 0; y < shape.height; y++)
      for (let x = 0; x < shape.width; x++)
        for (let band = 0; band < 3; band++) {
          let sum = 0;
          for (let dy = -1; dy <= 1; dy++)
            for (let dx = -1; dx <= 1; dx++)
              sum += samples[
                (mirrored(y + dy, shape.height) * shape.width + mirrored(x + dx, shape.width)) * 3 + band
              ] as number;
          most = Math.max(most, Math.abs(sum / 9 - (out[(y * shape.width + x) * 3 + band] as number)));
        }
    expect(most).toBeLessThanOrEqual(1);
  });

  it('keeps the depth of 16-bit pictures', async () => {
    const wide: MadeShape = { ...shape, depth: 16 };
    const out = await denoised(toSamples(leaves(shape.width, shape.height, 41), wide), wide, {
      size: 128,
      margin: 16,
      multiple: 16,
    });
    const levels = new Set(out);
    expect(levels.size).toBeGreaterThan(5000);
  });

  it('blends between the input and the net', async () => {
    const [none, half, all] = await Promise.all(
      [0, 0.5, 1].map((strength) => denoised(samples, shape, { size: 128, margin: 16, multiple: 16 }, strength)),
    );
    expect(none).toEqual(samples);
    expect(
      farthest(
        half!,
        samples.map((value, at) => Math.round((value + (all![at] as number)) / 2)),
      ),
    ).toBeLessThanOrEqual(1);
  });
});
