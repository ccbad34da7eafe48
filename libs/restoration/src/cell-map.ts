import { Tensor } from 'onnxruntime-node';
import { refuse } from '@albumen/domain';
import type { InstalledModel } from './models.js';
import { openOnProcessor } from './processor-session.js';

/** Pixels along a side of a cell, the smallest thing that nets which search a whole picture answer for. */
export const cellSide = 4;

/** A map of a picture, one byte per cell: probability times 255. */
export interface CellMap {
  readonly rows: number;
  readonly columns: number;
  readonly data: Uint8Array;
}

/** What one run says: one probability 0..1 per cell, row by row; columns and rows may reach beyond the picture. */
export interface CellAnswer {
  readonly rows: number;
  readonly columns: number;
  readonly probability: Float32Array;
}

/**
 * Loads an installed net that takes a picture of any size (`channels` samples of 8 bits to a pixel, interleaved) and answers
 * for its cells. Refuses `model.missing`, `model.digest-differs`, `restoration.engine-failed`; a run refuses
 * `restoration.output-not-sane` where the net answers other shapes than it should.
 */
export async function openCellNet(
  model: InstalledModel,
  channels: 1 | 3,
  threads: number,
): Promise<(samples: Uint8Array, width: number, height: number) => Promise<CellAnswer>> {
  const session = await openOnProcessor(model, threads);
  return async (samples, width, height) => {
    const input = new Tensor('uint8', samples, [1, height, width, channels]);
    const made = (await session.run({ [model.input]: input }))[model.output];
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
  };
}

/** The cells connected with `start` (8 neighbours) that reach `floor` (0..255); they are marked as taken. */
export function cellsAround(
  { rows, columns, data }: CellMap,
  start: number,
  floor: number,
  taken: Uint8Array,
): number[] {
  const found: number[] = [];
  const open = [start];
  taken[start] = 1;
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    found.push(cell);
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        const next = y * columns + x;
        if (taken[next] === 1 || (data[next] as number) < floor) continue;
        taken[next] = 1;
        open.push(next);
      }
  }
  return found;
}
