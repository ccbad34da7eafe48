import type { Reduced } from '../measure/survey.js';

/** A smooth quantity on the grid of a reduced copy: cell c stands for the pixel (c + 0.5) · factor − 0.5. */
export interface Field {
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture per cell, along each side. */
  readonly factor: number;
  readonly values: Float32Array;
}

/** Values of a field for pixels of row `y` of the picture, from column `first` on, bilinear between the cells: a function of the coordinates. */
export function fieldRow(field: Field, y: number, out: Float64Array, first = 0): void {
  const { width, height, factor, values } = field;
  const down = Math.min(height - 1, Math.max(0, (y + 0.5) / factor - 0.5));
  const top = Math.floor(down);
  const upper = top * width;
  const lower = Math.min(height - 1, top + 1) * width;
  const share = down - top;
  for (let x = 0; x < out.length; x++) {
    let across = (first + x + 0.5) / factor - 0.5;
    across = across < 0 ? 0 : across > width - 1 ? width - 1 : across;
    const left = across | 0;
    const right = left + 1 < width ? left + 1 : left;
    const part = across - left;
    const above = (values[upper + left] as number) * (1 - part) + (values[upper + right] as number) * part;
    const below = (values[lower + left] as number) * (1 - part) + (values[lower + right] as number) * part;
    out[x] = above * (1 - share) + below * share;
  }
}

/** Luma (levels of 255) of a reduced copy. */
export function lumaPlane({ rgb, width, height }: Reduced): Float32Array {
  const luma = new Float32Array(width * height);
  for (let cell = 0; cell < luma.length; cell++)
    luma[cell] =
      0.299 * (rgb[cell * 3] as number) + 0.587 * (rgb[cell * 3 + 1] as number) + 0.114 * (rgb[cell * 3 + 2] as number);
  return luma;
}

/** 0 below `from`, 1 above `to`, smooth between them. */
export function smoothStep(from: number, to: number, at: number): number {
  const t = Math.min(1, Math.max(0, (at - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/**
 * Self-guided filter (He, Sun and Tang, "Guided Image Filtering", 2010) of a plane: a mean over squares of `radius` that
 * stops at edges whose variance is beyond `eps`. Cells that are not usable (0) take what the usable ones around them say.
 */
export function guidedField(
  plane: Float32Array,
  usable: Uint8Array,
  width: number,
  height: number,
  radius: number,
  eps: number,
): Float32Array {
  const some = usable.includes(1);
  const weight = Float64Array.from(usable, (value) => (some ? value : 1));
  const sums = boxSums(weight, width, height, radius);
  const mean = boxSums(
    weight.map((value, cell) => value * (plane[cell] as number)),
    width,
    height,
    radius,
  );
  const square = boxSums(
    weight.map((value, cell) => value * (plane[cell] as number) ** 2),
    width,
    height,
    radius,
  );
  const slope = new Float64Array(plane.length);
  const rest = new Float64Array(plane.length);
  const known = new Float64Array(plane.length);
  for (let cell = 0; cell < plane.length; cell++) {
    const count = sums[cell] as number;
    if (count < 0.5) continue;
    const average = (mean[cell] as number) / count;
    const variance = Math.max(0, (square[cell] as number) / count - average * average);
    const a = variance / (variance + eps);
    slope[cell] = a;
    rest[cell] = average * (1 - a);
    known[cell] = 1;
  }
  const slopes = boxSums(slope, width, height, radius);
  const rests = boxSums(rest, width, height, radius);
  const counts = boxSums(known, width, height, radius);
  const all = weight.reduce((sum, value, cell) => sum + value * (plane[cell] as number), 0);
  const overall = all / weight.reduce((sum, value) => sum + value, 0);
  return plane.map((value, cell) => {
    const count = counts[cell] as number;
    if (count < 0.5) return overall;
    const own = weight[cell] === 1 ? value : (mean[cell] as number) / Math.max(1, sums[cell] as number);
    return ((slopes[cell] as number) * own + (rests[cell] as number)) / count;
  });
}

/** Sums over squares of `radius` around each cell; cells outside count nothing. */
export function boxSums(plane: Float64Array, width: number, height: number, radius: number): Float64Array {
  const across = new Float64Array(plane.length);
  for (let row = 0; row < height; row++) {
    const at = row * width;
    let sum = 0;
    for (let x = 0; x < Math.min(width, radius); x++) sum += plane[at + x] as number;
    for (let x = 0; x < width; x++) {
      if (x + radius < width) sum += plane[at + x + radius] as number;
      across[at + x] = sum;
      if (x - radius >= 0) sum -= plane[at + x - radius] as number;
    }
  }
  const out = new Float64Array(plane.length);
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (let row = 0; row < Math.min(height, radius); row++) sum += across[row * width + x] as number;
    for (let row = 0; row < height; row++) {
      if (row + radius < height) sum += across[(row + radius) * width + x] as number;
      out[row * width + x] = sum;
      if (row - radius >= 0) sum -= across[(row - radius) * width + x] as number;
    }
  }
  return out;
}
