// Judges the stain net on the committed pictures for evaluate.mjs. The same rows come from training/evaluate_stains.py; a row's bar stands
// in training/bars.py and here. The search is the engine's own (libs/restoration/src/stains).
import { findStains } from '../../libs/restoration/dist/stains/find-stains.js';
import { openStainNet, stainThreshold } from '../../libs/restoration/dist/stains/stain-net.js';

const BARS = { f1: [0.5, 0.65], share: [0.005, 0.002] };

/** Prints and counts the rows of an installed model through the functions of evaluate.mjs. */
export async function judgeStains({ read, row }, { pictures }, model) {
  const [net, threshold] = [await openStainNet(model), stainThreshold(model)];
  const sums = {};
  for (const { kind, file, truth } of pictures) {
    const sum = (sums[kind] ??= { hit: 0, missed: 0, wrong: 0, area: 0 });
    const { width, height, data } = await read(`stains/${file}`);
    const said = truth === undefined ? new Uint8Array(width * height) : (await read(`stains/${truth}`, true)).data;
    const found = new Uint8Array(width * height);
    const reduced = { width, height, factor: 1, rgb: Float32Array.from(data) };
    for (const { runs } of await findStains(reduced, { width, height }, net, threshold))
      for (const { y, from, to } of runs) found.fill(1, y * width + from, y * width + to);
    for (let i = 0; i < found.length; i += 1) {
      if (said[i] === 1) found[i] ? (sum.hit += 1) : (sum.missed += 1);
      else if (said[i] === 0 && found[i]) sum.wrong += 1;
    }
    sum.area += found.length;
  }
  const { hit, missed, wrong } = sums.stained;
  row('stains', 'stain', 'F1', (2 * hit) / Math.max(1, 2 * hit + missed + wrong), `${((hit + missed) / 1e6).toFixed(2)} MP of stains`, BARS.f1);
  const { clean, lookalikes } = sums;
  const alike = `; ${((100 * lookalikes.wrong) / lookalikes.area).toFixed(2)} % of pictures with drawn shadows, lamps and clouds`;
  row('stains', 'clean', 'false-positive share', clean.wrong / clean.area, `${(clean.area / 1e6).toFixed(1)} MP without stains${alike}`, BARS.share, true);
}
