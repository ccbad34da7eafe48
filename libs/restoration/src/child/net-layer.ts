import { refuse, type Operation } from '@albumen/domain';
import { colourBands, samplesOf, type Samples, type Strips } from '../picture/strips.js';
import { interpolated } from '../picture/interpolate.js';
import { leastPlan, planTiles, type TilePlan } from '../tile-plan.js';
import { LaterOutcome } from '../later-outcome.js';
import type { AgreementMap, PlanePart } from '../agreement-map.js';
import { ManyViews } from './many-views.js';
import type { Net } from './nets.js';

/** One picture to pass through the net and where its result goes; the target is as many times larger as the net's. */
export interface NetJob {
  readonly source: Strips;
  readonly target: Strips;
}

/** How a net's layer is run. `strength` (above 0) 1 writes the net's samples. */
export interface NetLayer {
  readonly operation: Operation;
  readonly net: Net;
  readonly strength: number;
  readonly base: NetJob;
  /** The same picture with other regions: only tiles for which `touches` answers true are run again. */
  readonly other?: NetJob & { readonly touches: (x: number, y: number, size: number) => boolean };
  /** Share (0..1) of the net's result that a pixel of the source may take, where it is not 1 over a whole rectangle. */
  readonly allowance?: Allowance;
  /** Filled for the base where the net looks at every tile in several positions. */
  readonly agreement?: AgreementMap;
  readonly advance: (done: number, of: number) => void;
}

/** Null where a rectangle may be changed as a whole; else the share by pixel. */
export type Allowance = (
  x: number,
  y: number,
  width: number,
  height: number,
) => ((x: number, y: number) => number) | null;

/** Largest believable shift of a picture's mean by a net, share of full scale. */
const largestMeanShift = 0.04;

interface Tile {
  readonly row: number;
  readonly column: number;
  readonly pass: Pass;
  /** The other pass, where this tile is the same in both. */
  readonly shared: Pass | null;
}

/**
 * Runs the net over a picture tile by tile and blends it with its input (or, where it enlarges, with the input
 * interpolated). Grey is fed as three equal channels and averaged back; alpha is copied. The next tile is read and
 * prepared and waits for the net, and the last one is stitched and written, while the net is at work. Memory is that of a few tiles. Answers the
 * plan and the number of tiles run. Refuses `restoration.output-not-sane`.
 */
export async function runNetLayer(layer: NetLayer): Promise<{ readonly plan: TilePlan; readonly tiles: number }> {
  const { net, base, other } = layer;
  const { width, height } = base.source.work;
  const { tile, broughtIn } = net.model;
  // A model of one size takes no other.
  const isFixed = broughtIn !== undefined && broughtIn.fixed !== null;
  const plan = isFixed ? planTiles({ width, height }, tile) : leastPlan({ width, height }, tile);
  const first = new Pass(base, plan, layer);
  const second = other === undefined ? null : new Pass(other, plan, layer);
  const tiles: Tile[] = [];
  for (const [row, y] of plan.rows.entries())
    for (const [column, x] of plan.columns.entries()) {
      const apart = second !== null && other !== undefined && other.touches(x, y, plan.size);
      tiles.push({ row, column, pass: first, shared: apart ? null : second });
      if (apart) tiles.push({ row, column, pass: second, shared: null });
    }
  let running: { readonly tile: Tile; readonly samples: Samples; readonly made: LaterOutcome<Float32Array> } | null =
    null;
  let done = 0;
  const stitch = (tile: Tile, samples: Samples, made: Float32Array): void => {
    const part = tile.pass.stitch(tile.row, tile.column, samples, made);
    if (tile.pass === first && net instanceof ManyViews) layer.agreement?.add(net.spreadOf(made), part);
    tile.shared?.stitch(tile.row, tile.column, samples, made);
    layer.advance(++done, tiles.length);
  };
  for (const tile of tiles) {
    const samples = tile.pass.read(tile.row, tile.column);
    const input = tile.pass.input(samples);
    const before: typeof running = running;
    // The net goes over to this tile by itself when it has made the one before: it never waits for this thread.
    running = { tile, samples, made: new LaterOutcome(net.run(input, plan.size, 3)) };
    if (before !== null) stitch(before.tile, before.samples, await before.made.outcome());
  }
  if (running !== null) stitch(running.tile, running.samples, await running.made.outcome());
  first.judge();
  second?.judge();
  return { plan, tiles: tiles.length };
}

