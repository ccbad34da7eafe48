import type { Point, Stroke } from '@albumen/domain';
import type { Labels } from './label-picture';
import { strokeOf, type Size } from './mark-up-geometry';
import type { ShareBox } from './stage';

/** Numbers in the damage mask of marks that are shown and not proposed. */
const kinds: ReadonlyMap<number, DoubtfulMark['kind']> = new Map([
  [4, 'scratch'],
  [5, 'dust'],
]);
/** Where a reduced cell holds several marks: what will be treated anyway hides what is doubtful, never the other way round. */
export const markWeight = (number: number): number => (kinds.has(number) ? 1 : 2);
const colours: Readonly<Record<DoubtfulMark['kind'], readonly [number, number, number]>> = {
  scratch: [230, 159, 0],
  dust: [86, 180, 233],
};
/** Alpha (0..255) of a mark's colour. */
const opaque = 235;
/** Most points of the line that covers a mark before it is drawn with a wider brush; a request takes 2000. */
const mostSteps = 1900;

/** A mark that the analysis doubts: one connected area of one kind, as it is shown and as a brush would paint it. */
export interface DoubtfulMark {
  readonly kind: 'scratch' | 'dust';
  readonly box: ShareBox;
  /** Number of cells of the reduced mask that it covers. */
  readonly cells: number;
  /** Its own area as one line of a round brush; it goes nowhere but over the mark. */
  readonly stroke: Stroke;
}

/** Where the cells of a reduced mask belong to marks; numbers count the marks from 1, as they are given. */
export interface DoubtfulMarks {
  readonly marks: readonly DoubtfulMark[];
  readonly labels: Labels;
  readonly size: Size;
}

/** Finds the doubtful marks of a damage mask that `readLabels` read, the largest first, for a picture of that size. */
export function doubtfulMarks(mask: Labels, size: Size): DoubtfulMarks {
  const { width, height, values } = mask;
  const owner = new Uint32Array(values.length);
  const found: { readonly kind: DoubtfulMark['kind']; readonly cells: number[] }[] = [];
  for (let from = 0; from < values.length; from += 1) {
    const kind = kinds.get(values[from] ?? 0);
    if (kind === undefined || owner[from] !== 0) continue;
    const cells = [from];
    owner[from] = found.length + 1;
    for (let next = 0; next < cells.length; next += 1)
      for (const beside of around(cells[next] ?? 0, width, height)) {
        if (owner[beside] !== 0 || values[beside] !== values[from]) continue;
        owner[beside] = found.length + 1;
        cells.push(beside);
      }
    found.push({ kind, cells });
  }
  found.sort((a, b) => b.cells.length - a.cells.length);
  const labels: Labels = { width, height, values: new Uint16Array(values.length) };
  const most = 65_535;
  const marks = found.slice(0, most).map(({ kind, cells }, place): DoubtfulMark => {
    for (const cell of cells) labels.values[cell] = place + 1;
    let stroke: Stroke | undefined;
    return {
      kind,
      cells: cells.length,
      box: boxOf(cells, mask, size),
      get stroke() {
        return (stroke ??= strokeOver(cells, mask, size));
      },
    };
  });
  return { marks, labels, size };
}

/** The mark at a point, or the nearest within `reach` (shares of the picture's longer side); null where there is none. */
export function markAt({ marks, labels, size }: DoubtfulMarks, [x, y]: Point, reach: number): DoubtfulMark | null {
  const step = stepOf(labels, size);
  const [atX, atY] = [(x * size.width) / step, (y * size.height) / step];
  const far = Math.max(1, (reach * Math.max(size.width, size.height)) / step);
  let best: DoubtfulMark | null = null;
  let nearest = far;
  for (let row = Math.max(0, Math.floor(atY - far)); row <= Math.min(labels.height - 1, atY + far); row += 1)
    for (
      let column = Math.max(0, Math.floor(atX - far));
      column <= Math.min(labels.width - 1, atX + far);
      column += 1
    ) {
      const number = labels.values[row * labels.width + column] ?? 0;
      if (number === 0) continue;
      const away = Math.max(0, Math.hypot(column + 0.5 - atX, row + 0.5 - atY) - 0.71);
      if (away > nearest || (away === nearest && best !== null)) continue;
      nearest = away;
      best = marks[number - 1] ?? null;
    }
  return best;
}

/** The marks in their colours, one pixel for each cell, to lay over the picture; one of them can be uncovered. */
export class DoubtfulPicture {
  readonly element = document.createElement('div');
  private readonly context: CanvasRenderingContext2D | null;
  private uncovered: DoubtfulMark | null = null;

  constructor(private readonly found: DoubtfulMarks) {
    const { marks, labels, size } = found;
    this.element.className = 'doubtful';
    const canvas = document.createElement('canvas');
    canvas.width = labels.width;
    canvas.height = labels.height;
    this.context = canvas.getContext('2d');
    const picture = this.context?.createImageData(labels.width, labels.height);
    if (!this.context || !picture) return;
    labels.values.forEach((number, cell) => {
      const mark = marks[number - 1];
      if (mark) picture.data.set([...colours[mark.kind], opaque], cell * 4);
    });
    this.context.putImageData(picture, 0, 0);
    // The last cells may reach beyond the picture.
    const step = stepOf(labels, size);
    canvas.style.width = `${((labels.width * step) / size.width) * 100}%`;
    canvas.style.height = `${((labels.height * step) / size.height) * 100}%`;
    this.element.append(canvas);
  }

