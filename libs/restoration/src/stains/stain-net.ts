import { Tensor } from 'onnxruntime-node';
import { refuse } from '@albumen/domain';
import { thresholdOf, type InstalledModel } from '../models.js';
import { openOnProcessor } from '../processor-session.js';

/** Pixels of the copy along a side of a cell, the smallest thing that the net answers for. */
export const stainCell = 4;

/** A small colour copy of a picture: RGB, 8 bit, interleaved, rows from the top. */
export interface ColourCopy {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** What one run says: one probability 0..1 per cell, row by row; columns and rows may reach beyond the picture. */
export interface StainMap {
  readonly rows: number;
  readonly columns: number;
  readonly probability: Float32Array;
}

/** A stain net ready to run on a copy of any size, all of it at once. */
export interface StainNet {
  run(copy: ColourCopy): Promise<StainMap>;
}

/**
 * Probability from which a place counts as stained, as chosen on validation pictures when the net was released. Refuses
 * `model.missing` where its description has none.
 */
export function stainThreshold(model: InstalledModel): number {
  return thresholdOf(model, 'stain');
}

/**
 * Loads the installed net. Refuses `model.missing`, `model.digest-differs`, `restoration.engine-failed`; a run refuses
 * `restoration.output-not-sane` where the net answers other shapes than it should.
 */
export async function openStainNet(model: InstalledModel, threads = 1): Promise<StainNet> {
  const session = await openOnProcessor(model, threads);
  return {
    async run({ rgb, width, height }) {
      const made = (await session.run({ [model.input]: new Tensor('uint8', rgb, [1, height, width, 3]) }))[
        model.output
      ];
      const [, rows = 0, columns = 0] = made?.dims ?? [];
      if (
        made === undefined ||
        !(made.data instanceof Float32Array) ||
        made.data.length !== rows * columns ||
        rows * stainCell < height ||
        columns * stainCell < width
      )
        throw refuse('restoration.output-not-sane', {
          operation: model.id,
          detail: `${made === undefined ? 'nothing' : `${made.type} ${made.dims.join('×')}`} for ${height}×${width}`,
        });
      return { rows, columns, probability: made.data };
    },
  };
}
