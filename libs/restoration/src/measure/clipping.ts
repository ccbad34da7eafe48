import type { Measured } from '@albumen/domain';
import { rounded } from './statistics.js';

/** Levels of 255 at which a sample counts as cut off, by depth: JPEG moves 8-bit ends by one. */
const ends = { 8: { black: 1, white: 254 }, 16: { black: 0.25, white: 254.75 } } as const;
/** The levels beside an end (as far as five from it) with which its peak is compared. */
const beside = 5;
/** A connected place of cut-off cells counts from this share of the picture on … */
const bigPlace = 0.0005;
/** … and smaller ones where together they hold this share: glints and pupils alone are no fault. */
const wideSpread = 0.002;

/** Samples at the ends of the scale, per cell of the reduced copy, and how many lie just beside the ends. */
export interface ClippingCounts {
  readonly width: number;
  readonly height: number;
  readonly factor: number;
  readonly black: Uint32Array;
  readonly white: Uint32Array;
  /** Pixels of the whole picture whose level lies just beside black and just beside white, the ends themselves left out. */
  readonly near: { black: number; white: number };
  pixels: number;
  /** Counts `rows` rows of luma (levels of 255) that begin at row `y` of the picture. */
  add(luma: Float32Array, y: number, rows: number, width: number): void;
}

/** Begins counting for a picture of that depth, over the cells of its reduced copy. */
export function clippingCounts(
  reduced: { readonly width: number; readonly height: number; readonly factor: number },
  depth: 8 | 16,
): ClippingCounts {
  const { black: low, white: high } = ends[depth];
  return {
    ...reduced,
    black: new Uint32Array(reduced.width * reduced.height),
    white: new Uint32Array(reduced.width * reduced.height),
    near: { black: 0, white: 0 },
    pixels: 0,
    add(luma, y, rows, width) {
      this.pixels += rows * width;
      for (let row = 0; row < rows; row++) {
        const cells = Math.floor((y + row) / this.factor) * this.width;
        for (let column = 0, at = row * width; column < width; column++, at++) {
          const level = luma[at] as number;
          if (level > beside + 1 && level < 255 - beside - 1) continue;
          const cell = cells + Math.floor(column / this.factor);
          if (level <= low) this.black[cell] = (this.black[cell] as number) + 1;
          else if (level >= high) this.white[cell] = (this.white[cell] as number) + 1;
          else if (level < 128) this.near.black += 1;
          else this.near.white += 1;
        }
      }
    },
  };
}

/**
 * Share of the picture's pixels that are cut off at black and at white: those in connected places of at least 0.05 % of
 * the picture, and all others where they are wide-spread (0.2 % together). A cut leaves a peak at the very end of the
 * scale: the confidence is how far that peak stands above the levels beside it. Where nothing is cut, it is 1.
 */
export function clippingFrom(counts: ClippingCounts): {
  readonly clippedShadows: Measured;
  readonly clippedHighlights: Measured;
} {
  const of = (cells: Uint32Array, near: number): Measured => {
    const all = cells.reduce((sum, count) => sum + count, 0);
    const big = bigPlaces(cells, counts);
    const rest = all - big;
    const counted = big + (rest >= wideSpread * counts.pixels ? rest : 0);
    const value = counted / Math.max(1, counts.pixels);
    // One level holds the peak, four lie beside it; as much in each would be the slope of a histogram, no cut.
    const peak = all / Math.max(1, all + (near / (beside - 1)) * 2);
    return { value: rounded(value), confidence: counted === 0 ? 1 : rounded(peak) };
  };
  return {
    clippedShadows: of(counts.black, counts.near.black),
    clippedHighlights: of(counts.white, counts.near.white),
  };
}

/** Samples in connected places (4-neighbours) of cells that are cut off for the most part. */
function bigPlaces(cells: Uint32Array, counts: ClippingCounts): number {
  const full = counts.factor * counts.factor;
  const seen = new Uint8Array(cells.length);
  const stack: number[] = [];
  let sum = 0;
  for (let start = 0; start < cells.length; start++) {
    if (seen[start] === 1 || (cells[start] as number) * 2 < full) continue;
    let place = 0;
    seen[start] = 1;
    stack.push(start);
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      place += cells[cell] as number;
      const column = cell % counts.width;
      for (const next of [
        column > 0 ? cell - 1 : -1,
        column < counts.width - 1 ? cell + 1 : -1,
        cell - counts.width,
        cell + counts.width,
      ]) {
        if (next < 0 || next >= cells.length || seen[next] === 1 || (cells[next] as number) * 2 < full) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    if (place >= bigPlace * counts.pixels) sum += place;
  }
  return sum;
}
