import { describe, expect, it } from 'vitest';
import { replacedOnly } from './desk-maps';

describe('hatching on the map of changes', () => {
  const labels = { width: 4, height: 1, values: Uint16Array.of(0, 1, 2, 1) };

  it('covers what was replaced, and no stain that was taken back', () => {
    const regions = [
      { ordinal: 1, operation: 'repair-damage' as const },
      { ordinal: 2, operation: 'reduce-stains' as const },
    ];
    expect([...replacedOnly(labels, regions).values]).toEqual([0, 1, 0, 1]);
    expect(replacedOnly(labels, regions.slice(0, 1))).toBe(labels);
  });
});
