import type { Box, Operation, ProtectedArea } from '@albumen/domain';
import type { Mark } from '../picture/runs.js';
import { keptAreas } from '../picture/strokes.js';
import { LabelPainter, planRegions, regionRules, type PlannedRegion } from '../regions.js';
import { markOfArea } from '../stains/stain-areas.js';
import type { StainTone } from '../stains/stain-tone.js';

/** A region with the step that it belongs to. */
export interface LabelledRegion extends PlannedRegion {
  readonly operation: Extract<Operation, 'repair-damage' | 'rebuild-area' | 'reduce-stains'>;
}

/** A stain that is taken back, as a region. */
export interface StainRegion extends LabelledRegion {
  readonly tone: StainTone;
}

/** Stains that can be taken back, with the size of the copy they were measured on. */
export interface MeasuredStains {
  readonly tones: readonly StainTone[];
  readonly reduced: { readonly width: number; readonly factor: number };
}

/** Regions of a picture with the painter that draws their labels. */
export interface LabelledRegions {
  readonly regions: readonly LabelledRegion[];
  readonly painter: LabelPainter;
  /** A painter of what is filled alone: nothing under a stain is a hole. */
  readonly holes: LabelPainter;
  /** Those of stains, and a painter of them alone: a stain goes on under a mark. */
  readonly stains: readonly StainRegion[];
  readonly under: LabelPainter;
}

/**
 * Plans the regions of a mask; the same marks give the same regions with the same ordinals, protected areas or not. Lost
 * areas come first, stains last: where a lost area meets a mark, the pixel is the area's, and where a mark lies on a stain, the mark's.
 */
export function labelRegions(
  marks: { readonly damaged: readonly Mark[]; readonly lost: readonly Mark[] },
  picture: { readonly width: number; readonly height: number },
  protect: readonly ProtectedArea[] = [],
  stained: MeasuredStains | null = null,
): LabelledRegions {
  const lost = planRegions(marks.lost, picture).map((region) => ({ ...region, operation: 'rebuild-area' as const }));
  const damaged = planRegions(marks.damaged, picture).map((region) => ({
    ...region,
    ordinal: region.ordinal + lost.length,
    operation: 'repair-damage' as const,
  }));
  const before = lost.length + damaged.length;
  const stains = (stained?.tones ?? []).map((tone, index): StainRegion => {
    const mark = markOfArea(tone.area, (stained as MeasuredStains).reduced, picture);
    const { probability: confidence, drawn } = tone.area;
    const kind = drawn ? 'drawn' : 'stain';
    return { ordinal: before + index + 1, operation: 'reduce-stains', kind, marks: [mark], confidence, tone };
  });
  const regions = [...lost, ...damaged, ...stains];
  const kept = keptAreas(protect, picture);
  // Protection is against invention: what is written under a stain is wanted back.
  const free = new Set(stains.map(({ ordinal }) => ordinal));
  return {
    regions,
    painter: new LabelPainter(regions, picture, kept, free),
    holes: new LabelPainter([...lost, ...damaged], picture, kept),
    stains,
    under: new LabelPainter(stains, picture),
  };
}

/** The box of a region's pixels, dilated as they are filled; it may reach beyond the picture. */
export function boxOfRegion({ marks }: PlannedRegion): Box {
  const { dilation } = regionRules;
  const least = (of: (mark: Mark) => number): number => marks.reduce((low, mark) => Math.min(low, of(mark)), Infinity);
  const most = (of: (mark: Mark) => number): number => marks.reduce((high, mark) => Math.max(high, of(mark)), 0);
  const [x, y] = [least(({ left }) => left) - dilation, least(({ top }) => top) - dilation];
  return {
    x,
    y,
    width: most(({ right }) => right) + dilation - x,
    height: most(({ bottom }) => bottom) + dilation - y,
  };
}

/** Whether a tile of a net sees any region. */
export function touchesOf(
  painter: LabelPainter,
  { width, height }: { readonly width: number; readonly height: number },
): (x: number, y: number, size: number) => boolean {
  return (x, y, size) => {
    // What a tile sees beyond the picture is mirrored from inside it.
    const reach = (at: number, length: number): [number, number] => {
      const over = Math.max(0, at + size - length, -at);
      return [at - over, size + 2 * over];
    };
    const [left, across] = reach(x, width);
    const [top, down] = reach(y, height);
    return painter.touches(left, top, across, down);
  };
}
