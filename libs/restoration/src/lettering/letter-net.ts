import { Tensor } from 'onnxruntime-node';
import { refuse } from '@albumen/domain';
import { thresholdOf, type InstalledModel } from '../models.js';
import { openOnProcessor } from '../processor-session.js';

/** Pixels along a side of a cell, the smallest thing that the net answers for. */
export const cellSide = 4;

/** What one run says: one probability 0..1 per cell, row by row; columns and rows may reach beyond the picture. */
export interface LetterMap {
  readonly rows: number;
  readonly columns: number;
  readonly probability: Float32Array;
}

/** A lettering net ready to run on grey pictures of any size. */
export interface LetterNet {
  /** Pixels beside a place that have a say in it: what a tile must see around what it is asked for. */
  readonly margin: number;
  run(grey: Uint8Array, width: number, height: number): Promise<LetterMap>;
}

/**
 * Probability from which a place counts as lettering, as chosen on validation pictures when the net was released. Refuses
 * `model.missing` where its description has none.
 */
export function letterThreshold(model: InstalledModel): number {
  return thresholdOf(model, 'lettering');
}

/**
 * Loads the installed net. Refuses `model.missing`, `model.digest-differs`, `restoration.engine-failed`; a run refuses
 * `restoration.output-not-sane` where the net answers other shapes than it should.
 */
export async function openLetterNet(model: InstalledModel, threads = 1): Promise<LetterNet> {
  const session = await openOnProcessor(model, threads);
  return {
    margin: model.tile.margin,
    async run(grey, width, height) {
      const made = (await session.run({ [model.input]: new Tensor('uint8', grey, [1, height, width, 1]) }))[
        model.output
      ];
      const [, rows = 0, columns = 0] = made?.dims ?? [];
      if (
        made === undefined ||
        !(made.data instanceof Float32Array) ||
        made.data.length !== rows * columns ||
        rows * cellSide < height ||
        columns * cellSide < width
      )
        throw refuse('restoration.output-not-sane', {
          operation: model.id,
          detail: `${made === undefined ? 'nothing' : `${made.type} ${made.dims.join('×')}`} for ${height}×${width}`,
        });
      return { rows, columns, probability: made.data };
    },
  };
}
