import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AgreementMap } from '../agreement-map.js';
import { installedModels, type InstalledModel } from '../models.js';
import { leaves, normalFrom, randomFrom } from '../testing/pictures.js';
import { rankCorrelation } from '../testing/rank-correlation.js';
import { ManyViews } from './many-views.js';
import { NetCache, type Net } from './nets.js';

/** A net of one channel that answers what `make` says of a square. */
function netOf(make: (tile: Float32Array, size: number) => Float32Array): Net {
  const model = { id: 'made', input: 'image', scale: 1 } as InstalledModel;
  const run: Net['run'] = async (tile, size) => make(Float32Array.from(tile), size);
  return { model, seconds: 0, runs: 0, run, runOn: () => Promise.reject(new Error('not asked')) };
}

const size = 16;
const tile = Float32Array.from({ length: size * size }, (_, at) => ((at * 7919) % 251) / 250);

describe('a net that looks in several positions', () => {
  it.each([2, 4, 8])(
    'gives what one view gives, and full agreement, where position does not matter (%d)',
    async (n) => {
      const views = new ManyViews(
        netOf((given) => given.map((value) => value / 2)),
        n,
      );
      const made = await views.run(tile, size, 1);
      tile.forEach((value, at) => expect(made[at]).toBeCloseTo(value / 2, 6));
      expect(Math.max(...views.spreadOf(made))).toBeLessThan(1e-6);
    },
  );

  it('turns every view back: the mean of shifted answers is symmetric', async () => {
    // Each place becomes its right neighbour: the eight views see four neighbours, twice each.
    const shifted = netOf((given, side) =>
      given.map((value, at) => (at % side === side - 1 ? value : (given[at + 1] as number))),
    );
    const views = new ManyViews(shifted, 8);
    const made = await views.run(tile, size, 1);
    for (let y = 1; y < size - 1; y++)
      for (let x = 1; x < size - 1; x++) {
        const near = [1, -1, size, -size].map((step) => tile[y * size + x + step] as number);
        const mean = near.reduce((sum, value) => sum + value, 0) / 4;
        const spread = Math.sqrt((2 * near.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / 7);
        expect(made[y * size + x]).toBeCloseTo(mean, 5);
        expect(views.spreadOf(made)[y * size + x]).toBeCloseTo(spread, 5);
      }
  });

  it('does not mind that the caller writes its tile again', async () => {
    const own = tile.slice();
    const pending = new ManyViews(
      netOf((given) => given),
      8,
    ).run(own, size, 1);
    own.fill(0);
    const made = await pending;
    tile.forEach((value, at) => expect(made[at]).toBeCloseTo(value, 6));
  });
});

describe('map of agreement', () => {
  it('is 255 where views agree, a half where they differ by two levels, 0 where nothing was looked at', () => {
    const map = new AgreementMap({ width: 3, height: 1 });
    map.add(Float32Array.from([9, 0, 2 / 255, 9]), { left: 0, top: 0, width: 2, height: 1, from: 1, line: 4 });
    expect([...map.map().levels]).toEqual([255, 128, 0]);
  });

  it('does not depend on how the picture is cut', () => {
    const picture = { width: 5000, height: 7 };
    const spread = Float32Array.from({ length: 35_000 }, (_, at) => ((at * 31) % 17) / 2550);
    const whole = new AgreementMap(picture);
    whole.add(spread, { left: 0, top: 0, ...picture, from: 0, line: 5000 });
    const parts = new AgreementMap(picture);
    for (const [left, width] of [
      [1700, 3300],
      [0, 1700],
    ] as const)
      parts.add(spread, { left, top: 0, width, height: 7, from: left, line: 5000 });
    expect(parts.map()).toEqual(whole.map());
    expect(whole.map()).toMatchObject({ width: 2048, height: 3 });
  });
});

describe('the noise net of Albumen in eight positions', { timeout: 60_000 }, () => {
  it('comes nearer to the truth than one look, and its views differ most where it errs most', async () => {
    const side = 192;
    const truth = leaves(side, side, 77).map((level) => level / 255);
    const normal = normalFrom(randomFrom(78));
    const noisy = truth.map((value) => Math.min(1, Math.max(0, value + (normal() * 25) / 255)));
    const folder = fileURLToPath(new URL('../../../../models', import.meta.url));
    const model = (await installedModels(folder)).get('restore-s') ?? expect.fail('restore-s is not installed');
    const cache = new NetCache(1);
    const net = await cache.open(model);
    const given = Float32Array.from(noisy);
    const once = await net.run(given, side, 3);
    const views = new ManyViews(net, 8);
    const made = await views.run(given, side, 3);
    const errorOf = (of: ArrayLike<number>, at: number): number => Math.abs((of[at] as number) - (truth[at] as number));
    const meanError = (of: ArrayLike<number>): number =>
      truth.reduce((sum, _, at) => sum + errorOf(of, at) ** 2, 0) / truth.length;
    expect(meanError(made)).toBeLessThan(meanError(once));
    // Cells of 8 px: single pixels err by chance.
    const cells = side / 8;
    const errors = new Float64Array(cells * cells);
    const spreads = new Float64Array(cells * cells);
    views.spreadOf(made).forEach((spread, pixel) => {
      const cell = Math.floor(Math.floor(pixel / side) / 8) * cells + Math.floor((pixel % side) / 8);
      spreads[cell] = (spreads[cell] as number) + spread ** 2;
      for (let channel = 0; channel < 3; channel++)
        errors[cell] = (errors[cell] as number) + errorOf(made, pixel * 3 + channel) ** 2;
    });
    const correlation = rankCorrelation([...spreads], [...errors]);
    console.log(`rank correlation of the spread of eight views with the true error: ${correlation.toFixed(2)}`);
    expect(correlation).toBeGreaterThan(0.6);
    await cache.close();
  });
});
