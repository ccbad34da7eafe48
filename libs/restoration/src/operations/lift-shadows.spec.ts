import { describe, expect, it } from 'vitest';
import type { Samples } from '../picture/strips.js';
import { applyBy, contextOf, speedOf } from '../testing/filtering.js';
import { leaves, normalFrom, randomFrom, toSamples, type MadeShape } from '../testing/pictures.js';
import type { LayerFilter } from './layer-filter.js';
import { planLiftShadows } from './lift-shadows.js';

const [width, height] = [240, 160];

/** A scene whose left half lies in the dark (a fifth of the light). */
function halfDark(seed: number): Float32Array {
  return leaves(width, height, seed).map((level, at) =>
    Math.floor(at / 3) % width < width / 2 ? 4 + level * 0.2 : level,
  );
}

function planned(picture: Samples, shape: MadeShape, noise = 1, reach = 0.5): LayerFilter {
  const filter = planLiftShadows(
    contextOf({ operation: 'lift-shadows', parameters: { reach } }, picture, shape, { noise, factor: 3 }),
  );
  expect(filter).not.toBeNull();
  return filter as LayerFilter;
}

const luma = (all: Samples, at: number): number =>
  0.299 * (all[at] as number) + 0.587 * (all[at + 1] as number) + 0.114 * (all[at + 2] as number);

describe('lift-shadows', () => {
  it('brightens the dark half, leaves the lights bit-equal and cuts nothing off', () => {
    const shape: MadeShape = { width, height, bands: 3, depth: 8 };
    const picture = toSamples(halfDark(4), shape);
    const out = applyBy(planned(picture, shape), picture, shape, 64);
    let [dark, lifted, count] = [0, 0, 0];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = (y * width + x) * 3;
        if (luma(picture, at) >= 0.55 * 255 + 1)
          for (let band = 0; band < 3; band++)
            if (out[at + band] !== picture[at + band]) expect.fail(`a light pixel changed at ${x}, ${y}`);
        if (x < width / 2 - 20) {
          dark += luma(picture, at);
          lifted += luma(out, at);
          count += 1;
        }
      }
    console.log(`lift-shadows: dark half from ${(dark / count).toFixed(1)} to ${(lifted / count).toFixed(1)} levels`);
    expect(lifted / dark).toBeGreaterThan(2);
    const ends = (all: Samples): number => all.filter((level) => level === 0 || level === 255).length;
    expect(ends(out)).toBeLessThanOrEqual(ends(picture));
  });

  it('never turns the order of two levels round at one place', () => {
    const shape: MadeShape = { width, height, bands: 3, depth: 16 };
    const picture = toSamples(halfDark(9), shape);
    for (const reach of [0, 0.5, 1]) {
      const filter = planned(picture, shape, 0, reach);
      let before = new Uint16Array(width * 3);
      for (let level = 0; level <= 65535; level += 257) {
        const out = filter.apply(new Uint16Array(width * 3).fill(level), 70, 1) as Uint16Array<ArrayBuffer>;
        for (let at = 0; at < out.length; at++)
          if ((out[at] as number) < (before[at] as number)) expect.fail(`level ${level} at ${at}`);
        before = out;
      }
    }
  });

  it('lifts noise no further than its limit', () => {
    const shape: MadeShape = { width, height, bands: 1, depth: 8 };
    const noise = 6;
    const normal = normalFrom(randomFrom(2));
    const picture = Uint8Array.from({ length: width * height }, () => Math.max(0, Math.round(40 + noise * normal())));
    const deviation = (all: Samples): number => {
      const mean = all.reduce((sum: number, value: number) => sum + value, 0) / all.length;
      return Math.sqrt(all.reduce((sum: number, value: number) => sum + (value - mean) ** 2, 0) / all.length);
    };
    const out = applyBy(planned(picture, shape, noise), picture, shape, 50);
    expect(deviation(out)).toBeLessThan(13);
    const wild = applyBy(planned(picture, shape, 30), picture, shape, 50);
    expect(deviation(wild)).toBeLessThan(1.3 * deviation(picture));
  });

  it('is the same however the picture is cut, bit for bit, alpha kept', () => {
    for (const [bands, depth] of [
      [1, 8],
      [2, 8],
      [3, 16],
      [4, 8],
    ] as const) {
      const shape: MadeShape = { width, height, bands, depth };
      const picture = toSamples(halfDark(6), shape);
      const filter = planned(picture, shape);
      const whole = applyBy(filter, picture, shape, height);
      expect(whole).not.toEqual(picture);
      for (const rows of [1, 13, 64]) expect(applyBy(filter, picture, shape, rows)).toEqual(whole);
      if (bands === 2 || bands === 4)
        for (let at = bands - 1; at < whole.length; at += bands)
          if (whole[at] !== picture[at]) expect.fail(`alpha changed at ${at}`);
    }
  });

  it('gives no steps in 16 bits: a smooth ramp stays smooth', () => {
    const shape: MadeShape = { width, height, bands: 3, depth: 16 };
    const picture = new Uint16Array(width * height * 3).map((_, at) => 800 + 60 * (Math.floor(at / 3) % width));
    const out = applyBy(planned(picture, shape), picture, shape, height);
    const values = new Set(out.subarray(0, width * 3));
    expect(values.size).toBe(width);
  });

  it('leaves no seam: in an even dark field neighbours stay neighbours', () => {
    const shape: MadeShape = { width, height, bands: 3, depth: 16 };
    const picture = new Uint16Array(width * height * 3).map((_, at) => {
      const x = Math.floor(at / 3) % width;
      return 6000 + 20000 * (0.5 + 0.5 * Math.cos((Math.PI * x) / width));
    });
    const out = applyBy(planned(picture, shape), picture, shape, 32);
    for (let x = 1; x < width; x++) {
      const [here, before] = [out[(80 * width + x) * 3] as number, out[(80 * width + x - 1) * 3] as number];
      expect(Math.abs(here - before)).toBeLessThan(900);
    }
  });

  it('does nothing where nothing is dark, and takes a picture of one pixel', () => {
    const shape: MadeShape = { width, height, bands: 3, depth: 8 };
    const bright = new Uint8Array(width * height * 3).fill(200);
    expect(planLiftShadows(contextOf({ operation: 'lift-shadows' }, bright, shape))).toBeNull();
    const one: MadeShape = { width: 1, height: 1, bands: 3, depth: 8 };
    const black = applyBy(planned(new Uint8Array(3), one), new Uint8Array(3), one, 1);
    expect(black).toEqual(new Uint8Array(3));
    const nothing = contextOf({ operation: 'lift-shadows' }, new Uint8Array(3).fill(30), one);
    const filter = planLiftShadows({ ...nothing, usable: new Uint8Array(1) }) as LayerFilter;
    expect(filter.facts['slope']).toBeGreaterThan(1);
  });

  it('prints its speed', () => {
    const shape = { width: 1600, height: 600, bands: 3, depth: 8 } as const;
    const picture = new Uint8Array(1600 * 600 * 3).fill(50);
    const filter = planLiftShadows(contextOf({ operation: 'lift-shadows' }, picture, shape, { factor: 4 }));
    console.log(`lift-shadows: ${speedOf(filter as LayerFilter, shape).toFixed(1)} megapixels per second of one core`);
  });
});
