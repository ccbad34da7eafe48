import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMask, writeMask } from '../picture/mask-file.js';
import { MarkCollector, type Mark } from '../picture/runs.js';
import { Strips } from '../picture/strips.js';
import { credibleMarks } from './credible-marks.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credible-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const [width, height] = [800, 600];
const face = { x: 400, y: 300, width: 60, height: 80 };
const lettering = [{ x: 290, y: 490, width: 80, height: 45 }];

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly across: number;
  readonly down: number;
  readonly kind: number;
}

/** A white thing on a calm grey: each with its place and class. */
const spots = {
  scratch: { x: 100, y: 60, across: 3, down: 160, kind: 1 },
  dust: { x: 200, y: 400, across: 6, down: 6, kind: 2 },
  'a large spot': { x: 60, y: 300, across: 40, down: 40, kind: 2 },
  'a spot on a hat': { x: 450, y: 240, across: 8, down: 8, kind: 2 },
  'a scratch through a face': { x: 430, y: 240, across: 2, down: 120, kind: 1 },
  'a pole': { x: 600, y: 200, across: 12, down: 220, kind: 1 },
  'a stroke of a letter': { x: 300, y: 500, across: 4, down: 30, kind: 1 },
  'a dot of a letter': { x: 330, y: 496, across: 5, down: 5, kind: 2 },
  'a scratch across lettering': { x: 350, y: 340, across: 3, down: 200, kind: 1 },
  'the edge of a mount': { x: 760, y: 40, across: 3, down: 300, kind: 1 },
} as const satisfies Record<string, Spot>;

async function judged(): Promise<{ readonly marks: readonly Mark[]; readonly doubtful: ReadonlySet<Mark> }> {
  const half = await Strips.create(join(folder, 'half.v'), {
    width: width / 2,
    height: height / 2,
    bands: 1,
    depth: 8,
  });
  const luma = new Uint8Array((width / 2) * (height / 2));
  for (let at = 0; at < luma.length; at++) luma[at] = 100 + ((at * 7) % 5);
  const collector = new MarkCollector();
  const all = Object.values(spots);
  for (const { x, y, across, down } of all)
    for (let row = y >> 1; row < (y + down) >> 1; row++)
      luma.fill(220, row * (width / 2) + (x >> 1), row * (width / 2) + ((x + across) >> 1));
  for (let y = 0; y < height; y++) {
    const classes = new Uint8Array(width);
    for (const spot of all)
      if (y >= spot.y && y < spot.y + spot.down) classes.fill(spot.kind, spot.x, spot.x + spot.across);
    collector.addRow(y, classes, new Uint8Array(width).fill(230));
  }
  await half.write(0, luma);
  const marks = collector.marks();
  const picture = { width, height, ageless: false, faces: [face], lettering, isPhotograph: (x: number) => x < 750 };
  const { doubtful, onLettering } = await credibleMarks(half, marks, picture);
  expect(onLettering).toBe(2);
  await half.close();
  return { marks, doubtful };
}

const at = (marks: readonly Mark[], { x, y }: Spot): Mark =>
  marks.find(({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom) ??
  expect.fail(`no mark at ${x},${y}`);

test('what is more likely the picture is doubtful, and damage is not', async () => {
  const { marks, doubtful } = await judged();
  const verdicts = Object.entries(spots).map(([name, spot]) => [name, doubtful.has(at(marks, spot))]);
  expect(Object.fromEntries(verdicts)).toEqual({
    scratch: false,
    dust: false,
    'a large spot': true,
    'a spot on a hat': true,
    'a scratch through a face': false,
    'a pole': true,
    'a stroke of a letter': true,
    'a dot of a letter': true,
    'a scratch across lettering': false,
    'the edge of a mount': true,
  });
});

test('doubtful marks are in the mask picture, and no restoration reads them', async () => {
  const { marks, doubtful } = await judged();
  const path = join(folder, 'mask.png');
  await writeMask(path, { width, height }, marks, doubtful);
  const back = await readMask(path, { width, height });
  const kept = marks.filter((mark) => !doubtful.has(mark));
  expect(back.map(({ left, top, area, kind }) => ({ left, top, area, kind }))).toEqual(
    kept.map(({ left, top, area, kind }) => ({ left, top, area, kind })),
  );
  expect(doubtful.size).toBeGreaterThan(1);
  for (const mark of back) expect(mark.probability).toBeCloseTo(230 / 255, 3);
});
