import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Strips } from '../picture/strips.js';
import { randomFrom, scratchFolder } from '../testing/pictures.js';
import { raiseByHalf } from './raise-by-half.js';

const [width, height] = [37, 25];
const [halfWidth, halfHeight] = [19, 13];

/** Bilinear with pixel centres, edges repeated, at every place. */
function raised(samples: Uint8Array, x: number, y: number, kind: number): number {
  const at = (column: number, row: number): number =>
    samples[
      (Math.min(halfHeight - 1, Math.max(0, row)) * halfWidth + Math.min(halfWidth - 1, Math.max(0, column))) * 3 + kind
    ] as number;
  const [atX, atY] = [(x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5];
  const [left, top] = [Math.floor(atX), Math.floor(atY)];
  const [across, down] = [atX - left, atY - top];
  const above = at(left, top) * (1 - across) + at(left + 1, top) * across;
  return above * (1 - down) + (at(left, top + 1) * (1 - across) + at(left + 1, top + 1) * across) * down;
}

it('raises every probability to that of half the size, wherever marks lie and however the picture is cut', async () => {
  const random = randomFrom(7);
  const seen = new Uint8Array(halfWidth * halfHeight * 3);
  // A few marks: alone, at the edges, and of one class each, so that empty rows and columns lie between.
  for (const [x, y] of [
    [0, 0],
    [18, 12],
    [9, 6],
    [10, 6],
    [4, 12],
    [18, 3],
  ] as const)
    seen[(y * halfWidth + x) * 3 + Math.floor(random() * 3)] = 60 + Math.floor(random() * 190);
  const work = { width: halfWidth, height: halfHeight, bands: 3, depth: 8 } as const;
  const half = await Strips.create(join(await scratchFolder(), 'half.v'), work);
  await half.write(0, seen);
  const full = Uint8Array.from({ length: width * height * 3 }, () => (random() < 0.3 ? Math.floor(random() * 90) : 0));
  let changed = 0;
  for (const rows of [height, 8, 1])
    for (let y = 0; y < height; y += rows) {
      const strip = full.slice(y * width * 3, (y + rows) * width * 3);
      const before = strip.slice();
      await raiseByHalf(strip, half, y, width);
      for (const [at, value] of strip.entries()) {
        const pixel = Math.floor(at / 3);
        const wanted = raised(seen, pixel % width, y + Math.floor(pixel / width), at % 3);
        expect(Math.abs(value - Math.max(before[at] as number, wanted))).toBeLessThan(1);
        if (value !== before[at]) changed += 1;
      }
    }
  expect(changed).toBeGreaterThan(100);
  await half.close();
});
