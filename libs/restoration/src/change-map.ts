import type { Box } from '@albumen/domain';
import { differenceOf, labOfSamples, lightnessOf, linearLevels } from './delta-e.js';
import type { Samples, Shape } from './picture/strips.js';

/** ΔE2000 steps per level of a stored change map: 0.1. */
export const deltaEPerLevel = 0.1;
/** A just noticeable difference; pixels above it count as moved. */
export const justNoticeable = 2.3;
/** Longer side of a stored change map. */
const mapSide = 2048;
/** Pictures with more pixels are measured on every second, third … pixel of a row and column. */
const mostMeasured = 40_000_000;

/** How far a picture moved: mean and largest ΔE2000 and the share of pixels above a just noticeable difference. */
export interface Moved {
  readonly meanDeltaE: number;
  readonly maxDeltaE: number;
  readonly shareMoved: number;
}

/** What a meter has added up so far, as another thread can take it. */
export interface ChangeTally {
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
  readonly sum: number;
  readonly max: number;
  readonly moved: number;
  readonly count: number;
  readonly inside: number;
  readonly insideCount: number;
}

/** Adds up ΔE2000 between two pictures of one shape, strip by strip; optionally draws the change map. */
export class ChangeMeter {
  readonly #shape: Shape;
  readonly #areas: readonly Box[];
  readonly map: { readonly width: number; readonly height: number } | null;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  readonly #grey: Float64Array | null;
  readonly #every: number;
  readonly #lab = new Float64Array(6);
  readonly #linear: Float64Array;
  /** ΔE2000 of the row looked at, and where among its pixels each column of the map begins. */
  readonly #row: Float64Array;
  readonly #begins: Int32Array;
  #sum = 0;
  #max = 0;
  #moved = 0;
  #count = 0;
  #inside = 0;
  #insideCount = 0;

  /** `areas` (pixels) are summed up apart, each pixel once. */
  constructor(shape: Shape, drawsMap: boolean, areas: readonly Box[] = []) {
    this.#shape = shape;
    this.#areas = areas;
    const { width, height, bands, depth } = shape;
    const shrink = Math.min(1, mapSide / Math.max(width, height));
    this.map = drawsMap
      ? { width: Math.max(1, Math.round(width * shrink)), height: Math.max(1, Math.round(height * shrink)) }
      : null;
    this.#sums = new Float64Array(this.map === null ? 0 : this.map.width * this.map.height);
    this.#counts = new Uint32Array(this.#sums.length);
    this.#every = Math.max(1, Math.ceil(Math.sqrt((width * height) / mostMeasured)));
    this.#row = new Float64Array(Math.ceil(width / this.#every));
    this.#begins = beginsOf(this.map?.width ?? 0, this.#row.length, this.#every, width);
    this.#linear = linearLevels(depth);
    this.#grey = bands < 3 && depth === 8 ? Float64Array.from({ length: 256 }, (_, level) => lightnessOf(level)) : null;
  }

  /** Adds rows that begin at row `y`; both strips hold the same rows. Alpha is not compared. */
  add(before: Samples, after: Samples, y: number): void {
    const { width, height, bands } = this.#shape;
    const every = this.#every;
    const rows = before.length / (width * bands);
    for (let row = (every - (y % every)) % every; row < rows; row += every) {
      this.#measureRow(before, after, row * width * bands);
      if (this.map !== null) {
        const mapRow = Math.min(this.map.height - 1, Math.floor(((y + row) * this.map.height) / height));
        this.#draw(mapRow * this.map.width);
      }
      const crossed = this.#areas.filter((area) => y + row >= area.y && y + row < area.y + area.height);
      if (crossed.length > 0) this.#addInside(crossed);
    }
  }

  /** ΔE2000 of every measured pixel of the row of samples that begins at `at`. */
  #measureRow(before: Samples, after: Samples, at: number): void {
    const { bands } = this.#shape;
    const linear = this.#linear;
    const [second, third] = bands < 3 ? [0, 0] : [1, 2];
    const row = this.#row;
    const lab = this.#lab;
    const grey = this.#grey;
    const step = bands * this.#every;
    let [sum, max, moved] = [0, this.#max, 0];
    for (let column = 0; column < row.length; column++, at += step) {
      const r = before[at] as number;
      const g = before[at + second] as number;
      const b = before[at + third] as number;
      const r2 = after[at] as number;
      const g2 = after[at + second] as number;
      const b2 = after[at + third] as number;
      if (r === r2 && g === g2 && b === b2) {
        row[column] = 0;
        continue;
      }
      if (grey !== null) {
        lab[0] = grey[r] as number;
        lab[3] = grey[r2] as number;
      } else {
        labOfSamples(linear, r, g, b, lab, 0);
        labOfSamples(linear, r2, g2, b2, lab, 3);
      }
      differenceOf(lab, row, column);
      const far = row[column] as number;
      sum += far;
      if (far > max) max = far;
      if (far > justNoticeable) moved += 1;
    }
    this.#sum += sum;
    this.#max = max;
    this.#moved += moved;
    this.#count += row.length;
  }

