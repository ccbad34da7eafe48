import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Stroke } from '@albumen/domain';
import type { InstalledModel } from '../models.js';
import { Strips, type Samples } from '../picture/strips.js';
import { marksOfStrokes } from '../picture/strokes.js';
import { LabelPainter, planRegions } from '../regions.js';
import { leaves, normalFrom, randomFrom, scratchFolder, toSamples, type MadeShape } from '../testing/pictures.js';
import { AdaptedNet, type RawRun } from './adapted-net.js';
import { residualAt, usualDeviation } from './area-grain.js';
import { rebuildAreas, type LostArea } from './rebuild-area.js';

const tensor = (name: string, channels: number) => ({ name, element: 'float32', layout: 'NHWC', channels }) as const;
const model: InstalledModel = {
  id: 'filler',
  version: '1.0.0',
  folder: '',
  file: { name: 'filler.onnx', sha256: '', element: 'f32' },
  formerly: [],
  input: 'image',
  output: 'made',
  mask: 'mask',
  widest: 256,
  scale: 1,
  classes: [],
  thresholds: {},
  unreliable: [],
  tile: { size: 128, margin: 32, multiple: 8 },
  broughtIn: {
    adapter: 'inpaint',
    licence: 'MIT',
    level: 2,
    image: tensor('image', 3),
    mask: { ...tensor('mask', 1), hole: 1 },
    scalar: null,
    output: tensor('made', 3),
    range: '0..1',
    outputRange: '0..1',
    fixed: { width: 128, height: 128 },
    whole: true,
  },
};

/** A net that fills with middle grey, `textured` with noise of that deviation (0..1), and leaves the rest. */
const fillingNet = (textured = 0): AdaptedNet => {
  const normal = normalFrom(randomFrom(5));
  const run: RawRun = async (inputs) => {
    const image = inputs['image']?.data as Float32Array;
    const mask = inputs['mask']?.data as Float32Array;
    const data = image.map((value, at) =>
      mask[Math.floor(at / 3)] === 0 ? value : Math.min(1, Math.max(0, 0.5 + textured * normal())),
    );
    return { data, element: 'float32', shape: [1, 128, 128, 3], seconds: 0 };
  };
  return new AdaptedNet(model, run);
};

interface Rebuilt {
  readonly before: Samples;
  readonly after: Samples;
  readonly labels: Uint16Array;
}

/** A grainy scene whose area under the strokes is rebuilt. `noise` in levels of 255. */
async function rebuilt(
  shape: MadeShape,
  how: {
    readonly seed: number;
    readonly grain: number;
    readonly noise: number;
    readonly coarse?: number;
    readonly net?: AdaptedNet;
    readonly strokes?: readonly Stroke[];
    readonly advance?: (done: number, of: number) => void;
  },
): Promise<Rebuilt> {
  const random = randomFrom(how.seed);
  const normal = normalFrom(random);
  const rgb = leaves(shape.width, shape.height, how.seed, 3);
  const noise = Float32Array.from({ length: shape.width * shape.height }, () => how.noise * normal());
  const { coarse = 1 } = how;
  for (let pixel = 0; pixel < noise.length; pixel++) {
    let grain = 0;
    // A mean of that many pixels each way makes grain of that size.
    for (let y = 0; y < coarse; y++)
      for (let x = 0; x < coarse; x++) grain += noise[(pixel + y * shape.width + x) % noise.length] as number;
    for (let band = 0; band < 3; band++)
      rgb[pixel * 3 + band] = (rgb[pixel * 3 + band] as number) + grain / coarse ** 2;
  }
  const before = toSamples(rgb, shape);
  const drawn = Array.from({ length: 2 }, () => ({
    points: Array.from({ length: 2 }, () => [0.1 + 0.8 * random(), 0.1 + 0.8 * random()] as const),
    radius: 0.04 + 0.08 * random(),
  }));
  const regions = planRegions(marksOfStrokes(how.strokes ?? drawn, shape), shape);
  const painter = new LabelPainter(regions, shape);
  const folder = await scratchFolder();
  const place = { ...shape, density: null } as const;
  const [original, target] = [
    await Strips.create(join(folder, 'original.v'), place),
    await Strips.create(join(folder, 'target.v'), place),
  ];
  await original.write(0, before);
  await target.write(0, before);
  const labels = painter.paint(0, shape.height, 'damaged');
  const areas = regions.map(({ ordinal }) => ({ ordinal, box: boxOf(labels, ordinal, shape) }));
  const accepted = new Set(areas.map(({ ordinal }) => ordinal));
  const { net = fillingNet(), grain, advance = () => undefined } = how;
  await rebuildAreas({ original, target, painter, areas, accepted, strength: 1, grain, net, advance });
  const after = await target.read(0, shape.height);
  await Promise.all([original.close(), target.close()]);
  return { before, after, labels: painter.paint(0, shape.height) };
}

function boxOf(labels: Uint16Array, ordinal: number, { width }: MadeShape): LostArea['box'] {
  const [columns, rows]: [number[], number[]] = [[], []];
  labels.forEach((label, pixel) => {
    if (label !== ordinal) return;
    columns.push(pixel % width);
    rows.push(Math.floor(pixel / width));
  });
  const [x, y] = [Math.min(...columns), Math.min(...rows)];
  return { x, y, width: Math.max(...columns) + 1 - x, height: Math.max(...rows) + 1 - y };
}

