import type { CredibleDamage, Tonality } from '@albumen/domain';
import type { Reduced } from '../measure/survey.js';
import type { Mark } from '../picture/runs.js';
import type { StainAreas } from './stain-areas.js';
import { stainTones } from './stain-tone.js';

/**
 * The stains that can be taken back: those whose colour departs from that of the print. A colour photograph has no tone to
 * tell them by, a scan in grey no colour. `found`: the areas of these marks.
 */
export function credibleStains(
  reduced: Reduced,
  marks: readonly Mark[],
  found: StainAreas,
  size: { readonly width: number; readonly height: number },
  tonality: Tonality,
): CredibleDamage {
  if (tonality === 'colour') return { share: 0, count: 0 };
  const cells = new Set(stainTones(reduced, found).flatMap(({ area }) => area.cells));
  const own = marks.filter((mark) => cells.has(firstCell(mark, reduced)));
  const area = own.reduce((sum, mark) => sum + mark.area, 0);
  return { share: Math.round((area / (size.width * size.height)) * 1e7) / 1e7, count: own.length };
}

function firstCell(mark: Mark, { width, height, factor }: Reduced): number {
  const { y, from } = mark.runs.at(0);
  return Math.min(height - 1, Math.floor(y / factor)) * width + Math.floor(from / factor);
}
