import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Stroke } from '@albumen/domain';
import { deltaE2000, labOf } from '../delta-e.js';
import { installedModels, type InstalledModel } from '../models.js';
import { boxReduced } from '../picture/interpolate.js';
import { Strips, type Samples } from '../picture/strips.js';
import { marksOfStrokes } from '../picture/strokes.js';
import { LabelPainter, planRegions } from '../regions.js';
import { leaves, normalFrom, randomFrom, scratchFolder, toSamples, type MadeShape } from '../testing/pictures.js';
import { fillByNet, fillRule, narrowRegions, type NetFill } from './fill-net.js';
import { runNetLayer } from './net-layer.js';
import { NetCache, type Net } from './nets.js';
import { repairDamage } from './repair.js';

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
  const net = await nets.open(size === null ? model : { ...model, tile: { ...model.tile, size } });
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

describe('softening noise with the nets of Albumen', { timeout: 180_000 }, () => {
  const shape: MadeShape = { width: 700, height: 200, bands: 3, depth: 8 };

  it.each(['restore-s', 'denoise-s'])('%s is in tiles what it is in one frame, to within a level', async (id) => {
    const normal = normalFrom(randomFrom(62));
    const scene = leaves(shape.width, shape.height, 61).map((level) => level + 20 * normal());
    const samples = toSamples(scene, shape);
    const tiled = await passed(id, samples, shape, null);
    const frame = await passed(id, samples, shape, 960);
    const most = tiled.reduce((far, value, at) => Math.max(far, Math.abs(value - (frame[at] as number))), 0);
    console.info(`${id}: largest difference between tiles and one frame ${most} of 255`);
    expect(most).toBeLessThanOrEqual(1);
  });

  it('takes white noise away better with the net for it', async () => {
    for (const sigma of [10, 25, 45]) {
      const scene = leaves(shape.width, shape.height, 71);
      const normal = normalFrom(randomFrom(sigma));
      const truth = toSamples(scene, shape);
      const samples = toSamples(
        scene.map((level) => level + sigma * normal()),
        shape,
      );
      const squares = async (id: string): Promise<number> =>
        (await passed(id, samples, shape, null)).reduce(
          (sum, value, at) => sum + (value - (truth[at] as number)) ** 2,
          0,
        );
      const [general, own] = [await squares('restore-s'), await squares('denoise-s')];
      console.info(`white noise of ${sigma}: denoise-s ${(10 * Math.log10(general / own)).toFixed(2)} dB ahead`);
      expect(own).toBeLessThan(general);
    }
  });
});

