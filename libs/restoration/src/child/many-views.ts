import { refuse } from '@albumen/domain';
import type { InstalledModel } from '../models.js';
import type { Net, TileInput } from './nets.js';

/** What several views of one tile come to; `spread` is how far they are apart, one value for each pixel made. */
interface Seen {
  readonly mean: Float32Array;
  readonly spread: Float32Array;
}

/**
 * A net that looks at every tile in 2, 4 or 8 positions (as it is, mirrored, turned) and answers the mean of what it made,
 * as the geometric self-ensemble of Timofte and others (2016) does. A net that knows a place makes the same of it from
 * every side; where the views differ, it guessed. Costs as many runs as there are views.
 */
export class ManyViews implements Net {
  readonly #spreads = new WeakMap<Float32Array, Float32Array>();
  constructor(
    private readonly net: Net,
    readonly views: number,
  ) {}

  get model(): InstalledModel {
    return this.net.model;
  }

  get seconds(): number {
    return this.net.seconds;
  }

  get runs(): number {
    return this.net.runs;
  }

  async run(tile: Uint8Array | Float32Array, size: number, channels: number): Promise<Float32Array> {
    // The caller writes the next tile into its own while this one is looked at.
    const { mean, spread } = await this.#look(tile.slice(), size, channels);
    this.#spreads.set(mean, spread);
    return mean;
  }

  runOn(inputs: Readonly<Record<string, TileInput>>, size: number): Promise<Float32Array> {
    const given = inputs[this.model.input];
    if (given === undefined || Object.keys(inputs).length !== 1)
      throw refuse('restoration.engine-failed', { detail: `${this.model.id} takes more than a picture` });
    return this.run(given.data, size, given.channels);
  }

  /** Standard deviation of the views, 0..1 of full scale, for every pixel of an answer of `run`. */
  spreadOf(made: Float32Array): Float32Array {
    const spread = this.#spreads.get(made);
    if (spread === undefined) throw new TypeError('Expected an answer of this net but received another');
    return spread;
  }

  async #look(tile: Uint8Array | Float32Array, size: number, channels: number): Promise<Seen> {
    const side = size * this.model.scale;
    const first = await this.net.run(tile, size, channels);
    const made = first.length / (side * side);
    const sums = new Float32Array(first.length);
    const squares = new Float32Array(side * side);
    const turned = tile.slice();
    for (let view = 1; view < this.views; view++) {
      turn(tile, turned, size, channels, view);
      const other = await this.net.run(turned, size, channels);
      if (other.length !== first.length)
        throw refuse('restoration.output-not-sane', { operation: this.model.id, detail: 'views of several sizes' });
      each(side, view, (from, to) => {
        let square = 0;
        for (let channel = 0; channel < made; channel++) {
          const apart = (other[to * made + channel] as number) - (first[from * made + channel] as number);
          sums[from * made + channel] = (sums[from * made + channel] as number) + apart;
          square += apart * apart;
        }
        squares[from] = (squares[from] as number) + square;
      });
    }
    return { mean: first, spread: this.#concluded(first, sums, squares, made) };
  }

  /** Writes the mean over the first view and answers the standard deviations. */
  #concluded(first: Float32Array, sums: Float32Array, squares: Float32Array, channels: number): Float32Array {
    const { views } = this;
    for (let pixel = 0, at = 0; pixel < squares.length; pixel++) {
      let off = 0;
      for (let channel = 0; channel < channels; channel++, at++) {
        const mean = (sums[at] as number) / views;
        first[at] = (first[at] as number) + mean;
        off += mean * mean * views;
      }
      squares[pixel] = Math.sqrt(Math.max(0, (squares[pixel] as number) - off) / ((views - 1) * channels));
    }
    return squares;
  }
}

/**
 * Visits the pixels of a square in one of its eight positions: `to` counts up in the turned square, `from` is the same pixel
 * in the square as it is. Bit 0 of `view` mirrors from left to right, bit 1 from top to bottom, bit 2 over the diagonal.
 */
function each(side: number, view: number, visit: (from: number, to: number) => void): void {
  const last = side - 1;
  for (let y = 0, to = 0; y < side; y++)
    for (let x = 0; x < side; x++, to++) {
      const [column, row] = (view & 4) === 0 ? [x, y] : [y, x];
      visit(((view & 2) === 0 ? row : last - row) * side + ((view & 1) === 0 ? column : last - column), to);
    }
}

function turn(
  tile: Uint8Array | Float32Array,
  into: Uint8Array | Float32Array,
  size: number,
  channels: number,
  view: number,
): void {
  each(size, view, (from, to) => {
    for (let channel = 0; channel < channels; channel++)
      into[to * channels + channel] = tile[from * channels + channel] as number;
  });
}
