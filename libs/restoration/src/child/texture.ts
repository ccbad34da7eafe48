import type { TextureNumbers } from '@albumen/domain';
import { fadingOf, labPlanes } from '../measure/colour.js';
import { noiseFrom } from '../measure/noise.js';
import { rounded } from '../measure/statistics.js';
import { undamagedCells, type Survey } from '../measure/survey.js';
import type { Mark } from '../picture/runs.js';

/** What became of grain and tonal range between two pictures of one size; what is damaged in the first is left out of both. */
export function textureBetween(before: Survey, after: Survey, marks: readonly Mark[]): TextureNumbers {
  const [grainBefore, grainAfter] = [noiseFrom(before.blocks).value, noiseFrom(after.blocks).value];
  const rangeOf = ({ reduced }: Survey): number => {
    const { blackPoint, whitePoint } = fadingOf(labPlanes(reduced, undamagedCells(reduced, marks)));
    return rounded(whitePoint - blackPoint);
  };
  return {
    grainBefore,
    grainAfter,
    grainKept: grainBefore > 0 ? rounded(grainAfter / grainBefore) : 1,
    rangeBefore: rangeOf(before),
    rangeAfter: rangeOf(after),
  };
}
