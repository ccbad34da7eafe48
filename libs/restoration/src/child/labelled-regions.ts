import type { ProtectedArea } from '@albumen/domain';
import type { Mark } from '../picture/runs.js';
import { keptAreas } from '../picture/strokes.js';
import { LabelPainter, planRegions, type PlannedRegion } from '../regions.js';

/** Regions of a picture with the painter that draws their labels. */
export interface LabelledRegions {
  readonly regions: readonly PlannedRegion[];
  readonly painter: LabelPainter;
}

/** Plans the regions of a mask; the same marks give the same regions with the same ordinals, protected areas or not. */
export function labelRegions(
  marks: readonly Mark[],
  picture: { readonly width: number; readonly height: number },
  protect: readonly ProtectedArea[] = [],
): LabelledRegions {
  const regions = planRegions(marks, picture);
  return { regions, painter: new LabelPainter(regions, picture, keptAreas(protect, picture)) };
}
