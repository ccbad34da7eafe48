import type { LabelPainter, PlannedRegion } from './regions.js';

/** Longer side of a stored confidence map, as of a change map. */
export const mapSide = 2048;
/** Distance to the nearest known pixel at which a fill is only half as sure as its mark. */
const halfAt = 12;
/** Rows beyond a strip that are looked at for known pixels; farther than this a fill is a guess anyway. */
const reach = 64;
const rowsAtOnce = 256;
/** Levels of a map: 0 where nothing was replaced, 1 … 255 for a confidence of 0 … 1. */
export const confidencePerLevel = 1 / 254;

/** A confidence map: what is replaced in a cell is as sure as its least sure pixel. */
export interface ConfidenceMap {
  readonly width: number;
  readonly height: number;
  readonly levels: Uint8Array;
}

/**
 * How sure the fill of these regions is (the painter may know others, which count as known), pixel by pixel: the mean mask probability of its region, halved at 12 px from the nearest pixel that
 * was known, less beyond. Read by strips; the answer does not depend on them (distances are exact up to 64 rows).
 */
export function confidenceMap(
  picture: { readonly width: number; readonly height: number },
  regions: readonly PlannedRegion[],
  painter: LabelPainter,
): ConfidenceMap {
  const { width, height } = picture;
  const shrink = Math.min(1, mapSide / Math.max(width, height));
  const map = { width: Math.max(1, Math.round(width * shrink)), height: Math.max(1, Math.round(height * shrink)) };
  const levels = new Uint8Array(map.width * map.height);
  const sure = new Map(regions.map((region) => [region.ordinal, region.confidence]));
  for (let y = 0; y < height; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, height - y);
    if (painter.isEmpty(y, rows)) continue;
    const top = Math.max(0, y - reach);
    const bottom = Math.min(height, y + rows + reach);
    const labels = painter.paint(top, bottom - top);
    for (let at = 0; at < labels.length; at++) if (!sure.has(labels[at] as number)) labels[at] = 0;
    const away = distances(labels, width, bottom - top);
    for (let row = 0; row < rows; row++) {
      const cellRow = Math.min(map.height - 1, Math.floor(((y + row) * map.height) / height)) * map.width;
      for (let column = 0; column < width; column++) {
        const at = (y - top + row) * width + column;
        const label = labels[at] as number;
        if (label === 0) continue;
        const far = (away[at] as number) / 3 / halfAt;
        const level = 1 + Math.round(254 * ((sure.get(label) ?? 0) / (1 + far * far)));
        const cell = cellRow + Math.min(map.width - 1, Math.floor((column * map.width) / width));
        const there = levels[cell] as number;
        if (there === 0 || level < there) levels[cell] = level;
      }
    }
  }
  return { ...map, levels };
}

/** Distance of each labelled pixel to the nearest one without a label, in thirds of a pixel (chamfer 3-4). */
function distances(labels: Uint16Array, width: number, rows: number): Uint16Array {
  const far = 60_000;
  const away = new Uint16Array(labels.length);
  /** Rows without a label are all zero, and stay so. */
  const labelled = new Uint8Array(rows);
  for (let y = 0, at = 0; y < rows; y++)
    for (let x = 0; x < width; x++, at++)
      if (labels[at] !== 0) {
        away[at] = far;
        labelled[y] = 1;
      }
  const pass = (from: number, to: number, by: 1 | -1): void => {
    for (let y = from; y !== to; y += by) {
      if (labelled[y] === 0) continue;
      for (let step = 0; step < width; step++) {
        const x = by === 1 ? step : width - 1 - step;
        const at = y * width + x;
        let least = away[at] as number;
        if (least === 0) continue;
        const before = y - by;
        const inside = before >= 0 && before < rows;
        if (x - by >= 0 && x - by < width) least = Math.min(least, (away[at - by] as number) + 3);
        if (inside) {
          const above = before * width + x;
          least = Math.min(least, (away[above] as number) + 3);
          if (x > 0) least = Math.min(least, (away[above - 1] as number) + 4);
          if (x < width - 1) least = Math.min(least, (away[above + 1] as number) + 4);
        }
        away[at] = least;
      }
    }
  };
  pass(0, rows, 1);
  pass(rows - 1, -1, -1);
  return away;
}
