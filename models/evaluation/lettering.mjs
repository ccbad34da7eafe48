// Judges the lettering net on the committed pictures for evaluate.mjs. The same rows come from training/evaluate_lettering.py; a row's
// bar stands in training/bars.py and here. The search is the one of the server (libs/restoration/src/lettering).
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

const BARS = { recall: [0.85, 0.92], precision: [0.7, 0.85], false: [0.002, 0.0005], scratches: [0.02, 0.01] };
const CELL = 4;
const LEAST_SIDE = 400;
const GROWTH = 0.75;
const LEAST = { cells: 12, certain: 6 };
const CUT = { filled: 0.5, least: 6, times: 5 };
const NEAR = 8;

async function readGrey(path) {
  const { data, info } = await sharp(path).toColourspace('b-w').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 1) throw new Error(`Expected 1 channel for ${path} but received ${info.channels}`);
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

function halved({ data, width, height }) {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const at = (x, y) => data[Math.min(y, height - 1) * width + Math.min(x, width - 1)];
  const out = Uint8Array.from({ length: w * h }, (_, i) => {
    const [x, y] = [2 * (i % w), 2 * Math.floor(i / w)];
    return (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1) + 2) >> 2;
  });
  return { data: out, width: w, height: h };
}

/** The largest probability of all levels, times 255, for every cell. */
async function cells(net, picture) {
  const [rows, columns] = [Math.ceil(picture.height / CELL), Math.ceil(picture.width / CELL)];
  const out = new Uint8Array(rows * columns);
  let level = picture;
  for (let number = 0; number === 0 || Math.min(level.width, level.height) >= LEAST_SIDE; number += 1) {
    const input = new ort.Tensor('uint8', level.data, [1, level.height, level.width, 1]);
    const made = (await net.session.run({ [net.model.input.name]: input }))[net.model.output.name];
    const [low, small] = [Math.ceil(level.height / CELL), Math.ceil(level.width / CELL)];
    for (let i = 0; i < out.length; i += 1) {
      const row = Math.min(low - 1, Math.floor(i / columns) >> number);
      const column = Math.min(small - 1, i % columns >> number);
      out[i] = Math.max(out[i], Math.round(made.data[row * made.dims[2] + column] * 255));
    }
    level = halved(level);
  }
  return { data: out, rows, columns };
}

function cut(places, times) {
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const [w, h] = [Math.max(...xs) - x + 1, Math.max(...ys) - y + 1];
  if (times === 0 || Math.max(w, h) < CUT.least || places.length >= CUT.filled * w * h) return [[x, y, w, h]];
  const first = ([column, row]) => (w >= h ? column < x + w / 2 : row < y + h / 2);
  return [places.filter(first), places.filter((place) => !first(place))].flatMap((half) => (half.length ? cut(half, times - 1) : []));
}

/** Boxes x, y, width, height in pixels. */
function areas({ data, rows, columns }, threshold, { width, height }) {
  const [floor, certain] = [Math.round(GROWTH * threshold * 255), Math.round(threshold * 255)];
  const taken = new Uint8Array(data.length);
  const boxes = [];
  for (let start = 0; start < data.length; start += 1) {
    if (taken[start] || data[start] < certain) continue;
    const [open, places] = [[start], []];
    taken[start] = 1;
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      const [column, row] = [cell % columns, Math.floor(cell / columns)];
      places.push([column, row]);
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y += 1)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x += 1) {
          const next = y * columns + x;
          if (taken[next] || data[next] < floor) continue;
          taken[next] = 1;
          open.push(next);
        }
    }
    const sure = places.filter(([x, y]) => data[y * columns + x] >= certain).length;
    if (places.length < LEAST.cells || sure < LEAST.certain) continue;
    for (const [x, y, w, h] of cut(places, CUT.times))
      boxes.push([x * CELL, y * CELL, Math.min(width, (x + w) * CELL) - x * CELL, Math.min(height, (y + h) * CELL) - y * CELL]);
  }
  return boxes;
}

/** 1 within `reach` pixels of where `mask` is not 0 (a square), row by row and column by column. */
function grown(mask, width, height, reach) {
  const along = (from, step, count, lines, lineStep) => {
    const out = new Uint8Array(from.length);
    for (let line = 0; line < lines; line += 1)
      for (let at = 0; at < count; at += 1)
        if (from[line * lineStep + at * step])
          for (let near = Math.max(0, at - reach); near <= Math.min(count - 1, at + reach); near += 1) out[line * lineStep + near * step] = 1;
    return out;
  };
  return along(along(mask, 1, width, height, width), width, height, width, 1);
}

/** Prints and counts the rows through `row`, the function of evaluate.mjs. */
export async function judgeLettering(net, set, row) {
  const folder = join(set, 'lettering');
  const { pictures } = JSON.parse(await readFile(join(folder, 'lettering.json'), 'utf8'));
  const sums = {};
  for (const { kind, file, truth } of pictures) {
    const sum = (sums[kind] ??= { wanted: 0, hit: 0, boxed: 0, right: 0, empty: 0, false: 0, scratch: 0, taken: 0 });
    const [picture, said] = [await readGrey(join(folder, file)), await readGrey(join(folder, truth))];
    const { width, height } = picture;
    const boxed = new Uint8Array(width * height);
    for (const [x, y, w, h] of areas(await cells(net, picture), net.model.thresholds.lettering, picture))
      for (let line = y; line < y + h; line += 1) boxed.fill(1, line * width + x, line * width + x + w);
    const near = grown(said.data.map((value) => value & 3), width, height, NEAR);
    const bare = near.every((value) => value === 0);
    for (let i = 0; i < boxed.length; i += 1) {
      if ((said.data[i] & 3) === 1) [sum.wanted, sum.hit] = [sum.wanted + 1, sum.hit + boxed[i]];
      if (boxed[i]) [sum.boxed, sum.right] = [sum.boxed + 1, sum.right + near[i]];
      if (bare) [sum.empty, sum.false] = [sum.empty + 1, sum.false + boxed[i]];
      if (said.data[i] > 127 && !near[i]) [sum.scratch, sum.taken] = [sum.scratch + 1, sum.taken + boxed[i]];
    }
  }
  for (const [kind, task] of [['print', 'lettering'], ['hand', 'handwriting']]) {
    const { wanted, hit, boxed, right } = sums[kind];
    row('lettering', task, 'recall', hit / Math.max(1, wanted), `${(wanted / 1e6).toFixed(2)} MP of lettering`, BARS.recall);
    row('lettering', task, 'precision', right / Math.max(1, boxed), `${(boxed / 1e6).toFixed(2)} MP of boxes`, BARS.precision);
  }
  const { clean, scratched } = sums;
  row('lettering', 'clean', 'false area', clean.false / clean.empty, `${(clean.empty / 1e6).toFixed(1)} MP without lettering`, BARS.false, true);
  row('lettering', 'scratched', 'scratches taken', scratched.taken / scratched.scratch, `${(scratched.scratch / 1e6).toFixed(2)} MP of scratches`, BARS.scratches, true);
}
