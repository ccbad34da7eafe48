/** Largest turn that is measured, in degrees; a picture on its side is no skew. */
export const mostTurn = 10;
const turnStep = 0.1;

/** A straight line through points: `across` = offset + along · tan(degrees), with the number of points that lie on it. */
export interface FittedLine {
  readonly degrees: number;
  readonly offset: number;
  readonly inliers: number;
}

/**
 * The line of at most `mostTurn` degrees on which most points lie (within `reach` of it): all angles are tried in steps of
 * a tenth of a degree, and the best is refined by least squares over its points. Null for fewer than three points.
 */
export function fitLine(along: Float64Array, across: Float64Array, reach: number): FittedLine | null {
  if (along.length < 3) return null;
  let best = { degrees: 0, offset: 0, count: 0 };
  const steps = Math.round(mostTurn / turnStep);
  const low = across.reduce((least, value) => Math.min(least, value), Infinity);
  const span = along.reduce((most, value) => Math.max(most, Math.abs(value)), 0) * Math.tan((mostTurn * Math.PI) / 180);
  const high = across.reduce((most, value) => Math.max(most, value), -Infinity);
  const bins = new Uint32Array(Math.ceil((high - low + 2 * span) / reach) + 3);
  for (let index = -steps; index <= steps; index++) {
    const slope = Math.tan((index * turnStep * Math.PI) / 180);
    bins.fill(0);
    for (let at = 0; at < along.length; at++) {
      const bin = Math.round(((across[at] as number) - slope * (along[at] as number) - low + span) / reach);
      bins[bin] = (bins[bin] as number) + 1;
    }
    for (let bin = 0; bin + 1 < bins.length; bin++) {
      const count = (bins[bin] as number) + (bins[bin + 1] as number);
      if (count > best.count) best = { degrees: index * turnStep, offset: (bin + 0.5) * reach + low - span, count };
    }
  }
  return refined(along, across, best, reach);
}

function refined(
  along: Float64Array,
  across: Float64Array,
  begin: { readonly degrees: number; readonly offset: number },
  reach: number,
): FittedLine {
  let slope = Math.tan((begin.degrees * Math.PI) / 180);
  let offset = begin.offset;
  let inliers = 0;
  for (let round = 0; round < 4; round++) {
    let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
    for (let at = 0; at < along.length; at++) {
      const [x, y] = [along[at] as number, across[at] as number];
      if (Math.abs(y - offset - slope * x) > reach) continue;
      n += 1;
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
    }
    const spread = n * sxx - sx * sx;
    if (n < 3 || spread <= 0) break;
    slope = (n * sxy - sx * sy) / spread;
    offset = (sy - slope * sx) / n;
    inliers = n;
  }
  return { degrees: (Math.atan(slope) * 180) / Math.PI, offset, inliers };
}
