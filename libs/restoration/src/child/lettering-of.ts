import type { FaceFound, LetteringFound, ModelPin } from '@albumen/domain';
import { findLettering } from '../lettering/find-lettering.js';
import { letterThreshold, openLetterNet } from '../lettering/letter-net.js';
import { pinOf, type InstalledModel } from '../models.js';
import type { Strips } from '../picture/strips.js';

/** Kinds of writing that the net was judged on. */
const kinds = ['lettering', 'handwriting'] as const;

/**
 * Lettering of a picture and the model that found it. `lettering` is absent where none can be told: no model is installed,
 * or none was found by one that misses too much for "none" to be believed.
 */
export interface LetteringLookedFor {
  readonly lettering?: readonly LetteringFound[];
  /** `lettering`, `handwriting`; `further-lettering` where what was found stands in the report and more may have been missed. */
  readonly notMeasured: readonly string[];
  readonly pins: readonly ModelPin[];
}

/**
 * Looks for lettering where a model for it is installed. Boxes in pixels of the oriented original, to a tenth. What its
 * description calls unreliable counts as not measured; what was found is told and protected all the same, since an area
 * protected in vain costs less than a line that is painted over. Eyes and spectacles can look like letters: an area that lies
 * on one of the `faces` by half or more is left out.
 * Refuses what `letterThreshold`, `openLetterNet` and `findLettering` refuse.
 */
export async function letteringOf(
  picture: Strips,
  model: InstalledModel | undefined,
  faces: readonly Pick<FaceFound, 'box'>[],
  threads: number,
): Promise<LetteringLookedFor> {
  if (model === undefined) return { notMeasured: kinds, pins: [] };
  const threshold = letterThreshold(model);
  const net = await openLetterNet(model, threads);
  const everywhere = await findLettering(picture, net, threshold);
  const found = everywhere.filter((area) => !faces.some((face) => shareOn(area.box, face.box) >= 0.5));
  const lettering = found.map(({ box: { x, y, width, height }, confidence }) => ({
    box: { x: tenth(x), y: tenth(y), width: tenth(width), height: tenth(height) },
    confidence,
  }));
  const pins = [pinOf(model)];
  const missed = kinds.filter((kind) => model.unreliable.includes(kind));
  if (!missed.includes('lettering')) return { lettering, notMeasured: missed, pins };
  if (lettering.length === 0) return { notMeasured: missed, pins };
  return {
    lettering,
    notMeasured: missed.map((kind) => (kind === 'lettering' ? 'further-lettering' : kind)),
    pins,
  };
}

/** Share of the first box, 0..1, that lies on the second. */
function shareOn(box: LetteringFound['box'], other: LetteringFound['box']): number {
  const along = (from: number, length: number, otherFrom: number, otherLength: number): number =>
    Math.max(0, Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom));
  const common = along(box.x, box.width, other.x, other.width) * along(box.y, box.height, other.y, other.height);
  return common / (box.width * box.height);
}

/** Rounded down: a box that ends at the picture's edge does not end beyond it. */
function tenth(value: number): number {
  return Math.floor(value * 10 + 1e-6) / 10;
}
