// Judges the face nets on the committed rendered scenes for evaluate.mjs: the first alone, and both together. The same rows come from training/evaluate_faces.py;
// a row's bar stands in training/bars.py and here. The search is the one of the server (libs/restoration/src/faces).
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

const FACES = { recall: [0.93, 0.97], precision: [0.95, 0.98], marks: [0.06, 0.04] };
const LEAST_SIDE = 24;
const WIDTHS = [7, 92];
const OVERLAP = 0.4;
const INSIDE = 0.7;
const MATCHED = 0.3;

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

function shared(a, b) {
  const across = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const both = Math.max(0, across) * Math.max(0, down);
  const [first, second] = [a[2] * a[3], b[2] * b[3]];
  return { union: both / Math.max(1e-9, first + second - both), inside: both / Math.max(1e-9, Math.min(first, second)) };
}

const LOOK = { side: 128, width: 40, enlarged: 2.5, score: 0.05, away: 0.35, least: 0.6, most: 1.6 };

/** What one run says at `least` or above: { box, five, score } in pixels of the level. */
async function inLevel(session, level, least) {
  const made = await session.run({ grey: new ort.Tensor('uint8', level.data, [1, level.height, level.width, 1]) });
  const [heat, boxes, marks] = [made.heat.data, made.boxes.data, made.landmarks.data];
  const found = [];
  for (let cell = 0; cell < heat.length; cell += 1) {
    if (!(heat[cell] >= least)) continue;
    const box = Array.from(boxes.subarray(cell * 4, cell * 4 + 4));
    const [x, y] = [box[0] + box[2] / 2, box[1] + box[3] / 2];
    if (box[2] < WIDTHS[0] || box[2] > WIDTHS[1] || x < 0 || y < 0 || x >= level.width || y >= level.height) continue;
    const points = marks.subarray(cell * 10, cell * 10 + 10);
    found.push({ box, five: [0, 2, 4, 6, 8].map((k) => [points[k], points[k + 1]]), score: heat[cell] });
  }
  return found;
}

/** A square of the level from (left, top), `scale` times as large, bilinear, edge repeated. */
function enlarged({ data, width, height }, left, top, scale) {
  const inside = (at, length) => Math.max(0, Math.min(length - 1, at));
  const out = Uint8Array.from({ length: LOOK.side ** 2 }, (_, i) => {
    const x = inside(((i % LOOK.side) + 0.5) / scale - 0.5 + left, width);
    const y = inside((Math.floor(i / LOOK.side) + 0.5) / scale - 0.5 + top, height);
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
    const line = (row) => data[row * width + x0] * (1 - x + x0) + data[row * width + x1] * (x - x0);
    return Math.round(line(y0) * (1 - y + y0) + line(y1) * (y - y0));
  });
  return { data: out, width: LOOK.side, height: LOOK.side };
}

/** The finding with the landmarks of a second look, if that shows a face at the same place. */
async function lookedAgain(session, levels, one) {
  const [x, y, width, height] = one.box;
  let number = 0;
  while (number + 1 < levels.length && width / 2 ** number > 2 * LOOK.width) number += 1;
  const factor = 2 ** number;
  const scale = Math.min((LOOK.width * factor) / width, LOOK.enlarged);
  const here = (width / factor) * scale;
  const [middleX, middleY] = [(x + width / 2) / factor, (y + height / 2) / factor];
  const half = LOOK.side / 2;
  const seen = await inLevel(session, enlarged(levels[number], middleX - half / scale, middleY - half / scale, scale), LOOK.score);
  const fits = seen.filter(({ box }) => {
    const away = Math.max(Math.abs(box[0] + box[2] / 2 - half), Math.abs(box[1] + box[3] / 2 - half));
    return away <= LOOK.away * here && box[2] / here >= LOOK.least && box[2] / here <= LOOK.most;
  });
  if (fits.length === 0) return one;
  const best = fits.reduce((a, b) => (b.score > a.score ? b : a));
  return { ...one, five: best.five.map(([u, v]) => [((u - half) / scale + middleX) * factor, ((v - half) / scale + middleY) * factor]) };
}

const CROP = { side: 64, reach: 1.8, together: 32, weight: 0.5, most: 400 };

/** The square { x, y, side } as a crop, from the smallest level that has at least as many pixels. */
function cropInto(levels, { x, y, side }, into, start) {
  let number = 0;
  while (number + 1 < levels.length && side / 2 ** (number + 1) >= CROP.side) number += 1;
  const { data, width, height } = levels[number];
  const scale = side / CROP.side / 2 ** number;
  const place = (at, k, length) => Math.max(0, Math.min(length - 1, at / 2 ** number + (k + 0.5 - CROP.side / 2) * scale - 0.5));
  for (let i = 0; i < CROP.side ** 2; i += 1) {
    const [u, v] = [place(x, i % CROP.side, width), place(y, Math.floor(i / CROP.side), height)];
    const [x0, y0] = [Math.floor(u), Math.floor(v)];
    const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
    const line = (row) => data[row * width + x0] * (1 - u + x0) + data[row * width + x1] * (u - x0);
    into[start + i] = Math.floor(line(y0) * (1 - v + y0) + line(y1) * (v - y0) + 0.5);
  }
}

