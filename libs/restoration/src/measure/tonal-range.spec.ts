import { expect, test } from 'vitest';
import { Strips } from '../picture/strips.js';
import { leaves, randomFrom, scratchFolder, toSamples } from '../testing/pictures.js';
import { fadingOf, labPlanes, tonalRange } from './colour.js';
import { quantile, quantileOf, rounded, sorted } from './statistics.js';
import { surveyPicture } from './survey.js';

test.each([1, 2, 3, 10, 101, 4096])('of %i numbers a quantile is the same without sorting them', (length) => {
  const random = randomFrom(length);
  for (const levels of [2, 7, 1e6])
    for (const p of [0, 0.005, 0.3, 0.5, 0.995, 1]) {
      const values = Float64Array.from({ length }, () => Math.floor(random() * levels) / 3);
      expect(quantileOf(values.slice(), p)).toBe(quantile(sorted(values), p));
    }
});

test('of no numbers a quantile is nothing', () => {
  expect(quantileOf(new Float64Array(0), 0.5)).toBe(0);
});

test.each([
  [3, 8],
  [1, 16],
] as const)('a look for the noise alone sees the same of it (%i bands, %i bits)', async (bands, depth) => {
  const shape = { width: 1300, height: 700, bands, depth };
  const picture = await Strips.create(`${await scratchFolder()}/p.v`, shape);
  await picture.write(0, toSamples(leaves(shape.width, shape.height, 17), shape));
  const all = await surveyPicture(picture, true, () => undefined);
  const noise = await surveyPicture(picture, 'noise', () => undefined);
  await picture.close();
  expect(noise.reduced).toEqual(all.reduced);
  expect(noise.blocks).toEqual(all.blocks);
  expect([noise.edges.length, noise.clipping]).toEqual([0, null]);
  expect(all.edges.length).toBeGreaterThan(0);
  for (const share of [1, 0.6, 0.01]) {
    const random = randomFrom(3);
    const usable = Uint8Array.from({ length: all.reduced.width * all.reduced.height }, () =>
      random() < share ? 1 : 0,
    );
    const { blackPoint, whitePoint } = fadingOf(labPlanes(all.reduced, usable));
    expect(whitePoint - blackPoint).toBeGreaterThan(10);
    expect(tonalRange(all.reduced, usable)).toBe(rounded(whitePoint - blackPoint));
  }
});