/** One picture's way through the net: the feathered rest of the tile before and of the row above, and its sums. */
class Pass {
  readonly #bands: number;
  readonly #colours: 1 | 3;
  readonly #full: number;
  readonly #times: number;
  readonly #input: Float32Array;
  /** Feathered columns of the tile to the left and rows of the tiles above, not yet whole. */
  readonly #beside: Float32Array;
  readonly #above: Float32Array;
  readonly #in = [0, 0, 0];
  readonly #out = [0, 0, 0];
  #brightest = 0;

  constructor(
    private readonly job: NetJob,
    private readonly plan: TilePlan,
    private readonly layer: NetLayer,
  ) {
    const { width, bands, depth } = job.source.work;
    this.#bands = bands;
    this.#colours = colourBands(job.source.work);
    this.#full = depth === 8 ? 255 : 65535;
    this.#times = layer.net.model.scale;
    this.#input = new Float32Array(plan.size * plan.size * 3);
    const feather = plan.feather * this.#times;
    this.#beside = new Float32Array(feather * (plan.size - 2 * plan.margin) * this.#times * this.#colours);
    this.#above = new Float32Array(feather * width * this.#times * this.#colours);
  }

  read(row: number, column: number): Samples {
    const { size, columns, rows } = this.plan;
    return this.job.source.readTile(columns[column] as number, rows[row] as number, size, size);
  }

  input(samples: Samples): Float32Array {
    const input = this.#input;
    const bands = this.#bands;
    const scale = 1 / this.#full;
    const second = this.#colours === 3 ? 1 : 0;
    const third = this.#colours === 3 ? 2 : 0;
    for (let from = 0, to = 0; to < input.length; from += bands, to += 3) {
      input[to] = (samples[from] as number) * scale;
      input[to + 1] = (samples[from + second] as number) * scale;
      input[to + 2] = (samples[from + third] as number) * scale;
    }
    return input;
  }

