import { describe, expect, it } from 'vitest';
import type { Operation } from '@albumen/domain';
import type { Samples } from '../picture/strips.js';
import { leaves, toSamples, type MadeShape } from '../testing/pictures.js';
import { LayerJudge, widenedSamples } from './filters.js';

const size = { width: 90, height: 70 };

function judged(operation: Operation, shape: MadeShape, change: (value: number, band: number) => number): void {
  const before = toSamples(leaves(shape.width, shape.height, 3), shape);
  const after: Samples = before.map((value, at) => change(value, at % shape.bands));
  const judge = new LayerJudge(operation, shape);
  judge.add(before, after);
  judge.judge();
}

describe.each([8, 16] as const)('a classical layer of %i bits', (depth) => {
  const shape: MadeShape = { ...size, bands: 4, depth };
  const full = depth === 8 ? 255 : 65535;
  const colour = (change: (value: number) => number) => (value: number, band: number) =>
    band === 3 ? value : Math.min(full, Math.max(0, Math.round(change(value))));

  it('is taken where it is what a picture can be', () => {
    judged(
      'sharpen',
      shape,
      colour((value) => value),
    );
    judged(
      'lift-shadows',
      shape,
      colour((value) => full * (value / full) ** 0.7),
    );
    judged(
      'guide-colour',
      shape,
      colour((value) => value),
    );
  });

  it.each([
    ['black', 'lift-shadows', () => 0, /black|cut off/],
    ['cut off', 'correct-tone', (value: number) => (value - full / 2) * 3 + full / 2, /cut off/],
    ['lighter where it may not be', 'sharpen', (value: number) => value + full * 0.06, /mean lightness moved/],
    ['darker where it may not be', 'treat-faces', (value: number) => value * 0.9, /mean lightness moved/],
    ['lighter under its colours', 'guide-colour', (value: number) => value * 1.1, /mean lightness moved/],
  ] as const)('is thrown away where it is %s', (_, operation, change, why) => {
    expect(() => judged(operation, shape, colour(change))).toThrow(why);
  });

  it('is thrown away where it touched alpha, or has another length', () => {
    expect(() => judged('sharpen', shape, (value, band) => (band === 3 ? full - value : value))).toThrow(/alpha/);
    const judge = new LayerJudge('sharpen', shape);
    const strip = toSamples(leaves(shape.width, shape.height, 3), shape);
    expect(() => judge.add(strip, strip.subarray(4))).toThrow(/samples/);
    expect(() => judge.add(strip, depth === 8 ? Uint16Array.from(strip) : Uint8Array.from(strip))).toThrow(/samples/);
  });
});

describe('a classical layer of a picture whose width has many divisors', () => {
  it.each([
    [560, 700, 8],
    [900, 533, 4],
  ])('is looked at in all columns (%i × %i, spared every %i)', (width, height, spared) => {
    const shape: MadeShape = { width, height, bands: 1, depth: 8 };
    const before = new Uint8Array(width * height).fill(128);
    const after = before.map((value, at) => ((at % width) % spared === 0 ? value : 255));
    const judge = new LayerJudge('correct-tone', shape);
    judge.add(before, after);
    expect(() => judge.judge()).toThrow(/cut off/);
  });
});

describe('grey samples', () => {
  it('are three times as many, alpha once', () => {
    expect([...widenedSamples(Uint8Array.from([5, 9]), 1)]).toEqual([5, 5, 5, 9, 9, 9]);
    expect([...widenedSamples(Uint16Array.from([500, 7, 900, 8]), 2)]).toEqual([500, 500, 500, 7, 900, 900, 900, 8]);
    const rgb = Uint8Array.from([1, 2, 3]);
    expect(widenedSamples(rgb, 3)).toBe(rgb);
  });
});
