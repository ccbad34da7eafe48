import { describe, expect, it } from 'vitest';
import type { Operation } from '@albumen/domain';
import { samplesOf, type Samples } from '../picture/strips.js';
import { applyBy, contextOf } from '../testing/filtering.js';
import { leaves, randomFrom, toSamples, type MadeShape } from '../testing/pictures.js';
import { planGuideColour, planLiftShadows, planSharpen, planTreatFaces, type LayerFilter } from './index.js';
import type { LayerPlanner } from './layer-filter.js';

const planners: Readonly<Partial<Record<Operation, LayerPlanner>>> = {
  sharpen: planSharpen,
  'lift-shadows': planLiftShadows,
  'guide-colour': planGuideColour,
  'treat-faces': planTreatFaces,
};

/** Pictures that are hard in different ways: a dark scene, pure chance, both ends of the scale in blocks, one level. */
function pictures(shape: MadeShape, seed: number): readonly Samples[] {
  const { width, height, bands, depth } = shape;
  const random = randomFrom(seed);
  const full = depth === 8 ? 255 : 65535;
  const length = width * height * bands;
  const chance = samplesOf(depth, length).map(() => Math.floor((full + 1) * random())) as Samples;
  const blocks = samplesOf(depth, length).map((_, at) => {
    const pixel = Math.floor(at / bands);
    return ((Math.floor((pixel % width) / 7) + Math.floor(pixel / width / 5)) % 2) * full;
  }) as Samples;
  const dark = toSamples(
    leaves(width, height, seed, 2).map((level) => level * 0.4),
    shape,
  );
  return [dark, chance, blocks, samplesOf(depth, length).fill(Math.round(0.1 * full))];
}

function plan(operation: Operation, picture: Samples, shape: MadeShape, random: () => number): LayerFilter | null {
  const { width, height } = shape;
  const context = contextOf(
    {
      operation,
      parameters: operation === 'sharpen' ? { sigma: 0.3 + 2.7 * random() } : {},
      hints: [0.2, 0.5, 0.8].map((x) => ({
        stroke: {
          points: [
            [x, random()],
            [x + 0.1, random()],
          ],
          radius: 0.05 * random(),
        },
        colour: [255 * random(), 255 * random(), 255 * random()],
        evidence: 'witness',
        note: '',
      })),
    },
    picture,
    shape,
    {
      noise: 12 * random(),
      blur: 2 * random(),
      factor: 1 + Math.floor(4 * random()),
      faces: [
        { box: { x: width * (random() - 0.2), y: height * 0.1, width: 30, height: 34 }, landmarks: [], score: 1 },
      ],
      protect: [{ x: 0.85, y: random(), width: 0.1, height: 0.2, reason: 'stamp' }],
    },
  );
  return (planners[operation] as LayerPlanner)(context);
}

describe.each(Object.keys(planners) as Operation[])('every picture through %s', (operation) => {
  it('keeps its size, depth and alpha, is cut off nowhere, and is the same each time and however it is cut', () => {
    let changed = 0;
    for (const [bands, depth, width, height] of [
      [1, 8, 61, 47],
      [2, 16, 40, 53],
      [3, 8, 64, 48],
      [3, 16, 33, 71],
      [4, 8, 50, 41],
      [4, 16, 47, 47],
    ] as const) {
      if (operation === 'guide-colour' && bands < 3) continue;
      const shape: MadeShape = { width, height, bands, depth };
      const random = randomFrom(100 * bands + depth);
      for (const picture of pictures(shape, 7 * bands + depth)) {
        const filter = plan(operation, picture, shape, random);
        if (filter === null) continue;
        const before = picture.slice();
        const whole = applyBy(filter, picture, shape, height);
        expect(picture).toEqual(before);
        expect(whole.length).toBe(picture.length);
        expect(whole.BYTES_PER_ELEMENT).toBe(depth / 8);
        expect(applyBy(filter, picture, shape, 1 + Math.floor(20 * random()))).toEqual(whole);
        const full = depth === 8 ? 255 : 65535;
        for (let at = 0; at < whole.length; at++) {
          const [was, is] = [picture[at] as number, whole[at] as number];
          if (was === is) continue;
          changed += 1;
          if (bands % 2 === 0 && at % bands === bands - 1) expect.fail(`alpha changed at ${at}`);
          if (is === 0 || is === full) expect.fail(`cut off at ${at}: from ${was} to ${is}`);
        }
        for (const value of Object.values(filter.facts)) expect(Number.isFinite(value)).toBe(true);
      }
    }
    expect(changed).toBeGreaterThan(2000);
  });

  it('does not write into the strip it is given', () => {
    const shape: MadeShape = { width: 64, height: 60, bands: 3, depth: 8 };
    const [dark] = pictures(shape, 3) as [Samples];
    const filter = plan(operation, dark, shape, randomFrom(5));
    expect(filter).not.toBeNull();
    if (filter === null) return;
    const strip = samplesOf(8, 64 * 3 * (20 + 2 * filter.halo)).map((_, at) => 20 + ((at * 37) % 90)) as Samples;
    const before = strip.slice();
    filter.apply(strip, 10, 20);
    expect(strip).toEqual(before);
  });
});
