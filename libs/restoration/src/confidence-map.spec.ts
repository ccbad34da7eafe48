import { describe, expect, it } from 'vitest';
import { confidenceMap } from './confidence-map.js';
import { LabelPainter, planRegions, regionRules } from './regions.js';
import type { Mark } from './picture/runs.js';

/** A square mark of scratch with its top left corner at `at` and the given side. */
function square(at: number, side: number, probability: number): Mark {
  const runs = Array.from({ length: side }, (_, row) => ({
    y: at + row,
    from: at,
    to: at + side,
    kind: 1,
    probability,
    seeds: side,
  }));
  return {
    kind: 1,
    runs,
    area: side * side,
    probability,
    left: at,
    top: at,
    right: at + side,
    bottom: at + side,
  } as Mark;
}

function mapOf(size: { width: number; height: number }, marks: readonly Mark[]): ReturnType<typeof confidenceMap> {
  const regions = planRegions(marks, size);
  return confidenceMap(size, regions, new LabelPainter(regions, size));
}

describe('a confidence map', () => {
  const size = { width: 400, height: 700 };

  it('is empty where nothing was replaced', () => {
    expect(mapOf(size, []).levels.every((level) => level === 0)).toBe(true);
    const map = mapOf(size, [square(100, 10, 0.9)]);
    expect(map.levels[50 * map.width + 50]).toBe(0);
    expect(map.levels[105 * map.width + 105]).toBeGreaterThan(0);
  });

  it('falls from the rim of a region to its middle, the same on both sides of a strip', () => {
    // Rows 256 and 512 begin new strips; the square lies over the first of these.
    const map = mapOf(size, [square(236, 40, 1)]);
    const level = (x: number, y: number): number => map.levels[y * map.width + x] as number;
    const rim = 236 - regionRules.dilation;
    expect(level(rim, 256)).toBeGreaterThan(250);
    expect(level(256, 256)).toBeLessThan(level(rim + 6, 256));
    for (let away = 0; away < 20; away++) {
      expect(level(255 - away, 255)).toBe(level(256 + away, 256));
      expect(level(255, 255 - away)).toBe(level(256, 256 + away));
    }
  });

  it('is as sure as the mark was', () => {
    const [certain, doubtful] = [1, 0.5].map((probability) => mapOf(size, [square(100, 6, probability)]));
    const at = 100 * 400 + 97;
    expect(doubtful?.levels[at]).toBeLessThan((certain?.levels[at] ?? 0) * 0.6);
  });

  it('keeps the least sure pixel of a cell when it is reduced', () => {
    const large = { width: 4096, height: 64 };
    const map = mapOf(large, [square(10, 40, 1)]);
    expect(map.width).toBe(2048);
    const fine = mapOf({ width: 2048, height: 64 }, [square(10, 40, 1)]);
    expect(Math.min(...map.levels.filter((level) => level > 0))).toBe(
      Math.min(...fine.levels.filter((level) => level > 0)),
    );
  });
});
