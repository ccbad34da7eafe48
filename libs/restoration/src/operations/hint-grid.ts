import type { ColourEvidence, ColourHint, Stroke } from '@albumen/domain';
import { labOf } from '../delta-e.js';
import type { Reduced } from '../measure/survey.js';

/** Longer side of the grid on which colours spread, cells. */
export const gridSide = 300;

/** The grid: luma in levels of 255 and, for each cell, the number of the hint that lies over it (−1 for none). */
export interface HintGrid {
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture per cell, along each side. */
  readonly factor: number;
  readonly luma: Float32Array;
  readonly hintAt: Int16Array;
}

/** A hint as it is used: chroma in CIELAB, D65, and its evidence. */
export interface KnownColour {
  readonly a: number;
  readonly b: number;
  readonly evidence: ColourEvidence;
}

/** Chroma of a hint; its lightness is not used. */
export function knownColour(hint: ColourHint): KnownColour {
  const lab = new Float64Array(3);
  const [r, g, b] = hint.colour;
  labOf(r, g, b, lab, 0);
  return { a: lab[1] as number, b: lab[2] as number, evidence: hint.evidence };
}

/**
 * Draws the hints onto a grid of means of the reduced copy. `width`, `height`: pixels of the picture. Where strokes lie
 * over each other the later one holds. What lies outside the picture is left out.
 */
export function gridOf(reduced: Reduced, width: number, height: number, hints: readonly ColourHint[]): HintGrid {
  const every = Math.max(1, Math.ceil(Math.max(reduced.width, reduced.height) / gridSide));
  const grid = { width: Math.ceil(reduced.width / every), height: Math.ceil(reduced.height / every) };
  const luma = new Float32Array(grid.width * grid.height);
  const counts = new Float32Array(luma.length);
  for (let y = 0; y < reduced.height; y++)
    for (let x = 0; x < reduced.width; x++) {
      const cell = Math.floor(y / every) * grid.width + Math.floor(x / every);
      const at = (y * reduced.width + x) * 3;
      const level =
        0.299 * (reduced.rgb[at] as number) +
        0.587 * (reduced.rgb[at + 1] as number) +
        0.114 * (reduced.rgb[at + 2] as number);
      luma[cell] = (luma[cell] as number) + level;
      counts[cell] = (counts[cell] as number) + 1;
    }
  for (let cell = 0; cell < luma.length; cell++) luma[cell] = (luma[cell] as number) / (counts[cell] as number);
  const factor = reduced.factor * every;
  const hintAt = new Int16Array(luma.length).fill(-1);
  hints.forEach((hint, number) => draw(hint.stroke, number, { ...grid, factor, hintAt }, width, height));
  return { ...grid, factor, luma, hintAt };
}

function draw(
  stroke: Stroke,
  number: number,
  grid: Pick<HintGrid, 'width' | 'height' | 'factor' | 'hintAt'>,
  width: number,
  height: number,
): void {
  const { factor } = grid;
  const points = stroke.points
    .map(([x, y]) => [(x * width) / factor - 0.5, (y * height) / factor - 0.5] as const)
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  const radius = (stroke.radius * Math.max(width, height)) / factor;
  if (!Number.isFinite(radius)) return;
  // A brush finer than a cell still marks the cells it goes through.
  const reach = Math.max(0.71, radius);
  points.forEach((to, at) => {
    const from = points[Math.max(0, at - 1)] ?? to;
    const top = Math.max(0, Math.floor(Math.min(from[1], to[1]) - reach));
    const bottom = Math.min(grid.height - 1, Math.ceil(Math.max(from[1], to[1]) + reach));
    const left = Math.max(0, Math.floor(Math.min(from[0], to[0]) - reach));
    const right = Math.min(grid.width - 1, Math.ceil(Math.max(from[0], to[0]) + reach));
    for (let y = top; y <= bottom; y++)
      for (let x = left; x <= right; x++)
        if (distance(x, y, from, to) <= reach) grid.hintAt[y * grid.width + x] = number;
  });
}

/** Distance of a point from a line piece. */
function distance(x: number, y: number, from: readonly [number, number], to: readonly [number, number]): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from[0]) * dx + (y - from[1]) * dy) / length));
  return Math.hypot(x - from[0] - along * dx, y - from[1] - along * dy);
}
