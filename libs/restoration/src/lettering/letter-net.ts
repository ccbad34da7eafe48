import { openCellNet, type CellAnswer } from '../cell-map.js';
import { thresholdOf, type InstalledModel } from '../models.js';

/** A lettering net ready to run on grey pictures of any size. */
export interface LetterNet {
  /** Pixels beside a place that have a say in it: what a tile must see around what it is asked for. */
  readonly margin: number;
  run(grey: Uint8Array, width: number, height: number): Promise<CellAnswer>;
}

/**
 * Probability from which a place counts as lettering, as chosen on validation pictures when the net was released. Refuses
 * `model.missing` where its description has none.
 */
export function letterThreshold(model: InstalledModel): number {
  return thresholdOf(model, 'lettering');
}

/** Loads the installed net. Refuses what `openCellNet` refuses. */
export async function openLetterNet(model: InstalledModel, threads = 1): Promise<LetterNet> {
  return { margin: model.tile.margin, run: await openCellNet(model, 1, threads) };
}
