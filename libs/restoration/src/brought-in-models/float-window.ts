import { colourBands, type Samples, type Strips } from '../picture/strips.js';
import type { FloatPicture } from './adapted-net.js';

/** A rectangle of a picture, in pixels; it may reach beyond the edges, where the picture is mirrored. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Rows that are read together. */
const rowsAtOnce = 128;

/** Shares of each sample of a line in the cells of a shorter (or equally long) line; they sum to 1 for every cell. */
function sharesOf(
  from: number,
  to: number,
): { readonly cell: Int32Array; readonly here: Float64Array; readonly next: Float64Array } {
  const cell = new Int32Array(from);
  const here = new Float64Array(from);
  const next = new Float64Array(from);
  const step = to / from;
  for (let at = 0; at < from; at++) {
    const first = Math.min(to - 1, Math.floor(at * step + 1e-9));
    const inside = Math.min(step, Math.max(0, first + 1 - at * step));
    cell[at] = first;
    here[at] = first + 1 < to ? inside : step;
    next[at] = first + 1 < to ? step - inside : 0;
  }
  return { cell, here, next };
}

/**
 * A window of a picture as three channels of 0..1, brought to `size` (not larger than the window) by the mean of the area
 * that each of its pixels stands for. Grey is repeated, alpha left out. Memory is that of the answer and of some rows.
 */
export function floatWindow(
  source: Strips,
  window: Window,
  size: { readonly width: number; readonly height: number },
): FloatPicture {
  const { bands, depth } = source.work;
  const full = depth === 8 ? 255 : 65535;
  const [second, third] = colourBands(source.work) === 3 ? [1, 2] : [0, 0];
  const data = new Float32Array(size.width * size.height * 3);
  const columns = sharesOf(window.width, size.width);
  const lines = sharesOf(window.height, size.height);
  const sums = new Float64Array(size.width * 3);
  for (let y = 0; y < window.height; y += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, window.height - y);
    const strip: Samples = source.readTile(window.x, window.y + y, window.width, count);
    for (let row = 0; row < count; row++) {
      sums.fill(0);
      for (let x = 0, at = row * window.width * bands; x < window.width; x++, at += bands) {
        const to = (columns.cell[x] as number) * 3;
        const here = columns.here[x] as number;
        const next = columns.next[x] as number;
        for (const [channel, band] of [at, at + second, at + third].entries()) {
          const value = (strip[band] as number) / full;
          sums[to + channel] = (sums[to + channel] as number) + value * here;
          if (next > 0) sums[to + 3 + channel] = (sums[to + 3 + channel] as number) + value * next;
        }
      }
      const line = y + row;
      const into = (lines.cell[line] as number) * size.width * 3;
      const [here, next] = [lines.here[line] as number, lines.next[line] as number];
      for (let at = 0; at < sums.length; at++) {
        data[into + at] = (data[into + at] as number) + (sums[at] as number) * here;
        if (next > 0)
          data[into + sums.length + at] = (data[into + sums.length + at] as number) + (sums[at] as number) * next;
      }
    }
  }
  return { ...size, data };
}

/** Size at which a picture of that size has at most `most` pixels, the same shape, and no side over those of `limits`. */
export function workingSize(
  picture: { readonly width: number; readonly height: number },
  most: number,
  limits: { readonly width: number; readonly height: number } | null,
): { readonly width: number; readonly height: number } {
  const { width, height } = picture;
  const share = Math.min(
    1,
    Math.sqrt(most / (width * height)),
    limits === null ? 1 : limits.width / width,
    limits === null ? 1 : limits.height / height,
  );
  return { width: Math.max(1, Math.floor(width * share)), height: Math.max(1, Math.floor(height * share)) };
}

/** Four neighbours of a place in a line of `to` cells that stands for `from` pixels: the first, the second, the share of the second. */
export interface Between {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float64Array;
}

/** Where the middles of pixels `at` … `at + count` of a line of `from` fall in a line of `to` cells. */
export function between(from: number, to: number, at: number, count: number): Between {
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const share = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const place = Math.min(to - 1, Math.max(0, ((at + index + 0.5) * to) / from - 0.5));
    first[index] = Math.floor(place);
    second[index] = Math.min(to - 1, (first[index] as number) + 1);
    share[index] = place - (first[index] as number);
  }
  return { first, second, share };
}
