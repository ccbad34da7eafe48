import { describe, expect, it } from 'vitest';
import { guarded, protectedByDefault } from './protection.js';
import type { Recipe } from './recipe.js';

const found = (x: number, y: number, width: number, height: number) => ({
  box: { x, y, width, height },
  confidence: 0.9,
});
const sharpen: Recipe = {
  version: 1,
  steps: [{ operation: 'sharpen', strength: 1, parameters: { sigma: 1 }, model: null }],
};

describe('lettering that was found', () => {
  it('is protected with a rim, and never beyond the picture', () => {
    const report = { width: 1000, height: 500, lettering: [found(100, 50, 200, 40), found(900, 470, 100, 30)] };
    const [inside, corner] = protectedByDefault(report);
    expect(inside).toEqual({ x: 0.094, y: 0.088, width: 0.212, height: 0.104, reason: 'lettering' });
    expect((corner?.x ?? 0) + (corner?.width ?? 0)).toBeLessThanOrEqual(1);
    expect((corner?.y ?? 0) + (corner?.height ?? 0)).toBeLessThanOrEqual(1);
  });

  it('guards a recipe that does not say itself what is protected', () => {
    const report = { width: 1000, height: 500, lettering: [found(100, 50, 200, 40)] };
    expect(guarded(sharpen, report).protect).toEqual(protectedByDefault(report));
    // A person who lifted every protection said so.
    expect(guarded({ ...sharpen, protect: [] }, report).protect).toEqual([]);
    expect(guarded({ version: 1, steps: [] }, report)).not.toHaveProperty('protect');
  });

  it('guards nothing where none was found or none was looked for', () => {
    for (const report of [
      { width: 10, height: 10 },
      { width: 10, height: 10, lettering: [] },
    ])
      expect(guarded(sharpen, report)).toBe(sharpen);
  });
});