const logit = (share) => Math.log(Math.max(1e-6, Math.min(1 - 1e-6, share)) / (1 - Math.max(1e-6, Math.min(1 - 1e-6, share))));

/** Findings with box, landmarks and score of the closer look. */
async function lookedClosely(session, levels, found) {
  const out = [];
  for (let start = 0; start < found.length; start += CROP.together) {
    const part = found.slice(start, start + CROP.together);
    const crops = new Uint8Array(part.length * CROP.side ** 2);
    const squares = part.map(({ box: [x, y, w, h] }) => ({ x: x + w / 2, y: y + h / 2, side: CROP.reach * Math.sqrt(Math.max(1, w * h)) }));
    squares.forEach((square, k) => cropInto(levels, square, crops, k * CROP.side ** 2));
    const made = await session.run({ crops: new ort.Tensor('uint8', crops, [part.length, CROP.side, CROP.side, 1]) });
    part.forEach(({ score }, k) => {
      const { x, y, side } = squares[k];
      const scale = side / CROP.side;
      const [left, top, w, h] = made.boxes.data.subarray(4 * k, 4 * k + 4);
      const five = [0, 1, 2, 3, 4].map((p) => [0, 1].map((axis) => made.landmarks.data[10 * k + 2 * p + axis] * scale + [x, y][axis] - side / 2));
      const together = (logit(score) + CROP.weight * logit(made.score.data[k])) / (1 + CROP.weight);
      out.push({ box: [x - side / 2 + left * scale, y - side / 2 + top * scale, w * scale, h * scale], five, score: 1 / (1 + Math.exp(-together)) });
    });
  }
  return out;
}

/** The most certain of every group of findings that are one. */
function once(found) {
  const kept = [];
  for (const one of [...found].sort((a, b) => b.score - a.score))
    if (!kept.some((other) => { const { union, inside } = shared(one.box, other.box); return union >= OVERLAP || inside >= INSIDE; })) kept.push(one);
  return kept;
}

/** Findings { box, five, score }, most certain first; a picture's longer side must be 2048 at most. `look`: net of the closer look, or none. */
async function search(session, picture, threshold, look) {
  const levels = [picture];
  while (Math.min(levels.at(-1).width, levels.at(-1).height) >= 2 * LEAST_SIDE) levels.push(halved(levels.at(-1)));
  const found = [];
  for (const [number, level] of levels.entries()) {
    if (Math.min(level.width, level.height) < LEAST_SIDE) continue;
    for (const { box, five, score } of await inLevel(session, level, look ? look.model.thresholds.proposal : threshold))
      found.push({ box: box.map((v) => v * 2 ** number), five: five.map((point) => point.map((v) => v * 2 ** number)), score });
  }
  const kept = once(found);
  if (!look) return Promise.all(kept.map((one) => lookedAgain(session, levels, one)));
  const sure = once((await lookedClosely(look.session, levels, kept.slice(0, CROP.most))).filter(({ score }) => score >= threshold));
  const placed = await lookedClosely(look.session, levels, sure);
  return placed.map((one, k) => ({ ...one, score: sure[k].score }));
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** Prints and counts the rows through `row`, the function of evaluate.mjs. `net` and `look` need `session` and `model`; without `look` the first net is judged alone. */
export async function judgeFaces(net, set, row, look) {
  const { id, thresholds } = (look ?? net).model;
  const threshold = thresholds.face;
  const { scenes } = JSON.parse(await readFile(join(set, 'faces', 'faces.json'), 'utf8'));
  let [wanted, hits, wrong, bare] = [0, 0, 0, 0];
  const errors = [];
  for (const { file, faces } of scenes) {
    const found = await search(net.session, await readGrey(join(set, 'faces', file)), threshold, look);
    wanted += faces.filter((face) => face.judged).length;
    if (faces.length === 0) bare += found.length;
    const taken = new Set();
    for (const one of found) {
      const overlaps = faces.map((face, i) => (taken.has(i) ? 0 : shared(one.box, face.box).union));
      const best = overlaps.indexOf(Math.max(0, ...overlaps));
      if (best >= 0 && overlaps[best] >= MATCHED) {
        taken.add(best);
        const face = faces[best];
        if (!face.judged) continue;
        hits += 1;
        if (face.turn >= 0.8) continue;
        const apart = mean(one.five.map(([x, y], k) => Math.hypot(x - face.five[k][0], y - face.five[k][1])));
        errors.push(apart / Math.max(1, Math.hypot(face.five[0][0] - face.five[1][0], face.five[0][1] - face.five[1][1])));
      } else if (!faces.some((face) => !face.judged && shared(one.box, face.box).union >= 0.1)) wrong += 1;
    }
  }
  row(id, 'finding', 'recall', hits / Math.max(1, wanted), `${hits} of ${wanted}`, FACES.recall);
  row(id, 'finding', 'precision', hits / Math.max(1, hits + wrong), `${wrong} false, ${bare} of them in scenes without faces`, FACES.precision);
  row(id, 'landmarks', 'mean share of eye distance', errors.length ? mean(errors) : 1, `${errors.length} faces`, FACES.marks, true);
}
