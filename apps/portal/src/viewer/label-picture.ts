import type { ShareBox } from './stage';

/** Region numbers of a label picture, reduced so that its longer side is at most `limit`. 0 is "no region". */
export interface Labels {
  readonly width: number;
  readonly height: number;
  readonly values: Uint16Array;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Decodes a grey PNG of 8 or 16 bit or the numbers of one with a palette, not interlaced, as they are written (a canvas keeps
 * 8 bits of grey, and colours in place of a palette's numbers). Rows are read as they
 * inflate, so memory grows with the reduced size. Reducing keeps one number of a block, that of the highest `weight`: a thin
 * region stays visible.
 */
export async function readLabels(
  png: ArrayBuffer,
  limit = 2048,
  weight: (number: number) => number = (number) => number,
): Promise<Labels> {
  const bytes = new Uint8Array(png);
  if (!signature.every((byte, place) => bytes[place] === byte))
    throw new Error('Expected a PNG for the region labels but received something else');
  const view = new DataView(png);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const depth = bytes[24];
  const indexed = bytes[25] === 3 && depth === 8;
  if ((!indexed && (bytes[25] !== 0 || (depth !== 8 && depth !== 16))) || bytes[28] !== 0)
    throw new Error(
      `Expected a grey PNG of 8 or 16 bit or one with a palette of 8 bit for the region labels but received colour type ${bytes[25]}, depth ${depth}`,
    );
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 8; at + 8 <= bytes.length;) {
    const length = view.getUint32(at);
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (kind === 'IDAT') parts.push(bytes.slice(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const pixel = depth / 8;
  const rowBytes = width * pixel;
  const step = Math.max(1, Math.ceil(Math.max(width, height) / limit));
  const labels = {
    width: Math.ceil(width / step),
    height: Math.ceil(height / step),
    values: new Uint16Array(Math.ceil(width / step) * Math.ceil(height / step)),
  };
  let above = new Uint8Array(rowBytes);
  let row = new Uint8Array(rowBytes + 1);
  let filled = 0;
  let y = 0;
  const reader = new Blob(parts).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    for (let at = 0; at < value.length && y < height;) {
      const take = Math.min(rowBytes + 1 - filled, value.length - at);
      row.set(value.subarray(at, at + take), filled);
      filled += take;
      at += take;
      if (filled < rowBytes + 1) continue;
      const line = row.subarray(1);
      unfilter(row[0] ?? 0, line, above, pixel);
      const base = Math.floor(y / step) * labels.width;
      for (let x = 0; x < width; x += 1) {
        const number = pixel === 2 ? ((line[2 * x] ?? 0) << 8) | (line[2 * x + 1] ?? 0) : (line[x] ?? 0);
        const place = base + Math.floor(x / step);
        if (number === 0) continue;
        const before = labels.values[place] ?? 0;
        if (before === 0 || weight(number) > weight(before)) labels.values[place] = number;
      }
      above = line.slice();
      row = new Uint8Array(rowBytes + 1);
      filled = 0;
      y += 1;
    }
  }
  if (y !== height) throw new Error(`Expected ${height} rows of region labels but received ${y}`);
  return labels;
}

/** The exact areas of some regions as boxes of one row each, joined downwards; null where there are too many to draw. */
export function areasOf(labels: Labels, ordinals: ReadonlySet<number>, most = 4000): readonly ShareBox[] | null {
  const boxes: { x: number; y: number; width: number; height: number }[] = [];
  let open = new Map<string, { x: number; y: number; width: number; height: number }>();
  for (let y = 0; y < labels.height; y += 1) {
    const still = new Map<string, { x: number; y: number; width: number; height: number }>();
    for (let x = 0; x < labels.width; x += 1) {
      if (!ordinals.has(labels.values[y * labels.width + x] ?? 0)) continue;
      let end = x;
      while (end + 1 < labels.width && ordinals.has(labels.values[y * labels.width + end + 1] ?? 0)) end += 1;
      const key = `${x}-${end}`;
      const box = open.get(key) ?? { x, y, width: end - x + 1, height: 0 };
      if (box.height === 0) boxes.push(box);
      box.height += 1;
      still.set(key, box);
      x = end;
    }
    if (boxes.length > most) return null;
    open = still;
  }
  return boxes.map((box) => ({
    x: box.x / labels.width,
    y: box.y / labels.height,
    width: box.width / labels.width,
    height: box.height / labels.height,
  }));
}

/** Undoes the filter of one row in place (PNG 1.2, section 6). */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, pixel: number): void {
  for (let at = 0; at < line.length; at += 1) {
    const left = at >= pixel ? (line[at - pixel] ?? 0) : 0;
    const up = above[at] ?? 0;
    const corner = at >= pixel ? (above[at - pixel] ?? 0) : 0;
    const add =
      filter === 1
        ? left
        : filter === 2
          ? up
          : filter === 3
            ? (left + up) >> 1
            : filter === 4
              ? paeth(left, up, corner)
              : 0;
    line[at] = ((line[at] ?? 0) + add) & 0xff;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const dl = Math.abs(guess - left);
  const du = Math.abs(guess - up);
  const dc = Math.abs(guess - corner);
  if (dl <= du && dl <= dc) return left;
  return du <= dc ? up : corner;
}
