import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelPin, ProtectedArea, Recipe, RestorationResult, Stroke } from '@albumen/domain';
import { decodeToWorkFile } from '@albumen/imaging';
import { readIndexPng } from '../picture/index-png.js';
import { Strips, type Samples } from '../picture/strips.js';
import { keptAreas, marksOfStrokes } from '../picture/strokes.js';
import { LabelPainter, planRegions } from '../regions.js';
import { leaves, scratch, scratchFolder, toSamples, writePicture, type MadeShape } from '../testing/pictures.js';
import { twinFill, twinModels } from '../testing/twins.js';
import { assess } from './assess.js';
import { compose } from './compose.js';
import { childContext, type ChildContext } from './context.js';
import { narrowRegions } from './fill-net.js';
import { restore } from './restore.js';

const size = { width: 211, height: 160 };
/** A thin line across the middle, and a blot too wide for the net. */
const line: Stroke = { points: [[0.1, 0.5] as const, [0.9, 0.55] as const], radius: 0.006 };
const blot: Stroke = { points: [[0.75, 0.2] as const], radius: 0.09 };

let context: ChildContext;
let pins: Readonly<Record<string, ModelPin>>;
beforeAll(async () => {
  const twins = await twinModels();
  context = childContext(twins.folder, 1);
  pins = twins.pins;
});

const pin = (id: string): ModelPin => pins[id] ?? expect.fail(`no twin ${id}`);

interface Made {
  readonly result: RestorationResult;
  readonly before: Samples;
  readonly after: Samples;
  readonly labels: Uint16Array;
}

async function repaired(
  shape: MadeShape,
  step: { readonly strokes?: readonly Stroke[]; readonly net?: boolean },
  protect: readonly ProtectedArea[] = [],
): Promise<Made> {
  const rgb = leaves(shape.width, shape.height, 85, 1.2);
  // Found marks beside a wide hole would be part of it.
  if (step.net !== true) scratch(rgb, shape.width, shape.height, 9);
  const before = toSamples(rgb, shape);
  const folder = await scratchFolder();
  const input = await writePicture(folder, 'input', before, shape);
  const place = async (name: string): Promise<{ input: string; into: string; tell: () => void }> => {
    const into = join(folder, name);
    await mkdir(into);
    return { input, into, tell: () => undefined };
  };
  const { maskPath } = await assess(await place('assess'), context);
  const recipe: Recipe = {
    version: 1,
    steps: [
      {
        operation: 'repair-damage',
        strength: 1,
        parameters: {},
        model: pin('damage-s'),
        ...(step.net === true ? { further: [pin('fill-s')] } : {}),
        ...(step.strokes === undefined ? {} : { strokes: step.strokes }),
      },
    ],
    ...(protect.length === 0 ? {} : { protect }),
  };
  const result = await restore({ ...(await place('restore')), recipe, maskPath }, context);
  const accepted = { regions: result.regions.map(({ ordinal }) => ordinal), layers: [] };
  const composite = await compose({ ...(await place('compose')), recipe, maskPath, accepted }, context);
  expect(composite.receipt.output.pixelSha256).toBe(result.receipt.output.pixelSha256);
  const strips = await Strips.open(await decodeToWorkFile(result.masterPath, join(folder, 'back.v')));
  const after = await strips.read(0, shape.height);
  await strips.close();
  const labels = new Uint16Array(shape.width * shape.height);
  await readIndexPng(
    result.regionLabelsPath ?? expect.fail('no labels'),
    () => undefined,
    (y, row) => labels.set(row, y * shape.width),
  );
  return { result, before, after, labels };
}

/** Pixels that differ, and that they all lie under a label. */
function changedUnderLabels({ before, after, labels }: Made, bands: number): number {
  let changed = 0;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    let differs = false;
    for (let band = 0; band < bands; band++) differs ||= before[pixel * bands + band] !== after[pixel * bands + band];
    if (!differs) continue;
    changed += 1;
    if (labels[pixel] === 0) expect.fail(`pixel ${pixel} was changed outside the regions`);
  }
  return changed;
}

describe('strokes', () => {
  it('cover every pixel whose centre the brush reaches, and no other', () => {
    const stroke: Stroke = { points: [[0.2, 0.3] as const, [0.6, 0.7] as const, [0.9, 0.1] as const], radius: 0.03 };
    const [mark] = marksOfStrokes([stroke], size);
    const covered = new Set(
      [...(mark?.runs ?? [])].flatMap((run) =>
        Array.from({ length: run.to - run.from }, (_, at) => run.y * size.width + run.from + at),
      ),
    );
    const points = stroke.points.map(([x, y]) => [x * size.width, y * size.height] as const);
    const radius = stroke.radius * size.width;
    for (let y = 0; y < size.height; y++)
      for (let x = 0; x < size.width; x++) {
        const away = Math.min(
          ...points.slice(1).map((end, at) => distance([x + 0.5, y + 0.5], points[at] ?? end, end)),
        );
        if (Math.abs(away - radius) > 1e-6)
          expect([x, y, covered.has(y * size.width + x)]).toEqual([x, y, away < radius]);
      }
    expect(mark?.area).toBe(covered.size);
  });

  it('touch at least one pixel however fine, and nothing outside the picture', () => {
    expect(marksOfStrokes([{ points: [[0.5, 0.5]], radius: 0 }], size)[0]?.area).toBeGreaterThan(0);
    expect(marksOfStrokes([{ points: [[1.5, 0.5]], radius: 0.1 }], size)).toEqual([]);
    expect(() => marksOfStrokes([{ points: [[Number.NaN, 0.5]], radius: 0.1 }], size)).toThrow(/drawn mark/);
  });

  it('are regions of their own that leave the others as they were', () => {
    const drawn = marksOfStrokes([line, blot], size);
    const found = marksOfStrokes([{ points: [[0.3, 0.3]], radius: 0.02 }], size).map((mark) => ({ ...mark, kind: 2 }));
    const alone = planRegions(found, size);
    const both = planRegions([...found, ...drawn], size);
    expect(both.filter(({ kind }) => kind === 'drawn').map(({ confidence }) => confidence)).toEqual([1, 1]);
    expect(both.filter(({ kind }) => kind !== 'drawn').map(({ marks }) => marks)).toEqual(
      alone.map(({ marks }) => marks),
    );
  });
});