  /** Takes the colour off that mark, so that a person sees what they judge, and lays it over the one before again. */
  uncover(mark: DoubtfulMark | null): void {
    if (mark === this.uncovered) return;
    if (this.uncovered) this.cover(this.uncovered, opaque);
    if (mark) this.cover(mark, 0);
    this.uncovered = mark;
  }

  private cover(mark: DoubtfulMark, alpha: number): void {
    const { marks, labels, size } = this.found;
    const step = stepOf(labels, size);
    const [left, top] = [Math.round((mark.box.x * size.width) / step), Math.round((mark.box.y * size.height) / step)];
    const wide = Math.min(labels.width - left, Math.ceil((mark.box.width * size.width) / step));
    const high = Math.min(labels.height - top, Math.ceil((mark.box.height * size.height) / step));
    const picture = this.context?.getImageData(left, top, wide, high);
    if (!picture) return;
    const number = marks.indexOf(mark) + 1;
    for (let y = 0; y < high; y += 1)
      for (let x = 0; x < wide; x += 1)
        if (labels.values[(top + y) * labels.width + left + x] === number)
          picture.data.set([...colours[mark.kind], alpha], (y * wide + x) * 4);
    this.context?.putImageData(picture, left, top);
  }
}

/**
 * One line over all cells of a mark: from cell to neighbouring cell and back out of dead ends, so that a brush as wide as a
 * cell covers the mark and nothing beside it. Marks of many cells are walked in coarser ones.
 */
function strokeOver(cells: readonly number[], { width, height }: Labels, size: Size): Stroke {
  const step = stepOf({ width, height }, size);
  const finest = Math.max(1, Math.floor(Math.sqrt(cells.length / mostSteps)));
  for (let coarse = finest; ; coarse += 1) {
    const across = Math.ceil(width / coarse);
    const own = new Set(
      cells.map((cell) => Math.floor(Math.floor(cell / width) / coarse) * across + Math.floor((cell % width) / coarse)),
    );
    const walk = walkOver(own, across, Math.ceil(height / coarse));
    if (walk.length > mostSteps) continue;
    const side = coarse * step;
    const points = walk.map((cell): Point => [
      Math.min(1, (((cell % across) + 0.5) * side) / size.width),
      Math.min(1, ((Math.floor(cell / across) + 0.5) * side) / size.height),
    ]);
    // Half the diagonal of a cell reaches its corners.
    return strokeOf(points, (0.71 * side) / Math.max(size.width, size.height), size);
  }
}

/** Every cell in an order in which each neighbours the one before; the way back from the last one is left out. */
function walkOver(own: ReadonlySet<number>, width: number, height: number): readonly number[] {
  const [first = 0] = own;
  // From an end of the mark there is less to go back.
  const start = farthest(own, farthest(own, first, width), width);
  const seen = new Set([start]);
  const walk = [start];
  const way = [start];
  let end = 1;
  for (let at = way.at(-1); at !== undefined; at = way.at(-1)) {
    const next = around(at, width, height).find((beside) => own.has(beside) && !seen.has(beside));
    if (next !== undefined) {
      seen.add(next);
      way.push(next);
      walk.push(next);
      end = walk.length;
      continue;
    }
    way.pop();
    const back = way.at(-1);
    if (back !== undefined) walk.push(back);
  }
  return walk.slice(0, end);
}

function farthest(own: ReadonlySet<number>, from: number, width: number): number {
  const [x, y] = [from % width, Math.floor(from / width)];
  let [best, most] = [from, -1];
  for (const cell of own) {
    const away = Math.hypot((cell % width) - x, Math.floor(cell / width) - y);
    if (away > most) [best, most] = [cell, away];
  }
  return best;
}

/** The up to eight cells beside one, those that share an edge first. */
function around(cell: number, width: number, height: number): number[] {
  const [x, y] = [cell % width, Math.floor(cell / width)];
  const found: number[] = [];
  for (const [across, down] of [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, -1],
  ] as const)
    if (x + across >= 0 && x + across < width && y + down >= 0 && y + down < height)
      found.push(cell + down * width + across);
  return found;
}

/** Pixels of the picture to a cell of the reduced mask, as `readLabels` reduces. */
function stepOf(labels: Size, size: Size): number {
  return Math.max(1, Math.round(Math.max(size.width / labels.width, size.height / labels.height)));
}

function boxOf(cells: readonly number[], labels: Labels, size: Size): ShareBox {
  const step = stepOf(labels, size);
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  for (const cell of cells) {
    const [x, y] = [cell % labels.width, Math.floor(cell / labels.width)];
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
  }
  const [x, y] = [(left * step) / size.width, (top * step) / size.height];
  return {
    x,
    y,
    width: Math.min(1, (right * step) / size.width) - x,
    height: Math.min(1, (bottom * step) / size.height) - y,
  };
}
