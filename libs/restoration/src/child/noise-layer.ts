import { refuse } from '@albumen/domain';
import { colourBands, mirrored, samplesOf, type Samples, type Strips } from '../picture/strips.js';
import { blend } from '../composite.js';
import { featherWeights, leastPlan, type TilePlan } from '../tile-plan.js';
import type { Net } from './nets.js';

/** One picture to pass through the net and where its result goes. */
export interface NoiseJob {
  readonly source: Strips;
  readonly target: Strips;
}

/** How a noise layer is run. `strength` 0 writes the source's samples, 1 the net's. */
export interface NoiseLayer {
  readonly net: Net;
  readonly strength: number;
  readonly base: NoiseJob;
  /** The same picture with other regions: only tiles for which `touches` answers true are run again. */
  readonly other?: NoiseJob & { readonly touches: (x: number, y: number, size: number) => boolean };
  readonly advance: (done: number, of: number) => void;
}

/** Largest believable shift of a picture's mean by a denoiser, share of full scale. */
const largestMeanShift = 0.04;

/**
 * Runs the net over a picture tile by tile and blends it with its input. Grey is fed as three equal channels and averaged
 * back; alpha is copied. Answers the plan and the number of tiles run. Refuses `restoration.output-not-sane`.
 */
export async function runNoiseLayer(layer: NoiseLayer): Promise<{ readonly plan: TilePlan; readonly tiles: number }> {
  const { net, base, other } = layer;
  const { width, height } = base.source.work;
  const plan = leastPlan({ width, height }, net.model.tile);
  const passes =
    other === undefined ? [new Pass(base, plan, layer)] : [new Pass(base, plan, layer), new Pass(other, plan, layer)];
  const [first, second] = passes as [Pass, Pass | undefined];
  let tiles = 0;
  const total = plan.rows.length * plan.columns.length;
  for (const [row, y] of plan.rows.entries()) {
    for (const pass of passes) await pass.begin(y);
    for (const [column, x] of plan.columns.entries()) {
      const made = await first.run(x);
      tiles += 1;
      first.add(made, row, column);
      if (second !== undefined && other !== undefined) {
        const again = other.touches(x, y, plan.size);
        second.add(again ? await second.run(x) : made, row, column);
        if (again) tiles += 1;
      }
      layer.advance(row * plan.columns.length + column + 1, total);
    }
    for (const pass of passes) await pass.flush(row);
  }
  for (const pass of passes) pass.judge();
  return { plan, tiles };
}

class Pass {
  readonly #bands: number;
  readonly #colours: 1 | 3;
  readonly #core: number;
  readonly #sum: Float32Array;
  readonly #full: number;
  readonly #tile: Uint8Array | Float32Array;
  #strip: Samples = new Uint8Array(0);
  #originY = 0;
  readonly #in = [0, 0, 0];
  readonly #out = [0, 0, 0];
  #brightest = 0;

  constructor(
    private readonly job: NoiseJob,
    private readonly plan: TilePlan,
    private readonly layer: NoiseLayer,
  ) {
    const { width, bands, depth } = job.source.work;
    this.#bands = bands;
    this.#colours = colourBands(job.source.work);
    this.#core = plan.size - 2 * plan.margin;
    this.#sum = new Float32Array(this.#core * width * this.#colours);
    this.#full = depth === 8 ? 255 : 65535;
    this.#tile =
      layer.net.element === 'u8'
        ? new Uint8Array(plan.size * plan.size * 3)
        : new Float32Array(plan.size * plan.size * 3);
  }

  async begin(y: number): Promise<void> {
    this.#originY = y;
    this.#strip = await this.job.source.readMirrored(y, this.plan.size);
  }

  run(x: number): Promise<Uint8Array | Float32Array> {
    const { width } = this.job.source.work;
    const { size } = this.plan;
    const bands = this.#bands;
    const strip = this.#strip;
    const tile = this.#tile;
    const second = this.#colours === 3 ? 1 : 0;
    const third = this.#colours === 3 ? 2 : 0;
    const scale = this.layer.net.element === 'u8' ? 255 / this.#full : 1 / this.#full;
    const columns = Int32Array.from({ length: size }, (_, at) => mirrored(x + at, width) * bands);
    let to = 0;
    for (let row = 0; row < size; row++) {
      const from = row * width * bands;
      for (let column = 0; column < size; column++) {
        const at = from + (columns[column] as number);
        tile[to++] = (strip[at] as number) * scale;
        tile[to++] = (strip[at + second] as number) * scale;
        tile[to++] = (strip[at + third] as number) * scale;
      }
    }
    return this.layer.net.run(tile, size, 3);
  }

