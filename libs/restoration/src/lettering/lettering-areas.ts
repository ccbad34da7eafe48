import type { Box, LetteringFound } from '@albumen/domain';
import { cellsAround, cellSide, type CellMap } from '../cell-map.js';

/** An area begins where the threshold is reached and grows over neighbouring cells down to this share of it. */
const growth = 0.75;
/** Cells that an area needs at least, and how many of them must reach the threshold. */
const least = { cells: 12, certain: 6 } as const;
/** An area that fills less than this share of its box is cut into boxes that fit it better, at most so many times. */
const cutting = { filled: 0.5, least: 6, times: 5 } as const;
/** Boxes of a picture; where there are more, neighbours are put together, so that none is left out. */
export const mostAreas = 150;

/** Cells of an area: their columns and rows. */
interface Cells {
  readonly columns: readonly number[];
  readonly rows: readonly number[];
}

/**
 * Boxes around connected places of lettering, largest first, in pixels of the picture whose map it is; the confidence of a box
 * is the mean probability (0..1) of the place that it belongs to.
 */
export function letteringAreas(
  map: CellMap,
  threshold: number,
  picture: { readonly width: number; readonly height: number },
): LetteringFound[] {
  const found: LetteringFound[] = [];
  const taken = new Uint8Array(map.data.length);
  const floor = Math.round(growth * threshold * 255);
  const certain = Math.round(threshold * 255);
  for (let start = 0; start < map.data.length; start++) {
    if (taken[start] === 1 || (map.data[start] as number) < certain) continue;
    const cells = cellsAround(map, start, floor, taken);
    const values = cells.map((cell) => map.data[cell] as number);
    if (values.length < least.cells || values.filter((value) => value >= certain).length < least.certain) continue;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length / 255;
    const place = {
      columns: cells.map((cell) => cell % map.columns),
      rows: cells.map((cell) => Math.floor(cell / map.columns)),
    };
    for (const box of cut(place, cutting.times))
      found.push({ box: within(box, picture), confidence: Math.round(mean * 1000) / 1000 });
  }
  return together(found).sort((a, b) => areaOf(b.box) - areaOf(a.box));
}

/** Boxes (in cells) around the cells: one, or those of both halves where one would hold much that is none of them. */
function cut({ columns, rows }: Cells, times: number): Box[] {
  const low = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
  const box = { x: low(columns), y: low(rows), width: 0, height: 0 };
  box.width = high(columns) - box.x + 1;
  box.height = high(rows) - box.y + 1;
  const longer = Math.max(box.width, box.height);
  if (times === 0 || longer < cutting.least || columns.length >= cutting.filled * areaOf(box)) return [box];
  const across = box.width >= box.height;
  const middle = across ? box.x + box.width / 2 : box.y + box.height / 2;
  return [true, false].flatMap((before) => {
    const half: { columns: number[]; rows: number[] } = { columns: [], rows: [] };
    columns.forEach((column, at) => {
      const row = rows[at] as number;
      if ((across ? column : row) < middle !== before) return;
      half.columns.push(column);
      half.rows.push(row);
    });
    return half.columns.length === 0 ? [] : cut(half, times - 1);
  });
}

/** A box of cells in pixels, ending at the picture's edges. */
function within({ x, y, width, height }: Box, picture: { readonly width: number; readonly height: number }): Box {
  const [left, top] = [x * cellSide, y * cellSide];
  return {
    x: left,
    y: top,
    width: Math.min(picture.width, left + width * cellSide) - left,
    height: Math.min(picture.height, top + height * cellSide) - top,
  };
}

/** At most `mostAreas` boxes: neighbours are put together in squares that grow until there are no more. */
function together(found: readonly LetteringFound[]): LetteringFound[] {
  let all = [...found];
  for (let side = 16 * cellSide; all.length > mostAreas; side *= 2) {
    const squares = new Map<string, LetteringFound>();
    for (const one of all) {
      const { x, y, width, height } = one.box;
      const key = `${Math.floor((x + width / 2) / side)} ${Math.floor((y + height / 2) / side)}`;
      const other = squares.get(key);
      squares.set(key, other === undefined ? one : joined(one, other));
    }
    all = [...squares.values()];
  }
  return all;
}

function joined(a: LetteringFound, b: LetteringFound): LetteringFound {
  const [x, y] = [Math.min(a.box.x, b.box.x), Math.min(a.box.y, b.box.y)];
  const right = Math.max(a.box.x + a.box.width, b.box.x + b.box.width);
  const bottom = Math.max(a.box.y + a.box.height, b.box.y + b.box.height);
  return {
    box: { x, y, width: right - x, height: bottom - y },
    confidence: Math.min(a.confidence, b.confidence),
  };
}

function areaOf({ width, height }: Box): number {
  return width * height;
}
