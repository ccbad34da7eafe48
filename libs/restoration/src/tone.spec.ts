import { describe, expect, it } from 'vitest';
import { applyCurve, planTone, toneFilter } from './tone.js';
import type { Reduced } from './measure/survey.js';
import { leaves } from './testing/pictures.js';

const [width, height] = [120, 90];

function reducedOf(rgb: Float32Array): Reduced {
  return { width, height, factor: 1, rgb };
}

const faded = leaves(width, height, 4).map((level) => 90 + level * 0.35);
const everything = new Uint8Array(width * height).fill(1);

describe('tone', () => {
  it('has monotone curves from end to end, whatever the picture', () => {
    for (const [scale, lift] of [
      [0.01, 120],
      [0.2, 100],
      [0.35, 90],
      [1, 0],
    ] as const)
      for (const tonality of ['colour', 'toned'] as const)
        for (const balance of [0, 1]) {
          const rgb = leaves(width, height, 9).map((level, at) => lift + level * scale * [1, 0.9, 0.7][at % 3]!);
          const { curves } = planTone(reducedOf(rgb), everything, tonality, { balance });
          for (const curve of curves) {
            let before = -1;
            for (let level = 0; level <= 255; level += 0.5) {
              const value = applyCurve(curve, level);
              expect(value).toBeGreaterThanOrEqual(before - 1e-9);
              expect(value).toBeLessThanOrEqual(255 + 1e-9);
              before = value;
            }
          }
        }
  });

  it('lifts a faded picture and cuts nothing off', () => {
    const plan = planTone(reducedOf(faded), everything, 'colour', { balance: 0 });
    const filter = toneFilter(plan, { bands: 3, depth: 8 }, 1);
    const out = filter(Uint8Array.from(faded, Math.round));
    const range = (values: ArrayLike<number>): number =>
      Math.max(...Array.from(values)) - Math.min(...Array.from(values));
    expect(range(out)).toBeGreaterThan(1.8 * range(faded));
    expect(out.filter((value) => value === 0 || value === 255).length / out.length).toBeLessThan(0.005);
  });

  it('keeps the tone of a sepia print: chroma stays, luma moves', () => {
    const sepia = leaves(width, height, 4).map((_, at, all) => {
      const grey = 90 + 0.3 * (all[Math.floor(at / 3) * 3] as number);
      return grey + [14, 0, -18][at % 3]!;
    });
    const plan = planTone(reducedOf(sepia), everything, 'toned', {});
    const before = Uint8Array.from(sepia, Math.round);
    const out = toneFilter(plan, { bands: 3, depth: 8 }, 1)(before);
    let moved = 0;
    for (let at = 0; at < out.length; at += 3) {
      const [r, g, b] = [out[at], out[at + 1], out[at + 2]] as [number, number, number];
      if (Math.min(r, g, b) > 0 && Math.max(r, g, b) < 250)
        expect(Math.abs(r - b - (before[at]! - before[at + 2]!))).toBeLessThanOrEqual(1);
      moved = Math.max(moved, Math.abs(g - before[at + 1]!));
    }
    expect(moved).toBeGreaterThan(20);
  });

  it('takes a cast away from a colour picture', () => {
    const cast = leaves(width, height, 4).map((level, at) => level * [1, 0.85, 0.6][at % 3]! + [25, 10, 0][at % 3]!);
    const plan = planTone(reducedOf(cast), everything, 'colour', { balance: 1 });
    const out = toneFilter(plan, { bands: 3, depth: 8 }, 1)(Uint8Array.from(cast, Math.round));
    const mean = (values: ArrayLike<number>, band: number): number =>
      Array.from(values).reduce((sum, value, at) => (at % 3 === band ? sum + value : sum), 0) / (values.length / 3);
    const apart = (values: ArrayLike<number>): number => Math.abs(mean(values, 0) - mean(values, 2));
    expect(apart(out)).toBeLessThan(0.4 * apart(cast));
  });

  it('is the identity at strength 0 and leaves alpha alone', () => {
    const plan = planTone(reducedOf(faded), everything, 'colour', { balance: 1 });
    const samples = Uint16Array.from({ length: 4000 }, (_, at) => (at * 7919) % 65536);
    expect(toneFilter(plan, { bands: 4, depth: 16 }, 0)(samples)).toEqual(samples);
    const out = toneFilter(plan, { bands: 4, depth: 16 }, 1)(samples);
    for (let at = 3; at < out.length; at += 4) expect(out[at]).toBe(samples[at]);
  });
});