  add(made: Uint8Array | Float32Array, row: number, column: number): void {
    const { width } = this.job.source.work;
    const { plan } = this;
    const core = this.#core;
    if (made.length !== plan.size * plan.size * 3)
      throw refuse('restoration.output-not-sane', {
        operation: 'reduce-noise',
        detail: `${made.length} values in a tile`,
      });
    const down = featherWeights(plan, row, plan.rows.length);
    const across = featherWeights(plan, column, plan.columns.length);
    const left = (plan.columns[column] as number) + plan.margin;
    const colours = this.#colours;
    const scale = made instanceof Uint8Array ? this.#full / 255 : this.#full;
    const until = Math.min(core, width - left);
    for (let y = 0; y < core; y++) {
      const weightY = (down[y] as number) * scale;
      let from = ((y + plan.margin) * plan.size + plan.margin) * 3;
      let to = (y * width + left) * colours;
      for (let x = 0; x < until; x++, from += 3) {
        const weight = weightY * (across[x] as number);
        const r = made[from] as number;
        const g = made[from + 1] as number;
        const b = made[from + 2] as number;
        if (colours === 3) {
          this.#sum[to] = (this.#sum[to] as number) + weight * r;
          this.#sum[to + 1] = (this.#sum[to + 1] as number) + weight * g;
          this.#sum[to + 2] = (this.#sum[to + 2] as number) + weight * b;
          to += 3;
        } else {
          this.#sum[to] = (this.#sum[to] as number) + (weight * (r + g + b)) / 3;
          to += 1;
        }
      }
    }
  }

  /** Writes the rows that no later tile row touches and keeps the feathered rest for the next one. */
  async flush(row: number): Promise<void> {
    const { width, height, depth } = this.job.source.work;
    const { plan } = this;
    const top = this.#originY + plan.margin;
    const last = row === plan.rows.length - 1;
    const rows = Math.min(last ? this.#core : plan.step, height - top);
    const bands = this.#bands;
    const colours = this.#colours;
    const out = samplesOf(depth, rows * width * bands);
    const source = this.#strip.subarray(plan.margin * width * bands);
    const { strength } = this.layer;
    for (let pixel = 0; pixel < rows * width; pixel++) {
      for (let band = 0; band < bands; band++) {
        const at = pixel * bands + band;
        const before = source[at] as number;
        if (band >= colours) {
          out[at] = before;
          continue;
        }
        const net = this.#sum[pixel * colours + band] as number;
        if (!(net >= -0.5 && net <= this.#full + 0.5))
          throw refuse('restoration.output-not-sane', { operation: 'reduce-noise', detail: `a value of ${net}` });
        out[at] = blend(before, net, strength, this.#full);
        this.#in[band] = (this.#in[band] as number) + before;
        this.#out[band] = (this.#out[band] as number) + net;
        if (net > this.#brightest) this.#brightest = net;
      }
    }
    await this.job.target.write(top, out);
    const kept = plan.step * width * colours;
    this.#sum.copyWithin(0, kept);
    this.#sum.fill(0, this.#sum.length - kept);
  }

  /** The result as a whole: not black where the input was not, and its mean about where it was. */
  judge(): void {
    const pixels = this.job.source.work.width * this.job.source.work.height;
    for (let band = 0; band < this.#colours; band++) {
      const before = (this.#in[band] as number) / pixels / this.#full;
      const after = (this.#out[band] as number) / pixels / this.#full;
      if (Math.abs(after - before) > largestMeanShift)
        throw refuse('restoration.output-not-sane', {
          operation: 'reduce-noise',
          detail: `the mean moved from ${before.toFixed(3)} to ${after.toFixed(3)}`,
        });
      if (before > 0.02 && this.#brightest === 0)
        throw refuse('restoration.output-not-sane', { operation: 'reduce-noise', detail: 'it is all black' });
    }
  }
}
