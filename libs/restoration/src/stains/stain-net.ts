import { openCellNet, type CellAnswer } from '../cell-map.js';
import { thresholdOf, type InstalledModel } from '../models.js';

/** A small colour copy of a picture: RGB, 8 bit, interleaved, rows from the top. */
export interface ColourCopy {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A stain net ready to run on a copy of any size, all of it at once. */
export interface StainNet {
  run(copy: ColourCopy): Promise<CellAnswer>;
}

/**
 * Probability from which a place counts as stained, as chosen on validation pictures when the net was released. Refuses
 * `model.missing` where its description has none.
 */
export function stainThreshold(model: InstalledModel): number {
  return thresholdOf(model, 'stain');
}

/** Loads the installed net. Refuses what `openCellNet` refuses. */
export async function openStainNet(model: InstalledModel, threads = 1): Promise<StainNet> {
  const run = await openCellNet(model, 3, threads);
  return { run: ({ rgb, width, height }) => run(rgb, width, height) };
}
