import { cellSide, type CellMap } from '../cell-map.js';
import { runsByRow } from '../picture/run-columns.js';
import { MarkCollector, type Mark } from '../picture/runs.js';

/** Class of stains in masks. */
export const stainKind = 3;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Between which cells a pixel lies, and how near the second one: by the middles of both, held at the map's edges. */
function place(at: number, perCell: number, cells: number): { readonly first: number; readonly share: number } {
  const exact = Math.min(cells - 1, Math.max(0, (at + 0.5) / perCell - 0.5));
  const first = Math.min(Math.floor(exact), Math.max(0, cells - 2));
  return { first, share: exact - first };
}

/**
 * Stains of a picture of `size` from the cells of its copy: what the map, interpolated, reaches `floor` (0..255) in. Ordered by
 * their first pixel; confidence is the mean of the interpolated map.
 */
export function stainMarks(cells: CellMap, copy: Size, size: Size, floor: number): readonly Mark[] {
  const { rows, columns, data } = cells;
  const collector = new MarkCollector();
  const perRow = (cellSide * size.height) / copy.height;
  const across = Array.from({ length: size.width }, (_, x) => place(x, (cellSide * size.width) / copy.width, columns));
  const [classes, probabilities] = [new Uint8Array(size.width), new Uint8Array(size.width)];
  const line = new Float32Array(columns);
  for (let y = 0; y < size.height; y++) {
    const { first, share } = place(y, perRow, rows);
    const [above, below] = [first * columns, Math.min(rows - 1, first + 1) * columns];
    let most = 0;
    for (let column = 0; column < columns; column++) {
      const value = (1 - share) * (data[above + column] as number) + share * (data[below + column] as number);
      line[column] = value;
      most = Math.max(most, value);
    }
    if (most < floor) continue;
    for (let x = 0; x < size.width; x++) {
      const { first: left, share: near } = across[x] as { first: number; share: number };
      const value = (1 - near) * (line[left] as number) + near * (line[Math.min(columns - 1, left + 1)] as number);
      classes[x] = value >= floor ? stainKind : 0;
      probabilities[x] = Math.round(value);
    }
    collector.addRow(y, classes, probabilities);
  }
  return collector.marks();
}

/**
 * The stains as a mask shows them: without the pixels of the other marks, which lie on top. What a mark cuts in two is two
 * stains there, as whoever reads the mask finds them.
 */
export function beneath(stains: readonly Mark[], others: readonly Mark[], width: number): readonly Mark[] {
  const collector = new MarkCollector();
  const [under, over] = [runsByRow(stains), runsByRow(others)];
  const [classes, probabilities] = [new Uint8Array(width), new Uint8Array(width)];
  let next = 0;
  for (let at = 0; at < under.length;) {
    const y = under.y[at] as number;
    classes.fill(0);
    for (; at < under.length && under.y[at] === y; at++) {
      const { probability } = stains[under.mark[at] as number] as Mark;
      classes.fill(stainKind, under.from[at], under.to[at]);
      probabilities.fill(Math.round(probability * 255), under.from[at], under.to[at]);
    }
    while (next < over.length && (over.y[next] as number) < y) next++;
    for (; next < over.length && over.y[next] === y; next++) classes.fill(0, over.from[next], over.to[next]);
    collector.addRow(y, classes, probabilities);
  }
  return collector.marks();
}