  /** Writes what is whole by now and answers which part of the tile's plane that was. */
  stitch(row: number, column: number, samples: Samples, made: Float32Array): PlanePart {
    const { plan, job } = this;
    const { width, height, depth } = job.source.work;
    const times = this.#times;
    const colours = this.#colours;
    const bands = this.#bands;
    const side = plan.size * times;
    if (made.length !== side * side * 3)
      throw refuse('restoration.output-not-sane', {
        operation: this.layer.operation,
        detail: `${made.length} values in a tile`,
      });
    const core = (plan.size - 2 * plan.margin) * times;
    const feather = plan.feather * times;
    const step = plan.step * times;
    const left = ((plan.columns[column] as number) + plan.margin) * times;
    const top = ((plan.rows[row] as number) + plan.margin) * times;
    const lastColumn = column === plan.columns.length - 1;
    const lastRow = row === plan.rows.length - 1;
    const across = Math.min(core, width * times - left);
    const down = Math.min(core, height * times - top);
    const endX = lastColumn ? across : step;
    const endY = lastRow ? down : step;
    const out = samplesOf(depth, endX * endY * bands);
    const before = this.#before(samples, left / times, top / times, endX / times, endY / times);
    const line = new Float32Array(across * colours);
    for (let y = 0; y < down; y++) {
      this.#lineOf(made, ((y + plan.margin * times) * side + plan.margin * times) * 3, line);
      const beside = y * feather * colours;
      if (column > 0)
        for (let x = 0, at = 0; x < Math.min(feather, across); x++)
          for (let colour = 0; colour < colours; colour++, at++)
            line[at] = ((x + 0.5) / feather) * (line[at] as number) + (this.#beside[beside + at] as number);
      if (!lastColumn)
        for (let x = 0, at = 0; x < feather; x++)
          for (let colour = 0; colour < colours; colour++, at++)
            this.#beside[beside + at] = (1 - (x + 0.5) / feather) * (line[step * colours + at] as number);
      const above = left * colours;
      const rowOf = width * times * colours;
      if (y >= endY) {
        // Below its own rows lies the feather to the next row of tiles.
        const from = (y - step) * rowOf + above;
        const weight = 1 - (y - step + 0.5) / feather;
        for (let at = 0; at < endX * colours; at++) this.#above[from + at] = weight * (line[at] as number);
        continue;
      }
      if (row > 0 && y < feather) {
        const weight = (y + 0.5) / feather;
        for (let at = 0; at < endX * colours; at++)
          line[at] = weight * (line[at] as number) + (this.#above[y * rowOf + above + at] as number);
      }
      this.#write(line, before, out, y, endX);
    }
    this.#protect(out, before, left, top, endX, endY);
    this.#count(samples, endX / times, endY / times);
    job.target.writeTile(left, top, endX, out);
    return { left, top, width: endX, height: endY, from: (plan.margin * side + plan.margin) * times, line: side };
  }

  /** Net values of one row of the trusted part, in samples of the picture; grey is the mean of the three channels. */
  #lineOf(made: Float32Array, from: number, line: Float32Array): void {
    const length = line.length;
    const full = this.#full;
    if (this.#colours === 3) for (let at = 0; at < length; at++) line[at] = (made[from + at] as number) * full;
    else
      for (let at = 0; at < length; at++, from += 3)
        line[at] = (((made[from] as number) + (made[from + 1] as number) + (made[from + 2] as number)) / 3) * full;
  }

  /** What the net's result is blended with: the source's own samples, interpolated where the net enlarges. */
  #before(samples: Samples, left: number, top: number, width: number, height: number): Before {
    const { plan } = this;
    const bands = this.#bands;
    if (this.#times === 1)
      return { samples, from: (plan.margin * plan.size + plan.margin) * bands, line: plan.size * bands };
    const needed = this.layer.strength < 1 || bands > this.#colours || this.#allowed(left, top, width, height) !== null;
    if (!needed) return { samples: null, from: 0, line: 0 };
    const window = { left: plan.margin, top: plan.margin, width, height };
    const larger = interpolated(samples, plan.size, bands, this.#colours, window, this.#times);
    return { samples: larger, from: 0, line: width * this.#times * bands };
  }

  #allowed(left: number, top: number, width: number, height: number): ReturnType<Allowance> {
    return this.layer.allowance?.(left, top, width, height) ?? null;
  }

  #write(line: Float32Array, before: Before, out: Samples, y: number, width: number): void {
    const bands = this.#bands;
    const colours = this.#colours;
    if (colours === 3 && this.layer.strength === 1) this.#writeColours(line, out, y * width * bands, width * 3);
    else this.#blend(line, before, out, y, width);
    if (bands === colours || before.samples === null) return;
    const alpha = bands - 1;
    for (let x = 0; x < width; x++)
      out[(y * width + x) * bands + alpha] = before.samples[
        before.from + y * before.line + x * bands + alpha
      ] as number;
  }

  /** Three channels as the net made them; the plainest case, and by far the most frequent. */
  #writeColours(line: Float32Array, out: Samples, to: number, end: number): void {
    const full = this.#full;
    const bands = this.#bands;
    const highest = full + 0.5;
    let [first, second, third, brightest] = [0, 0, 0, this.#brightest];
    for (let at = 0; at < end; at += 3, to += bands) {
      const [r, g, b] = [line[at] as number, line[at + 1] as number, line[at + 2] as number];
      const lowest = r < g ? (r < b ? r : b) : g < b ? g : b;
      const most = r > g ? (r > b ? r : b) : g > b ? g : b;
      // Written so that what is no number fails it.
      if (!(lowest >= -0.5 && most <= highest && r + g + b <= 3 * highest)) throw this.#strange(r, g, b);
      first += r;
      second += g;
      third += b;
      if (most > brightest) brightest = most;
      out[to] = r >= full ? full : (r + 0.5) | 0;
      out[to + 1] = g >= full ? full : (g + 0.5) | 0;
      out[to + 2] = b >= full ? full : (b + 0.5) | 0;
    }
    this.#brightest = brightest;
    [first, second, third].forEach((sum, band) => (this.#out[band] = (this.#out[band] as number) + sum));
  }

  #strange(...values: readonly number[]): Error {
    const value = values.find((net) => !(net >= -0.5 && net <= this.#full + 0.5));
    return refuse('restoration.output-not-sane', { operation: this.layer.operation, detail: `a value of ${value}` });
  }

  #blend(line: Float32Array, before: Before, out: Samples, y: number, width: number): void {
    const full = this.#full;
    const bands = this.#bands;
    const colours = this.#colours;
    const { strength } = this.layer;
    const highest = full + 0.5;
    for (let band = 0; band < colours; band++) {
      let sum = 0;
      let to = y * width * bands + band;
      let from = before.from + y * before.line + band;
      for (let at = band; at < width * colours; at += colours, to += bands, from += bands) {
        const net = line[at] as number;
        if (!(net >= -0.5 && net <= highest)) throw this.#strange(net);
        sum += net;
        if (net > this.#brightest) this.#brightest = net;
        const was = before.samples === null ? net : (before.samples[from] as number);
        const value = strength === 1 ? net : was + strength * (net - was);
        out[to] = value <= 0 ? 0 : value >= full ? full : Math.round(value);
      }
      this.#out[band] = (this.#out[band] as number) + sum;
    }
  }

  /** Where the net may not touch anything, the input stands (interpolated where the net enlarges). */
  #protect(out: Samples, before: Before, left: number, top: number, width: number, height: number): void {
    const times = this.#times;
    const share = this.#allowed(left / times, top / times, width / times, height / times);
    if (share === null || before.samples === null) return;
    const bands = this.#bands;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const allowed = share((left + x + 0.5) / times, (top + y + 0.5) / times);
        if (allowed === 1) continue;
        for (let band = 0; band < bands; band++) {
          const to = (y * width + x) * bands + band;
          const was = before.samples[before.from + y * before.line + x * bands + band] as number;
          out[to] = Math.round(was + allowed * ((out[to] as number) - was));
        }
      }
  }

  /** Adds the source's samples under what has been written. */
  #count(samples: Samples, width: number, height: number): void {
    const { size, margin } = this.plan;
    const bands = this.#bands;
    const [two, three] = this.#colours === 3 ? [1, 2] : [0, 0];
    const sums = [0, 0, 0];
    for (let y = 0; y < height; y++) {
      const from = ((y + margin) * size + margin) * bands;
      let [first, second, third] = [0, 0, 0];
      for (let at = from; at < from + width * bands; at += bands) {
        first += samples[at] as number;
        second += samples[at + two] as number;
        third += samples[at + three] as number;
      }
      [first, second, third].forEach((sum, band) => (sums[band] = (sums[band] as number) + sum));
    }
    for (let band = 0; band < this.#colours; band++)
      this.#in[band] = (this.#in[band] as number) + (sums[band] as number);
  }

  /** The result as a whole: not black where the input was not, and its mean about where it was. */
  judge(): void {
    const pixels = this.job.source.work.width * this.job.source.work.height;
    const { operation } = this.layer;
    for (let band = 0; band < this.#colours; band++) {
      const before = (this.#in[band] as number) / pixels / this.#full;
      const after = (this.#out[band] as number) / (pixels * this.#times * this.#times) / this.#full;
      if (Math.abs(after - before) > largestMeanShift)
        throw refuse('restoration.output-not-sane', {
          operation,
          detail: `the mean moved from ${before.toFixed(3)} to ${after.toFixed(3)}`,
        });
      if (before > 0.02 && this.#brightest === 0)
        throw refuse('restoration.output-not-sane', { operation, detail: 'it is all black' });
    }
  }
}

/** Samples to blend with; `from` is the place of the first, `line` the distance between rows. */
interface Before {
  readonly samples: Samples | Float32Array | null;
  readonly from: number;
  readonly line: number;
}
