import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Strips, samplesOf } from '../picture/strips.js';
import { ChangeMeter } from '../change-map.js';
import { scratchFolder } from '../testing/pictures.js';
import { changeBetween } from './change-between.js';

async function picture(folder: string, name: string, bands: 1 | 3, seed: number): Promise<Strips> {
  const [width, height] = [800, 1300];
  const strips = await Strips.create(join(folder, `${name}.v`), { width, height, bands, depth: 8 });
  const samples = samplesOf(8, width * height * bands);
  for (let at = 0; at < samples.length; at++) samples[at] = (Math.imul(at + 1, 2654435761) >>> seed) & 255;
  await strips.write(0, samples);
  return strips;
}

/** The map's sums as bytes, and every other number: comparing two million one by one would take seconds. */
function exactly(meter: ChangeMeter): readonly [Buffer, unknown] {
  const { sums, counts, ...rest } = meter.tally();
  return [Buffer.concat([Buffer.from(sums.buffer), Buffer.from(counts.buffer)]), rest];
}

function expectSame(one: ChangeMeter, other: ChangeMeter): void {
  const [[bytes, rest], [otherBytes, otherRest]] = [exactly(one), exactly(other)];
  expect(bytes.equals(otherBytes)).toBe(true);
  expect(rest).toEqual(otherRest);
}

it('measures the same to the last bit in one thread and in two', async () => {
  const folder = await scratchFolder();
  const [before, after] = [await picture(folder, 'before', 3, 8), await picture(folder, 'after', 3, 9)];
  const areas = [{ x: 100, y: 300, width: 400, height: 900 }];
  const told: number[] = [];
  const alone = await changeBetween(before, after, true, areas, () => undefined);
  const both = await changeBetween(before, after, true, areas, (done) => told.push(done), 2);
  expectSame(both, alone);
  expect(told.at(-1)).toBe(1300);
  expect(told.length).toBeGreaterThan(1);
  const whole = new ChangeMeter({ width: 800, height: 1300, bands: 3, depth: 8 }, true, areas);
  whole.add(await before.read(0, 1300), await after.read(0, 1300), 0);
  expect(both.result()).toEqual(whole.result());
  expect(both.insideAreas()).toBe(whole.insideAreas());
  await Promise.all([before.close(), after.close()]);
});

it('compares a grey picture with a colour one in two threads, and ends the second where the first fails', async () => {
  const folder = await scratchFolder();
  const [grey, colour] = [await picture(folder, 'grey', 1, 8), await picture(folder, 'colour', 3, 8)];
  const [alone, both] = [
    await changeBetween(grey, colour, true, [], () => undefined),
    await changeBetween(grey, colour, true, [], () => undefined, 2),
  ];
  expectSame(both, alone);
  const stop = (): never => {
    throw new Error('no longer wanted');
  };
  await expect(changeBetween(grey, colour, true, [], stop, 2)).rejects.toThrow('no longer wanted');
  await Promise.all([grey.close(), colour.close()]);
});
