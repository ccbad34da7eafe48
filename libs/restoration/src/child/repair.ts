import {
  colourBands,
  rowsPerStrip,
  samplesOf,
  stripsOf,
  type Samples,
  type Shape,
  type Strips,
} from '../picture/strips.js';
import { blend, compositeRegions } from '../composite.js';
import type { Rectangle } from '../fill-plan.js';
import { LaterOutcome } from '../later-outcome.js';
import { RegionTally, type RegionMeasure } from '../region-measure.js';
import type { LabelPainter, PlannedRegion } from '../regions.js';
import { fillByNet, type NetFill } from './fill-net.js';
import { addGrain } from './grain.js';
import { fillHoles, type Patch } from './telea.js';

/** Holes are filled in squares of `size` pixels that see `margin` pixels beyond their own. */
export const repairTile = { size: 768, margin: 64 } as const;
const { size: tileSize, margin: surroundings } = repairTile;

/** What every way of filling regions needs. `grain` 0..1 is the share of the surrounding grain laid over what was filled. */
export interface Filling {
  /** Only pixels of accepted regions are written. */
  readonly target: Strips;
  readonly painter: LabelPainter;
  readonly accepted: ReadonlySet<number>;
  readonly strength: number;
  readonly grain: number;
  readonly advance: (done: number, of: number) => void;
}

/** Everything a repair needs. */
export interface Repair extends Filling {
  readonly source: Strips;
  readonly regions: readonly PlannedRegion[];
  /** The net that fills, with the ordinals of the regions that it fills; the others are filled by Telea's method. */
  readonly byNet: NetFill | null;
}

/**
 * Fills all regions and writes the accepted ones. A fill never depends on which regions are accepted: every mark is a
 * hole while any is filled. Pixels outside accepted regions, and alpha, are copied bit for bit.
 */
export async function repairDamage(
  repair: Repair,
): Promise<{ readonly measures: ReadonlyMap<number, RegionMeasure>; readonly tiles: number }> {
  const { source, target } = repair;
  const { width, height } = source.work;
  for await (const { y, strip } of stripsOf(source, rowsPerStrip(source.work))) await target.write(y, strip);
  const tallies = new Map<number, RegionTally>();
  let tiles = 0;
  let begun: { readonly patch: DamagedPatch; readonly smooth: LaterOutcome<Samples> } | null = null;
  const finish = async ({ patch, smooth }: NonNullable<typeof begun>): Promise<void> => {
    finishPatch(repair, patch, await smooth.outcome(), tallies);
    tiles += 1;
  };
  for (let y = 0; y < height; y += tileSize) {
    const rows = Math.min(tileSize, height - y);
    for (let x = 0; x < width; x += tileSize) {
      const patch = damagedPatch(repair, { x, y, width: Math.min(tileSize, width - x), height: rows });
      if (patch === null) continue;
      // The holes of this square are filled while those of the one before are finished.
      const before: typeof begun = begun;
      begun = { patch, smooth: new LaterOutcome(smoothFill(repair, patch)) };
      if (before !== null) await finish(before);
    }
    repair.advance(y + rows, height);
  }
  if (begun !== null) await finish(begun);
  const measures = new Map(
    [...tallies].flatMap(([ordinal, tally]): [number, RegionMeasure][] => {
      const measure = tally.result();
      return measure === null ? [] : [[ordinal, measure]];
    }),
  );
  return { measures, tiles };
}

/** What lies around the holes of one square: the picture there with and without alpha, its labels and its holes (255). */
interface DamagedPatch {
  readonly tile: Rectangle;
  /** The least rectangle that holds every hole of the square. */
  readonly own: Rectangle;
  readonly left: number;
  readonly top: number;
  readonly picture: Samples;
  readonly patch: Patch;
  readonly labels: Uint16Array;
  readonly holes: Uint8Array;
}

