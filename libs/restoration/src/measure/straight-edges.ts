import type { Measured } from '@albumen/domain';
import { fitLine, mostTurn } from './straight-line.js';
import { quantile, rounded, sorted } from './statistics.js';
import type { Reduced } from './survey.js';

/** Gradient (levels per cell) that an edge must have at least. */
const leastGradient = 5;
/** Share of the frame's side that one straight edge must run along before it tells anything; from `sure` on it is believed. */
const runs = { least: 0.4, sure: 0.8 } as const;
/** Degrees by which an upright and a level edge may differ and still speak of one turn. */
const agreement = 0.7;
const mostPoints = 12_000;

/**
 * Turn of a picture without a border, from its longest straight edges near level and upright. An upright and a level edge
 * that agree are believed most; one alone may be a slope of the scene; none gives confidence 0.
 */
export function straightEdges(reduced: Reduced): Measured {
  const { width, height } = reduced;
  const luma = new Float32Array(width * height);
  for (let cell = 0; cell < luma.length; cell++)
    luma[cell] =
      0.299 * (reduced.rgb[cell * 3] as number) +
      0.587 * (reduced.rgb[cell * 3 + 1] as number) +
      0.114 * (reduced.rgb[cell * 3 + 2] as number);
  const level = longest(luma, width, height, true);
  const upright = longest(luma, width, height, false);
  const best = [level, upright].sort((a, b) => b.share - a.share);
  const [first, second] = best as [Longest, Longest];
  if (first.share < runs.least) return { value: 0, confidence: 0 };
  const sure = (share: number): number => Math.min(1, Math.max(0, (share - runs.least) / (runs.sure - runs.least)));
  const both = second.share >= runs.least && Math.abs(first.degrees - second.degrees) <= agreement;
  const value = both
    ? (first.degrees * first.share + second.degrees * second.share) / (first.share + second.share)
    : first.degrees;
  if (Math.abs(value) > mostTurn - 0.2) return { value: 0, confidence: 0 };
  return {
    value: rounded(value),
    confidence: rounded(both ? 0.5 + 0.5 * sure(first.share) : 0.4 * sure(first.share)),
  };
}

interface Longest {
  /** Clockwise positive. */
  readonly degrees: number;
  /** Share of the frame's side that the edge covers. */
  readonly share: number;
}

function longest(luma: Float32Array, width: number, height: number, isLevel: boolean): Longest {
  const [length, deep] = isLevel ? [width, height] : [height, width];
  const [step, across] = isLevel ? [1, width] : [width, 1];
  const along: number[] = [];
  const places: number[] = [];
  const strengths: number[] = [];
  for (let at = 2; at < length - 2; at++)
    for (let depth = 2; depth < deep - 2; depth++) {
      const cell = at * step + depth * across;
      const here = gradient(luma, cell, across);
      if (here < leastGradient || here < 4 * gradient(luma, cell, step)) continue;
      const before = gradient(luma, cell - across, across);
      const after = gradient(luma, cell + across, across);
      if (here < before || here <= after) continue;
      along.push(at);
      places.push(depth + (before - after) / Math.min(-1e-6, 2 * (before - 2 * here + after)));
      strengths.push(here);
    }
  if (along.length < length * 0.2) return { degrees: 0, share: 0 };
  const floor = strengths.length <= mostPoints ? 0 : quantile(sorted(strengths), 1 - mostPoints / strengths.length);
  const chosen = strengths.flatMap((strength, at) => (strength >= floor ? [at] : []));
  const line = fitLine(
    Float64Array.from(chosen, (at) => along[at] as number),
    Float64Array.from(chosen, (at) => places[at] as number),
    1,
  );
  if (line === null) return { degrees: 0, share: 0 };
  return { degrees: isLevel ? line.degrees : -line.degrees, share: Math.min(1, line.inliers / length) };
}

function gradient(luma: Float32Array, cell: number, across: number): number {
  return Math.abs((luma[cell + across] as number) - (luma[cell - across] as number)) / 2;
}
