import type { Point, ProtectedArea, Stroke } from '@albumen/domain';

/** Radius of a brush in shares of the picture's longer side, as the contract allows it. */
export const leastRadius = 0.0005;
export const mostRadius = 0.08;
/** Most points that one stroke may carry. */
export const mostPoints = 2000;

/** Width and height of a picture in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
type Rectangle = Omit<ProtectedArea, 'reason'>;

/** The point inside the picture that lies nearest. */
export function inside([x, y]: Point): Point {
  return [clamp(x), clamp(y)];
}

/**
 * A drawn line with the points it needs: none moves by more than a tenth of the brush (Douglas–Peucker), all inside the
 * picture, places to six digits. Of a line with more than 2000 points every second, third … is taken.
 */
export function strokeOf(drawn: readonly Point[], radius: number, size: Size): Stroke {
  const step = Math.max(1, Math.ceil(drawn.length / (mostPoints - 1)));
  const points = drawn.filter((_, place) => place % step === 0 || place === drawn.length - 1).map(inside);
  const kept = thinned(points, radius / 10, size);
  return {
    points: kept.map(([x, y]) => [rounded(x), rounded(y)]),
    radius: Math.min(mostRadius, Math.max(leastRadius, radius)),
  };
}

/** The rectangle between two corners in any order, inside the picture. */
export function rectangleOf(one: Point, other: Point): Rectangle {
  const [[ax, ay], [bx, by]] = [inside(one), inside(other)];
  const x = rounded(Math.min(ax, bx));
  const y = rounded(Math.min(ay, by));
  return { x, y, width: rounded(Math.max(ax, bx) - x), height: rounded(Math.max(ay, by) - y) };
}

/** True where a brush of this radius at this point touches the stroke. */
export function touches(stroke: Stroke, at: Point, radius: number, size: Size): boolean {
  const [first] = stroke.points;
  if (!first) return false;
  const reach = stroke.radius + radius;
  if (stroke.points.length === 1) return distance(at, first, first, size) <= reach;
  return stroke.points.some((point, place) => {
    const next = stroke.points[place + 1];
    return next !== undefined && distance(at, point, next, size) <= reach;
  });
}

/** True where the point lies in the rectangle. */
export function holds(area: Rectangle, [x, y]: Point): boolean {
  return x >= area.x && x <= area.x + area.width && y >= area.y && y <= area.y + area.height;
}

/** Distance of a point from a line between two points, in shares of the picture's longer side. */
function distance(at: Point, from: Point, to: Point, size: Size): number {
  return apart(scaled(at, size), scaled(from, size), scaled(to, size));
}

function apart([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : clamp(((px - ax) * dx + (py - ay) * dy) / length);
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}

function thinned(points: readonly Point[], tolerance: number, size: Size): readonly Point[] {
  if (points.length < 3) return points;
  const even = points.map((point) => scaled(point, size));
  const keep = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let range = open.pop(); range; range = open.pop()) {
    const [from, to] = range;
    const [start, end] = [even[from], even[to]];
    if (!start || !end) continue;
    let farthest = 0;
    let most = tolerance;
    for (let place = from + 1; place < to; place += 1) {
      const point = even[place];
      const away = point ? apart(point, start, end) : 0;
      if (away > most) [farthest, most] = [place, away];
    }
    if (farthest === 0) continue;
    keep.add(farthest);
    open.push([from, farthest], [farthest, to]);
  }
  return points.filter((_, place) => keep.has(place));
}

function scaled([x, y]: Point, { width, height }: Size): Point {
  const longer = Math.max(width, height);
  return [(x * width) / longer, (y * height) / longer];
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function rounded(share: number): number {
  return Math.round(share * 1e6) / 1e6;
}
