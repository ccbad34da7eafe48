import type { Strips } from '../picture/strips.js';
import { rowsPerStrip, stripsOf } from '../picture/strips.js';
import { lumaOf } from '../measure/luma.js';

/** Longer side of the copy in which faces are looked for. */
export const searchedSide = 2048;

/** A grey picture, 8 bit, rows from the top. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A grey picture and how many pixels of the original one of its pixels stands for, along each side. */
export interface ReducedGrey extends GreyPicture {
  readonly factorX: number;
  readonly factorY: number;
}

/** Throws `RangeError` unless there is at least one pixel and as many samples as pixels. */
export function checkGrey(picture: GreyPicture): void {
  const { width, height, data } = picture;
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1)
    throw new RangeError(`Expected a picture of at least 1×1 pixels but received ${width}×${height}`);
  if (data.length !== width * height)
    throw new RangeError(`Expected ${width * height} samples for ${width}×${height} but received ${data.length}`);
}

/**
 * Grey copy (luma after Rec. 601) of a picture of any size, its longer side at most `longest`, each pixel the mean of the
 * area it stands for. Reads the picture once, by strips. Alpha is ignored.
 */
export async function reducedGrey(picture: Strips, longest = searchedSide): Promise<ReducedGrey> {
  const { width, height, bands } = picture.work;
  const factor = Math.max(1, Math.max(width, height) / longest);
  const [small, low] = [Math.max(1, Math.round(width / factor)), Math.max(1, Math.round(height / factor))];
  const [factorX, factorY] = [width / small, height / low];
  const columns = sharesOf(width, small);
  const rows = rowsPerStrip(picture.work);
  const sums = new Float32Array(small * low);
  const luma = new Float32Array(width * rows);
  const line = new Float32Array(small);
  for await (const { y, rows: count, strip } of stripsOf(picture, rows)) {
    lumaOf(strip, bands, luma);
    for (let row = 0; row < count; row++) {
      line.fill(0);
      addShares(luma, row * width, columns, line);
      const top = (y + row) / factorY;
      const bottom = (y + row + 1) / factorY;
      for (let into = Math.floor(top); into < Math.min(low, Math.ceil(bottom - 1e-9)); into++) {
        const share = Math.min(bottom, into + 1) - Math.max(top, into);
        const start = into * small;
        for (let column = 0; column < small; column++)
          sums[start + column] = (sums[start + column] as number) + share * (line[column] as number);
      }
    }
  }
  return { width: small, height: low, data: roundedLevels(sums), factorX, factorY };
}

/** For every sample of a line: its first cell in the shorter line, its share there and its share in the next one. */
interface Shares {
  readonly cell: Uint32Array;
  readonly here: Float32Array;
  readonly next: Float32Array;
}

function sharesOf(from: number, to: number): Shares {
  const cell = new Uint32Array(from);
  const here = new Float32Array(from);
  const next = new Float32Array(from);
  const step = to / from;
  for (let at = 0; at < from; at++) {
    const first = Math.min(to - 1, Math.floor(at * step + 1e-9));
    const inside = Math.min((at + 1) * step, first + 1) - at * step;
    cell[at] = first;
    here[at] = inside;
    next[at] = first + 1 < to ? Math.max(0, step - inside) : 0;
  }
  return { cell, here, next };
}

function addShares(
  luma: Float32Array | Uint8Array,
  start: number,
  { cell, here, next }: Shares,
  into: Float32Array,
): void {
  for (let at = 0; at < cell.length; at++) {
    const value = luma[start + at] as number;
    const first = cell[at] as number;
    into[first] = (into[first] as number) + value * (here[at] as number);
    const beyond = next[at] as number;
    if (beyond > 0) into[first + 1] = (into[first + 1] as number) + value * beyond;
  }
}

/** The picture with other sides, not larger than its own: each pixel is the mean of the area it stands for. */
export function shrunk({ width, height, data }: GreyPicture, small: number, low: number): GreyPicture {
  const columns = sharesOf(width, small);
  const rows = sharesOf(height, low);
  const sums = new Float32Array(small * low);
  const line = new Float32Array(small);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    addShares(data, y * width, columns, line);
    const into = (rows.cell[y] as number) * small;
    const [here, next] = [rows.here[y] as number, rows.next[y] as number];
    for (let x = 0; x < small; x++) sums[into + x] = (sums[into + x] as number) + here * (line[x] as number);
    if (next > 0)
      for (let x = 0; x < small; x++)
        sums[into + small + x] = (sums[into + small + x] as number) + next * (line[x] as number);
  }
  return { width: small, height: low, data: roundedLevels(sums) };
}

function roundedLevels(means: Float32Array): Uint8Array {
  // Not by `Uint8Array.from`, which keeps every number as a value of the language first.
  const data = new Uint8Array(means.length);
  for (let at = 0; at < data.length; at++) data[at] = Math.max(0, Math.min(255, Math.round(means[at] as number)));
  return data;
}

/** Half the size, sides rounded up: means of 2×2 pixels, the last row or column repeated where a side is odd. */
export function halved({ width, height, data }: GreyPicture): GreyPicture {
  const [small, low] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const out = new Uint8Array(small * low);
  for (let y = 0; y < low; y++) {
    const top = 2 * y * width;
    const bottom = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < small; x++) {
      const left = 2 * x;
      const right = Math.min(left + 1, width - 1);
      const sum =
        (data[top + left] as number) +
        (data[top + right] as number) +
        (data[bottom + left] as number) +
        (data[bottom + right] as number);
      out[y * small + x] = (sum + 2) >> 2;
    }
  }
  return { width: small, height: low, data: out };
}
