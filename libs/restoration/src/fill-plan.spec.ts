import { describe, expect, it } from 'vitest';
import { planFill, type FillTile, type Rectangle } from './fill-plan.js';

const rule = { margin: 24, most: 512, multiple: 16 };
const picture = { width: 1500, height: 1100 };

/** Holes of an area: thin lines and specks, the same for the same seed. */
function holesIn(area: Rectangle, lines: number, specks: number, seed: number): Uint8Array {
  let state = seed;
  const random = (): number => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) / 2 ** 24;
  const holes = new Uint8Array(area.width * area.height);
  const set = (x: number, y: number): void => {
    if (x >= 0 && y >= 0 && x < area.width && y < area.height) holes[Math.floor(y) * area.width + Math.floor(x)] = 1;
  };
  for (let line = 0; line < lines; line++) {
    const [x0, y0, slope] = [random() * area.width, random() * area.height, 2 * random() - 1];
    const length = random() * area.height;
    for (let step = 0; step < length; step++)
      for (let wide = 0; wide < 7; wide++) set(x0 + slope * step + wide, y0 + step);
  }
  for (let speck = 0; speck < specks; speck++) {
    const [x, y, size] = [random() * area.width, random() * area.height, 3 + random() * 9];
    for (let dy = 0; dy < size; dy++) for (let dx = 0; dx < size; dx++) set(x + dx, y + dy);
  }
  return holes;
}

const pixelsOf = (tiles: readonly FillTile[]): number =>
  tiles.reduce((sum, { seen }) => sum + seen.width * seen.height, 0);

describe('tiles around holes', () => {
  const places: readonly Rectangle[] = [
    { x: 0, y: 0, width: 768, height: 768 },
    { x: 768, y: 768, width: 732, height: 332 },
  ];
  it.each(places)('hold every hole once, with its surroundings (area at $x,$y)', (area) => {
    for (const seed of [1, 2, 3]) {
      const holes = holesIn(area, 3, 12, seed);
      const tiles = planFill(holes, area, picture, rule);
      const held = new Uint8Array(holes.length);
      for (const { own, seen } of tiles) {
        for (let y = own.y; y < own.y + own.height; y++)
          for (let x = own.x; x < own.x + own.width; x++) {
            const at = (y - area.y) * area.width + x - area.x;
            held[at] = (held[at] as number) + 1;
          }
        for (const [from, length, begin, side, whole] of [
          [own.x, own.width, seen.x, seen.width, picture.width],
          [own.y, own.height, seen.y, seen.height, picture.height],
        ] as const) {
          expect(begin % 16).toBe(0);
          expect(side % 16).toBe(0);
          expect(side).toBeLessThanOrEqual(rule.most);
          expect(begin).toBeGreaterThanOrEqual(0);
          expect(begin).toBeLessThanOrEqual(Math.max(0, from - rule.margin));
          expect(begin + side).toBeGreaterThanOrEqual(Math.min(whole, from + length + rule.margin));
          expect(begin + side).toBeLessThan(whole + 16);
        }
      }
      expect(holes.findIndex((hole, at) => hole === 1 && held[at] !== 1)).toBe(-1);
    }
  });

  it('cost a fraction of tiles over the whole area', () => {
    const area = { x: 0, y: 0, width: 768, height: 768 };
    const tiles = planFill(holesIn(area, 2, 16, 5), area, picture, rule);
    expect(tiles.length).toBeGreaterThan(4);
    expect(pixelsOf(tiles)).toBeLessThan(0.5 * area.width * area.height);
    expect(planFill(new Uint8Array(768 * 768), area, picture, rule)).toEqual([]);
  });

  it('are shared by holes near each other', () => {
    const area = { x: 0, y: 0, width: 256, height: 256 };
    const holes = new Uint8Array(256 * 256);
    for (const at of [100, 120]) holes[at * 256 + at] = 1;
    expect(planFill(holes, area, picture, rule)).toHaveLength(1);
    holes.fill(0);
    for (const at of [10, 250]) holes[at * 256 + at] = 1;
    expect(planFill(holes, area, picture, rule)).toHaveLength(2);
  });

  it('are refused where a tile is all margin', () => {
    const area = { x: 0, y: 0, width: 64, height: 64 };
    expect(() => planFill(new Uint8Array(64 * 64), area, picture, { ...rule, margin: 240 })).toThrow(/Expected tiles/);
  });
});
