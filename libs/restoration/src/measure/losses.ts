import type { LossFound } from '@albumen/domain';
import { quantile, rounded, sorted } from './statistics.js';
import type { Reduced } from './survey.js';

/**
 * What the measure of losses must reach, on drawn corners and tears over clean pictures, before it may speak; the figures
 * that it reaches stand in docs/measurements.md.
 */
export const lossesBar = { precision: 0.9, recall: 0.6, falseOnClean: 0.02 } as const;

/** Levels of 255: what shows through a loss is paper-white, black, or the border's colour, this evenly. */
const white = 226;
const black = 26;
const even = 11;
/** A loss covers at least and at most this share of the picture. */
const extent = { least: 0.0008, corner: 0.2, tear: 0.08 } as const;
/** Cells of that colour elsewhere (share of the picture): more of them, and the colour belongs to the scene … */
const elsewhere = { most: 0.002, clearMost: 0.02 } as const;
/** … where the edge is not this clear all along. */
const clearEdge = { usual: 60, share: 0.97 } as const;
/** Levels by which the picture differs across the loss's edge: usually, and at least on most of it. */
const edgeStep = { usual: 28, least: 12, share: 0.75 } as const;

interface Place {
  readonly cells: readonly number[];
  readonly colour: readonly [number, number, number];
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Missing corners and tears from the edge inward: even places of paper-white, black or the border's colour that touch the
 * photograph's edge, end sharply, have the shape of a corner or a wedge, and a colour that the scene has nowhere else.
 * `inside` are the cells of the photograph (1), `border` the colour around it or null. Boxes in pixels of the original.
 */
export function lossesOf(
  reduced: Reduced,
  inside: Uint8Array,
  border: readonly [number, number, number] | null,
  original: { readonly width: number; readonly height: number },
): readonly LossFound[] {
  const places = placesAtTheEdge(reduced, inside, border);
  const shaped = places.flatMap((place) => {
    const kind = kindOf(place, reduced, inside);
    return kind === null ? [] : [{ place, kind, sharp: sharpness(place, reduced, inside) }];
  });
  const taken = new Uint8Array(reduced.width * reduced.height);
  for (const { place } of shaped) for (const cell of place.cells) taken[cell] = 1;
  return shaped.flatMap(({ place, kind, sharp }) => {
    const alike = alikeElsewhere(place, reduced, inside, taken);
    const isClear = sharp.usual >= clearEdge.usual && sharp.share >= clearEdge.share;
    const most = isClear ? elsewhere.clearMost : elsewhere.most;
    if (sharp.usual < edgeStep.usual || sharp.share < edgeStep.share || alike > most) return [];
    const [x, y] = [place.left * reduced.factor, place.top * reduced.factor];
    return [
      {
        kind,
        box: {
          x,
          y,
          width: Math.min(original.width, place.right * reduced.factor) - x,
          height: Math.min(original.height, place.bottom * reduced.factor) - y,
        },
        share: Math.round((place.cells.length / taken.length) * 1e5) / 1e5,
        confidence: rounded(Math.min(1, sharp.share) * Math.min(1, sharp.usual / 60) * (1 - alike / most / 2)),
      },
    ];
  });
}

/** Level of a cell's band. */
function level(reduced: Reduced, cell: number, band: number): number {
  return reduced.rgb[cell * 3 + band] as number;
}

function apart(reduced: Reduced, cell: number, colour: readonly [number, number, number]): number {
  return Math.max(
    Math.abs(level(reduced, cell, 0) - colour[0]),
    Math.abs(level(reduced, cell, 1) - colour[1]),
    Math.abs(level(reduced, cell, 2) - colour[2]),
  );
}

/** The four neighbours of a cell that lie in the frame. */
function neighbours(cell: number, { width, height }: Reduced): readonly number[] {
  const [x, y] = [cell % width, Math.floor(cell / width)];
  return [
    ...(x > 0 ? [cell - 1] : []),
    ...(x < width - 1 ? [cell + 1] : []),
    ...(y > 0 ? [cell - width] : []),
    ...(y < height - 1 ? [cell + width] : []),
  ];
}

/** True where a cell of the photograph has the frame's end or the border beside it. */
function isAtEdge(cell: number, reduced: Reduced, inside: Uint8Array): boolean {
  const beside = neighbours(cell, reduced);
  return beside.length < 4 || beside.some((next) => inside[next] === 0);
}

/** Connected even places of a colour that shows through losses, grown from cells at the photograph's edge. */
function placesAtTheEdge(
  reduced: Reduced,
  inside: Uint8Array,
  border: readonly [number, number, number] | null,
): readonly Place[] {
  const seen = new Uint8Array(inside.length);
  const places: Place[] = [];
  for (let start = 0; start < inside.length; start++) {
    if (inside[start] === 0 || seen[start] === 1 || !isAtEdge(start, reduced, inside)) continue;
    const bands = [0, 1, 2].map((band) => level(reduced, start, band)) as [number, number, number];
    const shows =
      Math.min(...bands) >= white ||
      Math.max(...bands) <= black ||
      (border !== null && apart(reduced, start, border) <= even);
    if (!shows) continue;
    const cells: number[] = [];
    const stack = [start];
    seen[start] = 1;
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      cells.push(cell);
      for (const next of neighbours(cell, reduced)) {
        if (inside[next] === 0 || seen[next] === 1 || apart(reduced, next, bands) > even) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    if (cells.length >= extent.least * inside.length && cells.length <= extent.corner * inside.length)
      places.push(placeOf(cells, reduced));
  }
  return places;
}

function placeOf(cells: readonly number[], reduced: Reduced): Place {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  for (const cell of cells) {
    const [x, y] = [cell % reduced.width, Math.floor(cell / reduced.width)];
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  }
  const colour = [0, 1, 2].map((band) => quantile(sorted(cells.map((cell) => level(reduced, cell, band))), 0.5));
  return { cells, colour: colour as [number, number, number], left, top, right, bottom };
}

/** The shape of a place: a triangle over a corner, a wedge from one side, or neither. */
function kindOf(place: Place, reduced: Reduced, inside: Uint8Array): LossFound['kind'] | null {
  const photo = placeOfPhotograph(reduced, inside);
  const slack = 2;
  const touches = {
    left: place.left <= photo.left + slack,
    right: place.right >= photo.right - slack,
    top: place.top <= photo.top + slack,
    bottom: place.bottom >= photo.bottom - slack,
  };
  const sides = Object.values(touches).filter(Boolean).length;
  const [across, down] = [place.right - place.left, place.bottom - place.top];
  const area = place.cells.length;
  if (sides === 2 && touches.left !== touches.right && touches.top !== touches.bottom) {
    // A corner torn or broken off is about a triangle: half of its box, with legs of one order.
    const full = area / (across * down);
    const legs = Math.max(across, down) / Math.min(across, down);
    return full >= 0.3 && full <= 0.72 && legs <= 4 ? 'corner' : null;
  }
  if (sides !== 1 || area > extent.tear * inside.length) return null;
  const upright = touches.top || touches.bottom;
  const [depth, reach] = upright ? [down, photo.bottom - photo.top] : [across, photo.right - photo.left];
  const rows = new Uint32Array(depth);
  for (const cell of place.cells) {
    const [x, y] = [cell % reduced.width, Math.floor(cell / reduced.width)];
    const at = touches.top
      ? y - place.top
      : touches.bottom
        ? place.bottom - 1 - y
        : touches.left
          ? x - place.left
          : place.right - 1 - x;
    rows[at] = (rows[at] as number) + 1;
  }
  const mean = (from: number, to: number): number => {
    const part = rows.subarray(Math.floor(from * depth), Math.max(Math.floor(from * depth) + 1, Math.ceil(to * depth)));
    return part.reduce((sum, count) => sum + count, 0) / part.length;
  };
  const mouth = mean(0, 0.2);
  const narrowing = mean(0.4, 0.6) <= 0.85 * mouth && mean(0.8, 1) <= 0.55 * mouth;
  return depth >= 1.4 * mouth && depth >= 0.03 * reach && narrowing ? 'tear' : null;
}

function placeOfPhotograph(
  reduced: Reduced,
  inside: Uint8Array,
): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  for (let cell = 0; cell < inside.length; cell++) {
    if (inside[cell] === 0) continue;
    const [x, y] = [cell % reduced.width, Math.floor(cell / reduced.width)];
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  }
  return { left, top, right, bottom };
}

/** The step of levels three cells outside the place's edge: its median, and the share of the edge with a clear step. */
function sharpness(
  place: Place,
  reduced: Reduced,
  inside: Uint8Array,
): { readonly usual: number; readonly share: number } {
  const own = new Set(place.cells);
  const steps: number[] = [];
  const out = 3;
  for (const cell of place.cells) {
    const [x, y] = [cell % reduced.width, Math.floor(cell / reduced.width)];
    for (const [dx, dy] of [
      [-1, 0],
      [1, 0],
      [0, -1],
      [0, 1],
    ] as const) {
      const [nextX, nextY] = [x + dx, y + dy];
      const [farX, farY] = [x + dx * out, y + dy * out];
      if (farX < 0 || farY < 0 || farX >= reduced.width || farY >= reduced.height) continue;
      const far = farY * reduced.width + farX;
      if (own.has(nextY * reduced.width + nextX) || own.has(far) || inside[far] === 0) continue;
      steps.push(apart(reduced, far, place.colour));
    }
  }
  const all = sorted(steps);
  const clear = steps.filter((step) => step >= edgeStep.least + even).length;
  return { usual: quantile(all, 0.5), share: steps.length === 0 ? 0 : clear / steps.length };
}

/** Share of the photograph that has the place's colour but lies in no place of this shape. */
function alikeElsewhere(place: Place, reduced: Reduced, inside: Uint8Array, taken: Uint8Array): number {
  let [alike, all] = [0, 0];
  for (let cell = 0; cell < inside.length; cell++) {
    if (inside[cell] === 0) continue;
    all += 1;
    if (taken[cell] === 0 && apart(reduced, cell, place.colour) <= even) alike += 1;
  }
  return all === 0 ? 1 : alike / all;
}
