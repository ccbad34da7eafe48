import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMask, writeMask } from './picture/mask-file.js';
import { MarkCollector, type Mark } from './picture/runs.js';
import { LabelPainter, planRegions, regionRules } from './regions.js';
import { randomFrom } from './testing/pictures.js';

const size = { width: 640, height: 480 };

function marksOf(paint: (set: (x: number, y: number, kind: number) => void) => void, shape = size): Mark[] {
  const plane = new Uint8Array(shape.width * shape.height);
  paint((x, y, kind) => {
    if (x >= 0 && y >= 0 && x < shape.width && y < shape.height) plane[y * shape.width + x] = kind;
  });
  const collector = new MarkCollector();
  const sure = new Uint8Array(shape.width).fill(204);
  for (let y = 0; y < shape.height; y++)
    collector.addRow(y, plane.subarray(y * shape.width, (y + 1) * shape.width), sure);
  return collector.marks();
}

function specks(count: number, seed: number): Mark[] {
  const random = randomFrom(seed);
  return marksOf((set) => {
    for (let at = 0; at < count; at++) {
      const [x, y] = [Math.floor(random() * size.width), Math.floor(random() * size.height)];
      for (let dy = 0; dy < 3; dy++) for (let dx = 0; dx < 3; dx++) set(x + dx, y + dy, 2);
    }
  });
}

describe('marks', () => {
  it('are 8-connected and keep stains apart', () => {
    const marks = marksOf((set) => {
      for (let at = 0; at < 50; at++) set(100 + at, 100 + at, 1);
      set(150, 150, 3);
      set(10, 10, 2);
    });
    expect(marks.map((mark) => [mark.kind, mark.area])).toEqual([
      [2, 1],
      [1, 50],
      [3, 1],
    ]);
  });

  it('count the pixels that were certain enough to begin them', () => {
    const collector = new MarkCollector();
    const row = Uint8Array.from([0, 1, 1, 1, 0, 2, 0]);
    collector.addRow(0, row, null, Uint8Array.from([0, 0, 1, 1, 0, 0, 0]));
    collector.addRow(1, row, null, Uint8Array.from([0, 0, 0, 1, 0, 0, 0]));
    expect(collector.marks().map((mark) => [mark.area, mark.seeds])).toEqual([
      [6, 3],
      [2, 0],
    ]);
  });

  it('come back from the mask picture with their probabilities', async () => {
    const marks = [...specks(60, 3), ...marksOf((set) => set(639, 479, 3))];
    const path = join(await mkdtemp(join(tmpdir(), 'albumen-mask-')), 'mask.png');
    await writeMask(path, size, marks);
    const back = await readMask(path, size);
    const facts = (list: readonly Mark[]): unknown[] =>
      list.map((mark) => [mark.kind, mark.area, mark.left, mark.top, mark.probability.toFixed(2)]);
    expect(facts(back)).toEqual(facts(marks));
    await expect(readMask(path, { width: 640, height: 481 })).rejects.toMatchObject({
      code: 'restoration.engine-failed',
    });
  });
});

describe('regions', () => {
  it('are never more than the limit, however many specks there are', () => {
    for (const count of [0, 1, 40, 4000]) {
      const marks = specks(count, 11);
      const regions = planRegions(marks, size);
      expect(regions.length).toBeLessThanOrEqual(regionRules.most);
      expect(regions.reduce((sum, region) => sum + region.marks.length, 0)).toBe(marks.length);
      expect(regions.map((region) => region.ordinal)).toEqual(regions.map((_, at) => at + 1));
    }
  });

  it('join the pieces of a broken scratch and leave stains alone', () => {
    const marks = marksOf((set) => {
      for (let at = 0; at < 300; at++) if (at % 20 < 14) set(50 + at, 200, 1);
      for (let y = 300; y < 340; y++) for (let x = 300; x < 340; x++) set(x, y, 3);
    });
    const regions = planRegions(marks, size);
    expect(regions).toHaveLength(1);
    expect(regions[0]?.kind).toBe('scratch');
    expect(regions[0]?.confidence).toBeCloseTo(0.8, 2);
  });

  it('halve the confidence of a wide hole', () => {
    const regions = planRegions(
      marksOf((set) => {
        for (let y = 100; y < 170; y++) for (let x = 100; x < 170; x++) set(x, y, 1);
      }),
      size,
    );
    expect(regions[0]?.confidence).toBeCloseTo(0.4, 2);
  });

  it('have labels that do not depend on the strips they are painted in', () => {
    const painter = new LabelPainter(planRegions(specks(300, 5), size), size);
    const whole = painter.paint(0, size.height);
    for (const rows of [1, 7, 100]) {
      const parts: number[] = [];
      for (let y = 0; y < size.height; y += rows) parts.push(...painter.paint(y, Math.min(rows, size.height - y)));
      expect(Uint16Array.from(parts)).toEqual(whole);
    }
  });

  it('tell rightly which rectangles they touch', () => {
    const painter = new LabelPainter(planRegions(specks(25, 7), size), size);
    const whole = painter.paint(0, size.height);
    for (let y = 0; y < size.height; y += 60)
      for (let x = 0; x < size.width; x += 80) {
        let any = false;
        for (let row = y; row < y + 60; row++)
          for (let column = x; column < x + 80; column++) any ||= whole[row * size.width + column] !== 0;
        if (any) expect(painter.touches(x, y, 80, 60)).toBe(true);
      }
    expect(painter.touches(-500, -500, 80, 60)).toBe(false);
  });
});
