import type { Measured } from '@albumen/domain';
import type { LabPlanes } from './colour.js';
import { quantile, rounded, sorted } from './statistics.js';

/** L* from which on a picture's upper tones and its middle have all the light they need. */
const enough = { upper: 70, middle: 40 } as const;
/** L* of the brightest places: full from the upper figure on, missing below the lower one. */
const lamps = { none: 72, full: 92 } as const;

/**
 * How much light is missing, 0 none … 1 black: the mean of what the median and the upper tones (p95) of L* lack. A night
 * scene with lamps has full highlights, so it is dark by itself: the fuller its brightest half per cent, the less sure.
 */
export function lowLightOf(planes: LabPlanes): Measured {
  const L = sorted(planes.L);
  if (L.length === 0) return { value: 0, confidence: 0 };
  const lack = (level: number, full: number): number => Math.min(1, Math.max(0, (full - level) / full));
  const value = (lack(quantile(L, 0.5), enough.middle) + lack(quantile(L, 0.95), enough.upper)) / 2;
  const brightest = quantile(L, 0.995);
  const lit = Math.min(1, Math.max(0, (brightest - lamps.none) / (lamps.full - lamps.none)));
  return { value: rounded(value), confidence: rounded(planes.usable * (value === 0 ? 1 : 1 - lit)) };
}
