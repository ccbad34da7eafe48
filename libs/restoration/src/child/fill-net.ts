import { refuse } from '@albumen/domain';
import { colourBands, mirrored, type Strips } from '../picture/strips.js';
import type { LabelPainter } from '../regions.js';
import type { Net } from './nets.js';

/** A net that fills, and the ordinals of the regions that are narrow enough for it. */
export interface NetFill {
  readonly net: Net;
  readonly ordinals: ReadonlySet<number>;
}

/** Rows looked at together. */
const rowsAtOnce = 256;

/**
 * Ordinals of the regions whose holes are nowhere wider than `widest` pixels (the largest square that fits into what is
 * damaged there, dilated as it is filled).
 */
export function narrowRegions(
  painter: LabelPainter,
  picture: { readonly width: number; readonly height: number },
  widest: number,
): ReadonlySet<number> {
  const { width, height } = picture;
  const largest = new Map<number, number>();
  let above = new Uint16Array(width + 1);
  let here = new Uint16Array(width + 1);
  for (let y = 0; y < height; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, height - y);
    if (painter.isEmpty(y, rows)) {
      above.fill(0);
      continue;
    }
    const labels = painter.paint(y, rows, 'damaged');
    for (let row = 0; row < rows; row++) {
      // Side of the largest square of damaged pixels that ends at each pixel.
      for (let x = 0; x < width; x++) {
        const label = labels[row * width + x] as number;
        if (label === 0) {
          here[x + 1] = 0;
          continue;
        }
        const side = 1 + Math.min(above[x + 1] as number, above[x] as number, here[x] as number);
        here[x + 1] = side;
        if (side > (largest.get(label) ?? 0)) largest.set(label, side);
      }
      [above, here] = [here, above];
    }
  }
  return new Set([...largest].filter(([, side]) => side <= widest).map(([ordinal]) => ordinal));
}

/**
 * Runs the net over the damaged parts of a rectangle of the picture and hands every filled pixel to `write`, in samples of
 * the picture. Grey is fed as three equal channels and averaged back. Refuses `restoration.output-not-sane`, also where
 * the net changed anything outside the holes.
 */
export async function fillByNet(
  fill: NetFill,
  source: Strips,
  painter: LabelPainter,
  area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  write: (x: number, y: number, values: readonly number[]) => void,
): Promise<void> {
  const { size, margin } = fill.net.model.tile;
  const most = size - 2 * margin;
  if (most < 1) throw refuse('restoration.engine-failed', { detail: `fill-s with tiles of ${size}, margin ${margin}` });
  const across = Math.ceil(area.width / Math.ceil(area.width / most));
  const down = Math.ceil(area.height / Math.ceil(area.height / most));
  for (let y = area.y; y < area.y + area.height; y += down)
    for (let x = area.x; x < area.x + area.width; x += across) {
      const width = Math.min(across, area.x + area.width - x);
      const height = Math.min(down, area.y + area.height - y);
      const labels = painter.paintWindow(x, y, width, height);
      if (!labels.some((label) => fill.ordinals.has(label))) continue;
      await fillBlock(fill, source, painter, { x, y, width, height }, labels, write);
    }
}

async function fillBlock(
  { net, ordinals }: NetFill,
  source: Strips,
  painter: LabelPainter,
  block: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  labels: Uint16Array,
  write: (x: number, y: number, values: readonly number[]) => void,
): Promise<void> {
  const { bands, depth, width, height } = source.work;
  const { size } = net.model.tile;
  const colours = colourBands(source.work);
  const full = depth === 8 ? 255 : 65535;
  const begin = (at: number, length: number, whole: number): number =>
    Math.max(0, Math.min(at - ((size - length) >> 1), whole - size));
  const left = begin(block.x, block.width, width);
  const top = begin(block.y, block.height, height);
  const samples = source.readTile(left, top, size, size);
  const holes = holesOf(painter, left, top, size, source.work);
  const image = net.element === 'u8' ? new Uint8Array(size * size * 3) : new Float32Array(size * size * 3);
  const scale = (net.element === 'u8' ? 255 : 1) / full;
  const [second, third] = colours === 3 ? [1, 2] : [0, 0];
  for (let from = 0, to = 0; to < image.length; from += bands, to += 3) {
    image[to] = (samples[from] as number) * scale;
    image[to + 1] = (samples[from + second] as number) * scale;
    image[to + 2] = (samples[from + third] as number) * scale;
  }
  const made = await net.runOn(
    { [net.model.input]: { data: image, channels: 3 }, [net.model.mask ?? 'mask']: { data: holes, channels: 1 } },
    size,
  );
  checkFill(image, holes, made);
  const level = net.element === 'u8' ? full / 255 : full;
  const values = Array.from({ length: colours }, () => 0);
  for (let y = 0; y < block.height; y++)
    for (let x = 0; x < block.width; x++) {
      if (!ordinals.has(labels[y * block.width + x] as number)) continue;
      const from = ((block.y + y - top) * size + block.x + x - left) * 3;
      const [r, g, b] = [made[from] as number, made[from + 1] as number, made[from + 2] as number];
      const levels = colours === 3 ? [r, g, b] : [(r + g + b) / 3];
      levels.forEach((value, band) => {
        values[band] = Math.min(full, Math.max(0, Math.round(value * level)));
      });
      write(block.x + x, block.y + y, values);
    }
}

/** Damaged pixels (1) of a square that may reach over the right and lower edge, where it is mirrored. */
function holesOf(
  painter: LabelPainter,
  left: number,
  top: number,
  size: number,
  picture: { readonly width: number; readonly height: number },
): Uint8Array {
  const width = Math.min(size, picture.width - left);
  const height = Math.min(size, picture.height - top);
  const labels = painter.paintWindow(left, top, width, height, 'damaged');
  const holes = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    const row = mirrored(top + y, picture.height) - top;
    for (let x = 0; x < size; x++) {
      const column = mirrored(left + x, picture.width) - left;
      holes[y * size + x] = labels[row * width + column] === 0 ? 0 : 1;
    }
  }
  return holes;
}

function checkFill(image: Uint8Array | Float32Array, holes: Uint8Array, made: Uint8Array | Float32Array): void {
  const notSane = (detail: string): Error =>
    refuse('restoration.output-not-sane', { operation: 'repair-damage', detail });
  if (made.length !== image.length) throw notSane(`${made.length} values in a tile`);
  const full = made instanceof Uint8Array ? 255 : 1;
  let [brightest, rim, known] = [0, 0, 0];
  for (let pixel = 0, at = 0; pixel < holes.length; pixel++) {
    const hole = holes[pixel] === 1;
    const beside = !hole && (holes[pixel - 1] === 1 || holes[pixel + 1] === 1);
    for (let channel = 0; channel < 3; channel++, at++) {
      const value = made[at] as number;
      if (hole) {
        if (!(value >= (-0.5 / 255) * full && value <= full * (1 + 0.5 / 255))) throw notSane(`a value of ${value}`);
        if (value > brightest) brightest = value;
      } else {
        if (!(Math.abs(value - (image[at] as number)) <= full * 1e-5)) throw notSane('it changed what was no hole');
        if (beside) {
          rim += value;
          known += 1;
        }
      }
    }
  }
  if (known > 0 && rim / known / full > 0.1 && brightest === 0) throw notSane('it is all black');
}
