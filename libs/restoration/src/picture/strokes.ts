import { refuse, type ProtectedArea, type Stroke } from '@albumen/domain';
import { runsOf, type Mark } from './runs.js';

/** Class of the pixels that a person drew; the mask's own classes are 1 scratch, 2 dust, 3 stain. */
export const drawnKind = 4;
/** Least radius of a brush in pixels: a finer line would miss the centre of every pixel. */
const leastRadius = 0.75;

/** Sizes in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Strokes as marks of the picture, one for each stroke that touches it: every pixel whose centre lies within the brush.
 * Refuses `restoration.mark-up-invalid` for numbers that are none.
 */
export function marksOfStrokes(strokes: readonly Stroke[], picture: Size): Mark[] {
  return strokes.flatMap((stroke) => {
    const mark = markOfStroke(stroke, picture);
    return mark === null ? [] : [mark];
  });
}

function markOfStroke(stroke: Stroke, { width, height }: Size): Mark | null {
  const points = stroke.points.map(([x, y]) => [x * width, y * height] as const);
  const radius = Math.max(leastRadius, stroke.radius * Math.max(width, height));
  if (!Number.isFinite(radius) || points.some(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y)))
    throw refuse('restoration.mark-up-invalid', { detail: 'a stroke with a number that is none' });
  const rows = new Map<number, [number, number][]>();
  points.forEach((point, at) => addCapsule(rows, point, points[at + 1] ?? point, radius, { width, height }));
  const runs = [...rows]
    .sort(([a], [b]) => a - b)
    .flatMap(([y, spans]) =>
      joined(spans).map(([from, to]) => ({ y, from, to, kind: drawnKind, probability: 255, seeds: to - from })),
    );
  if (runs.length === 0) return null;
  const area = runs.reduce((sum, run) => sum + run.to - run.from, 0);
  return {
    kind: drawnKind,
    area,
    seeds: area,
    probability: 1,
    left: runs.reduce((least, run) => Math.min(least, run.from), width),
    right: runs.reduce((most, run) => Math.max(most, run.to), 0),
    top: runs.reduce((least, run) => Math.min(least, run.y), height),
    bottom: runs.reduce((most, run) => Math.max(most, run.y + 1), 0),
    runs: runsOf(runs),
  };
}

type Place = readonly [number, number];

/** Adds the stretches of pixel centres within `radius` of the line from `a` to `b`. */
function addCapsule(rows: Map<number, [number, number][]>, a: Place, b: Place, radius: number, picture: Size): void {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const [nx, ny] = length === 0 ? [0, 0] : [(-(b[1] - a[1]) / length) * radius, ((b[0] - a[0]) / length) * radius];
  const corners: Place[] = [
    [a[0] + nx, a[1] + ny],
    [b[0] + nx, b[1] + ny],
    [b[0] - nx, b[1] - ny],
    [a[0] - nx, a[1] - ny],
  ];
  const top = Math.max(0, Math.ceil(Math.min(a[1], b[1]) - radius - 0.5));
  const bottom = Math.min(picture.height - 1, Math.floor(Math.max(a[1], b[1]) + radius - 0.5));
  for (let y = top; y <= bottom; y++) {
    const at = y + 0.5;
    let [from, to] = [Infinity, -Infinity];
    const reach = (x: number): void => {
      from = Math.min(from, x);
      to = Math.max(to, x);
    };
    for (const end of [a, b]) {
      const half = radius * radius - (at - end[1]) * (at - end[1]);
      if (half < 0) continue;
      reach(end[0] - Math.sqrt(half));
      reach(end[0] + Math.sqrt(half));
    }
    corners.forEach((corner, index) => {
      const next = corners[(index + 1) % 4] as Place;
      if (corner[1] === next[1] || at < Math.min(corner[1], next[1]) || at > Math.max(corner[1], next[1])) return;
      reach(corner[0] + ((at - corner[1]) / (next[1] - corner[1])) * (next[0] - corner[0]));
    });
    const first = Math.max(0, Math.ceil(from - 0.5));
    const end = Math.min(picture.width, Math.floor(to - 0.5) + 1);
    if (end <= first) continue;
    const spans = rows.get(y);
    if (spans === undefined) rows.set(y, [[first, end]]);
    else spans.push([first, end]);
  }
}

function joined(spans: readonly [number, number][]): [number, number][] {
  const out: [number, number][] = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

/** A protected area in pixels, half-open; it covers every pixel that it touches. */
export interface KeptArea {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Protected areas in pixels of a picture; empty ones and those outside are left out. */
export function keptAreas(protect: readonly ProtectedArea[], { width, height }: Size): KeptArea[] {
  return protect
    .map((area) => ({
      left: Math.max(0, Math.floor(area.x * width)),
      top: Math.max(0, Math.floor(area.y * height)),
      right: Math.min(width, Math.ceil((area.x + area.width) * width)),
      bottom: Math.min(height, Math.ceil((area.y + area.height) * height)),
    }))
    .filter((area) => area.right > area.left && area.bottom > area.top);
}
