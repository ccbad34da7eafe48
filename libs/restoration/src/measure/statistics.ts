/** Value below which the share `p` (0..1) of the sorted values lies; 0 for none. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return 0;
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  const below = sorted[low] as number;
  const above = sorted[Math.min(sorted.length - 1, low + 1)] as number;
  return below + (above - below) * (at - low);
}

/** Sorted copy of numbers. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Rounds for reports: three decimals. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
