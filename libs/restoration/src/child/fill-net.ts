import { refuse } from '@albumen/domain';
import { planFill, roomIn, type FillRule, type FillTile, type Rectangle } from '../fill-plan.js';
import { LaterOutcome } from '../later-outcome.js';
import { colourBands, mirrored, type Strips } from '../picture/strips.js';
import type { LabelPainter } from '../regions.js';
import type { Net } from './nets.js';

/** A net that fills, and the ordinals of the regions that are narrow enough for it. */
export interface NetFill {
  readonly net: Net;
  readonly ordinals: ReadonlySet<number>;
}

type Size = Pick<Rectangle, 'width' | 'height'>;

/** Rows looked at together. */
const rowsAtOnce = 256;

/**
 * Ordinals of the regions whose holes are nowhere wider than `widest` pixels (the largest square that fits into what is
 * damaged there, dilated as it is filled).
 */
export function narrowRegions(painter: LabelPainter, picture: Size, widest: number): ReadonlySet<number> {
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

/** Tiles of one shape that are run together have at most this many pixels. */
const pixelsTogether = 1 << 17;

/** How tiles are laid around holes for a net that fills: what the receipt says of it. */
export function fillRule({ model, runMany }: Net): FillRule {
  const { size, margin, multiple, exact } = model.tile;
  if (runMany === undefined) {
    // Squares of one size, on multiples where there is room: what a net makes depends on where its blocks begin.
    const onMultiples = { most: size, multiple, margin };
    return roomIn(onMultiples) > 0 ? onMultiples : { ...onMultiples, multiple: 1 };
  }
  // What was measured to be enough, and so much that a hole which the tile cuts off still shows its rim.
  const enough = Math.ceil(Math.max(exact ?? margin, model.widest) / multiple) * multiple;
  return { most: size, multiple, margin: Math.min(margin, enough) };
}

/**
 * Runs the net over the holes of a rectangle of the picture and hands every filled pixel to `write`, in samples of the
 * picture. Tiles lie around the holes alone; those of one shape are run together, and while they run the next are
 * prepared. What is filled depends on the holes and never on what is accepted. Grey is fed as three equal channels and
 * averaged back. Refuses `restoration.output-not-sane`, also where the net changed anything outside the holes.
 */
export async function fillByNet(
  fill: NetFill,
  source: Strips,
  painter: LabelPainter,
  area: Rectangle,
  write: (x: number, y: number, values: readonly number[]) => void,
): Promise<void> {
  const rule = fillRule(fill.net);
  if (roomIn(rule) < 1)
    throw refuse('restoration.engine-failed', { detail: `fill-s with tiles of ${rule.most}, margin ${rule.margin}` });
  const labels = painter.paintWindow(area.x, area.y, area.width, area.height, 'damaged');
  for (let at = 0; at < labels.length; at++)
    if (labels[at] !== 0 && !fill.ordinals.has(labels[at] as number)) labels[at] = 0;
  const tiles = planFill(labels, area, source.work, rule);
  let running: { readonly batch: Batch; readonly made: LaterOutcome<Float32Array> } | null = null;
  const finish = async ({ batch, made }: NonNullable<typeof running>): Promise<void> =>
    take(batch, await made.outcome(), { source, area, labels }, write);
  for (const together of batchesOf(tiles, fill.net, source.work)) {
    const batch = prepare(together, source, painter);
    const before: typeof running = running;
    running = { batch, made: new LaterOutcome(run(fill.net, batch)) };
    if (before !== null) await finish(before);
  }
  if (running !== null) await finish(running);
}

/** Tiles of one shape, in the order in which their first one was planned. */
function batchesOf(tiles: readonly FillTile[], net: Net, picture: Size): FillTile[][] {
  const rule = fillRule(net);
  const byShape = new Map<string, FillTile[][]>();
  for (const { own, seen } of tiles) {
    const tile = net.runMany === undefined ? { own, seen: squareAround(own, rule, picture) } : { own, seen };
    const shape = `${tile.seen.width}×${tile.seen.height}`;
    const most = net.runMany === undefined ? 1 : Math.floor(pixelsTogether / (tile.seen.width * tile.seen.height));
    const batches = byShape.get(shape) ?? [];
    const last = batches.at(-1);
    if (last === undefined || last.length >= most) batches.push([tile]);
    else last.push(tile);
    byShape.set(shape, batches);
  }
  return [...byShape.values()].flat();
}

/** The square in whose middle a rectangle lies; it ends at most one multiple beyond the picture where that is large enough. */
function squareAround(own: Rectangle, { most, multiple }: FillRule, picture: Size): Rectangle {
  const begin = (at: number, length: number, whole: number): number => {
    const middle = Math.floor((at - ((most - length) >> 1)) / multiple) * multiple;
    return Math.max(0, Math.min(middle, Math.ceil((whole - most) / multiple) * multiple));
  };
  const x = begin(own.x, own.width, picture.width);
  return { x, y: begin(own.y, own.height, picture.height), width: most, height: most };
}

/** Tiles of one shape with what the net is fed: interleaved values and the mask (1 = hole), tile after tile. */
interface Batch {
  readonly tiles: readonly FillTile[];
  readonly image: Float32Array;
  readonly holes: Uint8Array;
}

function prepare(tiles: readonly FillTile[], source: Strips, painter: LabelPainter): Batch {
  const { bands, depth } = source.work;
  const colours = colourBands(source.work);
  const pixels = tiles.reduce((sum, { seen }) => sum + seen.width * seen.height, 0);
  const image = new Float32Array(pixels * 3);
  const holes = new Uint8Array(pixels);
  const scale = 1 / (depth === 8 ? 255 : 65535);
  const [second, third] = colours === 3 ? [1, 2] : [0, 0];
  let to = 0;
  for (const { seen } of tiles) {
    const samples = source.readTile(seen.x, seen.y, seen.width, seen.height);
    holesOf(painter, seen, source.work, holes.subarray(to / 3, to / 3 + seen.width * seen.height));
    for (let from = 0; from < samples.length; from += bands, to += 3) {
      image[to] = (samples[from] as number) * scale;
      image[to + 1] = (samples[from + second] as number) * scale;
      image[to + 2] = (samples[from + third] as number) * scale;
    }
  }
  return { tiles, image, holes };
}

function run(net: Net, { tiles, image, holes }: Batch): Promise<Float32Array> {
  const { width = 0, height = 0 } = tiles[0]?.seen ?? {};
  const inputs = {
    [net.model.input]: { data: image, channels: 3 },
    [net.model.mask ?? 'mask']: { data: holes, channels: 1 },
  };
  return net.runMany === undefined
    ? net.runOn(inputs, width)
    : net.runMany(inputs, { count: tiles.length, width, height });
}

/** Hands over what lies inside each tile's own part; `labels` (of the area) are 0 where the net fills nothing. */
function take(
  { tiles, image, holes }: Batch,
  made: Float32Array,
  { source, area, labels }: { readonly source: Strips; readonly area: Rectangle; readonly labels: Uint16Array },
  write: (x: number, y: number, values: readonly number[]) => void,
): void {
  checkFill(image, holes, made);
  const colours = colourBands(source.work);
  const full = source.work.depth === 8 ? 255 : 65535;
  const values = Array.from({ length: colours }, () => 0);
  let begin = 0;
  for (const { own, seen } of tiles) {
    for (let y = own.y; y < own.y + own.height; y++)
      for (let x = own.x; x < own.x + own.width; x++) {
        if (labels[(y - area.y) * area.width + x - area.x] === 0) continue;
        const from = begin + ((y - seen.y) * seen.width + x - seen.x) * 3;
        const [r, g, b] = [made[from] as number, made[from + 1] as number, made[from + 2] as number];
        if (colours === 1) values[0] = sample(((r + g + b) / 3) * full, full);
        else {
          values[0] = sample(r * full, full);
          values[1] = sample(g * full, full);
          values[2] = sample(b * full, full);
        }
        write(x, y, values);
      }
    begin += seen.width * seen.height * 3;
  }
}

function sample(value: number, full: number): number {
  return Math.min(full, Math.max(0, Math.round(value)));
}

/** Damaged pixels (1) of a rectangle that may reach over the edges of the picture, where it is mirrored. */
function holesOf(painter: LabelPainter, seen: Rectangle, picture: Size, holes: Uint8Array): void {
  const columns = Int32Array.from({ length: seen.width }, (_, at) => mirrored(seen.x + at, picture.width));
  const rows = Int32Array.from({ length: seen.height }, (_, at) => mirrored(seen.y + at, picture.height));
  const [left, right] = [columns.reduce((a, b) => Math.min(a, b)), columns.reduce((a, b) => Math.max(a, b)) + 1];
  const [top, bottom] = [rows.reduce((a, b) => Math.min(a, b)), rows.reduce((a, b) => Math.max(a, b)) + 1];
  const labels = painter.paintWindow(left, top, right - left, bottom - top, 'damaged');
  for (let y = 0, to = 0; y < seen.height; y++) {
    const row = ((rows[y] as number) - top) * (right - left) - left;
    for (let x = 0; x < seen.width; x++, to++) holes[to] = labels[row + (columns[x] as number)] === 0 ? 0 : 1;
  }
}

function checkFill(image: Float32Array, holes: Uint8Array, made: Float32Array): void {
  const notSane = (detail: string): Error =>
    refuse('restoration.output-not-sane', { operation: 'repair-damage', detail });
  if (made.length !== image.length) throw notSane(`${made.length} values in a tile`);
  let [brightest, rim, known] = [0, 0, 0];
  for (let pixel = 0, at = 0; pixel < holes.length; pixel++) {
    const hole = holes[pixel] === 1;
    const beside = !hole && (holes[pixel - 1] === 1 || holes[pixel + 1] === 1);
    for (let channel = 0; channel < 3; channel++, at++) {
      const value = made[at] as number;
      if (hole) {
        if (!(value >= -0.5 / 255 && value <= 1 + 0.5 / 255)) throw notSane(`a value of ${value}`);
        if (value > brightest) brightest = value;
      } else {
        if (!(Math.abs(value - (image[at] as number)) <= 1e-5)) throw notSane('it changed what was no hole');
        if (beside) {
          rim += value;
          known += 1;
        }
      }
    }
  }
  if (known > 0 && rim / known > 0.1 && brightest === 0) throw notSane('it is all black');
}
