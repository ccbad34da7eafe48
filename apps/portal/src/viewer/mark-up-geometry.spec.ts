import { describe, expect, it } from 'vitest';
import type { Point } from '@albumen/domain';
import { holds, mostPoints, rectangleOf, strokeOf, touches } from './mark-up-geometry';

const size = { width: 2000, height: 1000 };

describe('strokeOf', () => {
  it('keeps the ends and the corner of a line and drops what lies on it', () => {
    const drawn: Point[] = [
      ...Array.from({ length: 50 }, (_, place): Point => [0.1 + place * 0.01, 0.2]),
      ...Array.from({ length: 50 }, (_, place): Point => [0.6, 0.2 + place * 0.01]),
    ];
    expect(strokeOf(drawn, 0.01, size).points).toEqual([
      [0.1, 0.2],
      [0.6, 0.2],
      [0.6, 0.69],
    ]);
  });

  it('moves no point of a curve by more than a tenth of the brush', () => {
    const drawn = Array.from({ length: 400 }, (_, place): Point => {
      const turn = (place / 400) * Math.PI;
      return [0.5 + 0.3 * Math.cos(turn), 0.5 + 0.4 * Math.sin(turn)];
    });
    const radius = 0.02;
    const stroke = strokeOf(drawn, radius, size);
    expect(stroke.points.length).toBeLessThan(60);
    const line = { points: stroke.points, radius: 0 };
    expect(drawn.filter((point) => !touches(line, point, radius / 10 + 1e-6, size))).toEqual([]);
  });

  it('stays inside the picture and under the number of points that a request may carry', () => {
    const wild = Array.from({ length: 9000 }, (_, place): Point => [(place % 2) * 1.2 - 0.1, (place / 9000) * 1.4]);
    const { points, radius } = strokeOf(wild, 0.5, size);
    expect(points.length).toBeLessThanOrEqual(mostPoints);
    expect(points.every(([x, y]) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true);
    expect(radius).toBeLessThanOrEqual(0.1);
  });

  it('is one point for a tap', () => {
    expect(strokeOf([[0.5, 0.5]], 0.01, size).points).toEqual([[0.5, 0.5]]);
  });
});

describe('touches', () => {
  const stroke = {
    points: [
      [0.2, 0.5],
      [0.8, 0.5],
    ] as const,
    radius: 0.01,
  };

  it('measures in shares of the longer side, whatever the shape of the picture', () => {
    // 0.03 of the height of this picture is 0.015 of its longer side.
    expect(touches(stroke, [0.5, 0.53], 0.006, size)).toBe(true);
    expect(touches(stroke, [0.5, 0.53], 0.004, size)).toBe(false);
    expect(touches(stroke, [0.83, 0.5], 0.021, size)).toBe(true);
    expect(touches(stroke, [0.83, 0.5], 0.019, size)).toBe(false);
  });

  it('finds a single point', () => {
    expect(touches({ points: [[0.5, 0.5]], radius: 0.01 }, [0.505, 0.5], 0, size)).toBe(true);
    expect(touches({ points: [[0.5, 0.5]], radius: 0.01 }, [0.52, 0.5], 0, size)).toBe(false);
  });
});

describe('rectangleOf', () => {
  it('takes corners in any order and cuts at the edge of the picture', () => {
    expect(rectangleOf([0.6, 0.8], [0.2, 0.5])).toEqual({ x: 0.2, y: 0.5, width: 0.4, height: 0.3 });
    expect(rectangleOf([0.9, -0.2], [1.4, 0.1])).toEqual({ x: 0.9, y: 0, width: 0.1, height: 0.1 });
  });

  it('holds what lies in it', () => {
    const area = rectangleOf([0.2, 0.2], [0.4, 0.4]);
    expect([holds(area, [0.3, 0.39]), holds(area, [0.3, 0.41])]).toEqual([true, false]);
  });
});
