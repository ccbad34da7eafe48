import { describe, expect, it } from 'vitest';
import { samplesOf, type Samples } from '../picture/strips.js';
import { applyBy, contextOf, psnr, speedOf } from '../testing/filtering.js';
import { leaves, normalFrom, randomFrom, toSamples, type MadeShape } from '../testing/pictures.js';
import type { LayerFilter } from './layer-filter.js';
import { blurRows, gaussianKernel } from './planes.js';
import { planSharpen } from './sharpen.js';

const [width, height] = [220, 160];
const grey: MadeShape = { width, height, bands: 1, depth: 8 };

/** Luma of a drawn scene, levels of 255. */
function scene(seed: number): Float32Array {
  const rgb = leaves(width, height, seed, 0.35);
  return Float32Array.from({ length: width * height }, (_, at) => {
    const [r, g, b] = rgb.subarray(at * 3, at * 3 + 3) as unknown as [number, number, number];
    return 0.299 * r + 0.587 * g + 0.114 * b;
  });
}

/** Blurs a plane of the test's size; the rows beyond its edges repeat the edge. */
function blurred(plane: Float32Array, sigma: number): Float32Array {
  const kernel = gaussianKernel(sigma, 4);
  const reach = kernel.length - 1;
  const tall = new Float32Array(width * (height + 2 * reach));
  for (let row = 0; row < height + 2 * reach; row++) {
    const from = Math.min(height - 1, Math.max(0, row - reach)) * width;
    tall.set(plane.subarray(from, from + width), row * width);
  }
  const out = new Float32Array(tall.length);
  blurRows(tall, width, kernel, reach, height + reach, out);
  return out.slice(reach * width, (reach + height) * width);
}

function worn(plane: Float32Array, sigma: number, noise: number, seed: number): Uint8Array {
  const normal = normalFrom(randomFrom(seed));
  return Uint8Array.from(blurred(plane, sigma), (level) =>
    Math.min(255, Math.max(0, Math.round(level + noise * normal()))),
  );
}

function planned(picture: Samples, shape: MadeShape, sigma: number, noise: number): LayerFilter {
  const filter = planSharpen(contextOf({ operation: 'sharpen', parameters: { sigma } }, picture, shape, { noise }));
  expect(filter).not.toBeNull();
  return filter as LayerFilter;
}

/** The best of twenty unsharp masks, chosen with the truth in hand: what a careful person would reach at most. */
function bestUnsharp(picture: Uint8Array, truth: Float32Array): number {
  const plane = Float32Array.from(picture);
  let best = 0;
  for (const sigma of [0.5, 0.8, 1.2, 2, 3]) {
    const soft = blurred(plane, sigma);
    for (const amount of [0.3, 0.6, 1, 1.8]) {
      const out = Uint8Array.from(plane, (level, at) =>
        Math.min(255, Math.max(0, Math.round(level + amount * (level - (soft[at] as number))))),
      );
      best = Math.max(best, psnr(out, truth, 1));
    }
  }
  return best;
}

