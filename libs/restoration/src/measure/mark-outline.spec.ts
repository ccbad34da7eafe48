import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MarkCollector, type Mark } from '../picture/runs.js';
import { Strips } from '../picture/strips.js';
import { outlined } from './mark-outline.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outline-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const [width, height] = [90, 700];
const rule = { share: 0.45, least: 3, near: 6, wide: 24, free: 0.05 };

/** A grey slope with a line two pixels wide from (20, 10) downward; `wanted` says where the line is. */
const isLine = (x: number, y: number): boolean => y >= 10 && y < 690 && x - 20 - (y >> 4) >= 0 && x - 20 - (y >> 4) < 2;

async function picture(contrast: number): Promise<Strips> {
  const strips = await Strips.create(join(folder, `p${contrast}.v`), { width, height, bands: 1, depth: 8 });
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) samples[y * width + x] = 80 + (x >> 1) + (isLine(x, y) ? contrast : 0);
  await strips.write(0, samples);
  return strips;
}

function marksWhere(found: (x: number, y: number) => boolean, kind = 1): Mark[] {
  const collector = new MarkCollector();
  for (let y = 0; y < height; y++)
    collector.addRow(
      y,
      Uint8Array.from({ length: width }, (_, x) => (found(x, y) ? kind : 0)),
      new Uint8Array(width).fill(200),
    );
  return collector.marks();
}

const pixelsOf = (marks: readonly Mark[]): Set<number> =>
  new Set(
    marks.flatMap(({ runs }) =>
      [...runs].flatMap((run) => Array.from({ length: run.to - run.from }, (_, at) => run.y * width + run.from + at)),
    ),
  );
const line = new Set(
  Array.from({ length: width * height }, (_, at) => at).filter((at) => isLine(at % width, Math.floor(at / width))),
);

test.each([40, -40])(
  'a mark that is too wide comes back as wide as what can be seen (contrast %i)',
  async (contrast) => {
    const strips = await picture(contrast);
    const wide = marksWhere((x, y) => [-1, 0, 1].some((by) => isLine(x + by, y)));
    const [mark, ...more] = await outlined(strips, wide, rule);
    await strips.close();
    expect(more).toEqual([]);
    expect(pixelsOf([mark as Mark])).toEqual(line);
    expect(mark).toMatchObject({ kind: 1, area: line.size, left: 20, top: 10, bottom: 690 });
    expect(mark?.probability).toBeCloseTo(200 / 255, 5);
  },
);

test('a mark that misses one side gets it back', async () => {
  const strips = await picture(40);
  const thin = marksWhere((x, y) => isLine(x, y) && !isLine(x + 1, y));
  const drawn = await outlined(strips, thin, rule);
  await strips.close();
  expect(pixelsOf(drawn)).toEqual(line);
});

test('what can hardly be seen keeps its outline, and so does a stain', async () => {
  const faint = await picture(1);
  const wide = marksWhere((x, y) => isLine(x, y) || isLine(x - 1, y));
  expect(await outlined(faint, wide, rule)).toEqual(wide);
  await faint.close();
  const clear = await picture(40);
  const stain = marksWhere((x, y) => isLine(x, y) || isLine(x - 1, y), 3);
  expect(await outlined(clear, stain, rule)).toEqual(stain);
  await clear.close();
});