/** Usual deviation of the first band from the means `reach` pixels about where every pixel around has that answer. */
function textureWhere(samples: Samples, shape: MadeShape, counts: (pixel: number) => boolean, reach = 1): number {
  const found: number[] = [];
  for (let y = reach; y < shape.height - reach; y++)
    for (let x = reach; x < shape.width - reach; x++) {
      const pixel = y * shape.width + x;
      const steps = [-reach, 0, reach];
      const all = steps.every((down) => steps.every((over) => counts(pixel + down * shape.width + over)));
      if (all) found.push(residualAt(samples, pixel, shape.width, shape.bands, 0, reach));
    }
  return usualDeviation(Float32Array.from(found));
}

describe('a rebuilt area', () => {
  const shapes: readonly MadeShape[] = [
    { width: 300, height: 220, bands: 3, depth: 8 },
    { width: 230, height: 310, bands: 1, depth: 16 },
    { width: 260, height: 260, bands: 4, depth: 16 },
    { width: 280, height: 190, bands: 2, depth: 8 },
  ];
  const cases = shapes.flatMap((shape) => [1, 2, 3, 4, 5].map((seed) => ({ shape, seed })));
  it.each(cases)(
    'changes no pixel and no alpha outside the mask, whatever its grain ($seed, $shape)',
    async (given) => {
      const { shape, seed } = given;
      const { before, after, labels } = await rebuilt(shape, { seed, grain: 1, noise: 10 });
      const { bands } = shape;
      const colours = bands < 3 ? 1 : 3;
      let changed = 0;
      for (let at = 0; at < before.length; at++) {
        const free = labels[Math.floor(at / bands)] === 0 || at % bands >= colours;
        if (free && before[at] !== after[at]) expect.fail(`sample ${at} was changed outside the mask`);
        if (before[at] !== after[at]) changed += 1;
      }
      expect(changed).toBeGreaterThan(1000);
    },
  );

  it.each(shapes)(
    'has the grain of what lies around it, and none where none is asked for ($bands × $depth)',
    async (shape) => {
      for (const noise of [4, 12]) {
        const texture = async (grain: number, net = fillingNet()): Promise<readonly [number, number]> => {
          const { before, after, labels } = await rebuilt(shape, { seed: 7, grain, noise, net });
          return [
            textureWhere(after, shape, (pixel) => labels[pixel] !== 0),
            textureWhere(before, shape, (pixel) => labels[pixel] === 0),
          ];
        };
        const [flat] = await texture(0);
        expect(flat).toBeLessThan(shape.depth === 8 ? 0.2 : 2);
        const [inside, around] = await texture(1);
        expect(inside / around).toBeGreaterThan(0.75);
        expect(inside / around).toBeLessThan(1.15);
      }
    },
  );

  it('has coarse grain where that of the picture is coarse', async () => {
    const shape: MadeShape = { width: 320, height: 240, bands: 1, depth: 8 };
    const strokes: readonly Stroke[] = [{ points: [[0.4, 0.5] as const, [0.6, 0.5] as const], radius: 0.08 }];
    const { before, after, labels } = await rebuilt(shape, { seed: 5, grain: 1, noise: 24, coarse: 3, strokes });
    const inside = textureWhere(after, shape, (pixel) => labels[pixel] !== 0, 4);
    const around = textureWhere(before, shape, (pixel) => labels[pixel] === 0, 4);
    expect(inside / around).toBeGreaterThan(0.7);
    expect(inside / around).toBeLessThan(1.15);
  });

  it('gets only the grain that it lacks', async () => {
    const shape: MadeShape = { width: 320, height: 240, bands: 3, depth: 8 };
    const strokes: readonly Stroke[] = [{ points: [[0.5, 0.5] as const], radius: 0.07 }];
    const inside = async (grain: number, net: AdaptedNet): Promise<number> => {
      const { after, labels } = await rebuilt(shape, { seed: 3, grain, noise: 8, net, strokes });
      return textureWhere(after, shape, (pixel) => labels[pixel] !== 0);
    };
    const textured = fillingNet(8 / 255);
    const [given, own, both] = [await inside(1, fillingNet()), await inside(0, textured), await inside(1, textured)];
    expect(given).toBeGreaterThan(5);
    // Noise laid over equal noise would be 1.4 times as strong.
    expect(both / own).toBeLessThan(1.15);
  });

  it('is written in turns, so that a large one never looks like a process that hangs', async () => {
    let turns = 0;
    let answered = false;
    const count = (): void => {
      if (answered) turns += 1;
      if (turns < 1000) waiting = setImmediate(count);
    };
    let waiting = setImmediate(count);
    const shape: MadeShape = { width: 400, height: 1400, bands: 1, depth: 8 };
    const strokes: readonly Stroke[] = [{ points: [[0.5, 0.1] as const, [0.5, 0.9] as const], radius: 0.02 }];
    const net = fillingNet();
    const once = net.runPicture.bind(net);
    net.runPicture = async (...asked) => {
      const made = await once(...asked);
      answered = true;
      return made;
    };
    const told: number[] = [];
    const advance = (done: number, of: number): number => told.push(done / of);
    await rebuilt(shape, { seed: 2, grain: 1, noise: 5, net, strokes, advance });
    clearImmediate(waiting);
    // One for each strip of 128 rows at least.
    expect(turns).toBeGreaterThanOrEqual(9);
    expect(told.length).toBeGreaterThanOrEqual(9);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
  });

  it('is the same at every run', async () => {
    const shape: MadeShape = { width: 180, height: 140, bands: 3, depth: 8 };
    const [one, other] = [
      await rebuilt(shape, { seed: 11, grain: 1, noise: 9 }),
      await rebuilt(shape, { seed: 11, grain: 1, noise: 9 }),
    ];
    expect(one.after).toEqual(other.after);
  });
});
