import { cellsAround } from '../cell-map.js';
import type { Reduced } from '../measure/survey.js';
import { runsOf, type Mark, type Run } from '../picture/runs.js';
import { regionRules } from '../regions.js';
import { stainKind } from './stain-marks.js';

/**
 * What is taken back of a stain reaches this share of the picture's longer side beyond its outline: the net answers for cells of
 * that side, and stains end softly.
 */
const reachShare = 1 / 64;
/** Cells of the reduced copy beyond that reach which still say nothing of the bare print. */
const doubtfulRim = 2;

/** Cells from which a stain is an area of its own. */
const ofItsOwn = 150;

/** No picture has more areas, so that each can be decided; those in one square of a growing grid are joined until this holds. */
const mostAreas = regionRules.most;

/** A stain, or small ones near each other, as one area of the reduced copy. Cells are numbered row by row. */
export interface StainArea {
  readonly cells: readonly number[];
  /** Bounds in cells, half-open. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Mean probability of its stains, 0..1, and whether a person drew any of them. */
  readonly probability: number;
  readonly drawn: boolean;
}

/** The areas of a picture in reading order, and the cells that show the print without any stain (1) as far as `usable` says. */
export interface StainAreas {
  readonly areas: readonly StainArea[];
  readonly bare: Uint8Array;
}

/**
 * Gathers stains into areas that reach a little beyond them; marks of another class are stains that a person drew.
 * `usable` are cells of the photograph that nothing but these stains lies on. Deterministic.
 */
export function stainAreas(
  reduced: Pick<Reduced, 'width' | 'height' | 'factor'>,
  marks: readonly Mark[],
  usable: Uint8Array,
): StainAreas {
  const { width, height, factor } = reduced;
  const covered = new Uint8Array(width * height);
  const certain = new Float32Array(width * height);
  const drawn = new Uint8Array(width * height);
  for (const mark of marks)
    for (const { y, from, to } of mark.runs) {
      const row = Math.min(height - 1, Math.floor(y / factor)) * width;
      const [first, last] = [Math.floor(from / factor), Math.min(width - 1, Math.floor((to - 1) / factor))];
      covered.fill(1, row + first, row + last + 1);
      certain.fill(mark.probability, row + first, row + last + 1);
      if (mark.kind !== stainKind) drawn.fill(1, row + first, row + last + 1);
    }
  const reach = Math.max(1, Math.round(Math.max(width, height) * reachShare));
  const wide = widened(covered, width, height, reach);
  const rim = widened(covered, width, height, reach + doubtfulRim);
  const bare = Uint8Array.from(usable, (value, cell) => (value === 1 && rim[cell] === 0 ? 1 : 0));
  const areas = atMost(gathered(covered, wide, width, height), width, height).map((cells) =>
    areaOf(cells, width, covered, certain, drawn),
  );
  return { areas: areas.sort((one, other) => (one.cells[0] as number) - (other.cells[0] as number)), bare };
}

/**
 * The cells of each area: those nearest to a stain of some size, which has a colour of its own, and together those around
 * small ones that lie near each other.
 */
function gathered(covered: Uint8Array, wide: Uint8Array, width: number, height: number): number[][] {
  const map = { rows: height, columns: width, data: covered };
  const [inStain, inWide] = [new Uint8Array(covered.length), new Uint8Array(wide.length)];
  /** 1 … by stain, 0 none yet. */
  const owner = new Int32Array(wide.length);
  const groups: number[][] = [];
  for (let start = 0; start < wide.length; start++) {
    if (wide[start] === 0 || inWide[start] === 1) continue;
    const near = cellsAround({ ...map, data: wide }, start, 1, inWide).sort((a, b) => a - b);
    let small = 0;
    const front: number[] = [];
    for (const cell of near) {
      if (covered[cell] === 0 || inStain[cell] === 1) continue;
      const stain = cellsAround(map, cell, 1, inStain);
      let number = stain.length < ofItsOwn ? small : 0;
      if (number === 0) number = groups.push([]);
      if (stain.length < ofItsOwn) small = number;
      for (const one of stain) owner[one] = number;
      front.push(...stain);
    }
    front.sort((a, b) => a - b);
    for (let next = 0; next < front.length; next++) {
      const cell = front[next] as number;
      groups[(owner[cell] as number) - 1]?.push(cell);
      const column = cell % width;
      for (const [beside, inside] of [
        [cell - 1, column > 0],
        [cell + 1, column < width - 1],
        [cell - width, cell >= width],
        [cell + width, cell < width * (height - 1)],
      ] as const) {
        if (!inside || wide[beside] === 0 || owner[beside] !== 0) continue;
        owner[beside] = owner[cell] as number;
        front.push(beside);
      }
    }
  }
  return groups.map((cells) => cells.sort((a, b) => a - b));
}

