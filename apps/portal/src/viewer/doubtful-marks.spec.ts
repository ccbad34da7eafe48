import { describe, expect, it } from 'vitest';
import { requestRestoration } from '@albumen/contracts';
import type { Stroke } from '@albumen/domain';
import { doubtfulMarks, markAt } from './doubtful-marks';
import type { Labels } from './label-picture';
import type { Size } from './mark-up-geometry';

function maskOf(size: Size, value: (x: number, y: number) => number): Labels {
  const values = Uint16Array.from({ length: size.width * size.height }, (_, at) =>
    value(at % size.width, Math.floor(at / size.width)),
  );
  return { ...size, values };
}

/** Pixels whose middle a brush covers along a stroke. */
function covered({ points, radius }: Stroke, size: Size): Set<number> {
  const found = new Set<number>();
  const longer = Math.max(size.width, size.height);
  const reach = radius * longer;
  const at = points.map(([x, y]) => [x * size.width, y * size.height] as const);
  for (const [place, [ax, ay]] of at.entries()) {
    const [bx, by] = at[place + 1] ?? [ax, ay];
    for (let y = Math.floor(Math.min(ay, by) - reach); y <= Math.max(ay, by) + reach; y += 1)
      for (let x = Math.floor(Math.min(ax, bx) - reach); x <= Math.max(ax, bx) + reach; x += 1) {
        const [dx, dy] = [bx - ax, by - ay];
        const length = dx * dx + dy * dy;
        const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x + 0.5 - ax) * dx + (y + 0.5 - ay) * dy) / length));
        if (Math.hypot(x + 0.5 - ax - along * dx, y + 0.5 - ay - along * dy) <= reach) found.add(y * size.width + x);
      }
  }
  return found;
}

const size = { width: 200, height: 120 };
/** A bent scratch, a fork, a ring and a blot, each by itself; a mark that is not doubtful beside them. */
const shapes: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  bent: (x, y) => (y === 10 && x >= 10 && x < 90) || (x === 89 && y >= 10 && y < 60),
  fork: (x, y) => (x >= 20 && x < 23 && y >= 30 && y < 100) || (Math.abs(x - 21 - (y - 60)) <= 1 && y >= 60 && y < 90),
  ring: (x, y) => Math.abs(Math.hypot(x - 140, y - 40) - 25) < 1.5,
  blot: (x, y) => Math.hypot(x - 140, y - 92) < 18,
};

describe('doubtful marks', () => {
  it('are the connected areas of the classes 4 and 5, the largest first', () => {
    const mask = maskOf(size, (x, y) => {
      if (y === 5 && x < 50) return 1;
      if (shapes['bent']?.(x, y)) return 4;
      return shapes['blot']?.(x, y) ? 5 : 0;
    });
    const { marks } = doubtfulMarks(mask, size);
    expect(marks.map(({ kind, cells }) => [kind, cells])).toEqual([
      ['dust', expect.any(Number)],
      ['scratch', 129],
    ]);
    expect(marks[1]?.box).toEqual({
      x: expect.closeTo(10 / 200),
      y: expect.closeTo(10 / 120),
      width: expect.closeTo(80 / 200),
      height: expect.closeTo(50 / 120),
    });
  });

  it.each(Object.entries(shapes))(
    'become a stroke that covers them and next to nothing beside them (%s)',
    (_, shape) => {
      const mask = maskOf(size, (x, y) => (shape(x, y) ? 4 : 0));
      const { marks } = doubtfulMarks(mask, size);
      expect(marks).toHaveLength(1);
      const [mark] = marks;
      if (!mark) throw new Error('Expected a mark');
      const painted = covered(mark.stroke, size);
      let beside = 0;
      for (let pixel = 0; pixel < mask.values.length; pixel += 1) {
        const [x, y] = [pixel % size.width, Math.floor(pixel / size.width)];
        if (shape(x, y)) expect(painted.has(pixel), `${x}, ${y}`).toBe(true);
        else if (painted.has(pixel)) {
          beside += 1;
          const near = [-1, 0, 1].some((down) => [-1, 0, 1].some((across) => shape(x + across, y + down)));
          expect(near, `${x}, ${y} is painted`).toBe(true);
        }
      }
      expect(beside).toBeLessThan(mark.cells);
      const steps = [{ operation: 'repair-damage', strength: 1, strokes: [mark.stroke] }];
      expect(requestRestoration.safeParse({ steps }).success).toBe(true);
    },
  );

  it('of any size fit a request', { timeout: 60_000 }, () => {
    const large = { width: 1500, height: 1200 };
    const mask = maskOf(large, (x, y) => (Math.hypot(x - 700, y - 600) < 420 ? 5 : 0));
    const stroke = doubtfulMarks(mask, { width: 6000, height: 4800 }).marks[0]?.stroke;
    expect(stroke?.points.length).toBeLessThanOrEqual(2000);
    const steps = [{ operation: 'repair-damage', strength: 1, strokes: [stroke] }];
    expect(requestRestoration.safeParse({ steps }).success).toBe(true);
    // The brush passes through the middle of the blot.
    const middle = stroke?.points.some(
      ([x, y]) => Math.hypot(x * 6000 - 2800, y * 4800 - 2400) < 6000 * (stroke?.radius ?? 0) * 2,
    );
    expect(middle).toBe(true);
  });

  it('are found by a click on them or near them', () => {
    const mask = maskOf(size, (x, y) => (shapes['bent']?.(x, y) ? 4 : shapes['blot']?.(x, y) ? 5 : 0));
    const found = doubtfulMarks(mask, size);
    expect(markAt(found, [50.5 / 200, 10.5 / 120], 0.01)?.kind).toBe('scratch');
    expect(markAt(found, [140 / 200, 92 / 120], 0.01)?.kind).toBe('dust');
    expect(markAt(found, [50.5 / 200, 13 / 120], 0.02)?.kind).toBe('scratch');
    expect(markAt(found, [50.5 / 200, 30 / 120], 0.02)).toBeNull();
    expect(markAt(found, [0, 1], 0.02)).toBeNull();
  });
});
