import { refuse, type LetteringFound } from '@albumen/domain';
import { cellSide, type CellMap } from '../cell-map.js';
import { checkGrey, halved, reducedGrey, type GreyPicture } from '../faces/grey-picture.js';
import type { Strips } from '../picture/strips.js';
import { letteringAreas } from './lettering-areas.js';
import type { LetterNet } from './letter-net.js';

/** Pixels of the largest copy that is searched: what lies in memory does not grow with the picture. */
export const searchedPixels = 16e6;
/**
 * A level of the pyramid whose shorter side is less than this is not searched: letters taller than a fifth of a picture are
 * rare, and in small copies groups of people and roofs look like lines of letters.
 */
const leastSide = 200;
/**
 * Pixels of a tile that are its own, along each side; tiles begin at multiples of it, and the net halves four times. With half of it more than
 * half of what is computed would be margin.
 */
const tileSide = 896;

/**
 * Areas of lettering and handwriting of a picture, largest first, in its own pixels. It is searched in a grey copy of at most
 * 16 megapixels and in halves of that copy, so that one net finds small and large letters.
 *
 * `threshold` 0..1: probability from which a place counts (see `letterThreshold`). Refuses `restoration.output-not-sane`
 * where the net answers something that is no number.
 */
export async function findLettering(
  picture: Strips,
  net: LetterNet,
  threshold: number,
): Promise<readonly LetteringFound[]> {
  const { width, height } = picture.work;
  const factor = Math.max(1, Math.sqrt((width * height) / searchedPixels));
  const grey = await reducedGrey(picture, Math.ceil(Math.max(width, height) / factor));
  const found = await findLetteringInGrey(grey, net, threshold);
  return found.map(({ box, confidence }) => ({
    box: {
      x: box.x * grey.factorX,
      y: box.y * grey.factorY,
      width: box.width * grey.factorX,
      height: box.height * grey.factorY,
    },
    confidence,
  }));
}

/** As `findLettering`, on a grey picture as it is. Throws `RangeError` for a picture without pixels. */
export async function findLetteringInGrey(
  picture: GreyPicture,
  net: LetterNet,
  threshold: number,
): Promise<readonly LetteringFound[]> {
  checkGrey(picture);
  if (!(threshold > 0 && threshold < 1))
    throw new RangeError(`Expected a threshold above 0 and below 1 but received ${threshold}`);
  return letteringAreas(await letterCells(picture, net), threshold, picture);
}

/** The largest probability of all levels for every cell of the picture. */
async function letterCells(picture: GreyPicture, net: LetterNet): Promise<CellMap> {
  const rows = Math.ceil(picture.height / cellSide);
  const columns = Math.ceil(picture.width / cellSide);
  const data = new Uint8Array(rows * columns);
  let level = picture;
  for (let number = 0; number === 0 || Math.min(level.width, level.height) >= leastSide; number++) {
    const seen = await levelCells(level, net);
    for (let row = 0; row < rows; row++) {
      const from = Math.min(seen.rows - 1, row >> number) * seen.columns;
      for (let column = 0; column < columns; column++) {
        const value = seen.data[from + Math.min(seen.columns - 1, column >> number)] as number;
        const at = row * columns + column;
        if (value > (data[at] as number)) data[at] = value;
      }
    }
    level = halved(level);
  }
  return { rows, columns, data };
}

/** One level tile by tile: each tile sees the net's margin around it, so that no seam can be told. */
async function levelCells({ width, height, data }: GreyPicture, net: LetterNet): Promise<CellMap> {
  const rows = Math.ceil(height / cellSide);
  const columns = Math.ceil(width / cellSide);
  const out = new Uint8Array(rows * columns);
  for (let y = 0; y < height; y += tileSide)
    for (let x = 0; x < width; x += tileSide) {
      const [left, top] = [Math.max(0, x - net.margin), Math.max(0, y - net.margin)];
      const right = Math.min(width, x + tileSide + net.margin);
      const bottom = Math.min(height, y + tileSide + net.margin);
      const tile = new Uint8Array((right - left) * (bottom - top));
      for (let row = top; row < bottom; row++)
        tile.set(data.subarray(row * width + left, row * width + right), (row - top) * (right - left));
      const map = await net.run(tile, right - left, bottom - top);
      const lastRow = Math.min(rows, (y + tileSide) / cellSide);
      const lastColumn = Math.min(columns, (x + tileSide) / cellSide);
      for (let row = y / cellSide; row < lastRow; row++)
        for (let column = x / cellSide; column < lastColumn; column++) {
          const value = map.probability[(row - top / cellSide) * map.columns + column - left / cellSide] as number;
          if (!(value >= 0 && value <= 1))
            throw refuse('restoration.output-not-sane', {
              operation: 'lettering',
              detail: 'a probability that is none',
            });
          out[row * columns + column] = Math.round(value * 255);
        }
    }
  return { rows, columns, data: out };
}
