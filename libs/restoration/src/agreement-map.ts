import { mapSide, type ConfidenceMap } from './confidence-map.js';

/** Spread of the views (levels of 255, standard deviation) at which a place is only half as sure. */
const halfAt = 2;

/** A rectangle of the picture inside a tile's plane: `from` is the place of its first pixel, `line` the plane's width. */
export interface PlanePart {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly line: number;
}

/**
 * How sure a layer of a net is, from how far its views of a place are apart: 1 where all agree, a half where they differ by
 * two levels of 255. A cell is as sure as the root mean square of its pixels says; parts may come in any order.
 */
export class AgreementMap {
  readonly #squares: Float64Array;
  readonly #counts: Uint32Array;
  readonly #map: { readonly width: number; readonly height: number };

  constructor(private readonly picture: { readonly width: number; readonly height: number }) {
    const shrink = Math.min(1, mapSide / Math.max(picture.width, picture.height));
    const side = (length: number): number => Math.max(1, Math.round(length * shrink));
    this.#map = { width: side(picture.width), height: side(picture.height) };
    this.#squares = new Float64Array(this.#map.width * this.#map.height);
    this.#counts = new Uint32Array(this.#squares.length);
  }

  /** Adds spreads of 0..1 of full scale. */
  add(spread: Float32Array, part: PlanePart): void {
    const { width, height } = this.#map;
    for (let y = 0; y < part.height; y++) {
      const row = Math.min(height - 1, Math.floor(((part.top + y) * height) / this.picture.height)) * width;
      for (let x = 0; x < part.width; x++) {
        const cell = row + Math.min(width - 1, Math.floor(((part.left + x) * width) / this.picture.width));
        const value = (spread[part.from + y * part.line + x] as number) * 255;
        this.#squares[cell] = (this.#squares[cell] as number) + value * value;
        this.#counts[cell] = (this.#counts[cell] as number) + 1;
      }
    }
  }

  map(): ConfidenceMap {
    const levels = new Uint8Array(this.#squares.length);
    for (let cell = 0; cell < levels.length; cell++) {
      const count = this.#counts[cell] as number;
      if (count === 0) continue;
      levels[cell] = 1 + Math.round(254 / (1 + (this.#squares[cell] as number) / count / halfAt ** 2));
    }
    return { ...this.#map, levels };
  }
}