describe('enlarging with the net of Albumen', { timeout: 180_000 }, () => {
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

describe('filling with the net of Albumen', () => {
  it.each([8, 16] as const)('runs in the engine, and is no worse than the classical fill (%i bits)', async (depth) => {
    const shape: MadeShape = { width: 300, height: 220, bands: 3, depth };
    const truth = toSamples(leaves(shape.width, shape.height, 83), shape);
    const strokes: Stroke[] = [0.15, 0.4, 0.65, 0.9].map((at) => ({
      points: [[at, 0.05] as const, [at - 0.1, 0.95] as const],
      radius: 0.006,
    }));
    const marks = marksOfStrokes(strokes, shape);
    const regions = planRegions(marks, shape);
    const painter = new LabelPainter(regions, shape);
    const model = models.get('fill-s') ?? expect.fail('fill-s is not installed');
    const net = await nets.open(model);
    const ordinals = narrowRegions(painter, shape, model.widest);
    expect(ordinals.size).toBe(regions.length);
    const damaged = truth.slice();
    const labels = painter.paint(0, shape.height);
    labels.forEach((label, pixel) => label > 0 && damaged.fill(depth === 8 ? 250 : 64_000, pixel * 3, pixel * 3 + 3));
    const decibels = async (byNet: NetFill | null): Promise<number> => {
      const at = await scratchFolder();
      const source = await Strips.create(`${at}/source.v`, shape);
      const target = await Strips.create(`${at}/target.v`, shape);
      await source.write(0, damaged);
      const accepted = new Set(regions.map(({ ordinal }) => ordinal));
      const plain = { strength: 1, grain: 0, advance: () => undefined };
      await repairDamage({ source, target, painter, regions, accepted, byNet, ...plain });
      const made = await target.read(0, shape.height);
      await Promise.all([source.close(), target.close()]);
      let [squares, count] = [0, 0];
      for (let pixel = 0; pixel < labels.length; pixel++)
        for (let at = pixel * 3; at < pixel * 3 + 3; at++) {
          if (labels[pixel] === 0) {
            if (made[at] !== truth[at]) expect.fail(`pixel ${pixel} was changed outside the holes`);
            continue;
          }
          // The rim keeps half of what was there: it is left out.
          const inner = [1, -1, shape.width, -shape.width].every((step) => labels[pixel + step] !== 0);
          if (!inner) continue;
          squares += (((made[at] as number) - (truth[at] as number)) / (depth === 8 ? 255 : 65535)) ** 2;
          count += 1;
        }
      return -10 * Math.log10(squares / count);
    };
    const [trained, classical] = [await decibels({ net, ordinals }), await decibels(null)];
    console.info(`fill-s, ${depth} bits: ${trained.toFixed(2)} dB in the holes; classical ${classical.toFixed(2)} dB`);
    expect(trained).toBeGreaterThan(classical - 0.5);
  });

  it.each([
    [8, 'several tiles together'],
    [16, 'several tiles together'],
    [8, 'one square at a time'],
  ] as const)(
    'is around each hole what it is over the whole picture, to within a level (%i bits, %s)',
    async (depth, how) => {
      const shape: MadeShape = { width: 401, height: 307, bands: 3, depth };
      const damaged = toSamples(leaves(shape.width, shape.height, 29, 1.1), shape);
      const specks = [0.08, 0.3, 0.52, 0.74, 0.97].map((x, at): Stroke => ({
        points: [[x, (0.37 * at) % 1]],
        radius: 0.01,
      }));
      const line: Stroke = { points: [[0.05, 0.9] as const, [0.95, 0.1] as const], radius: 0.008 };
      const regions = planRegions(marksOfStrokes([...specks, line], shape), shape);
      const painter = new LabelPainter(regions, shape);
      const model = models.get('fill-s') ?? expect.fail('fill-s is not installed');
      const net = await nets.open(model);
      const ordinals = narrowRegions(painter, shape, model.widest);
      // As a net that takes one square at a time.
      const used: Net =
        how === 'several tiles together'
          ? net
          : {
              model: { ...model, tile: { ...model.tile, size: 256 } },
              seconds: 0,
              runs: 0,
              run: (tile, size, channels) => net.run(tile, size, channels),
              runOn: (inputs, size) => net.runOn(inputs, size),
            };
      if (used === net) expect(fillRule(net).margin).toBeLessThan(model.tile.margin);
      const labels = painter.paint(0, shape.height, 'damaged');
      const holes = Uint8Array.from(labels, (label) => (label === 0 ? 0 : 1));
      const full = depth === 8 ? 255 : 65535;
      const image = Float32Array.from(damaged, (value) => value / full);
      const whole = await net.runMany?.(
        { [model.input]: { data: image, channels: 3 }, [model.mask ?? '']: { data: holes, channels: 1 } },
        { count: 1, width: shape.width, height: shape.height },
      );
      const source = await Strips.create(`${await scratchFolder()}/source.v`, shape);
      await source.write(0, damaged);
      const perLevel = full / 255;
      const seen = new Uint8Array(labels.length);
      let most = 0;
      await fillByNet({ net: used, ordinals }, source, painter, { x: 0, y: 0, ...shape }, (x, y, values) => {
        const pixel = y * shape.width + x;
        seen[pixel] = (seen[pixel] as number) + 1;
        values.forEach((value, band) => {
          const expected = Math.round((whole?.[pixel * 3 + band] as number) * full);
          most = Math.max(most, Math.abs(value - expected) / perLevel);
        });
      });
      await source.close();
      console.info(`fill-s, ${depth} bits: largest difference to the whole picture ${most.toFixed(3)} levels of 255`);
      expect(labels.findIndex((label, at) => (ordinals.has(label) ? 1 : 0) !== seen[at])).toBe(-1);
      expect(most).toBeLessThanOrEqual(1);
    },
  );
});
