import { modelKey, refuse, type Operation } from '@albumen/domain';
import type { Allowance } from '../child/net-layer.js';
import type { LayerFilter } from '../operations/layer-filter.js';
import { colourBands, rowsPerStrip, samplesOf, type Samples, type Shape, type Strips } from '../picture/strips.js';
import type { AdaptedNet } from './adapted-net.js';
import { between, floatWindow, workingSize } from './float-window.js';

/** Pixels at which a net that sees the whole picture works at most; memory of such nets grows with the picture. */
export const wholePixels = 1_000_000;

/** Share (0..1) of a net's result that each pixel of a strip may take; null for all of it everywhere. */
export type StripAllowance = (y: number, rows: number) => Float32Array | null;

/** The share that each pixel may take of a step of that strength, with its protected areas; null for all of it everywhere. */
export function stripAllowance(allowance: Allowance, width: number, strength: number): StripAllowance {
  return (y, rows) => {
    const share = allowance(0, y, width, rows);
    if (share === null && strength === 1) return null;
    return Float32Array.from(
      { length: width * rows },
      (_, at) => strength * (share?.((at % width) + 0.5, y + Math.floor(at / width) + 0.5) ?? 1),
    );
  };
}

/**
 * The filter of a net that sees the whole picture: it is run once at a working size, and what it changed there (the
 * residual) is laid over the full size. Where the picture is no larger than the working size this is the net's own answer.
 */
export async function planWholePicture(
  net: AdaptedNet,
  source: Strips,
  shape: Shape,
  allowance: StripAllowance,
): Promise<LayerFilter> {
  const size = workingSize(shape, wholePixels, net.model.broughtIn?.fixed ?? null);
  const picture = floatWindow(source, { x: 0, y: 0, width: shape.width, height: shape.height }, size);
  const made = await net.runPicture(picture);
  const residual = made.map((value, at) => value - (picture.data[at] as number));
  const across = between(shape.width, size.width, 0, shape.width);
  const colours = colourBands(shape);
  const full = shape.depth === 8 ? 255 : 65535;
  return {
    halo: 0,
    facts: { workingWidth: size.width, workingHeight: size.height },
    apply(strip, y, rows) {
      const out = strip.slice();
      const down = between(shape.height, size.height, y, rows);
      const share = allowance(y, rows);
      const values = [0, 0, 0];
      for (let row = 0; row < rows; row++) {
        const upper = (down.first[row] as number) * size.width;
        const lower = (down.second[row] as number) * size.width;
        const low = down.share[row] as number;
        for (let x = 0, at = row * shape.width * shape.bands; x < shape.width; x++, at += shape.bands) {
          const allowed = share === null ? 1 : (share[row * shape.width + x] as number);
          if (allowed === 0) continue;
          const [left, right] = [across.first[x] as number, across.second[x] as number];
          const beside = across.share[x] as number;
          for (let channel = 0; channel < 3; channel++) {
            const above = mix(residual, (upper + left) * 3 + channel, (upper + right) * 3 + channel, beside);
            const below = mix(residual, (lower + left) * 3 + channel, (lower + right) * 3 + channel, beside);
            values[channel] = above + (below - above) * low;
          }
          if (colours === 1) values[0] = ((values[0] as number) + (values[1] as number) + (values[2] as number)) / 3;
          for (let band = 0; band < colours; band++) {
            const value = (strip[at + band] as number) + allowed * (values[band] as number) * full;
            out[at + band] = value <= 0 ? 0 : value >= full ? full : Math.round(value);
          }
        }
      }
      return out;
    },
  };
}

function mix(plane: Float32Array, a: number, b: number, share: number): number {
  return (plane[a] as number) + ((plane[b] as number) - (plane[a] as number)) * share;
}

/** Largest believable shift of a picture's mean, share of full scale, as for nets that are tiled. */
const largestMeanShift = 0.04;

/**
 * Enlarges a picture by a net that sees all of it at once. Alpha is repeated. Refuses `model.picture-too-large` where the
 * picture is larger than the net can be given: it cannot be cut, and enlarging a reduced copy would be none.
 */
export async function enlargeWhole(
  net: AdaptedNet,
  { source, target, strength }: { readonly source: Strips; readonly target: Strips; readonly strength: number },
  operation: Operation = 'enlarge',
): Promise<void> {
  const { width, height, bands, depth } = source.work;
  const { scale } = net.model;
  const most = Math.min(wholePixels, (4 * wholePixels) / (scale * scale));
  const fixed = net.model.broughtIn?.fixed ?? null;
  if (width * height > most || (fixed !== null && (width > fixed.width || height > fixed.height)))
    throw refuse('model.picture-too-large', {
      model: modelKey(net.model),
      most: fixed === null ? most : fixed.width * fixed.height,
      pixels: width * height,
    });
  const picture = floatWindow(source, { x: 0, y: 0, width, height }, { width, height });
  const made = await net.runPicture(picture);
  judgeMeans(picture.data, made, operation);
  const colours = colourBands(source.work);
  const full = depth === 8 ? 255 : 65535;
  const [wide, tall] = [width * scale, height * scale];
  const across = between(wide, width, 0, wide);
  const rows = rowsPerStrip(target.work);
  for (let y = 0; y < tall; y += rows) {
    const count = Math.min(rows, tall - y);
    const first = Math.floor(y / scale);
    const alpha: Samples = await source.read(first, Math.ceil((y + count) / scale) - first);
    const down = between(tall, height, y, count);
    const out = samplesOf(depth, wide * count * bands);
    for (let row = 0; row < count; row++)
      for (let x = 0, to = row * wide * bands; x < wide; x++, to += bands) {
        const from = ((y + row) * wide + x) * 3;
        const grey = ((made[from] as number) + (made[from + 1] as number) + (made[from + 2] as number)) / 3;
        for (let band = 0; band < colours; band++) {
          const net1 = colours === 3 ? (made[from + band] as number) : grey;
          const was = strength === 1 ? net1 : interpolatedAt(picture.data, width, down, across, row, x, band);
          out[to + band] = Math.round((was + strength * (net1 - was)) * full);
        }
        if (bands > colours)
          out[to + colours] = alpha[
            ((Math.floor((y + row) / scale) - first) * width + Math.floor(x / scale)) * bands + colours
          ] as number;
      }
    await target.write(y, out);
  }
}

function interpolatedAt(
  data: Float32Array,
  width: number,
  down: ReturnType<typeof between>,
  across: ReturnType<typeof between>,
  row: number,
  x: number,
  channel: number,
): number {
  const [upper, lower] = [(down.first[row] as number) * width, (down.second[row] as number) * width];
  const [left, right] = [across.first[x] as number, across.second[x] as number];
  const above = mix(data, (upper + left) * 3 + channel, (upper + right) * 3 + channel, across.share[x] as number);
  const below = mix(data, (lower + left) * 3 + channel, (lower + right) * 3 + channel, across.share[x] as number);
  return above + (below - above) * (down.share[row] as number);
}

function judgeMeans(before: Float32Array, after: Float32Array, operation: Operation): void {
  for (let channel = 0; channel < 3; channel++) {
    const [was, is] = [meanOf(before, channel), meanOf(after, channel)];
    if (Math.abs(is - was) > largestMeanShift)
      throw refuse('restoration.output-not-sane', {
        operation,
        detail: `the mean moved from ${was.toFixed(3)} to ${is.toFixed(3)}`,
      });
  }
}

function meanOf(data: Float32Array, channel: number): number {
  let sum = 0;
  for (let at = channel; at < data.length; at += 3) sum += data[at] as number;
  return sum / (data.length / 3);
}
