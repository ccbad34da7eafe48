import type { FaceFound, ModelPin } from '@albumen/domain';
import type { Frame } from '../measure/frame.js';
import type { Reduced } from '../measure/survey.js';
import { pinOf, type InstalledModel } from '../models.js';
import type { Mark } from '../picture/runs.js';
import { findStains } from '../stains/find-stains.js';
import { openStainNet, stainThreshold } from '../stains/stain-net.js';

/** Share of a stain that may lie on the mount or the scanner's bed: the report is about the photograph. */
const mostOutside = 0.5;

/** Times a face's box, hair and hat with it, of which a stain may lie on at most `share` of its area: heads in shadow look like blotches. */
const onFaces = { times: 1.6, share: 0.3 } as const;

/** Stains of a picture and the model that found them. */
export interface StainsLookedFor {
  readonly marks: readonly Mark[];
  /** Whether "none" and the numbers are to be believed. */
  readonly measured: boolean;
  readonly pins: readonly ModelPin[];
}

/**
 * Looks for stains where a model for it is installed; null where there is none. Refuses what `stainThreshold`, `openStainNet` and
 * `findStains` refuse.
 */
export async function stainsOf(
  reduced: Reduced,
  { inside }: Frame,
  size: { readonly width: number; readonly height: number },
  model: InstalledModel | undefined,
  faces: readonly Pick<FaceFound, 'box'>[],
  threads: number,
): Promise<StainsLookedFor | null> {
  if (model === undefined) return null;
  const threshold = stainThreshold(model);
  const net = await openStainNet(model, threads);
  const found = await findStains(reduced, size, net, threshold);
  return {
    marks: stainsOfThePhotograph(found, inside, reduced, faces),
    measured: !model.unreliable.includes('stain'),
    pins: [pinOf(model)],
  };
}

/** Those that lie on the photograph (cells of the reduced copy that are 1 in `inside`) and on no face. */
export function stainsOfThePhotograph(
  found: readonly Mark[],
  inside: Uint8Array,
  reduced: Pick<Reduced, 'width' | 'height' | 'factor'>,
  faces: readonly Pick<FaceFound, 'box'>[],
): readonly Mark[] {
  return found.filter(
    (mark) => shareOutside(mark, inside, reduced) <= mostOutside && shareOnFaces(mark, faces) <= onFaces.share,
  );
}

function shareOutside(
  mark: Mark,
  inside: Uint8Array,
  { width, height, factor }: Pick<Reduced, 'width' | 'height' | 'factor'>,
): number {
  let outside = 0;
  for (const { y, from, to } of mark.runs) {
    const row = Math.min(height - 1, Math.floor(y / factor)) * width;
    for (let x = from; x < to;) {
      const column = Math.min(width - 1, Math.floor(x / factor));
      const end = Math.min(to, (column + 1) * factor);
      if (inside[row + column] === 0) outside += end - x;
      x = Math.max(end, x + 1);
    }
  }
  return outside / mark.area;
}

function shareOnFaces(mark: Mark, faces: readonly Pick<FaceFound, 'box'>[]): number {
  let on = 0;
  for (const { box } of faces) {
    const [beyondX, beyondY] = [((onFaces.times - 1) / 2) * box.width, ((onFaces.times - 1) / 2) * box.height];
    const [left, right] = [box.x - beyondX, box.x + box.width + beyondX];
    for (const { y, from, to } of mark.runs)
      if (y >= box.y - beyondY && y < box.y + box.height + beyondY)
        on += Math.max(0, Math.min(to, right) - Math.max(from, left));
  }
  return on / mark.area;
}
