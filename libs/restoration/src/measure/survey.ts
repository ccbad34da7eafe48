import { rowsPerStrip, stripsOf, type Samples, type Strips } from '../picture/strips.js';
import type { Mark } from '../picture/runs.js';
import { edgeAt, edgeReach, type MeasuredEdge } from './blur.js';
import { lumaOf } from './luma.js';
import { clippingCounts, type ClippingCounts } from './clipping.js';
import { measureNoiseBlock, noiseBlock, type NoiseBlock } from './noise.js';

/** Longer side of the reduced copy on which tone and colour are measured; means of squares, so grain is averaged away. */
const reducedSide = 1024;
/** Squares looked at 1:1 for noise and edges; more would not change the answer. */
const mostBlocks = 24_000;
/** Gradient (levels per pixel) below which nothing is taken for an edge. */
const edgeFloor = 3;
const mostEdges = 60_000;

/** A picture reduced by a whole factor, RGB in levels of 255 (grey repeated). */
export interface Reduced {
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture per pixel here, along each side. */
  readonly factor: number;
  readonly rgb: Float32Array;
}

/** What one pass over the picture collects. */
export interface Survey {
  readonly reduced: Reduced;
  readonly blocks: readonly NoiseBlock[];
  readonly edges: readonly MeasuredEdge[];
  /** Where the scale ends; null unless it was asked for everything closely. */
  readonly clipping: ClippingCounts | null;
}

/**
 * Reads the picture once, by strips, and answers everything that tone, noise and blur are measured from. `closely`: looks at
 * 1:1, too; for its noise alone where only that is asked.
 */
export async function surveyPicture(
  picture: Strips,
  closely: boolean | 'noise',
  advance: (done: number, of: number) => void,
): Promise<Survey> {
  const { width, height, bands } = picture.work;
  const factor = Math.max(1, Math.ceil(Math.max(width, height) / reducedSide));
  const reduced = { width: Math.ceil(width / factor), height: Math.ceil(height / factor), factor };
  const sums = new Float64Array(reduced.width * reduced.height * 3);
  const counts = new Uint32Array(reduced.width * reduced.height);
  const blocks: NoiseBlock[] = [];
  const edges: MeasuredEdge[] = [];
  const all = Math.floor(width / noiseBlock) * Math.floor(height / noiseBlock);
  const every = Math.max(1, Math.round(all / mostBlocks));
  const rows = Math.max(2 * noiseBlock, Math.floor(rowsPerStrip(picture.work) / noiseBlock) * noiseBlock);
  const luma = new Float32Array(closely === false ? 0 : width * rows);
  const clipping = closely === true ? clippingCounts(reduced, picture.work.depth) : null;
  let number = 0;
  for await (const { y, rows: count, strip } of stripsOf(picture, rows)) {
    for (let row = 0; row < count; row++) {
      const cell = Math.floor((y + row) / factor) * reduced.width;
      addRow(strip, row * width * bands, bands, factor, width, sums, counts, cell);
    }
    if (closely !== false) {
      lumaOf(strip, bands, luma);
      clipping?.add(luma, y, count, width);
      for (let row = 0; row + noiseBlock <= count; row += noiseBlock)
        for (let column = 0; column + noiseBlock <= width; column += noiseBlock) {
          // A step that is no divisor of the row's blocks walks over all columns.
          if (number++ % every !== 0) continue;
          blocks.push(measureNoiseBlock(luma, row * width + column, width));
          if (clipping !== null && edges.length < mostEdges) edgesIn(luma, row, column, width, count, edges);
        }
    }
    advance(y + count, height);
  }
  const rgb = new Float32Array(sums.length);
  for (let at = 0, cell = 0; at < sums.length; cell++)
    for (let band = 0; band < 3; band++, at++) rgb[at] = (sums[at] as number) / (counts[cell] as number);
  return { reduced: { ...reduced, rgb }, blocks, edges, clipping };
}

/** Adds one row of samples, from sample `at` on, to the cells that begin at `cell`; `factor` pixels belong to each. */
function addRow(
  strip: Samples,
  at: number,
  bands: number,
  factor: number,
  width: number,
  sums: Float64Array,
  counts: Uint32Array,
  cell: number,
): void {
  const scale = strip instanceof Uint8Array ? 1 : 255 / 65535;
  const [second, third] = bands < 3 ? [0, 0] : [1, 2];
  for (let column = 0; column < width; cell++) {
    const end = Math.min(width, column + factor);
    counts[cell] = (counts[cell] as number) + end - column;
    let [red, green, blue] = [sums[cell * 3] as number, sums[cell * 3 + 1] as number, sums[cell * 3 + 2] as number];
    for (; column < end; column++, at += bands) {
      red += (strip[at] as number) * scale;
      green += (strip[at + second] as number) * scale;
      blue += (strip[at + third] as number) * scale;
    }
    sums[cell * 3] = red;
    sums[cell * 3 + 1] = green;
    sums[cell * 3 + 2] = blue;
  }
}

function edgesIn(
  luma: Float32Array,
  top: number,
  left: number,
  width: number,
  rows: number,
  edges: MeasuredEdge[],
): void {
  for (let y = top; y < top + noiseBlock; y++) {
    if (y < edgeReach || y >= rows - edgeReach) continue;
    for (let x = Math.max(left, edgeReach); x < Math.min(left + noiseBlock, width - edgeReach); x++) {
      const at = y * width + x;
      const across = Math.abs((luma[at + 2] as number) - (luma[at - 2] as number)) / 4;
      const down = Math.abs((luma[at + 2 * width] as number) - (luma[at - 2 * width] as number)) / 4;
      // Only edges that run nearly along an axis: a slanting one looks softer than it is.
      if (Math.max(across, down) < 0.7 * edgeFloor || Math.min(across, down) > 0.3 * Math.max(across, down)) continue;
      const found = across > down ? edgeAt(luma, at, 1, width, edgeFloor) : edgeAt(luma, at, width, 1, edgeFloor);
      if (found !== null) edges.push(found);
    }
  }
}

/** Cells of the reduced copy that hold no damage: 1 usable, 0 touched by a mark; of those that are 1 in `inside` where it is given. */
export function undamagedCells(reduced: Reduced, marks: readonly Mark[], inside?: Uint8Array): Uint8Array {
  const usable = inside?.slice() ?? new Uint8Array(reduced.width * reduced.height).fill(1);
  for (const mark of marks)
    for (const run of mark.runs) {
      const row = Math.floor(run.y / reduced.factor) * reduced.width;
      usable.fill(0, row + Math.floor(run.from / reduced.factor), row + Math.floor((run.to - 1) / reduced.factor) + 1);
    }
  return usable;
}
