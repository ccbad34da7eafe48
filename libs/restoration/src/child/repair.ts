import { colourBands, rowsPerStrip, samplesOf, stripsOf, type Samples, type Strips } from '../picture/strips.js';
import { blend, compositeRegions } from '../composite.js';
import { deltaE2000, labOf } from '../delta-e.js';
import type { LabelPainter, PlannedRegion } from '../regions.js';
import { fillByNet, type NetFill } from './fill-net.js';
import { addGrain } from './grain.js';
import { fillHoles, type Patch } from './telea.js';

/** Holes are filled in squares of `size` pixels that see `margin` pixels beyond their own. */
export const repairTile = { size: 768, margin: 64 } as const;
const { size: tileSize, margin: surroundings } = repairTile;

/** What the fill did to one region. */
export interface RegionMeasure {
  readonly area: number;
  readonly meanDeltaE: number;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** Everything a repair needs. `grain` 0..1 is the share of the surrounding grain laid over a fill. */
export interface Repair {
  readonly source: Strips;
  readonly target: Strips;
  readonly painter: LabelPainter;
  readonly regions: readonly PlannedRegion[];
  readonly accepted: ReadonlySet<number>;
  readonly strength: number;
  readonly grain: number;
  /** The net that fills, with the ordinals of the regions that it fills; the others are filled by Telea's method. */
  readonly byNet: NetFill | null;
  readonly advance: (done: number, of: number) => void;
}

interface Sums {
  area: number;
  deltaE: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Fills all regions and writes the accepted ones. A fill never depends on which regions are accepted: every mark is a
 * hole while any is filled. Pixels outside accepted regions, and alpha, are copied bit for bit.
 */
export async function repairDamage(
  repair: Repair,
): Promise<{ readonly measures: ReadonlyMap<number, RegionMeasure>; readonly tiles: number }> {
  const { source, target, painter } = repair;
  const { width, height } = source.work;
  for await (const { y, strip } of stripsOf(source, rowsPerStrip(source.work))) await target.write(y, strip);
  const sums = new Map<number, Sums>();
  let tiles = 0;
  for (let y = 0; y < height; y += tileSize) {
    const rows = Math.min(tileSize, height - y);
    for (let x = 0; x < width; x += tileSize) {
      const tile = { x, y, width: Math.min(tileSize, width - x), height: rows };
      if (painter.touches(tile.x, tile.y, tile.width, tile.height)) tiles += await repairOne(repair, tile, sums);
    }
    repair.advance(y + rows, height);
  }
  const measures = new Map(
    [...sums].map(([ordinal, sum]) => [
      ordinal,
      {
        area: sum.area,
        meanDeltaE: Math.round((sum.deltaE / sum.area) * 1000) / 1000,
        box: { x: sum.left, y: sum.top, width: sum.right - sum.left, height: sum.bottom - sum.top },
      },
    ]),
  );
  return { measures, tiles };
}

/** A square of the picture, or what of it lies inside. */
interface Tile {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Fills what is damaged in one square, measures it, and writes what of it is accepted. */
async function repairOne(repair: Repair, tile: Tile, sums: Map<number, Sums>): Promise<0 | 1> {
  const { source, painter } = repair;
  const { width, height, bands, depth } = source.work;
  const colours = colourBands(source.work);
  const damaged = painter.paintWindow(tile.x, tile.y, tile.width, tile.height, 'damaged');
  const own = boundsOfLabels(damaged, tile);
  if (own === null) return 0;
  const left = Math.max(0, own.x - surroundings);
  const top = Math.max(0, own.y - surroundings);
  const w = Math.min(width, own.x + own.width + surroundings) - left;
  const h = Math.min(height, own.y + own.height + surroundings) - top;
  const picture = source.readTile(left, top, w, h);
  const labels = painter.paintWindow(left, top, w, h, 'damaged');
  const samples = bands === colours ? picture : withoutAlpha(picture, bands, colours);
  const holes = Uint8Array.from(labels, (label) => (label === 0 ? 0 : 255));
  const patch = { width: w, height: h, bands: colours, samples };
  const smooth = await smoothFill(repair, patch, holes, labels, { left, top, tile });
  const made = repair.grain > 0 ? addGrain({ ...patch, samples: smooth }, samples, holes, repair.grain) : smooth;
  const full = depth === 8 ? 255 : 65535;
  const before = samplesOf(depth, own.width * own.height * bands);
  for (let y = 0; y < own.height; y++) {
    const from = ((own.y - top + y) * w + own.x - left) * bands;
    before.set(picture.subarray(from, from + own.width * bands), y * own.width * bands);
  }
  const filled = before.slice();
  for (let y = 0; y < own.height; y++)
    for (let x = 0; x < own.width; x++) {
      const at = (own.y - top + y) * w + own.x - left + x;
      if (holes[at] === 0) continue;
      // The outermost ring of a region is half the original: no hard rim where the mark had already ended.
      const share = repair.strength * (isRim(holes, at, w, h) ? 0.5 : 1);
      const to = (y * own.width + x) * bands;
      for (let band = 0; band < colours; band++)
        filled[to + band] = blend(before[to + band] as number, made[at * colours + band] as number, share, full);
    }
  const writable = painter.paintWindow(own.x, own.y, own.width, own.height);
  measure(before, filled, writable, own, repair, sums);
  const out = compositeRegions(before, filled, writable, bands, repair.accepted);
  repair.target.writeTile(own.x, own.y, own.width, out);
  return 1;
}

function withoutAlpha(picture: Samples, bands: number, colours: number): Samples {
  const pixels = picture.length / bands;
  const out = samplesOf(picture instanceof Uint8Array ? 8 : 16, pixels * colours);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let band = 0; band < colours; band++) out[pixel * colours + band] = picture[pixel * bands + band] as number;
  return out;
}

/** Fills every hole of a patch: by Telea's method, and over it by the net where the region is the net's. */
async function smoothFill(
  repair: Repair,
  patch: Patch,
  holes: Uint8Array,
  labels: Uint16Array,
  place: { readonly left: number; readonly top: number; readonly tile: Tile },
): Promise<Samples> {
  const { byNet } = repair;
  if (byNet === null) return fillHoles(patch, holes);
  let [classical, trained] = [false, false];
  for (let at = 0; at < holes.length; at++) {
    if (holes[at] === 0) continue;
    if (byNet.ordinals.has(labels[at] as number)) trained = true;
    else classical = true;
  }
  const smooth = classical ? await fillHoles(patch, holes) : patch.samples.slice();
  if (!trained) return smooth;
  const { left, top, tile } = place;
  await fillByNet(byNet, repair.source, repair.painter, tile, (x, y, values) => {
    const at = (y - top) * patch.width + (x - left);
    if (x < left || y < top || x >= left + patch.width || y >= top + patch.height) return;
    if (holes[at] === 0 || !byNet.ordinals.has(labels[at] as number)) return;
    for (let band = 0; band < patch.bands; band++) smooth[at * patch.bands + band] = values[band] as number;
  });
  return smooth;
}

function isRim(holes: Uint8Array, at: number, width: number, height: number): boolean {
  const x = at % width;
  const y = (at - x) / width;
  return (
    (x > 0 && holes[at - 1] === 0) ||
    (x < width - 1 && holes[at + 1] === 0) ||
    (y > 0 && holes[at - width] === 0) ||
    (y < height - 1 && holes[at + width] === 0)
  );
}

/** The least rectangle of the picture that holds every label of a tile; null where there is none. */
function boundsOfLabels(labels: Uint16Array, tile: Tile): Tile | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (let y = 0; y < tile.height; y++)
    for (let x = 0; x < tile.width; x++) {
      if (labels[y * tile.width + x] === 0) continue;
      if (x < left) left = x;
      if (x + 1 > right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  if (right < 0) return null;
  return { x: tile.x + left, y: tile.y + top, width: right - left, height: bottom - top };
}

function measure(
  before: Samples,
  after: Samples,
  labels: Uint16Array,
  place: Tile,
  repair: Repair,
  sums: Map<number, Sums>,
): void {
  const { bands, depth } = repair.source.work;
  const { width } = place;
  const scale = depth === 8 ? 1 : 255 / 65535;
  const third = bands < 3 ? 0 : 2;
  const second = bands < 3 ? 0 : 1;
  const lab = new Float64Array(6);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel] as number;
    if (label === 0) continue;
    const at = pixel * bands;
    labOf(
      (before[at] as number) * scale,
      (before[at + second] as number) * scale,
      (before[at + third] as number) * scale,
      lab,
      0,
    );
    labOf(
      (after[at] as number) * scale,
      (after[at + second] as number) * scale,
      (after[at + third] as number) * scale,
      lab,
      3,
    );
    const moved = deltaE2000(
      lab[0] as number,
      lab[1] as number,
      lab[2] as number,
      lab[3] as number,
      lab[4] as number,
      lab[5] as number,
    );
    const x = place.x + (pixel % width);
    const row = place.y + Math.floor(pixel / width);
    const sum = sums.get(label);
    if (sum === undefined)
      sums.set(label, { area: 1, deltaE: moved, left: x, right: x + 1, top: row, bottom: row + 1 });
    else {
      sum.area += 1;
      sum.deltaE += moved;
      sum.left = Math.min(sum.left, x);
      sum.right = Math.max(sum.right, x + 1);
      sum.top = Math.min(sum.top, row);
      sum.bottom = Math.max(sum.bottom, row + 1);
    }
  }
}
