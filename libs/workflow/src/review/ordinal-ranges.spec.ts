import { describe, expect, it } from 'vitest';
import { ordinalRanges } from './ordinal-ranges.js';

describe('ordinals as ranges', () => {
  it.each([
    [[], ''],
    [[3], '3'],
    [[1, 2, 3, 9], '1-3,9'],
    [[9, 2, 1, 2], '1-2,9'],
  ] as const)('%j is %s', (ordinals, text) => expect(ordinalRanges(ordinals)).toBe(text));
});
