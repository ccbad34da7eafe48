import type { Measured } from '@albumen/domain';
import { fitLine, mostTurn, type FittedLine } from './straight-line.js';
import { straightEdges } from './straight-edges.js';
import { quantile, rounded, sorted } from './statistics.js';
import type { Reduced } from './survey.js';

/** Farthest that a border may reach into the frame from each side. */
const deepest = 0.42;
/** Levels of 255 within which the bed of a scanner or a mount is one colour. */
const evenness = { least: 6, most: 18 } as const;
/** Share of the frame's side on which the photograph's edge must lie on one straight line. */
const straightShare = 0.7;
/** Sides that a border must have before it is believed: one may be a sky, two the wall around a window. */
const leastSides = 3;

/** Pieces of a side, each with a colour of its own. */
const pieces = 16;

type Colour = readonly [number, number, number];

/** Where the photograph lies in the frame. */
export interface Frame {
  readonly border: Measured;
  readonly skew: Measured;
  /** Cells of the reduced copy that show the photograph: 1; all where no border was found. */
  readonly inside: Uint8Array;
  /** Colour (levels of 255) of the border, or null. */
  readonly colour: Colour | null;
}

interface Side {
  readonly name: 'top' | 'right' | 'bottom' | 'left';
  readonly colour: Colour;
  readonly line: FittedLine;
  readonly straight: number;
}

/**
 * Looks for a border of one colour around the photograph (the scanner's bed, a mount) and for the turn of the
 * photograph. The turn comes from the straight edges of the photograph against its border, otherwise from long straight
 * edges in the picture; confidence 0 where there are none. Clockwise positive, −10..10 degrees.
 */
export function frameOf(reduced: Reduced): Frame {
  const sides = (['top', 'right', 'bottom', 'left'] as const).flatMap((name) => sideOf(reduced, name) ?? []);
  const turns = sides.map(turnOf).sort((a, b) => a - b);
  const turn = quantile(turns, 0.5);
  const agreeing = sides.filter((side) => Math.abs(turnOf(side) - turn) <= 1 && alike(side, sides));
  const inside = new Uint8Array(reduced.width * reduced.height).fill(1);
  if (agreeing.length < leastSides) {
    const found = straightEdges(reduced);
    return { border: { value: 0, confidence: sides.length === 0 ? 1 : 0.5 }, skew: found, inside, colour: null };
  }
  const outside = leaveOut(reduced, agreeing, inside);
  const straight = agreeing.reduce((sum, side) => sum + side.straight, 0) / agreeing.length;
  const confidence = rounded(straight * Math.min(1, (agreeing.length + 1) / 4));
  const weight = agreeing.reduce((sum, side) => sum + side.line.inliers, 0);
  const degrees = agreeing.reduce((sum, side) => sum + turnOf(side) * side.line.inliers, 0) / weight;
  return {
    border: { value: rounded(outside), confidence },
    skew: { value: rounded(Math.min(mostTurn, Math.max(-mostTurn, degrees))), confidence },
    inside,
    colour: (agreeing[0] as Side).colour,
  };
}

/** The edge of the photograph along one side of the frame, or null where it does not lie on one line inside the frame. */
function sideOf(reduced: Reduced, name: Side['name']): Side | null {
  const { length, deep, cell } = walk(reduced, name);
  const colourAt = (at: number, depth: number): Colour => {
    const index = cell(at, depth) * 3;
    return [reduced.rgb[index] as number, reduced.rgb[index + 1] as number, reduced.rgb[index + 2] as number];
  };
  // A mount is lit and stained unevenly: its colour is asked piece by piece along the side.
  const piece = Math.max(8, Math.ceil(length / pieces));
  const colours = Array.from({ length: Math.ceil(length / piece) }, (_, index) =>
    medianColour(index * piece, Math.min(length, (index + 1) * piece), colourAt),
  );
  const bed = (at: number): Colour => colours[Math.floor(at / piece)] as Colour;
  const apart = Float64Array.from({ length: length * 2 }, (_, at) => distance(bed(at >> 1), colourAt(at >> 1, at & 1)));
  const usual = quantile(sorted(apart), 0.7);
  if (usual * 3 > evenness.most) return null;
  const tolerance = Math.max(evenness.least, usual * 3);
  const along: number[] = [];
  const across: number[] = [];
  const most = Math.floor(deep * deepest);
  for (let at = 0; at < length; at++) {
    let seen = 0;
    for (let depth = 0; depth < most; depth++) {
      seen = distance(bed(at), colourAt(at, depth)) > tolerance ? seen + 1 : 0;
      if (seen < 4) continue;
      along.push(at);
      across.push(depth - 3);
      break;
    }
  }
  if (along.length < length * 0.5) return null;
  const line = fitLine(Float64Array.from(along), Float64Array.from(across), 1.2);
  if (line === null) return null;
  const straight = line.inliers / along.length;
  const middle = line.offset + Math.tan((line.degrees * Math.PI) / 180) * (length / 2);
  if (straight < straightShare || middle < 2) return null;
  return { name, colour: medianColour(0, length, colourAt), line, straight };
}

function medianColour(from: number, to: number, colourAt: (at: number, depth: number) => Colour): Colour {
  const bands: [number[], number[], number[]] = [[], [], []];
  for (let at = from; at < to; at++)
    for (let depth = 0; depth < 2; depth++) colourAt(at, depth).forEach((level, band) => bands[band]?.push(level));
  const [red, green, blue] = bands.map((levels) => quantile(sorted(levels), 0.5)) as [number, number, number];
  return [red, green, blue];
}

/** Walks a side of the frame: `cell(at, depth)` counts along the side from its top or left and inward from the frame. */
function walk(
  reduced: Reduced,
  name: Side['name'],
): { readonly length: number; readonly deep: number; readonly cell: (at: number, depth: number) => number } {
  const { width, height } = reduced;
  switch (name) {
    case 'top':
      return { length: width, deep: height, cell: (at, depth) => depth * width + at };
    case 'bottom':
      return { length: width, deep: height, cell: (at, depth) => (height - 1 - depth) * width + at };
    case 'left':
      return { length: height, deep: width, cell: (at, depth) => at * width + depth };
    case 'right':
      return { length: height, deep: width, cell: (at, depth) => at * width + width - 1 - depth };
  }
}

/** Clockwise turn that the slope of a side's edge means: seen from the top and the right it falls clockwise. */
function turnOf(side: Side): number {
  return side.name === 'top' || side.name === 'right' ? side.line.degrees : -side.line.degrees;
}

function alike(side: Side, all: readonly Side[]): boolean {
  return all.some((other) => other !== side && distance(side.colour, other.colour) <= 30);
}

function distance(a: Colour, b: Colour): number {
  return Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2]));
}

/** Clears the cells outside the sides' lines; answers their share of the frame. */
function leaveOut(reduced: Reduced, sides: readonly Side[], inside: Uint8Array): number {
  for (const side of sides) {
    const { length, deep, cell } = walk(reduced, side.name);
    const slope = Math.tan((side.line.degrees * Math.PI) / 180);
    for (let at = 0; at < length; at++) {
      const edge = Math.min(deep, Math.max(0, Math.round(side.line.offset + slope * at)));
      for (let depth = 0; depth < edge; depth++) inside[cell(at, depth)] = 0;
    }
  }
  return inside.reduce((sum, value) => sum + 1 - value, 0) / inside.length;
}
