import { colourBands, samplesOf, type Samples, type Strips } from '../picture/strips.js';
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
  const { width, height, bands } = source.work;
  const sums = new Map<number, Sums>();
  let tiles = 0;
  for (let y = 0; y < height; y += tileSize) {
    const rows = Math.min(tileSize, height - y);
    const top = Math.max(0, y - surroundings);
    const bottom = Math.min(height, y + rows + surroundings);
    const strip = await source.read(top, bottom - top);
    const own = strip.subarray((y - top) * width * bands, (y - top + rows) * width * bands);
    if (painter.isEmpty(y, rows)) await target.write(y, own);
    else {
      const labels = painter.paint(top, bottom - top, 'damaged');
      const filled = own.slice();
      for (let x = 0; x < width; x += tileSize)
        tiles += await fillTile(
          repair,
          { strip, labels, top, rows: bottom - top },
          { x, y, width: Math.min(tileSize, width - x), height: rows },
          filled,
        );
      const ownLabels = painter.paint(y, rows);
      measure(own, filled, ownLabels, y, repair, sums);
      await target.write(y, compositeRegions(own, filled, ownLabels, bands, repair.accepted));
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

interface Surround {
  readonly strip: Samples;
  readonly labels: Uint16Array;
  readonly top: number;
  readonly rows: number;
}

async function fillTile(repair: Repair, around: Surround, tile: Tile, filled: Samples): Promise<0 | 1> {
  const { width, bands, depth } = repair.source.work;
  const colours = colourBands(repair.source.work);
  const bounds = boundsOfLabels(around.labels, width, tile, around.top);
  if (bounds === null) return 0;
  const left = Math.max(0, bounds.left - surroundings);
  const right = Math.min(width, bounds.right + surroundings);
  const top = Math.max(around.top, bounds.top - surroundings);
  const bottom = Math.min(around.top + around.rows, bounds.bottom + surroundings);
  const [w, h] = [right - left, bottom - top];
  const samples = samplesOf(depth, w * h * colours);
  const holes = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    const from = (top - around.top + y) * width + left;
    for (let x = 0; x < w; x++) {
      holes[y * w + x] = around.labels[from + x] === 0 ? 0 : 255;
      for (let band = 0; band < colours; band++)
        samples[(y * w + x) * colours + band] = around.strip[(from + x) * bands + band] as number;
    }
  }
  const labelAt = (at: number): number => {
    const x = at % w;
    return around.labels[(top - around.top + (at - x) / w) * width + left + x] as number;
  };
  const smooth = await smoothFill(repair, { width: w, height: h, bands: colours, samples }, holes, labelAt, {
    left,
    top,
    tile,
  });
  const made =
    repair.grain > 0
      ? addGrain({ width: w, height: h, bands: colours, samples: smooth }, samples, holes, repair.grain)
      : smooth;
  const full = depth === 8 ? 255 : 65535;
  for (let y = bounds.top; y < bounds.bottom; y++) {
    for (let x = bounds.left; x < bounds.right; x++) {
      const at = (y - top) * w + (x - left);
      if (holes[at] === 0) continue;
      // The outermost ring of a region is half the original: no hard rim where the mark had already ended.
      const rim = isRim(holes, at, w, h);
      const share = repair.strength * (rim ? 0.5 : 1);
      const to = ((y - tile.y) * width + x) * bands;
      for (let band = 0; band < colours; band++) {
        const before = samples[at * colours + band] as number;
        const after = made[at * colours + band] as number;
        filled[to + band] = blend(before, after, share, full);
      }
    }
  }
  return 1;
}

/** Fills every hole of a patch: by Telea's method, and over it by the net where the region is the net's. */
async function smoothFill(
  repair: Repair,
  patch: Patch,
  holes: Uint8Array,
  labelAt: (at: number) => number,
  place: { readonly left: number; readonly top: number; readonly tile: Tile },
): Promise<Samples> {
  const { byNet } = repair;
  if (byNet === null) return fillHoles(patch, holes);
  let [classical, trained] = [false, false];
  for (let at = 0; at < holes.length; at++) {
    if (holes[at] === 0) continue;
    if (byNet.ordinals.has(labelAt(at))) trained = true;
    else classical = true;
  }
  const smooth = classical ? await fillHoles(patch, holes) : patch.samples.slice();
  if (!trained) return smooth;
  const { left, top, tile } = place;
  await fillByNet(byNet, repair.source, repair.painter, tile, (x, y, values) => {
    const at = (y - top) * patch.width + (x - left);
    if (x < left || y < top || x >= left + patch.width || y >= top + patch.height) return;
    if (holes[at] === 0 || !byNet.ordinals.has(labelAt(at))) return;
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

function boundsOfLabels(
  labels: Uint16Array,
  width: number,
  tile: Tile,
  stripTop: number,
): { left: number; top: number; right: number; bottom: number } | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (let y = tile.y; y < tile.y + tile.height; y++) {
    const from = (y - stripTop) * width;
    for (let x = tile.x; x < tile.x + tile.width; x++) {
      if (labels[from + x] === 0) continue;
      if (x < left) left = x;
      if (x + 1 > right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  return right < 0 ? null : { left, top, right, bottom };
}

function measure(
  before: Samples,
  after: Samples,
  labels: Uint16Array,
  y: number,
  repair: Repair,
  sums: Map<number, Sums>,
): void {
  const { width, bands, depth } = repair.source.work;
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
    const x = pixel % width;
    const row = y + (pixel - x) / width;
    const sum = sums.get(label);
    if (sum === undefined)
      sums.set(label, { area: 1, deltaE: moved, left: x, right: x + 1, top: row, bottom: row + 1 });
    else {
      sum.area += 1;
      sum.deltaE += moved;
      sum.left = Math.min(sum.left, x);
      sum.right = Math.max(sum.right, x + 1);
      sum.bottom = row + 1;
    }
  }
}
