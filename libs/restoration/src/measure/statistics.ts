/** Value below which the share `p` (0..1) of the sorted values lies; 0 for none. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return 0;
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  const below = sorted[low] as number;
  const above = sorted[Math.min(sorted.length - 1, low + 1)] as number;
  return below + (above - below) * (at - low);
}

/** The same of numbers in no order, which are put into another one: only as far as it takes to find the place. */
export function quantileOf(values: Float64Array, p: number): number {
  if (values.length === 0) return 0;
  const at = p * (values.length - 1);
  const low = Math.floor(at);
  const below = selected(values, low);
  let above = below;
  // What follows the place is no smaller than what stands there.
  if (low + 1 < values.length) {
    above = Infinity;
    for (let next = low + 1; next < values.length; next++)
      if ((values[next] as number) < above) above = values[next] as number;
  }
  return below + (above - below) * (at - low);
}

/** The value that sorting would put at `place`; afterwards nothing before it is larger and nothing after it smaller (C. A. R. Hoare, "Find", 1961). */
export function selected(values: Float64Array, place: number): number {
  for (let [from, to] = [0, values.length - 1]; from < to;) {
    const pivot = values[(from + to) >> 1] as number;
    let [left, right] = [from, to];
    while (left <= right) {
      while ((values[left] as number) < pivot) left += 1;
      while ((values[right] as number) > pivot) right -= 1;
      if (left > right) break;
      const moved = values[left] as number;
      values[left++] = values[right] as number;
      values[right--] = moved;
    }
    if (place <= right) to = right;
    else if (place >= left) from = left;
    else break;
  }
  return values[place] as number;
}

/** Sorted copy of numbers. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Rounds for reports: three decimals. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
