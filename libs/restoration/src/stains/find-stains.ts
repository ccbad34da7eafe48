import { refuse } from '@albumen/domain';
import { cellsAround, cellSide, type CellMap } from '../cell-map.js';
import type { Reduced } from '../measure/survey.js';
import type { Mark } from '../picture/runs.js';
import { stainMarks } from './stain-marks.js';
import type { ColourCopy, StainNet } from './stain-net.js';

/**
 * Longer side of the copy in which stains are looked for: a blotch is told from a shadow by what lies around it, so the net
 * sees the whole picture at once. A smaller picture is looked at as it is.
 */
export const stainSide = 256;

/** A place grows over neighbouring cells down to this share of the threshold. */
const growth = 0.6;
/** Cells that a place must have; one of them reaches the threshold. */
const leastCells = 2;

/**
 * Stains of a picture of `size` pixels from the reduced copy of its survey, in its own pixels, ordered by their first one.
 *
 * `threshold` 0..1: probability from which a place counts (see `stainThreshold`). Refuses `restoration.output-not-sane`
 * where the net answers something that is no probability.
 */
export async function findStains(
  reduced: Reduced,
  size: { readonly width: number; readonly height: number },
  net: StainNet,
  threshold: number,
): Promise<readonly Mark[]> {
  if (!(threshold > 0 && threshold < 1))
    throw new RangeError(`Expected a threshold above 0 and below 1 but received ${threshold}`);
  const copy = colourCopy(reduced);
  const floor = Math.round(growth * threshold * 255);
  const cells = await cellsOf(copy, net);
  if (!keepPlaces(cells, floor, Math.round(threshold * 255))) return [];
  return stainMarks(cells, copy, size, floor);
}

/** The copy that the net sees: means of areas of the reduced one, its longer side at most `stainSide`. */
export function colourCopy({ width, height, rgb }: Reduced): ColourCopy {
  const factor = Math.min(1, stainSide / Math.max(width, height));
  const [small, low] = [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
  const across = shares(width, small);
  const down = shares(height, low);
  const line = new Float64Array(small * 3);
  const sums = new Float64Array(small * low * 3);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    for (let x = 0; x < width; x++)
      for (const { into, share } of across[x] as readonly Share[])
        for (let band = 0; band < 3; band++)
          line[into * 3 + band] =
            (line[into * 3 + band] as number) + share * (rgb[(y * width + x) * 3 + band] as number);
    for (const { into, share } of down[y] as readonly Share[])
      for (let at = 0; at < line.length; at++)
        sums[into * line.length + at] = (sums[into * line.length + at] as number) + share * (line[at] as number);
  }
  return {
    width: small,
    height: low,
    rgb: Uint8Array.from(sums, (sum) => Math.max(0, Math.min(255, Math.round(sum)))),
  };
}

interface Share {
  readonly into: number;
  /** Of the cell that it goes into: all shares of one cell make 1. */
  readonly share: number;
}

/** For every sample of a line the cells of the shorter line that it lies in. */
function shares(from: number, to: number): readonly (readonly Share[])[] {
  const step = to / from;
  return Array.from({ length: from }, (_, at) => {
    const [begin, end] = [at * step, (at + 1) * step];
    const first = Math.min(to - 1, Math.floor(begin + 1e-9));
    const last = Math.min(to - 1, Math.ceil(end - 1e-9) - 1);
    return Array.from({ length: last - first + 1 }, (_, number) => ({
      into: first + number,
      share: Math.min(end, first + number + 1) - Math.max(begin, first + number),
    }));
  });
}

async function cellsOf(copy: ColourCopy, net: StainNet): Promise<CellMap> {
  const [rows, columns] = [Math.ceil(copy.height / cellSide), Math.ceil(copy.width / cellSide)];
  const map = await net.run(copy);
  const data = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const value = map.probability[row * map.columns + column] as number;
      if (!(value >= 0 && value <= 1))
        throw refuse('restoration.output-not-sane', { operation: 'stains', detail: 'a probability that is none' });
      data[row * columns + column] = Math.round(value * 255);
    }
  return { rows, columns, data };
}

/** Clears the cells of places (8-connected) that are too small or nowhere certain; false where no place is left. */
function keepPlaces(map: CellMap, floor: number, certain: number): boolean {
  const taken = new Uint8Array(map.data.length);
  let kept = false;
  for (let start = 0; start < map.data.length; start++) {
    if (taken[start] === 1 || (map.data[start] as number) < floor) continue;
    const cells = cellsAround(map, start, floor, taken);
    if (cells.length >= leastCells && cells.some((cell) => (map.data[cell] as number) >= certain)) kept = true;
    else for (const cell of cells) map.data[cell] = 0;
  }
  return kept;
}
