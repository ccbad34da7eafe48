import { expect, test } from 'vitest';
import { labOf } from '../delta-e.js';
import { Strips } from '../picture/strips.js';
import { leaves, randomFrom, scratchFolder, toSamples } from '../testing/pictures.js';
import { castOf, labPlanes, tonesOf } from './colour.js';
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
    const { blackPoint, whitePoint, castA, castB } = tonesOf(all.reduced, usable);
    const planes = labPlanes(all.reduced, usable);
    const L = sorted(planes.L);
    expect([blackPoint, whitePoint]).toEqual([rounded(quantile(L, 0.005)), rounded(quantile(L, 0.995))]);
    expect(whitePoint - blackPoint).toBeGreaterThan(10);
    const cast = castOf(planes);
    expect([castA, castB]).toEqual([cast.a, cast.b]);
    if (bands === 1) expect(Math.hypot(castA, castB)).toBeLessThan(0.1);
  }
});

test('the cast is what the median dark, light and middle colours have in common, whatever their order', () => {
  const random = randomFrom(5);
  const [width, height] = [60, 40];
  // Brown in three lightnesses; the light places are less brown than the others, and no more counts as a cast.
  const colours = [
    [60, 45, 30],
    [140, 120, 96],
    [225, 218, 205],
  ] as const;
  const rgb = new Float32Array(width * height * 3);
  for (let cell = 0; cell < width * height; cell++) rgb.set(colours[Math.floor(random() * 3)] ?? [], cell * 3);
  const { castA, castB, blackPoint, whitePoint } = tonesOf(
    { width, height, factor: 1, rgb },
    new Uint8Array(width * height).fill(1),
  );
  const labs = colours.map(([r, g, b]) => {
    const lab = new Float64Array(3);
    labOf(r, g, b, lab, 0);
    return lab;
  });
  expect([blackPoint, whitePoint]).toEqual([rounded(labs[0]?.[0] ?? NaN), rounded(labs[2]?.[0] ?? NaN)]);
  const light = Math.hypot(labs[2]?.[1] ?? NaN, labs[2]?.[2] ?? NaN);
  expect(Math.hypot(castA, castB)).toBeCloseTo(light, 0);
  expect(castB).toBeGreaterThan(3);
});
