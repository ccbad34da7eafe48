// Judges the lettering net on the committed pictures for evaluate.mjs. The same rows come from training/evaluate_lettering.py; a row's
// bar stands in training/bars.py and here. The search is the engine's own (libs/restoration/src/lettering).
import { findLetteringInGrey } from '../../libs/restoration/dist/lettering/find-lettering.js';
import { letterThreshold, openLetterNet } from '../../libs/restoration/dist/lettering/letter-net.js';

const BARS = { recall: [0.85, 0.92], precision: [0.7, 0.85], false: [0.002, 0.0005], scratches: [0.02, 0.01] };
const NEAR = 8;

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

/** Prints and counts the rows of an installed model through the functions of evaluate.mjs. */
export async function judgeLettering({ read, row }, { pictures }, model) {
  const [net, threshold] = [await openLetterNet(model), letterThreshold(model)];
  const sums = {};
  for (const { kind, file, truth } of pictures) {
    const sum = (sums[kind] ??= { wanted: 0, hit: 0, boxed: 0, right: 0, empty: 0, false: 0, scratch: 0, taken: 0 });
    const [picture, said] = [await read(`lettering/${file}`, true), await read(`lettering/${truth}`, true)];
    const { width, height } = picture;
    const boxed = new Uint8Array(width * height);
    for (const { box } of await findLetteringInGrey(picture, net, threshold))
      for (let line = box.y; line < box.y + box.height; line += 1) boxed.fill(1, line * width + box.x, line * width + box.x + box.width);
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
