import { describe, expect, it } from 'vitest';
import { directions } from '../picture/directions.js';
import type { Strips } from '../picture/strips.js';
import type { LabelPainter } from '../regions.js';
import { AreaGrain } from './area-grain.js';

describe('grain of a rebuilt area', () => {
  it('looks in a bounded number of places where the whole picture is marked, and leaves the area without', async () => {
    let looked = 0;
    const painter = {
      touches: () => {
        looked += 1;
        return true;
      },
    } as unknown as LabelPainter;
    const picture = { work: { width: 16_384, height: 64, bands: 1 } } as unknown as Strips;
    const levels = new Float32Array(32 * 32).fill(90);
    const labels = new Uint16Array(32 * 32).fill(1);
    await new AreaGrain(picture, painter, 1, 0).layOver({ x: 8192, y: 16, width: 32, rows: 32, labels, levels }, 1);
    expect(looked).toBeGreaterThan(0);
    // One square of 32 px, four of 16 and sixteen of 8, each in 64 rings.
    expect(looked).toBeLessThanOrEqual((1 + 4 + 16) * 64 * directions.length);
    expect(levels.every((level) => level === 90)).toBe(true);
  });
});
