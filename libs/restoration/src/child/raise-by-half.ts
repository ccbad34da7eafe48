import type { Samples, Strips } from '../picture/strips.js';

/**
 * Raises each of three interleaved probabilities of a strip that begins at row `y` of a picture of that width to the half-size one at
 * its place (bilinear).
 */
export async function raiseByHalf(strip: Uint8Array, half: Strips, y: number, width: number): Promise<void> {
  const rows = strip.length / width / 3;
  const halfWidth = half.work.width;
  const first = Math.max(0, Math.floor((y - 0.5) / 2) - 1);
  const last = Math.min(half.work.height - 1, Math.ceil((y + rows) / 2) + 1);
  const seen = await half.read(first, last - first + 1);
  // Most of a picture has no mark: a pixel is looked at where one of the four about it has one.
  const marked = Array.from({ length: last - first + 1 }, (_, row) => markedColumns(seen, row, halfWidth));
  for (let row = 0; row < rows; row++) {
    const atY = Math.min(half.work.height - 1, Math.max(0, (y + row + 0.5) / 2 - 0.5));
    const upper = Math.floor(atY);
    const down = atY - upper;
    const lower = Math.min(half.work.height - 1, upper + 1);
    const [above, below] = [marked[upper - first] ?? null, marked[lower - first] ?? null];
    if (above === null && below === null) continue;
    const upperRow = (upper - first) * halfWidth;
    const lowerRow = (lower - first) * halfWidth;
    for (let column = 0; column < width; column++) {
      const atX = Math.min(halfWidth - 1, Math.max(0, (column + 0.5) / 2 - 0.5));
      const left = Math.floor(atX);
      const right = Math.min(halfWidth - 1, left + 1);
      const isMarked =
        (above !== null && (above[left] === 1 || above[right] === 1)) ||
        (below !== null && (below[left] === 1 || below[right] === 1));
      if (!isMarked) continue;
      const across = atX - left;
      const to = (row * width + column) * 3;
      for (let kind = 0; kind < 3; kind++) {
        const higher = mix(seen, (upperRow + left) * 3 + kind, (upperRow + right) * 3 + kind, across);
        const deeper = mix(seen, (lowerRow + left) * 3 + kind, (lowerRow + right) * 3 + kind, across);
        const value = higher + (deeper - higher) * down;
        if (value > (strip[to + kind] as number)) strip[to + kind] = value;
      }
    }
  }
}

/** Columns of a row of three interleaved probabilities in which one is above 0: 1; null where there is none. */
function markedColumns(samples: Samples, row: number, width: number): Uint8Array | null {
  let marked: Uint8Array | null = null;
  for (let column = 0, at = row * width * 3; column < width; column++, at += 3)
    if ((samples[at] as number) + (samples[at + 1] as number) + (samples[at + 2] as number) > 0)
      (marked ??= new Uint8Array(width))[column] = 1;
  return marked;
}

function mix(samples: Uint8Array | Uint16Array, a: number, b: number, share: number): number {
  return (samples[a] as number) + ((samples[b] as number) - (samples[a] as number)) * share;
}