function distance(p: readonly [number, number], a: readonly [number, number], b: readonly [number, number]): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const along = Math.min(1, Math.max(0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(p[0] - a[0] - along * dx, p[1] - a[1] - along * dy);
}

describe('width of holes', () => {
  it('is that of the widest place of the region', () => {
    const marks = marksOfStrokes([line, blot], size);
    const regions = planRegions(marks, size);
    const painter = new LabelPainter(regions, size);
    const thin = regions.find((region) => region.marks[0]?.area === marks[0]?.area)?.ordinal;
    expect([...narrowRegions(painter, size, 24)]).toEqual([thin]);
    expect(narrowRegions(painter, size, 2).size).toBe(0);
    expect(narrowRegions(painter, size, 60).size).toBe(2);
  });

  it('does not depend on where strips are cut', () => {
    const tall = { width: 90, height: 700 };
    const marks = marksOfStrokes([{ points: [[0.5, 0.2] as const, [0.5, 0.9] as const], radius: 0.03 }], tall);
    const painter = new LabelPainter(planRegions(marks, tall), tall);
    // 42 px of brush and 3 px of dilation on either side.
    expect(narrowRegions(painter, tall, 47).size).toBe(0);
    expect(narrowRegions(painter, tall, 49).size).toBe(1);
  });
});

describe.each([
  [3, 8],
  [1, 8],
  [4, 16],
  [2, 8],
] as const)('repair of a picture with %i bands of %i bits', (bands, depth) => {
  const shape: MadeShape = { ...size, bands, depth };

  it('fills what a person drew, and nothing else is touched', async () => {
    const made = await repaired(shape, { strokes: [line, blot] });
    expect(changedUnderLabels(made, bands)).toBeGreaterThan(500);
    expect(made.result.regions.filter(({ kind }) => kind === 'drawn')).toHaveLength(2);
    expect(made.result.receipt.derived?.['repair-damage']).toEqual({
      filledByNet: 0,
      filledByTelea: made.result.regions.length,
    });
  });

  it('lets the net fill narrow holes, and Telea wide ones', async () => {
    const made = await repaired(shape, { strokes: [line, blot], net: true });
    changedUnderLabels(made, bands);
    const facts = made.result.receipt.derived?.['repair-damage'];
    const drawn = made.result.regions.filter(({ kind }) => kind === 'drawn');
    const [thin] = drawn.filter(({ box }) => box.width > 100);
    const [wide] = drawn.filter(({ box }) => box.width <= 100);
    expect(facts?.['filledByTelea']).toBeGreaterThanOrEqual(1);
    expect((facts?.['filledByNet'] ?? 0) + (facts?.['filledByTelea'] ?? 0)).toBe(made.result.regions.length);
    const level = depth === 8 ? twinFill : (twinFill / 255) * 65535;
    let [inside, byNet] = [0, 0];
    for (let y = 1; y < size.height - 1; y++)
      for (let x = 1; x < size.width - 1; x++) {
        const at = y * size.width + x;
        const deep = [at, at - 1, at + 1, at - size.width, at + size.width].every((pixel) => made.labels[pixel] !== 0);
        if (!deep) continue;
        const isTwin = Math.abs((made.after[at * bands] as number) - level) <= 0.51;
        if (made.labels[at] === thin?.ordinal) {
          inside += 1;
          if (!isTwin) expect.fail(`${x},${y} was not filled by the net`);
        } else if (made.labels[at] === wide?.ordinal && isTwin) byNet += 1;
      }
    expect(byNet).toBeLessThan(100);
    expect(inside).toBeGreaterThan(200);
    expect(made.result.receipt.tilePlan.map(({ operation }) => operation)).toContain('repair-damage fill-s');
  });

  it('writes nothing into protected areas', async () => {
    const protect: ProtectedArea[] = [{ x: 0.3, y: 0.4, width: 0.2, height: 0.25, reason: 'lettering' }];
    const free = await repaired(shape, { strokes: [line, blot], net: true });
    const made = await repaired(shape, { strokes: [line, blot], net: true }, protect);
    changedUnderLabels(made, bands);
    const [area] = keptAreas(protect, size);
    let spared = 0;
    for (let y = area?.top ?? 0; y < (area?.bottom ?? 0); y++)
      for (let x = area?.left ?? 0; x < (area?.right ?? 0); x++) {
        const at = y * size.width + x;
        expect(made.labels[at]).toBe(0);
        if (free.labels[at] !== 0) spared += 1;
        for (let band = 0; band < bands; band++)
          expect(made.after[at * bands + band]).toBe(made.before[at * bands + band]);
      }
    expect(spared).toBeGreaterThan(50);
    // Elsewhere the fill is the same: what is damaged under the protection is still no source for it.
    const away = free.labels.findIndex((label, at) => label !== 0 && Math.floor(at / size.width) < 40);
    expect(made.after.slice(away * bands, away * bands + bands)).toEqual(
      free.after.slice(away * bands, away * bands + bands),
    );
  });
});