  /** Adds the measured row to the cells of the map that begin at `first`. */
  #draw(first: number): void {
    const row = this.#row;
    const begins = this.#begins;
    const sums = this.#sums;
    const counts = this.#counts;
    let column = 0;
    for (let cell = 0; cell + 1 < begins.length; cell++) {
      const end = begins[cell + 1] as number;
      counts[first + cell] = (counts[first + cell] as number) + end - column;
      let sum = sums[first + cell] as number;
      for (; column < end; column++) sum += row[column] as number;
      sums[first + cell] = sum;
    }
  }

  #addInside(crossed: readonly Box[]): void {
    const row = this.#row;
    const first = crossed.reduce((least, area) => Math.min(least, area.x), Infinity);
    const end = crossed.reduce((most, area) => Math.max(most, area.x + area.width), 0);
    for (let column = Math.max(0, Math.ceil(first / this.#every)); column < row.length; column++) {
      const x = column * this.#every;
      if (x >= end) break;
      if (!crossed.some((area) => x >= area.x && x < area.x + area.width)) continue;
      this.#inside += row[column] as number;
      this.#insideCount += 1;
    }
  }

  /** What was added up so far. */
  tally(): ChangeTally {
    return {
      sums: this.#sums,
      counts: this.#counts,
      sum: this.#sum,
      max: this.#max,
      moved: this.#moved,
      count: this.#count,
      inside: this.#inside,
      insideCount: this.#insideCount,
    };
  }

  /** Adds what another meter of the same pictures measured on other rows. */
  merge(other: ChangeTally): void {
    for (let cell = 0; cell < this.#sums.length; cell++) {
      this.#sums[cell] = (this.#sums[cell] as number) + (other.sums[cell] as number);
      this.#counts[cell] = (this.#counts[cell] as number) + (other.counts[cell] as number);
    }
    this.#sum += other.sum;
    this.#max = Math.max(this.#max, other.max);
    this.#moved += other.moved;
    this.#count += other.count;
    this.#inside += other.inside;
    this.#insideCount += other.insideCount;
  }

  result(): Moved {
    const count = Math.max(1, this.#count);
    const short = (value: number): number => Math.round(value * 1e5) / 1e5;
    return {
      meanDeltaE: short(this.#sum / count),
      maxDeltaE: short(this.#max),
      shareMoved: short(this.#moved / count),
    };
  }

  /** Mean ΔE2000 inside the areas; null where there are none. */
  insideAreas(): number | null {
    return this.#insideCount === 0 ? null : Math.round((this.#inside / this.#insideCount) * 1000) / 1000;
  }

  /** The map's levels: mean ΔE2000 of each cell in steps of `deltaEPerLevel`, at most 255. */
  levels(): Uint8Array {
    const levels = new Uint8Array(this.#sums.length);
    for (let cell = 0; cell < levels.length; cell++) {
      const count = this.#counts[cell] as number;
      if (count > 0) levels[cell] = Math.min(255, Math.round((this.#sums[cell] as number) / count / deltaEPerLevel));
    }
    return levels;
  }
}

/** First of `pixels` pixels of each of `across` columns of a map, and their end; every so many columns of the picture is one. */
function beginsOf(across: number, pixels: number, every: number, width: number): Int32Array {
  const begins = new Int32Array(across === 0 ? 0 : across + 1).fill(pixels);
  for (let pixel = pixels - 1; pixel >= 0 && across > 0; pixel--)
    begins[Math.min(across - 1, Math.floor((pixel * every * across) / width))] = pixel;
  // A column that no pixel falls into begins where the next one does.
  for (let column = across - 1; column >= 0; column--)
    begins[column] = Math.min(begins[column] as number, begins[column + 1] as number);
  return begins;
}
