import { describe, expect, it } from 'vitest';
import { ChangeMeter, deltaEPerLevel } from './change-map.js';
import { deltaE2000, labOf } from './delta-e.js';
import { samplesOf, type Samples } from './picture/strips.js';

const width = 61;
const height = 40;

/** Samples that are the same for the same seed; every seventh pixel of the second picture is moved. */
function pair(bands: number, depth: 8 | 16): readonly [Samples, Samples] {
  const before = samplesOf(depth, width * height * bands);
  const full = depth === 8 ? 255 : 65535;
  for (let at = 0; at < before.length; at++) before[at] = (Math.imul(at + 1, 2654435761) >>> 8) % (full + 1);
  const after = before.slice();
  for (let pixel = 0; pixel < width * height; pixel += 7)
    for (let band = 0; band < bands; band++) after[pixel * bands + band] = (pixel * 31 + band * 17) % full;
  return [before, after];
}

/** ΔE2000 of one pixel, straight from the formula. */
function moved(before: Samples, after: Samples, at: number, bands: number): number {
  const scale = before instanceof Uint8Array ? 1 : 255 / 65535;
  const lab = new Float64Array(6);
  const [second, third] = bands < 3 ? [0, 0] : [1, 2];
  [before, after].forEach((of, which) =>
    labOf(
      (of[at] as number) * scale,
      (of[at + second] as number) * scale,
      (of[at + third] as number) * scale,
      lab,
      which * 3,
    ),
  );
  return deltaE2000(...(Array.from(lab) as [number, number, number, number, number, number]));
}

describe.each([
  [3, 8],
  [4, 16],
  [1, 8],
  [2, 16],
] as const)('change of a picture with %i bands of %i bits', (bands, depth) => {
  const [before, after] = pair(bands, depth);
  const area = { x: 10, y: 5, width: 20, height: 12 };

  it('is that of every pixel, and of those inside the areas apart', () => {
    const meter = new ChangeMeter({ width, height, bands, depth }, true, [area]);
    meter.add(before, after, 0);
    let [sum, max, above, inside] = [0, 0, 0, 0];
    for (let pixel = 0; pixel < width * height; pixel++) {
      const far = moved(before, after, pixel * bands, bands);
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      sum += far;
      max = Math.max(max, far);
      if (far > 2.3) above += 1;
      if (x >= 10 && x < 30 && y >= 5 && y < 17) inside += far;
      expect(Math.abs((meter.levels()[pixel] as number) - Math.min(255, far / deltaEPerLevel))).toBeLessThan(0.6);
    }
    const found = meter.result();
    // Grey of 8 bit is measured by its lightness alone; colour that is nearly grey by the full formula.
    expect(found.meanDeltaE).toBeCloseTo(sum / (width * height), 1);
    expect(found.maxDeltaE).toBeCloseTo(max, 1);
    expect(found.shareMoved).toBeCloseTo(above / (width * height), 2);
    expect(meter.insideAreas()).toBeCloseTo(inside / 240, 1);
    expect(above).toBeGreaterThan(100);
  });

  it('does not depend on where strips are cut', () => {
    const whole = new ChangeMeter({ width, height, bands, depth }, true, [area]);
    whole.add(before, after, 0);
    const strips = new ChangeMeter({ width, height, bands, depth }, true, [area]);
    const row = width * bands;
    for (const [y, rows] of [
      [0, 13],
      [13, 1],
      [14, 26],
    ] as const)
      strips.add(before.subarray(y * row, (y + rows) * row), after.subarray(y * row, (y + rows) * row), y);
    expect(strips.levels()).toEqual(whole.levels());
    expect(strips.result()).toEqual(whole.result());
    expect(strips.insideAreas()).toBe(whole.insideAreas());
  });

  it('is nothing between equal pictures', () => {
    const meter = new ChangeMeter({ width, height, bands, depth }, true);
    meter.add(before, before.slice(), 0);
    expect(meter.result()).toEqual({ meanDeltaE: 0, maxDeltaE: 0, shareMoved: 0 });
    expect(meter.levels().every((level) => level === 0)).toBe(true);
    expect(meter.insideAreas()).toBeNull();
  });
});