/** Joins groups of cells until there are `mostAreas` of them at most. */
function atMost(groups: readonly (readonly number[])[], width: number, height: number): readonly (readonly number[])[] {
  let joined = groups;
  for (let square = Math.max(width, height) * regionRules.cellShare; joined.length > mostAreas; square *= 1.5) {
    const inSquare = new Map<number, number[]>();
    for (const cells of joined) {
      const middle = cells[cells.length >> 1] as number;
      const place = Math.floor(Math.floor(middle / width) / square) * width + Math.floor((middle % width) / square);
      inSquare.set(place, [...(inSquare.get(place) ?? []), ...cells]);
    }
    joined = [...inSquare.values()].map((cells) => cells.sort((a, b) => a - b));
  }
  return joined;
}

function areaOf(
  cells: readonly number[],
  width: number,
  covered: Uint8Array,
  certain: Float32Array,
  drawn: Uint8Array,
): StainArea {
  let [left, right, sum, count, byHand] = [width, 0, 0, 0, false];
  for (const cell of cells) {
    const column = cell % width;
    left = Math.min(left, column);
    right = Math.max(right, column + 1);
    if (covered[cell] === 0) continue;
    sum += certain[cell] as number;
    count += 1;
    byHand ||= drawn[cell] === 1;
  }
  return {
    cells,
    left,
    right,
    top: Math.floor((cells[0] as number) / width),
    bottom: Math.floor((cells.at(-1) as number) / width) + 1,
    probability: Math.round((1000 * sum) / Math.max(1, count)) / 1000,
    drawn: byHand,
  };
}

/** Cells within `reach` of a cell that is 1 (a disc). */
function widened(cells: Uint8Array, width: number, height: number, reach: number): Uint8Array {
  const far = reach + 1;
  const away = new Uint16Array(cells.length).fill(far);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let near = far;
    for (let x = 0; x < width; x++) {
      near = cells[row + x] === 1 ? 0 : Math.min(far, near + 1);
      away[row + x] = near;
    }
    near = far;
    for (let x = width - 1; x >= 0; x--) {
      near = cells[row + x] === 1 ? 0 : Math.min(far, near + 1);
      if (near < (away[row + x] as number)) away[row + x] = near;
    }
  }
  const out = new Uint8Array(cells.length);
  for (let down = -reach; down <= reach; down++) {
    const across = Math.floor(Math.sqrt(reach * reach - down * down));
    for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++)
      for (let x = 0; x < width; x++) if ((away[(y + down) * width + x] as number) <= across) out[y * width + x] = 1;
  }
  return out;
}

/** The area as a mark of the picture itself, whose cells are `factor` pixels wide. */
export function markOfArea(
  area: StainArea,
  { width: columns, factor }: Pick<Reduced, 'width' | 'factor'>,
  size: { readonly width: number; readonly height: number },
): Mark {
  const kind = stainKind;
  const runs: Run[] = [];
  const probability = Math.round(area.probability * 255);
  for (let at = 0; at < area.cells.length;) {
    const first = area.cells[at] as number;
    let end = first + 1;
    at += 1;
    while (at < area.cells.length && area.cells[at] === end && end % columns !== 0) {
      end += 1;
      at += 1;
    }
    const row = Math.floor(first / columns);
    const from = (first % columns) * factor;
    const to = Math.min(size.width, (((end - 1) % columns) + 1) * factor);
    for (let y = row * factor; y < Math.min(size.height, (row + 1) * factor); y++)
      runs.push({ y, from, to, kind, probability, seeds: to - from });
  }
  runs.sort((a, b) => a.y - b.y || a.from - b.from);
  return {
    kind,
    area: runs.reduce((sum, { from, to }) => sum + to - from, 0),
    seeds: 1,
    probability: area.probability,
    left: area.left * factor,
    top: area.top * factor,
    right: Math.min(size.width, area.right * factor),
    bottom: Math.min(size.height, area.bottom * factor),
    runs: runsOf(runs),
  };
}
