import type { LetteringFound, ModelPin } from '@albumen/domain';
import { findLettering } from '../lettering/find-lettering.js';
import { letterThreshold, openLetterNet } from '../lettering/letter-net.js';
import { pinOf, type InstalledModel } from '../models.js';
import type { Strips } from '../picture/strips.js';

/** Kinds of writing that the net was judged on, as they stand in `notMeasured` where it does not find them well enough. */
const kinds = ['lettering', 'handwriting'] as const;

/** Lettering of a picture and the model that found it; `lettering` is absent where none is installed: it was not looked for. */
export interface LetteringLookedFor {
  readonly lettering?: readonly LetteringFound[];
  readonly notMeasured: readonly (typeof kinds)[number][];
  readonly pins: readonly ModelPin[];
}

/**
 * Looks for lettering where a model for it is installed that finds it well enough. Boxes in pixels of the oriented original,
 * to a tenth. A kind that its description calls unreliable counts as not measured, whatever was found of it.
 * Refuses what `letterThreshold`, `openLetterNet` and `findLettering` refuse.
 */
export async function letteringOf(
  picture: Strips,
  model: InstalledModel | undefined,
  threads: number,
): Promise<LetteringLookedFor> {
  if (model === undefined || model.unreliable.includes('lettering')) return { notMeasured: kinds, pins: [] };
  const threshold = letterThreshold(model);
  const net = await openLetterNet(model, threads);
  try {
    const found = await findLettering(picture, net, threshold);
    const lettering = found.map(({ box: { x, y, width, height }, confidence }) => ({
      box: { x: tenth(x), y: tenth(y), width: tenth(width), height: tenth(height) },
      confidence,
    }));
    return { lettering, notMeasured: kinds.filter((kind) => model.unreliable.includes(kind)), pins: [pinOf(model)] };
  } finally {
    await net.close();
  }
}

/** Rounded down: a box that ends at the picture's edge does not end beyond it. */
function tenth(value: number): number {
  return Math.floor(value * 10 + 1e-6) / 10;
}
