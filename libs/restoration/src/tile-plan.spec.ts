import { describe, expect, it } from 'vitest';
import { featherWeights, leastPlan, planTiles } from './tile-plan.js';

const sizes = [
  [1, 1],
  [415, 17],
  [416, 416],
  [417, 900],
  [1500, 1000],
  [4000, 3000],
] as const;

describe('tile plan', () => {
  it('covers every pixel with weights that sum to one', () => {
    for (const [width, height] of sizes)
      for (const margin of [0, 5, 48, 64]) {
        const plan = planTiles({ width, height }, { size: 512, margin, multiple: 16 });
        for (const [origins, length] of [
          [plan.columns, width],
          [plan.rows, height],
        ] as const) {
          const sums = new Float64Array(length);
          origins.forEach((origin, index) => {
            featherWeights(plan, index, origins.length).forEach((weight, at) => {
              const pixel = origin + plan.margin + at;
              if (pixel < length) sums[pixel] = (sums[pixel] as number) + weight;
            });
          });
          for (const sum of sums) expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
        }
      }
  });

  it('puts origins on multiples of the stride and the margin outside the picture', () => {
    const plan = planTiles({ width: 4000, height: 3000 }, { size: 512, margin: 45, multiple: 16 });
    expect(plan.margin).toBe(48);
    expect(plan.columns[0]).toBe(-48);
    expect([...plan.columns, ...plan.rows].every((origin) => origin % 16 === 0)).toBe(true);
    expect(plan.feather).toBeGreaterThanOrEqual(8);
  });

  it('takes larger tiles where a wide margin would waste small ones', () => {
    const cost = (plan: ReturnType<typeof planTiles>): number =>
      plan.rows.length * plan.columns.length * plan.size ** 2;
    for (const [width, height] of sizes)
      for (const margin of [0, 48, 88]) {
        const tile = { size: 512, margin, multiple: 16 };
        expect(cost(leastPlan({ width, height }, tile))).toBeLessThanOrEqual(cost(planTiles({ width, height }, tile)));
      }
    const large = { width: 4000, height: 3000 };
    const wide = { size: 512, margin: 88, multiple: 16 };
    expect(leastPlan(large, wide).size).toBeGreaterThan(900);
    // One and the same plan as of a tile that was declared so: every pixel is trusted, whatever the size.
    const { size } = leastPlan(large, wide);
    expect(leastPlan(large, wide)).toEqual(planTiles(large, { ...wide, size }));
    expect(cost(leastPlan(large, wide))).toBeLessThan(cost(planTiles(large, { ...wide, size: 1024 })));
    expect(cost(leastPlan(large, wide))).toBeLessThan(0.65 * cost(planTiles(large, wide)));
  });

  it('refuses a tile that is all margin', () => {
    expect(() => planTiles({ width: 10, height: 10 }, { size: 64, margin: 32, multiple: 16 })).toThrow(RangeError);
  });
});
