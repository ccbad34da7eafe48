/** How colours spread over the grid. */
export const spreadLimits = {
  /** Difference of luma (levels of 255) between neighbours at which they hold together e times less, then ever faster. */
  contrast: 8,
  /** Hold that remains across the sharpest edge. */
  least: 1e-5,
  /** Pull of a hint on its own cells, and of "nothing known" on every cell. */
  hint: 100,
  unknown: 2e-4,
  /** Conjugate gradients stop at this share of the first residual, or after so many turns. */
  tolerance: 1e-6,
  turns: 2500,
} as const;

/**
 * The linear system by which quantities given at some cells spread to the others: least squares of the differences between
 * neighbours, each weighted by how alike the two are in luma, after Levin, Lischinski and Weiss, "Colorization Using
 * Optimization" (2004), in the symmetric form of random walks (Grady, 2006). A weak pull to 0 everywhere makes the answer
 * to a quantity given as 1 the confidence with which a cell belongs to the hints. Deterministic.
 */
export class Spread {
  /** Hold to the right, lower left, lower and lower right neighbour. */
  readonly #holds: readonly [Float32Array, Float32Array, Float32Array, Float32Array];
  readonly #offsets: readonly [number, number, number, number];
  readonly #diagonal: Float64Array;
  readonly #cells: number;

  constructor(
    luma: Float32Array,
    width: number,
    height: number,
    private readonly given: Uint8Array,
  ) {
    this.#cells = width * height;
    this.#offsets = [1, width - 1, width, width + 1];
    this.#diagonal = new Float64Array(this.#cells).fill(spreadLimits.unknown);
    const holds = this.#offsets.map(() => new Float32Array(this.#cells));
    this.#holds = holds as unknown as [Float32Array, Float32Array, Float32Array, Float32Array];
    const steps = [
      [1, 0],
      [-1, 1],
      [0, 1],
      [1, 1],
    ] as const;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const cell = y * width + x;
        if (given[cell] === 1) this.#diagonal[cell] = (this.#diagonal[cell] as number) + spreadLimits.hint;
        steps.forEach(([dx, dy], side) => {
          if (x + dx < 0 || x + dx >= width || y + dy >= height) return;
          const other = cell + (this.#offsets[side] as number);
          const apart = Math.abs((luma[cell] as number) - (luma[other] as number));
          const hold =
            Math.max(spreadLimits.least, Math.exp(-((apart / spreadLimits.contrast) ** 2))) *
            (dx !== 0 && dy !== 0 ? 0.5 : 1);
          (holds[side] as Float32Array)[cell] = hold;
          this.#diagonal[cell] = (this.#diagonal[cell] as number) + hold;
          this.#diagonal[other] = (this.#diagonal[other] as number) + hold;
        });
      }
  }

  /** Spreads a quantity from the given cells; `start` is where the search begins. */
  solve(value: (cell: number) => number, start?: Float64Array): Float64Array {
    const found = start?.slice() ?? new Float64Array(this.#cells);
    const residual = new Float64Array(this.#cells);
    const direction = new Float64Array(this.#cells);
    const image = new Float64Array(this.#cells);
    let first = 0;
    this.#multiply(found, image);
    let angle = 0;
    for (let cell = 0; cell < this.#cells; cell++) {
      const right = this.given[cell] === 1 ? spreadLimits.hint * value(cell) : 0;
      const scaled = 1 / (this.#diagonal[cell] as number);
      const left = right - (image[cell] as number);
      residual[cell] = left;
      direction[cell] = left * scaled;
      first += right * right * scaled;
      angle += left * left * scaled;
    }
    const enough = first * spreadLimits.tolerance ** 2;
    for (let turn = 0; turn < spreadLimits.turns && angle > enough; turn++) {
      this.#multiply(direction, image);
      let curve = 0;
      for (let cell = 0; cell < this.#cells; cell++) curve += (direction[cell] as number) * (image[cell] as number);
      const step = angle / curve;
      let next = 0;
      for (let cell = 0; cell < this.#cells; cell++) {
        found[cell] = (found[cell] as number) + step * (direction[cell] as number);
        const left = (residual[cell] as number) - step * (image[cell] as number);
        residual[cell] = left;
        next += (left * left) / (this.#diagonal[cell] as number);
      }
      const keep = next / angle;
      for (let cell = 0; cell < this.#cells; cell++)
        direction[cell] =
          (residual[cell] as number) / (this.#diagonal[cell] as number) + keep * (direction[cell] as number);
      angle = next;
      this.turns = turn + 1;
    }
    return found;
  }

  /** Turns that the last answer took. */
  turns = 0;

  #multiply(vector: Float64Array, out: Float64Array): void {
    const cells = this.#cells;
    for (let cell = 0; cell < cells; cell++) out[cell] = (this.#diagonal[cell] as number) * (vector[cell] as number);
    for (let side = 0; side < 4; side++) {
      const hold = this.#holds[side] as Float32Array;
      const offset = this.#offsets[side] as number;
      for (let cell = 0, other = offset; other < cells; cell++, other++) {
        const weight = hold[cell] as number;
        out[cell] = (out[cell] as number) - weight * (vector[other] as number);
        out[other] = (out[other] as number) - weight * (vector[cell] as number);
      }
    }
  }
}
