import type { Mark } from '../picture/runs.js';

/** Lines that belong to one pattern run within this many degrees of each other … */
const sameDirection = 6;
/** … stand at equal distances within this share of one distance (a missing line leaves a double one) … */
const sameDistance = 0.2;
/** … beside each other for this share of the shorter one, and are at least so many. */
const sideBySide = 0.5;
const leastLines = 4;
/** Lines of a fan (spokes, rigging) pass one point within this share of their mean length, and are at least so many. */
const fanReach = 0.12;
const leastSpokes = 5;
/** A mark is a line from this length in pixels on, and this many times as long as thick. */
const lineLength = 20;
const slender = 4;
/** More lines than this are not compared: the longest are. */
const mostLines = 400;

interface Line {
  readonly mark: Mark;
  /** Direction in radians, −π/2..π/2. */
  readonly angle: number;
  readonly x: number;
  readonly y: number;
  readonly length: number;
}

/**
 * Marks that are lines of the scene, not damage: regular parallels (shutters, bricks, wires, railings: the same direction
 * and spacing) and fans (spokes). Scratches run alone, or in irregular bundles.
 */
export function sceneLines(marks: readonly Mark[]): ReadonlySet<Mark> {
  const lines = marks
    .flatMap((mark) => lineOf(mark) ?? [])
    .sort((a, b) => b.length - a.length)
    .slice(0, mostLines);
  const found = new Set<Mark>();
  for (const line of lines) {
    if (!found.has(line.mark)) for (const other of patternFrom(line, lines)) found.add(other.mark);
    for (const other of fanThrough(line, lines)) found.add(other.mark);
  }
  return found;
}

/** The straight line along a mark by its second moments, or null where it is none. */
function lineOf(mark: Mark): Line | null {
  let [x, y] = [0, 0];
  for (const run of mark.runs) {
    x += ((run.from + run.to - 1) / 2) * (run.to - run.from);
    y += run.y * (run.to - run.from);
  }
  x /= mark.area;
  y /= mark.area;
  let [xx, yy, xy] = [0, 0, 0];
  for (const run of mark.runs) {
    const count = run.to - run.from;
    const middle = (run.from + run.to - 1) / 2 - x;
    xx += count * (middle * middle + (count * count - 1) / 12);
    yy += count * (run.y - y) ** 2;
    xy += count * middle * (run.y - y);
  }
  const half = Math.hypot((xx - yy) / 2, xy);
  // A bar of length l has the second moment l²/12 along itself.
  const length = Math.sqrt((12 * Math.max(0, (xx + yy) / 2 + half)) / mark.area);
  const thick = Math.sqrt((12 * Math.max(0, (xx + yy) / 2 - half)) / mark.area);
  if (length < lineLength || length < slender * Math.max(1, thick)) return null;
  return { mark, angle: Math.atan2(2 * xy, xx - yy) / 2, x, y, length };
}

function turned(a: number, b: number): number {
  const apart = Math.abs(a - b) % Math.PI;
  return Math.min(apart, Math.PI - apart);
}

/** Lines beside this one at equal distances, itself among them; none where they are too few for a pattern. */
function patternFrom(line: Line, lines: readonly Line[]): readonly Line[] {
  const [along, down] = [Math.cos(line.angle), Math.sin(line.angle)];
  const beside = lines
    .filter((other) => other !== line && turned(other.angle, line.angle) <= (sameDirection * Math.PI) / 180)
    .map((other) => ({
      other,
      at: (other.y - line.y) * along - (other.x - line.x) * down,
      shift: Math.abs((other.x - line.x) * along + (other.y - line.y) * down),
    }))
    .filter(({ other, shift }) => {
      const shorter = Math.min(other.length, line.length);
      return (other.length + line.length) / 2 - shift >= sideBySide * shorter;
    });
  let best: readonly Line[] = [];
  for (const first of beside) {
    const distance = Math.abs(first.at);
    if (distance < 3) continue;
    const fitting = new Map<number, Line>([[0, line]]);
    for (const { other, at } of beside) {
      const steps = Math.round(at / distance);
      if (steps !== 0 && Math.abs(at - steps * distance) <= sameDistance * distance && !fitting.has(steps))
        fitting.set(steps, other);
    }
    const chain = unbroken(fitting);
    if (chain.length > best.length) best = chain;
  }
  return best.length >= leastLines ? best : [];
}

/** Lines around number 0 with at most one missing between neighbours. */
function unbroken(fitting: ReadonlyMap<number, Line>): readonly Line[] {
  const chain: Line[] = [fitting.get(0) as Line];
  for (const way of [1, -1])
    for (let step = way, missing = 0; missing < 2; step += way) {
      const next = fitting.get(step);
      if (next === undefined) missing += 1;
      else {
        missing = 0;
        chain.push(next);
      }
    }
  return chain;
}

/** Lines that meet this one in one point, in at least as many directions; none where they are too few. */
function fanThrough(line: Line, lines: readonly Line[]): readonly Line[] {
  const near = lines.filter(
    (other) => other !== line && Math.hypot(other.x - line.x, other.y - line.y) < 3 * (other.length + line.length),
  );
  for (const second of near) {
    if (turned(second.angle, line.angle) < (2 * sameDirection * Math.PI) / 180) continue;
    const meeting = crossing(line, second);
    // Spokes run towards the point from outside; a scratch that is crossed by others is none.
    if (Math.hypot(meeting.x - line.x, meeting.y - line.y) < 0.3 * line.length) continue;
    const through = [line, ...near].filter((other) => {
      const off = Math.abs(
        (meeting.y - other.y) * Math.cos(other.angle) - (meeting.x - other.x) * Math.sin(other.angle),
      );
      const far = Math.hypot(meeting.x - other.x, meeting.y - other.y);
      return off <= Math.max(3, fanReach * other.length) && far >= 0.3 * other.length && far <= 2.5 * other.length;
    });
    const directions = new Set(through.map((other) => Math.round((other.angle * 180) / Math.PI / 12)));
    if (through.length >= leastSpokes && directions.size >= leastSpokes - 1) return through;
  }
  return [];
}

function crossing(a: Line, b: Line): { readonly x: number; readonly y: number } {
  const [ax, ay, bx, by] = [Math.cos(a.angle), Math.sin(a.angle), Math.cos(b.angle), Math.sin(b.angle)];
  const along = ((b.x - a.x) * by - (b.y - a.y) * bx) / (ax * by - ay * bx);
  return { x: a.x + along * ax, y: a.y + along * ay };
}
