import { setImmediate } from 'node:timers/promises';
import { blend } from '../composite.js';
import { colourBands, type Strips } from '../picture/strips.js';
import type { Filling } from '../child/repair.js';
import { RegionTally, type RegionMeasure } from '../region-measure.js';
import type { AdaptedNet, FloatPicture } from './adapted-net.js';
import { AreaGrain, grainReach, residualAt, usualDeviation, type MadeStrip } from './area-grain.js';
import { between, floatWindow, type Window } from './float-window.js';

/** A lost area: its ordinal and the box of its pixels, dilated as it is filled. */
export interface LostArea {
  readonly ordinal: number;
  readonly box: Window;
}

/** Everything that rebuilding needs; the target holds what lies below already. */
export interface Rebuilding extends Filling {
  /** The original: what is made never depends on what else is accepted. */
  readonly original: Strips;
  readonly areas: readonly LostArea[];
  readonly net: AdaptedNet;
}

/** Times an area's longer side that the net sees of it and around it. */
const surroundings = 2.5;
/** Side of the square that a net works at which takes any size. */
const usualSide = 512;
const rowsAtOnce = 128;
/** Pixels, about, that are looked at to learn how much texture a net made. */
const mostLooks = 20_000;

/**
 * Fills areas that are too wide for the nets that Albumen comes with. Each is seen in a square of its own with its
 * surroundings, brought to the net's working size where it is larger; only the lost pixels are brought back to full size
 * and written, with the grain of what lies around and a soft rim. Everything else, and alpha, stays bit for bit. Answers the measures by ordinal and the
 * number of squares.
 */
export async function rebuildAreas(
  rebuilding: Rebuilding,
): Promise<{ readonly measures: ReadonlyMap<number, RegionMeasure>; readonly side: number; readonly runs: number }> {
  const { net, areas, advance } = rebuilding;
  const fixed = net.model.broughtIn?.fixed ?? null;
  const { multiple } = net.model.tile;
  const side = fixed === null ? Math.ceil(usualSide / multiple) * multiple : Math.min(fixed.width, fixed.height);
  const measures = new Map<number, RegionMeasure>();
  for (const [number, area] of areas.entries()) {
    const window = windowAround(area.box, side);
    const picture = floatWindow(rebuilding.original, window, { width: side, height: side });
    const holes = holesIn(rebuilding, window, side);
    const made = await net.runPicture(picture, holes);
    const square = { width: side, height: side, data: made };
    const measure = await writeArea(rebuilding, area, window, square, (share) => advance(number + share, areas.length));
    if (measure !== null) measures.set(area.ordinal, measure);
    advance(number + 1, areas.length);
  }
  return { measures, side, runs: net.runs };
}

/** A square about the area; at least the net's own size. It may reach beyond the picture, where it is mirrored. */
function windowAround({ x, y, width, height }: Window, side: number): Window {
  const across = Math.max(side, Math.ceil(Math.max(width, height) * surroundings));
  return {
    x: Math.floor(x + width / 2 - across / 2),
    y: Math.floor(y + height / 2 - across / 2),
    width: across,
    height: across,
  };
}

/** Damaged cells (1) of the square: a cell is one wherever any of its pixels is. Beyond the picture it is mirrored. */
function holesIn({ painter, original }: Rebuilding, window: Window, side: number): Uint8Array {
  const { width, height } = original.work;
  const holes = new Uint8Array(side * side);
  const step = window.width / side;
  const mirror = (at: number, length: number): number => {
    const period = Math.max(1, 2 * (length - 1));
    const inside = ((at % period) + period) % period;
    return inside < length ? inside : period - inside;
  };
  const columns = Int32Array.from({ length: window.width }, (_, at) => mirror(window.x + at, width));
  const left = columns.reduce((a, b) => Math.min(a, b), width);
  const right = columns.reduce((a, b) => Math.max(a, b), 0) + 1;
  for (let y = 0; y < window.height; y++) {
    const row = mirror(window.y + y, height);
    const labels = painter.paintWindow(left, row, right - left, 1, 'damaged');
    const into = Math.min(side - 1, Math.floor(y / step)) * side;
    for (let x = 0; x < window.width; x++)
      if (labels[(columns[x] as number) - left] !== 0) holes[into + Math.min(side - 1, Math.floor(x / step))] = 1;
  }
  return holes;
}

