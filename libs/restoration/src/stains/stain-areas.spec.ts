import { describe, expect, it } from 'vitest';
import { MarkCollector, type Mark } from '../picture/runs.js';
import { markOfArea, stainAreas } from './stain-areas.js';

/** A picture of 515×258 px and its copy of 129×65 cells; marks are 16 px wide and high. */
const size = { width: 515, height: 258 };
const reduced = { width: 129, height: 65, factor: 4 };
const all = new Uint8Array(reduced.width * reduced.height).fill(1);

function marksAt(places: readonly (readonly [number, number])[], kind = 3): readonly Mark[] {
  const collector = new MarkCollector();
  for (let y = 0; y < size.height; y++) {
    const row = new Uint8Array(size.width);
    for (const [left, top] of places)
      if (y >= top && y < top + 16) row.fill(kind, left, Math.min(size.width, left + 16));
    collector.addRow(
      y,
      row,
      Uint8Array.from(row, (value) => (value === 0 ? 0 : 204)),
    );
  }
  return collector.marks();
}

describe('areas of stains', () => {
  it('reach a little beyond the stains and join those that lie near', () => {
    const { areas } = stainAreas(
      reduced,
      marksAt([
        [100, 100],
        [124, 100],
        [300, 20],
      ]),
      all,
    );
    expect(areas.map(({ left, top, right, bottom }) => [left, top, right, bottom])).toEqual([
      [73, 3, 81, 11],
      [23, 23, 37, 31],
    ]);
    expect(areas.map(({ probability, drawn }) => [probability, drawn])).toEqual([
      [0.8, false],
      [0.8, false],
    ]);
  });

  it('leave cells bare that lie beyond the rim, on nothing else', () => {
    const usable = all.slice();
    usable[0] = 0;
    const { areas, bare } = stainAreas(reduced, marksAt([[100, 100]]), usable);
    expect(bare[0]).toBe(0);
    for (const cell of areas[0]?.cells ?? expect.fail('no area')) expect(bare[cell]).toBe(0);
    expect(bare.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(bare.length - 200);
    expect(stainAreas(reduced, [], usable).bare).toEqual(usable);
  });

  it('are never more than a person can decide one by one', () => {
    const wide = { width: 1000, height: 1000, factor: 1 };
    const places = Array.from({ length: 20 * 20 }, (_, at) => ({
      left: (at % 20) * 50,
      top: Math.floor(at / 20) * 50,
    }));
    const collector = new MarkCollector();
    for (let y = 0; y < wide.height; y++) {
      const row = new Uint8Array(wide.width);
      for (const { left, top } of places) if (y >= top && y < top + 14) row.fill(3, left, left + 14);
      collector.addRow(
        y,
        row,
        row.map((value) => (value === 0 ? 0 : 204)),
      );
    }
    const marks = collector.marks();
    expect(marks).toHaveLength(400);
    const { areas, bare } = stainAreas(wide, marks, new Uint8Array(1_000_000).fill(1));
    expect(areas.length).toBeLessThanOrEqual(200);
    expect(areas.length).toBeGreaterThan(50);
    const cells = areas.flatMap((area) => area.cells);
    expect(new Set(cells).size).toBe(cells.length);
    for (const { left, top } of places) expect(cells.includes(top * 1000 + left)).toBe(true);
    expect(cells.some((cell) => bare[cell] === 1)).toBe(false);
  });

  it('are marks of the picture that never leave it', () => {
    const { areas } = stainAreas(reduced, marksAt([[500, 240]], 4), all);
    expect(areas).toHaveLength(1);
    const [area] = areas;
    const mark = markOfArea(area ?? expect.fail('no area'), reduced, size);
    expect(area?.drawn).toBe(true);
    expect([mark.right, mark.bottom]).toEqual([size.width, size.height]);
    for (const { y, from, to } of mark.runs) expect(y < size.height && from >= 0 && to <= size.width).toBe(true);
    expect(mark.area).toBe([...mark.runs].reduce((sum, { from, to }) => sum + to - from, 0));
    const rows = [...mark.runs].map(({ y }) => y);
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
  });
});
