import { describe, expect, it } from 'vitest';
import { normalFrom, randomFrom } from '../testing/pictures.js';
import type { Samples } from '../picture/strips.js';
import { addGrain } from './grain.js';
import type { Patch } from './telea.js';

const [width, height] = [260, 200];

/** Normal grain of that deviation in levels, blurred to that size in pixels, over an even grey. */
function grainy(size: number, deviation: number): Float64Array {
  const normal = normalFrom(randomFrom(11));
  const white = Float64Array.from({ length: width * height }, () => normal());
  const weights = Array.from({ length: 9 }, (_, at) =>
    size === 0 ? Number(at === 4) : Math.exp(-(((at - 4) / size) ** 2) / 2),
  );
  const along = (values: Float64Array, step: number): Float64Array =>
    values.map((_, at) =>
      weights.reduce(
        (sum, weight, tap) => sum + weight * (values[(at + (tap - 4) * step + values.length) % values.length] ?? 0),
        0,
      ),
    );
  const soft = along(along(white, 1), width);
  const spread = Math.sqrt(soft.reduce((sum, value) => sum + value * value, 0) / soft.length);
  return soft.map((value) => 120 + (value / spread) * deviation);
}

/** A narrow mark across the picture and a broad one that is far brighter. */
const holes = Uint8Array.from({ length: width * height }, (_, at) => {
  const [x, y] = [at % width, Math.floor(at / width)];
  return (Math.abs(y - 60 - x * 0.1) < 6 && x > 20 && x < 240) || (y > 140 && y < 160 && x > 100 && x < 160) ? 255 : 0;
});
const narrow = (at: number): boolean => holes[at] !== 0 && at < 120 * width;

function laid(levels: Float64Array, depth: 8 | 16, share: number): { readonly smooth: Samples; readonly out: Samples } {
  const scale = depth === 8 ? 1 : 257;
  const of = (value: (at: number) => number): Samples =>
    (depth === 8 ? Uint8Array : Uint16Array).from({ length: levels.length }, (_, at) => Math.round(value(at) * scale));
  const smooth = of((at) => (holes[at] === 0 ? (levels[at] ?? 0) : 120));
  const patch: Patch = { width, height, bands: 1, samples: smooth };
  return {
    smooth,
    out: addGrain(
      patch,
      of((at) => (holes[at] === 0 ? (levels[at] ?? 0) : 250)),
      holes,
      share,
    ),
  };
}

/** Correlation of neighbours along rows, and the deviation, of what lies under the narrow mark. */
function textureOf(values: ArrayLike<number>, mean: number): { readonly lag: number; readonly deviation: number } {
  let [own, pairs, count] = [0, 0, 0];
  for (let at = 0; at < holes.length; at++) {
    if (!narrow(at) || !narrow(at + 1)) continue;
    own += ((values[at] ?? 0) - mean) ** 2;
    pairs += ((values[at] ?? 0) - mean) * ((values[at + 1] ?? 0) - mean);
    count += 1;
  }
  return { lag: pairs / own, deviation: Math.sqrt(own / count) };
}

describe.each([8, 16] as const)('grain of %i bits over a narrow mark', (depth) => {
  const scale = depth === 8 ? 1 : 257;

  it.each([0, 0.8, 1.2])('has the size of the grain around it, blurred by %f px', (size) => {
    const levels = grainy(size, 6);
    const { out } = laid(levels, depth, 1);
    const [made, around] = [textureOf(out, 120 * scale), textureOf(levels, 120)];
    expect(Math.abs(made.lag - around.lag)).toBeLessThan(0.15);
    // Never stronger than what is around, and of fine grain nearly all.
    expect(made.deviation / scale).toBeLessThan(around.deviation * 1.05);
    if (size === 0) expect(made.deviation / scale).toBeGreaterThan(around.deviation * 0.8);
  });

  it('touches no known pixel, and no share is no grain', () => {
    const { smooth, out } = laid(grainy(0.8, 6), depth, 1);
    expect(out.constructor).toBe(smooth.constructor);
    expect([...out.keys()].filter((at) => holes[at] === 0 && out[at] !== smooth[at])).toEqual([]);
    expect([...out.keys()].some((at) => narrow(at) && out[at] !== smooth[at])).toBe(true);
    const none = laid(grainy(0.8, 6), depth, 0);
    expect(none.out).toEqual(none.smooth);
  });

  it('does not take the brightness of a mark beside the donor for grain', () => {
    const { out } = laid(grainy(0.8, 6), depth, 1);
    let [sum, count] = [0, 0];
    for (let at = 0; at < holes.length; at++)
      if (holes[at] !== 0) {
        sum += (out[at] ?? 0) / scale - 120;
        count += 1;
      }
    expect(Math.abs(sum / count)).toBeLessThan(0.3);
  });
});
