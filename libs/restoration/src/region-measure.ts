import type { Box } from '@albumen/domain';
import { deltaE2000, labOf } from './delta-e.js';
import { colourBands, type Shape } from './picture/strips.js';

/** What a step did to one region. */
export interface RegionMeasure {
  /** Changed pixels, their mean ΔE2000 against the original, and the box that holds them. */
  readonly area: number;
  readonly meanDeltaE: number;
  readonly box: Box;
}

/** Counts the changed pixels of one region, one by one. */
export class RegionTally {
  #area = 0;
  #moved = 0;
  #left = Infinity;
  #top = Infinity;
  #right = 0;
  #bottom = 0;
  readonly #lab = new Float64Array(6);
  readonly #scale: number;
  readonly #second: 0 | 1;
  readonly #third: 0 | 2;

  constructor(shape: Pick<Shape, 'bands' | 'depth'>) {
    this.#scale = shape.depth === 8 ? 1 : 255 / 65535;
    [this.#second, this.#third] = colourBands(shape) === 3 ? [1, 2] : [0, 0];
  }

  /** Adds the pixel at (`x`, `y`) of the picture: its samples begin at `at` in `was`, and at `isAt` in `is`. */
  add(was: ArrayLike<number>, at: number, is: ArrayLike<number>, isAt: number, x: number, y: number): void {
    const lab = this.#lab;
    this.#convert(was, at, 0);
    this.#convert(is, isAt, 3);
    const [l0, a0, b0, l1, a1, b1] = lab as unknown as [number, number, number, number, number, number];
    this.#moved += deltaE2000(l0, a0, b0, l1, a1, b1);
    this.#area += 1;
    if (x < this.#left) this.#left = x;
    if (x >= this.#right) this.#right = x + 1;
    if (y < this.#top) this.#top = y;
    if (y >= this.#bottom) this.#bottom = y + 1;
  }

  #convert(samples: ArrayLike<number>, at: number, into: 0 | 3): void {
    labOf(
      (samples[at] as number) * this.#scale,
      (samples[at + this.#second] as number) * this.#scale,
      (samples[at + this.#third] as number) * this.#scale,
      this.#lab,
      into,
    );
  }

  /** Null where nothing was changed. */
  result(): RegionMeasure | null {
    if (this.#area === 0) return null;
    return {
      area: this.#area,
      meanDeltaE: Math.round((this.#moved / this.#area) * 1000) / 1000,
      box: { x: this.#left, y: this.#top, width: this.#right - this.#left, height: this.#bottom - this.#top },
    };
  }
}
