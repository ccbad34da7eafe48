import { describe, expect, it } from 'vitest';
import { Refusal } from '@albumen/domain';
import type { Reduced } from '../measure/survey.js';
import type { Mark } from '../picture/runs.js';
import { colourCopy, findStains, stainSide } from './find-stains.js';
import { beneath, stainMarks } from './stain-marks.js';
import { cellSide } from '../cell-map.js';
import type { ColourCopy, StainNet } from './stain-net.js';

/** A net that takes what is redder than blue for a stain, by the cell; `seen` are the copies it was shown. */
function brownNet(seen: ColourCopy[] = []): StainNet {
  return {
    run(copy) {
      seen.push(copy);
      const [rows, columns] = [Math.ceil(copy.height / cellSide) + 1, Math.ceil(copy.width / cellSide) + 2];
      const probability = new Float32Array(rows * columns).fill(1);
      for (let row = 0; row < rows - 1; row++)
        for (let column = 0; column < columns - 2; column++) {
          const [y, x] = [
            Math.min(copy.height - 1, row * cellSide + 1),
            Math.min(copy.width - 1, column * cellSide + 1),
          ];
          const at = (y * copy.width + x) * 3;
          const brown = (copy.rgb[at] as number) - (copy.rgb[at + 2] as number);
          probability[row * columns + column] = Math.min(1, Math.max(0, brown / 100));
        }
      return Promise.resolve({ rows, columns, probability });
    },
  };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly brown: number;
}

/** The reduced copy of a grey picture with brown boxes, given in pixels of the copy. */
function reducedOf(width: number, height: number, factor: number, boxes: readonly Box[]): Reduced {
  const rgb = new Float32Array(width * height * 3).fill(150);
  for (const box of boxes)
    for (let y = box.y; y < box.y + box.height; y++)
      for (let x = box.x; x < box.x + box.width; x++) rgb[(y * width + x) * 3 + 2] = 150 - box.brown;
  return { width, height, factor, rgb };
}

const boundsOf = ({ left, top, right, bottom }: Mark): number[] => [left, top, right, bottom];

describe('stains of a picture', () => {
  it('are looked for in a copy of one size, and told in pixels of the picture', async () => {
    const seen: ColourCopy[] = [];
    const box = { x: 256, y: 128, width: 192, height: 64, brown: 100 };
    const marks = await findStains(reducedOf(1024, 512, 5, [box]), { width: 5118, height: 2557 }, brownNet(seen), 0.8);
    expect(seen.map(({ width, height }) => [width, height])).toEqual([[stainSide, stainSide / 2]]);
    expect(marks).toHaveLength(1);
    const [mark] = marks as [Mark];
    expect(mark.kind).toBe(3);
    // Within half a cell, which is 40 px here: the outline runs where the map, interpolated, reaches the floor.
    const wanted = [1280, 640, 2240, 960];
    boundsOf(mark).forEach((bound, at) => expect(Math.abs(bound - (wanted[at] as number))).toBeLessThan(41));
    expect(mark.probability).toBeGreaterThan(0.8);
    expect(mark.area).toBeLessThanOrEqual((mark.right - mark.left) * (mark.bottom - mark.top));
  });

  it('grow over what is less certain, but begin only where the net is sure, and not at a single cell', async () => {
    const pale = { x: 20, y: 20, width: 60, height: 40, brown: 60 };
    const core = { x: 40, y: 32, width: 16, height: 16, brown: 95 };
    const elsewhere = { x: 140, y: 20, width: 60, height: 40, brown: 60 };
    const speck = { x: 120, y: 100, width: 4, height: 4, brown: 100 };
    const size = { width: 240, height: 160 };
    const marks = await findStains(reducedOf(240, 160, 1, [pale, core, elsewhere, speck]), size, brownNet(), 0.9);
    expect(marks.map(boundsOf)).toEqual([[18, 18, 82, 62].map((bound) => expect.closeTo(bound, -1) as number)]);
    expect(await findStains(reducedOf(240, 160, 1, [elsewhere, speck]), size, brownNet(), 0.9)).toEqual([]);
  });

  it('reach the edges of a picture whose sides are no multiples of a cell', async () => {
    const corner = { x: 80, y: 60, width: 23, height: 11, brown: 100 };
    const marks = await findStains(reducedOf(103, 71, 1, [corner]), { width: 103, height: 71 }, brownNet(), 0.5);
    expect(marks.map(({ right, bottom }) => [right, bottom])).toEqual([[103, 71]]);
  });

  it('keep the mean colour in the copy, and no pixel of their own where the picture is small', () => {
    const rgb = Float32Array.from({ length: 700 * 3 * 3 }, (_, at) => (at * 37) % 256);
    const copy = colourCopy({ width: 700, height: 3, factor: 1, rgb });
    expect([copy.width, copy.height]).toEqual([stainSide, 1]);
    const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
    expect(Math.abs(mean(copy.rgb) - mean(rgb))).toBeLessThan(0.6);
    const small = colourCopy({ width: 5, height: 4, factor: 1, rgb: rgb.slice(0, 60) });
    expect(Array.from(small.rgb)).toEqual(Array.from(rgb.slice(0, 60)));
  });

  it('lie beneath the other marks in a mask, and are counted there as they are seen', () => {
    const cells = { rows: 10, columns: 10, data: new Uint8Array(100).fill(200) };
    const stains = stainMarks(cells, { width: 40, height: 40 }, { width: 40, height: 40 }, 100);
    expect(stains.map(({ area, probability }) => [area, probability])).toEqual([[1600, expect.closeTo(200 / 255, 3)]]);
    const line = stainMarks(
      { rows: 1, columns: 1, data: new Uint8Array([200]) },
      { width: 4, height: 4 },
      { width: 40, height: 2 },
      100,
    );
    const scratch = { ...(line[0] as Mark), kind: 1 };
    expect(beneath(stains, [], 40).map(({ area }) => area)).toEqual([1600]);
    expect(beneath(stains, [scratch], 40).map(({ top, area }) => [top, area])).toEqual([[2, 1520]]);
  });

  it('refuse a net that answers what is no probability', async () => {
    const broken: StainNet = {
      run: () => Promise.resolve({ rows: 25, columns: 25, probability: new Float32Array(625).fill(NaN) }),
    };
    const reduced = reducedOf(100, 100, 1, []);
    await expect(findStains(reduced, { width: 100, height: 100 }, broken, 0.5)).rejects.toThrow(Refusal);
    await expect(findStains(reduced, { width: 100, height: 100 }, brownNet(), 1)).rejects.toThrow(RangeError);
  });
});
