import type { ChangeNumbers } from '@albumen/domain';
import { tonesOf } from '../measure/colour.js';
import { noiseFrom } from '../measure/noise.js';
import { rounded } from '../measure/statistics.js';
import { undamagedCells, type Survey } from '../measure/survey.js';
import type { Mark } from '../picture/runs.js';

/** Figures of a picture beside those of its original. */
export type Figures = Required<Pick<ChangeNumbers, 'texture' | 'tones'>>;

/** What became of grain and tones between two pictures of one size; what is damaged in the first is left out of both. */
export function figuresBetween(before: Survey, after: Survey, marks: readonly Mark[]): Figures {
  const [grainBefore, grainAfter] = [noiseFrom(before.blocks).value, noiseFrom(after.blocks).value];
  const usable = undamagedCells(before.reduced, marks);
  const tones = { before: tonesOf(before.reduced, usable), after: tonesOf(after.reduced, usable) };
  return {
    texture: {
      grainBefore,
      grainAfter,
      grainKept: grainBefore > 0 ? rounded(grainAfter / grainBefore) : 1,
      rangeBefore: rounded(tones.before.whitePoint - tones.before.blackPoint),
      rangeAfter: rounded(tones.after.whitePoint - tones.after.blackPoint),
    },
    tones,
  };
}
