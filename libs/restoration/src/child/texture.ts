import type { TextureNumbers } from '@albumen/domain';
import { tonalRange } from '../measure/colour.js';
import { noiseFrom } from '../measure/noise.js';
import { rounded } from '../measure/statistics.js';
import { undamagedCells, type Survey } from '../measure/survey.js';
import type { Mark } from '../picture/runs.js';

/** What became of grain and tonal range between two pictures of one size; what is damaged in the first is left out of both. */
export function textureBetween(before: Survey, after: Survey, marks: readonly Mark[]): TextureNumbers {
  const [grainBefore, grainAfter] = [noiseFrom(before.blocks).value, noiseFrom(after.blocks).value];
  const usable = undamagedCells(before.reduced, marks);
  return {
    grainBefore,
    grainAfter,
    grainKept: grainBefore > 0 ? rounded(grainAfter / grainBefore) : 1,
    rangeBefore: tonalRange(before.reduced, usable),
    rangeAfter: tonalRange(after.reduced, usable),
  };
}
