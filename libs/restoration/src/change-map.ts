import type { Box } from '@albumen/domain';
import { deltaE2000, labOf, lightnessOf } from './delta-e.js';
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

/** Adds up ΔE2000 between two pictures of one shape, strip by strip; optionally draws the change map. */
export class ChangeMeter {
  readonly map: { readonly width: number; readonly height: number } | null;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  readonly #grey: Float64Array | null;
  readonly #every: number;
  #sum = 0;
  #max = 0;
  #moved = 0;
  #count = 0;
  #inside = 0;
  #insideCount = 0;

  /** `areas` (pixels) are summed up apart, each pixel once. */
  constructor(
    private readonly shape: Shape,
    drawsMap: boolean,
    private readonly areas: readonly Box[] = [],
  ) {
    const { width, height, bands, depth } = shape;
    const shrink = Math.min(1, mapSide / Math.max(width, height));
    this.map = drawsMap
      ? { width: Math.max(1, Math.round(width * shrink)), height: Math.max(1, Math.round(height * shrink)) }
      : null;
    this.#sums = new Float64Array(this.map === null ? 0 : this.map.width * this.map.height);
    this.#counts = new Uint32Array(this.#sums.length);
    this.#every = Math.max(1, Math.ceil(Math.sqrt((width * height) / mostMeasured)));
    this.#grey = bands < 3 && depth === 8 ? Float64Array.from({ length: 256 }, (_, level) => lightnessOf(level)) : null;
  }

  /** Adds rows that begin at row `y`; both strips hold the same rows. Alpha is not compared. */
  add(before: Samples, after: Samples, y: number): void {
    const { width, bands, depth } = this.shape;
    const rows = before.length / (width * bands);
    const scale = depth === 8 ? 1 : 255 / 65535;
    const lab = new Float64Array(6);
    const [second, third] = bands < 3 ? [0, 0] : [1, 2];
    for (let row = 0; row < rows; row++) {
      if ((y + row) % this.#every !== 0) continue;
      const mapRow =
        this.map === null
          ? 0
          : Math.min(this.map.height - 1, Math.floor(((y + row) * this.map.height) / this.shape.height)) *
            this.map.width;
      const crossed = this.areas.filter((area) => y + row >= area.y && y + row < area.y + area.height);
      for (let column = 0; column < width; column += this.#every) {
        const at = (row * width + column) * bands;
        let moved = 0;
        const same =
          before[at] === after[at] &&
          before[at + second] === after[at + second] &&
          before[at + third] === after[at + third];
        if (!same) {
          if (this.#grey !== null)
            moved = deltaE2000(
              this.#grey[before[at] as number] as number,
              0,
              0,
              this.#grey[after[at] as number] as number,
              0,
              0,
            );
          else {
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
            moved = deltaE2000(
              lab[0] as number,
              lab[1] as number,
              lab[2] as number,
              lab[3] as number,
              lab[4] as number,
              lab[5] as number,
            );
          }
          this.#sum += moved;
          if (moved > this.#max) this.#max = moved;
          if (moved > justNoticeable) this.#moved += 1;
        }
        this.#count += 1;
        if (crossed.length > 0 && crossed.some((area) => column >= area.x && column < area.x + area.width)) {
          this.#inside += moved;
          this.#insideCount += 1;
        }
        if (this.map !== null) {
          const cell = mapRow + Math.min(this.map.width - 1, Math.floor((column * this.map.width) / width));
          this.#sums[cell] = (this.#sums[cell] as number) + moved;
          this.#counts[cell] = (this.#counts[cell] as number) + 1;
        }
      }
    }
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
    return Uint8Array.from(this.#sums, (sum, cell) => {
      const count = this.#counts[cell] as number;
      return count === 0 ? 0 : Math.min(255, Math.round(sum / count / deltaEPerLevel));
    });
  }
}
