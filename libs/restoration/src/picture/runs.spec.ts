import { expect, test } from 'vitest';
import { randomFrom } from '../testing/pictures.js';
import { runsByRow } from './run-columns.js';
import { MarkCollector, runsOf, type Mark } from './runs.js';

const [width, height] = [97, 61];

/** Classes 0..3 that are the same in every run, in patches and specks. */
function plane(): Uint8Array {
  const random = randomFrom(5);
  const out = new Uint8Array(width * height);
  for (let patch = 0; patch < 160; patch++) {
    const [x, y, side, kind] = [random() * width, random() * height, 1 + random() * 5, 1 + Math.floor(random() * 3)];
    for (let row = Math.floor(y); row < Math.min(height, y + side); row++)
      out.fill(kind, row * width + Math.floor(x), row * width + Math.min(width, Math.ceil(x + side)));
  }
  return out;
}

function collected(classes: Uint8Array): Mark[] {
  const collector = new MarkCollector();
  for (let y = 0; y < height; y++) collector.addRow(y, classes.subarray(y * width, (y + 1) * width), null);
  return collector.marks();
}

/** The pixels of each connected set, stains apart from the rest, by flooding; in the order of their first pixels. */
function flooded(classes: Uint8Array): number[][] {
  const seen = new Set<number>();
  const sets: number[][] = [];
  for (let start = 0; start < classes.length; start++) {
    if (classes[start] === 0 || seen.has(start)) continue;
    const set: number[] = [];
    const stack = [start];
    seen.add(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      set.push(at);
      const [x, y] = [at % width, Math.floor(at / width)];
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const next = row * width + column;
          if (classes[next] === 0 || seen.has(next) || (classes[next] === 3) !== (classes[at] === 3)) continue;
          seen.add(next);
          stack.push(next);
        }
    }
    sets.push(set.sort((a, b) => a - b));
  }
  return sets;
}

const pixelsOf = (mark: Mark): number[] =>
  [...mark.runs].flatMap((run) => Array.from({ length: run.to - run.from }, (_, at) => run.y * width + run.from + at));

test('marks are the connected sets of pixels, in the order of their first pixels', () => {
  const classes = plane();
  const marks = collected(classes);
  expect(marks.length).toBeGreaterThan(20);
  expect(marks.map(pixelsOf)).toEqual(flooded(classes));
  for (const mark of marks) {
    const pixels = pixelsOf(mark);
    expect(mark.area).toBe(pixels.length);
    expect([mark.left, mark.right]).toEqual([
      Math.min(...pixels.map((at) => at % width)),
      1 + Math.max(...pixels.map((at) => at % width)),
    ]);
    expect([mark.top, mark.bottom]).toEqual([mark.runs.at(0).y, 1 + mark.runs.at(mark.runs.length - 1).y]);
  }
});

test('marks that are not wanted are left out', () => {
  const collector = new MarkCollector();
  collector.addRow(0, Uint8Array.from([1, 0, 2, 2, 0, 3]), null);
  expect(collector.marks(({ area }) => area === 1).map(({ kind }) => kind)).toEqual([1, 3]);
});

test('more runs than there was room for come back as they were given', () => {
  const given = Array.from({ length: 4000 }, (_, at) => ({
    y: at >> 2,
    from: 5 * (at & 3),
    to: 5 * (at & 3) + 1 + (at % 4),
    kind: 1 + (at % 3),
    probability: at / 17,
    seeds: at % 5,
  }));
  const runs = runsOf(given);
  expect(runs.length).toBe(4000);
  expect([...runs]).toEqual(given);
  expect(runs.at(3999)).toEqual(given[3999]);
  for (const number of [-1, 4000, Number.NaN]) expect(() => runs.at(number)).toThrow(RangeError);
});

test('runs of many marks are put in the order of rows, within a row in the order of the marks', () => {
  const marks = collected(plane());
  const ordered = runsByRow(marks, (mark) => mark.kind !== 3);
  const wanted = marks
    .flatMap((mark, index) => [...mark.runs].map((run, place) => ({ run, index, place, kind: mark.kind })))
    .filter(({ kind }) => kind !== 3)
    .sort((a, b) => a.run.y - b.run.y);
  expect(ordered.length).toBe(wanted.length);
  wanted.forEach(({ run, index, place }, at) =>
    expect([ordered.y[at], ordered.from[at], ordered.to[at], ordered.mark[at], ordered.place[at]]).toEqual([
      run.y,
      run.from,
      run.to,
      index,
      place,
    ]),
  );
});