async function writeArea(
  rebuilding: Rebuilding,
  { ordinal, box }: LostArea,
  window: Window,
  made: FloatPicture,
  advance: (share: number) => void,
): Promise<RegionMeasure | null> {
  const { target, original, painter, accepted, strength } = rebuilding;
  const { bands, depth, width, height } = target.work;
  const full = depth === 8 ? 255 : 65535;
  const colours = colourBands(target.work);
  const [left, top] = [Math.max(0, box.x), Math.max(0, box.y)];
  const [right, bottom] = [Math.min(width, box.x + box.width), Math.min(height, box.y + box.height)];
  const place = { x: left, y: top, width: right - left, height: bottom - top };
  const grain = new AreaGrain(
    original,
    painter,
    rebuilding.grain,
    rebuilding.grain === 0 ? 0 : madeDeviation(rebuilding, ordinal, place, window, made),
  );
  const tally = new RegionTally(target.work);
  const values = [0, 0, 0];
  for (const strip of madeStrips(rebuilding, ordinal, place, window, made)) {
    const { y, rows, labels, levels } = strip;
    // A large area takes long: whoever waits must hear of it meanwhile.
    advance((y - top) / place.height);
    await setImmediate();
    await grain.layOver(strip, ordinal);
    const was = original.readTile(left, y, place.width, rows);
    const out = target.readTile(left, y, place.width, rows);
    for (let row = 0; row < rows; row++)
      for (let x = 0; x < place.width; x++) {
        const pixel = row * place.width + x;
        if (labels[pixel] !== ordinal) continue;
        const at = pixel * bands;
        const share = strength * (isRim(labels, row, x, place.width, rows, ordinal) ? 0.5 : 1);
        for (let band = 0; band < colours; band++)
          values[band] = blend(was[at + band] as number, levels[pixel * colours + band] as number, share, full);
        tally.add(was, at, values, 0, left + x, y + row);
        if (accepted.has(ordinal)) for (let band = 0; band < colours; band++) out[at + band] = values[band] as number;
      }
    if (accepted.has(ordinal)) target.writeTile(left, y, place.width, out);
  }
  return tally.result();
}

/** What the net made of an area, at full size, strip by strip; strips without a pixel of the area are left out. */
function* madeStrips(
  { painter, original }: Rebuilding,
  ordinal: number,
  { x: left, y: top, width, height }: Window,
  window: Window,
  made: FloatPicture,
): Generator<MadeStrip> {
  const colours = colourBands(original.work);
  const full = original.work.depth === 8 ? 255 : 65535;
  const across = between(window.width, made.width, left - window.x, width);
  for (let y = top; y < top + height; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, top + height - y);
    const labels = painter.paintWindow(left, y, width, rows);
    if (!labels.includes(ordinal)) continue;
    const down = between(window.height, made.height, y - window.y, rows);
    const levels = new Float32Array(width * rows * colours);
    for (let row = 0; row < rows; row++)
      for (let x = 0; x < width; x++) {
        const pixel = row * width + x;
        if (labels[pixel] !== ordinal) continue;
        const values = sampled(made, down, across, row, x);
        for (let band = 0; band < colours; band++)
          levels[pixel * colours + band] =
            full * (colours === 3 ? (values[band] as number) : (values[0] + values[1] + values[2]) / 3);
      }
    yield { x: left, y, width, rows, labels, levels };
  }
}

/** Usual deviation, in levels, of what the net made from the means about its pixels: the texture that is there already. */
function madeDeviation(
  rebuilding: Rebuilding,
  ordinal: number,
  place: Window,
  window: Window,
  made: FloatPicture,
): number {
  const colours = colourBands(rebuilding.original.work);
  // A few rows at a time, spread over the area: the whole of it is made once, when it is written.
  const rows = 2 * grainReach + 1;
  const looks = Math.max(1, Math.ceil(mostLooks / place.width));
  const step = Math.max(rows, Math.floor(place.height / looks));
  const residuals: number[] = [];
  for (let y = place.y; y + rows <= place.y + place.height; y += step)
    for (const { width, labels, levels } of madeStrips(
      rebuilding,
      ordinal,
      { ...place, y, height: rows },
      window,
      made,
    ))
      for (let x = grainReach; x < width - grainReach; x++) {
        const isInside = labels[x] === ordinal && labels[(rows - 1) * width + x] === ordinal;
        const middle = grainReach * width + x;
        if (!isInside || labels[middle - grainReach] !== ordinal || labels[middle + grainReach] !== ordinal) continue;
        residuals.push(residualAt(levels, middle, width, colours, 0));
      }
  return usualDeviation(Float32Array.from(residuals));
}

function sampled(
  { width, data }: FloatPicture,
  down: ReturnType<typeof between>,
  across: ReturnType<typeof between>,
  row: number,
  x: number,
): [number, number, number] {
  const [upper, lower] = [(down.first[row] as number) * width, (down.second[row] as number) * width];
  const [first, second, beside] = [across.first[x] as number, across.second[x] as number, across.share[x] as number];
  const low = down.share[row] as number;
  const at = (channel: number): number => {
    const above =
      (data[(upper + first) * 3 + channel] as number) * (1 - beside) +
      (data[(upper + second) * 3 + channel] as number) * beside;
    const below =
      (data[(lower + first) * 3 + channel] as number) * (1 - beside) +
      (data[(lower + second) * 3 + channel] as number) * beside;
    return above * (1 - low) + below * low;
  };
  return [at(0), at(1), at(2)];
}

/** Whether a pixel lies at the rim of its area; the edge of the strip counts as inside. */
function isRim(labels: Uint16Array, row: number, x: number, width: number, rows: number, ordinal: number): boolean {
  const at = row * width + x;
  return (
    (x > 0 && labels[at - 1] !== ordinal) ||
    (x < width - 1 && labels[at + 1] !== ordinal) ||
    (row > 0 && labels[at - width] !== ordinal) ||
    (row < rows - 1 && labels[at + width] !== ordinal)
  );
}
