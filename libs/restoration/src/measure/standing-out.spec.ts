import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runsOf, type Mark } from '../picture/runs.js';
import { Strips } from '../picture/strips.js';
import { scratchFolder } from '../testing/pictures.js';
import { standingOut } from './standing-out.js';

const [width, height] = [90, 120];

/** A scratch from top to bottom at full size, two pixels wide, whose left edge is at `x`. */
function scratchAt(x: number): Mark {
  const runs = Array.from({ length: 160 }, (_, at) => ({
    y: 40 + at,
    from: x,
    to: x + 2,
    kind: 1,
    probability: 200,
    seeds: 2,
  }));
  return {
    kind: 1,
    area: 320,
    seeds: 320,
    probability: 0.8,
    left: x,
    right: x + 2,
    top: 40,
    bottom: 200,
    runs: runsOf(runs),
  };
}

/** What a scratch at half-size column `at` stands out by in a picture of these levels. */
async function seen(levelOf: (x: number, y: number) => number, at: number) {
  const work = { width, height, bands: 1, depth: 8 } as const;
  const half = await Strips.create(join(await scratchFolder(), 'half.v'), work);
  await half.write(
    0,
    Uint8Array.from({ length: width * height }, (_, pixel) => levelOf(pixel % width, Math.floor(pixel / width))),
  );
  const mark = scratchAt(2 * at);
  const found = (await standingOut(half, [mark])).get(mark) ?? expect.fail('nothing was seen of it');
  await half.close();
  return found;
}

it('sees a scratch on something calm far out, whatever its own soft rim is like', async () => {
  const sharp = await seen((x) => (x === 45 ? 200 : 120), 45);
  expect(sharp).toEqual({ overLevels: 40, overDetail: 80 });
  // Its rim is not the level around it, and counts as detail of the scene only where the mean of a place beyond it reaches in.
  const rimmed = await seen((x) => (x === 45 ? 200 : Math.abs(x - 45) <= 2 ? 165 : 120), 45);
  expect(rimmed.overLevels).toBe(sharp.overLevels);
  expect(rimmed.overDetail).toBeCloseTo(80 / 18, 5);
});

it('sees one among stripes like it hardly at all', async () => {
  const striped = await seen((x) => (x % 9 === 0 ? 200 : 120), 45);
  expect(striped.overDetail).toBeLessThan(2);
});

it('takes what lies beyond the picture for nothing: at its edge a scratch stands out as much', async () => {
  for (const at of [3, width - 4])
    expect(await seen((x) => (x === at ? 200 : 120), at)).toEqual({ overLevels: 40, overDetail: 80 });
});
