import type { RecipeStep } from '@albumen/domain';
import type { LayerFilter, PlanContext } from '../operations/layer-filter.js';
import type { Reduced } from '../measure/survey.js';
import { mirrored, samplesOf, type Samples, type Shape } from '../picture/strips.js';

/** Runs a filter over a picture held in memory, cut into strips of `rows` rows, as the engine does. */
export function applyBy(filter: LayerFilter, picture: Samples, shape: Shape, rows: number): Samples {
  const { width, height, bands, depth } = shape;
  const line = width * bands;
  const out = samplesOf(depth, picture.length);
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    const strip = samplesOf(depth, (count + 2 * filter.halo) * line);
    for (let row = 0; row < count + 2 * filter.halo; row++) {
      const from = mirrored(y - filter.halo + row, height) * line;
      strip.set(picture.subarray(from, from + line), row * line);
    }
    out.set(filter.apply(strip, y, count), y * line);
  }
  return out;
}

/** Reduces samples by means of squares of `factor`, as the survey of a picture does. */
export function reducedOf(picture: Samples, shape: Shape, factor: number): Reduced {
  const { width, height, bands } = shape;
  const reduced = { width: Math.ceil(width / factor), height: Math.ceil(height / factor), factor };
  const rgb = new Float32Array(reduced.width * reduced.height * 3);
  const counts = new Float32Array(reduced.width * reduced.height);
  const scale = picture instanceof Uint8Array ? 1 : 255 / 65535;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = Math.floor(y / factor) * reduced.width + Math.floor(x / factor);
      counts[cell] = (counts[cell] as number) + 1;
      for (let band = 0; band < 3; band++) {
        const at = (y * width + x) * bands + (bands < 3 ? 0 : band);
        rgb[cell * 3 + band] = (rgb[cell * 3 + band] as number) + (picture[at] as number) * scale;
      }
    }
  return { ...reduced, rgb: rgb.map((sum, at) => sum / (counts[Math.floor(at / 3)] as number)) };
}

/** What a planner gets for a picture held in memory. */
export function contextOf(
  step: Partial<RecipeStep> & Pick<RecipeStep, 'operation'>,
  picture: Samples,
  shape: Shape,
  more: Partial<Omit<PlanContext, 'step' | 'shape'>> & { readonly factor?: number } = {},
): PlanContext {
  const { factor, ...rest } = more;
  const reduced = reducedOf(picture, shape, factor ?? 1);
  return {
    step: { strength: 1, parameters: {}, model: null, ...step },
    shape,
    reduced,
    usable: new Uint8Array(reduced.width * reduced.height).fill(1),
    tonality: shape.bands < 3 ? 'black-and-white' : 'colour',
    faces: [],
    protect: [],
    noise: 0,
    blur: 0,
    ...rest,
  };
}

/** Peak signal-to-noise ratio of samples against levels of 255 known to be right, over colour bands. */
export function psnr(picture: Samples, truth: Float32Array, bands: number): number {
  const scale = picture instanceof Uint8Array ? 1 : 255 / 65535;
  const colours = bands < 3 ? 1 : 3;
  let sum = 0;
  for (let pixel = 0; pixel < picture.length / bands; pixel++)
    for (let band = 0; band < colours; band++)
      sum += ((picture[pixel * bands + band] as number) * scale - (truth[pixel * colours + band] as number)) ** 2;
  return 10 * Math.log10((255 * 255) / (sum / ((picture.length / bands) * colours)));
}

/** Megapixels per second of processor time of a filter on a picture of that shape, the better of two runs. */
export function speedOf(filter: LayerFilter, shape: Shape): number {
  const picture = samplesOf(shape.depth, shape.width * shape.height * shape.bands).map(
    (_, at) => 60 + ((at * 2654435761) >>> 25),
  ) as Samples;
  let best = 0;
  for (let turn = 0; turn < 2; turn++) {
    const started = process.cpuUsage().user;
    applyBy(filter, picture, shape, 256);
    best = Math.max(best, (shape.width * shape.height) / Math.max(1, process.cpuUsage().user - started));
  }
  return best;
}
