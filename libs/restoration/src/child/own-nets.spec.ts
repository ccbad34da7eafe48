import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { deltaE2000, labOf } from '../delta-e.js';
import { installedModels, type InstalledModel } from '../models.js';
import { boxReduced } from '../picture/interpolate.js';
import { Strips, type Samples } from '../picture/strips.js';
import { leaves, scratchFolder, toSamples, type MadeShape } from '../testing/pictures.js';
import { runNetLayer } from './net-layer.js';
import { NetCache } from './nets.js';

/** The nets that Albumen ships, as the engine runs them. */
const folder = fileURLToPath(new URL('../../../../models', import.meta.url));
const nets = new NetCache(1);
let models: ReadonlyMap<string, InstalledModel>;
beforeAll(async () => {
  models = await installedModels(folder);
});

async function passed(id: string, samples: Samples, shape: MadeShape, size: number | null): Promise<Samples> {
  const model = models.get(id) ?? expect.fail(`${id} is not installed`);
  const at = await scratchFolder();
  const source = await Strips.create(`${at}/source.v`, shape);
  await source.write(0, samples);
  const { scale } = model;
  const target = await Strips.create(`${at}/target.v`, {
    ...shape,
    width: shape.width * scale,
    height: shape.height * scale,
  });
  const net = await nets.open(
    size === null ? model : { ...model, tile: { ...model.tile, size } },
    shape.depth === 8 ? 'u8' : 'f32',
  );
  const operation = scale === 1 ? 'reduce-noise' : 'enlarge';
  const { plan } = await runNetLayer({
    operation,
    net,
    strength: 1,
    base: { source, target },
    advance: () => undefined,
  });
  if (size !== null) expect(plan.columns.length * plan.rows.length).toBe(1);
  else expect(plan.columns.length * plan.rows.length).toBeGreaterThan(1);
  const out = await target.read(0, target.work.height);
  await Promise.all([source.close(), target.close()]);
  return out;
}

describe('enlarging with the net of Albumen', () => {
  const shape: MadeShape = { width: 600, height: 200, bands: 3, depth: 8 };
  const samples = toSamples(leaves(shape.width, shape.height, 61), shape);

  it.each(['up2', 'up4'])('%s is in tiles what it is in one frame, to within a level', async (id) => {
    const tiled = await passed(id, samples, shape, null);
    const frame = await passed(id, samples, shape, 672);
    const most = tiled.reduce((far, value, at) => Math.max(far, Math.abs(value - (frame[at] as number))), 0);
    console.info(`${id}: largest difference between tiles and one frame ${most} of 255`);
    expect(most).toBeLessThanOrEqual(1);
  });

  it.each([
    ['up2', 8],
    ['up2', 16],
    ['up4', 8],
  ] as const)('%s: reduced again by block means it is the picture, within 1.5 ΔE (%i bits)', async (id, depth) => {
    const own = depth === 8 ? samples : toSamples(leaves(shape.width, shape.height, 61), { ...shape, depth });
    const large = await passed(id, own, { ...shape, depth }, null);
    const back = boxReduced(large, shape.width, 3, id === 'up2' ? 2 : 4);
    const scale = depth === 8 ? 1 : 255 / 65535;
    const lab = new Float64Array(6);
    let sum = 0;
    for (let at = 0; at < own.length; at += 3) {
      const level = (of: Samples, band: number): number => (of[at + band] as number) * scale;
      labOf(level(own, 0), level(own, 1), level(own, 2), lab, 0);
      labOf(level(back, 0), level(back, 1), level(back, 2), lab, 3);
      sum += deltaE2000(...(Array.from(lab) as [number, number, number, number, number, number]));
    }
    const mean = sum / (own.length / 3);
    console.info(`${id}, ${depth} bits: mean ΔE2000 of the reduced result ${mean.toFixed(3)}`);
    expect(mean).toBeLessThanOrEqual(1.5);
  });
});