describe('sharpen', () => {
  it.each([
    [0.8, 2, 0.9],
    [1.2, 5, 0.4],
    [2, 2, 1.8],
    [2, 8, 0.1],
  ])('beats the best of 20 unsharp masks at blur %s and noise %s, and the input by %s dB', (sigma, noise, gain) => {
    let [own, unsharp, input] = [0, 0, 0];
    for (const seed of [3, 11]) {
      const truth = scene(seed);
      const picture = worn(truth, sigma, noise, seed);
      own += psnr(applyBy(planned(picture, grey, sigma, noise), picture, grey, height), truth, 1) / 2;
      unsharp += bestUnsharp(picture, truth) / 2;
      input += psnr(picture, truth, 1) / 2;
    }
    console.log(
      `sharpen, blur ${sigma}, noise ${noise}: input ${input.toFixed(2)} dB, best unsharp ${unsharp.toFixed(2)}, own ${own.toFixed(2)}`,
    );
    expect(own).toBeGreaterThan(unsharp + 0.5);
    expect(own).toBeGreaterThan(input + gain);
  });

  it('is the same however the picture is cut, bit for bit, alpha and 16 bits kept', () => {
    for (const [bands, depth] of [
      [1, 8],
      [2, 16],
      [3, 8],
      [4, 16],
    ] as const) {
      const shape: MadeShape = { width: 67, height: 90, bands, depth };
      const picture = toSamples(leaves(67, 90, 5, 3), shape);
      const filter = planned(picture, shape, 1.3, 2);
      const whole = applyBy(filter, picture, shape, 90);
      expect(whole).not.toEqual(picture);
      for (const rows of [1, 7, 32]) expect(applyBy(filter, picture, shape, rows)).toEqual(whole);
      if (bands === 2 || bands === 4)
        for (let at = bands - 1; at < whole.length; at += bands)
          if (whole[at] !== picture[at]) expect.fail(`alpha changed at ${at}`);
    }
  });

  it.each([0, 0.7, 1, 1.4])('leaves grain of softness %s in flat areas as it is (at most 10 % more)', (softness) => {
    for (const [level, noise] of [
      [60, 3],
      [128, 6],
      [190, 10],
    ] as const)
      for (const sigma of [0.9, 1.4, 2]) {
        const normal = normalFrom(randomFrom(21));
        const white = Float32Array.from({ length: width * height }, () => normal());
        const grain = softness === 0 ? white : blurred(white, softness);
        const scale = noise / deviation(grain);
        const picture = Uint8Array.from(grain, (value) => Math.round(level + scale * value));
        const out = applyBy(planned(picture, grey, sigma, noise), picture, grey, height);
        expect(deviation(out)).toBeLessThan(1.1 * deviation(picture));
      }
  });

  it('draws no halo: beside a clean edge nothing passes the two sides by more than 9 % of the step', () => {
    const edge = Float32Array.from({ length: width * height }, (_, at) => (at % width < width / 2 ? 60 : 180));
    const slope = (all: Uint8Array | Uint16Array): number =>
      Math.max(...Array.from(all.subarray(1, width), (level, at) => level - (all[at] as number)));
    // The second blur is told too large, as a measurement may be.
    for (const [blur, told] of [
      [1.5, 1.5],
      [1.2, 2.2],
    ] as const) {
      const picture = Uint8Array.from(blurred(edge, blur), Math.round);
      const out = applyBy(planned(picture, grey, told, 1), picture, grey, height);
      expect(Math.max(...out)).toBeLessThanOrEqual(180 + 0.09 * 120);
      expect(Math.min(...out)).toBeGreaterThanOrEqual(60 - 0.09 * 120);
      expect(slope(out)).toBeGreaterThan(1.4 * slope(picture));
    }
  });

  it('keeps the differences between the colours of a pixel', () => {
    const shape: MadeShape = { width, height, bands: 3, depth: 8 };
    const picture = toSamples(leaves(width, height, 8, 3), shape);
    const out = applyBy(planned(picture, shape, 1.5, 1), picture, shape, height);
    let moved = 0;
    for (let at = 0; at < out.length; at += 3) {
      const [dr, dg, db] = [0, 1, 2].map((band) => (out[at + band] as number) - (picture[at + band] as number));
      if (dr !== dg || dg !== db) expect.fail(`chroma changed at ${at}`);
      moved = Math.max(moved, Math.abs(dr as number));
    }
    expect(moved).toBeGreaterThan(10);
  });

  it('does nothing without blur, stays inside the scale, and takes pictures smaller than its reach', () => {
    const tiny: MadeShape = { width: 3, height: 2, bands: 3, depth: 8 };
    const picture = Uint8Array.from({ length: 18 }, (_, at) => (at % 2 === 0 ? 0 : 255));
    expect(planSharpen(contextOf({ operation: 'sharpen' }, picture, tiny, { blur: 0 }))).toBeNull();
    expect(planSharpen(contextOf({ operation: 'sharpen' }, picture, tiny, { blur: NaN }))).toBeNull();
    const out = applyBy(planned(picture, tiny, 3, 0), picture, tiny, 2);
    expect(out.length).toBe(18);
    const one = { width: 1, height: 1, bands: 1, depth: 16 } as const;
    expect(applyBy(planned(Uint16Array.of(777), one, 1, 0), Uint16Array.of(777), one, 1)).toEqual(Uint16Array.of(777));
    const flat = samplesOf(16, 400).fill(65535);
    const white = { width: 20, height: 20, bands: 1, depth: 16 } as const;
    expect(applyBy(planned(flat, white, 2, 3), flat, white, 5)).toEqual(flat);
  });

  it('prints its speed', () => {
    const shape = { width: 1600, height: 600, bands: 3, depth: 8 } as const;
    for (const sigma of [0.8, 1.2, 2]) {
      const context = contextOf({ operation: 'sharpen', parameters: { sigma } }, new Uint8Array(3), {
        ...shape,
        width: 1,
        height: 1,
      });
      const filter = planSharpen({ ...context, shape, noise: 3 }) as LayerFilter;
      console.log(`sharpen, blur ${sigma}: ${speedOf(filter, shape).toFixed(1)} megapixels per second of one core`);
    }
  });
});

function deviation(samples: Samples | Float32Array): number {
  const values = Float64Array.from(samples);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