function damagedPatch({ source, painter }: Repair, tile: Rectangle): DamagedPatch | null {
  if (!painter.touches(tile.x, tile.y, tile.width, tile.height)) return null;
  const { width, height, bands } = source.work;
  const colours = colourBands(source.work);
  const own = boundsOfLabels(painter.paintWindow(tile.x, tile.y, tile.width, tile.height, 'damaged'), tile);
  if (own === null) return null;
  const left = Math.max(0, own.x - surroundings);
  const top = Math.max(0, own.y - surroundings);
  const w = Math.min(width, own.x + own.width + surroundings) - left;
  const h = Math.min(height, own.y + own.height + surroundings) - top;
  const picture = source.readTile(left, top, w, h);
  const labels = painter.paintWindow(left, top, w, h, 'damaged');
  const holes = new Uint8Array(labels.length);
  for (let at = 0; at < labels.length; at++) holes[at] = labels[at] === 0 ? 0 : 255;
  const samples = bands === colours ? picture : withoutAlpha(picture, bands, colours);
  return { tile, own, left, top, picture, patch: { width: w, height: h, bands: colours, samples }, labels, holes };
}

/** Lays grain over what was filled in one square, measures it, and writes what of it is accepted. */
function finishPatch(repair: Repair, damaged: DamagedPatch, smooth: Samples, tallies: Map<number, RegionTally>): void {
  const { own, left, top, picture, patch, holes } = damaged;
  const { bands, depth } = repair.source.work;
  const { width: w, height: h, bands: colours, samples } = patch;
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
  const writable = repair.painter.paintWindow(own.x, own.y, own.width, own.height);
  measure(before, filled, writable, own, repair.source.work, tallies);
  const out = compositeRegions(before, filled, writable, bands, repair.accepted);
  repair.target.writeTile(own.x, own.y, own.width, out);
}

function withoutAlpha(picture: Samples, bands: number, colours: number): Samples {
  const pixels = picture.length / bands;
  const out = samplesOf(picture instanceof Uint8Array ? 8 : 16, pixels * colours);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let band = 0; band < colours; band++) out[pixel * colours + band] = picture[pixel * bands + band] as number;
  return out;
}

/** Fills every hole of a patch: by the net where the region is the net's, and by Telea's method meanwhile. */
async function smoothFill(
  { byNet, source, painter }: Repair,
  { tile, left, top, patch, labels, holes }: DamagedPatch,
): Promise<Samples> {
  if (byNet === null) return fillHoles(patch, holes);
  const { width, height, bands, samples } = patch;
  const smooth = samples.slice();
  // The net is asked for the square's own holes; the margin of the patch is what Telea's method and the grain look at.
  const trained = new LaterOutcome(
    fillByNet(byNet, source, painter, tile, (x, y, values) => {
      if (x < left || y < top || x >= left + width || y >= top + height) return;
      const at = ((y - top) * width + x - left) * bands;
      for (let band = 0; band < bands; band++) smooth[at + band] = values[band] as number;
    }),
  );
  const isClassical = (at: number): boolean => holes[at] !== 0 && !byNet.ordinals.has(labels[at] as number);
  let first = 0;
  while (first < holes.length && !isClassical(first)) first += 1;
  if (first < holes.length) {
    const classical = await fillHoles(patch, holes);
    for (let at = first; at < holes.length; at++)
      if (isClassical(at))
        for (let band = 0; band < bands; band++) smooth[at * bands + band] = classical[at * bands + band] as number;
  }
  await trained.outcome();
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
function boundsOfLabels(labels: Uint16Array, tile: Rectangle): Rectangle | null {
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
  place: Rectangle,
  shape: Shape,
  tallies: Map<number, RegionTally>,
): void {
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel] as number;
    if (label === 0) continue;
    let tally = tallies.get(label);
    if (tally === undefined) tallies.set(label, (tally = new RegionTally(shape)));
    const at = pixel * shape.bands;
    tally.add(before, at, after, at, place.x + (pixel % place.width), place.y + Math.floor(pixel / place.width));
  }
}
