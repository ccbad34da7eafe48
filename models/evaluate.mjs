// Judges the shipped nets on the committed evaluation set: `node models/evaluate.mjs`; exit 1 under a ship bar.
// A bar that was missed when the weights were released stands in model.json as `"held": false`. Such a known miss is printed
// as MISS, and fails the run only if it got worse, or with `--strict`. Every other row must hold its ship bar.
// It needs onnxruntime-node, sharp and the built engine, whose rules draw the marks, not Python. Baselines are recomputed in the run. The same rows, with more
// baselines and sets, come from `python -m training.evaluate`; a row's bar stands in training/bars.py and here.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { installedModels } from '../libs/restoration/dist/models.js';
import { marksOfPlane } from '../libs/restoration/dist/testing/marks-of-plane.js';
import { judgeFaces } from './evaluation/faces.mjs';
import { openNet, pictureFrom, tensorOf, widened } from './evaluation/nets.mjs';
import { judgeLettering } from './evaluation/lettering.mjs';
import { judgeStains } from './evaluation/stains.mjs';
import { differingOutlines } from './evaluation/outlines.mjs';
import { judgeFill, judgeUpscale } from './evaluation/upscale-fill.mjs';
import { bilateral, deltaE, double, gauss, halve, median, psnr, topHat, unsharp } from './evaluation/measures.mjs';

const MODELS = dirname(fileURLToPath(import.meta.url));
const SET = join(MODELS, 'evaluation');

/** Task → what it is compared with, and its bar in dB of PSNR. */
const RESTORE = {
  'awgn-15': { against: 'filters', over: 'best', ship: 1.8, aim: 2.8 },
  'awgn-25': { against: 'filters', over: 'best', ship: 2.2, aim: 3.4 },
  'awgn-50': { against: 'filters', over: 'best', ship: 2.8, aim: 4.4 },
  grain: { against: 'filters', over: 'best', ship: 1.0, aim: 2.0 },
  'grey-noise-25': { against: 'filters', over: 'input', ship: 5.0, aim: 7.0 },
  'jpeg-30': { against: 'none', over: 'input', ship: 0.8, aim: 1.5 },
  'awgn-15-jpeg-50': { against: 'filters', over: 'input', ship: 2.0, aim: 2.6 },
  'blur-1.2-noise-5': { against: 'sharpeners', over: 'best', ship: 0.7, aim: 1.2 },
};
/** White noise is softened by denoise-s, everything else by restore-s; what restore-s makes of white noise is told without a bar. */
const WHITE = ['awgn-15', 'awgn-25', 'awgn-50', 'grey-noise-25'];
const NO_HARM = { psnr: [40, 43], deltaE: [0.6, 0.3] };
const DAMAGE = { f1: [0.5, 0.65], share: [0.005, 0.002] };

/** Simple filters, name → function of a picture: what a picture editor offers. */
const FILTERS = {
  'median 3': (p) => median(p, 1),
  'median 5': (p) => median(p, 2),
  ...Object.fromEntries([0.6, 0.9, 1.3].map((s) => [`gauss ${s}`, (p) => gauss(p, s)])),
  ...Object.fromEntries(
    [25, 45, 80].flatMap((range) => [1.5, 3].map((space) => [`bilateral ${range}/${space}`, (p) => bilateral(p, 4, range, space)])),
  ),
};
const SHARPENERS = Object.fromEntries(
  [0.8, 1.2, 1.6, 2].flatMap((radius) =>
    [0.25, 0.5, 0.8, 1.1, 1.5].map((amount) => [`unsharp ${radius}/${amount}`, (p) => unsharp(p, radius, amount)]),
  ),
);
const TOP_HAT_LEVELS = [10, 16, 24, 32, 44, 60];

const STRICT = process.argv.includes('--strict');
let failed = 0;
let known = 0;
/** Rows of the committed set that model.json says were missed at release: "model task metric" → value. */
const missed = new Map();

/** How far a known miss may drift between machines: dB, F1, or share of pixels. */
const DRIFT = { dB: 0.05, F1: 0.01, mean: 0.02, 'false-positive': 0.0005, values: 0, recall: 0.01, precision: 0.01, false: 0.0005, scratches: 0.002 };

function row(model, task, metric, value, baseline, [ship, aim], less = false) {
  const held = less ? value <= ship : value >= ship;
  const reached = held && (less ? value <= aim : value >= aim);
  const before = missed.get(`${model} ${task} ${metric}`);
  const drift = DRIFT[metric.split(' ')[0]];
  const same = before !== undefined && (less ? value <= before + drift : value >= before - drift);
  if (!held && same) known += 1;
  else if (!held) failed += 1;
  const shown = value.toFixed(Math.abs(ship) < 0.05 ? 5 : 3).padStart(8);
  const word = reached ? 'aim ' : held ? 'ship' : same ? 'MISS' : 'FAIL';
  console.log(`${word} ${model.padEnd(9)} ${task.padEnd(17)} ${metric.padEnd(20)} ${shown}  ship ${less ? '≤' : '≥'} ${ship}, aim ${aim} | baseline ${baseline}`);
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** A picture of the set: { data: Uint8Array, width, height, channels } with 3 channels, or 1 for `grey`. */
async function read(name, grey = false) {
  const image = sharp(join(SET, name)).toColourspace(grey ? 'b-w' : 'srgb').removeAlpha();
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== (grey ? 1 : 3)) throw new Error(`Expected ${grey ? 1 : 3} channels for ${name} but received ${info.channels}`);
  return { data: new Uint8Array(data), width: info.width, height: info.height, channels: info.channels };
}

/** Opens a net and notes what it missed when it was released. */
async function open(id) {
  const net = await openNet(id);
  note(id, net.model);
  return net;
}

function note(id, { evaluation = [] }) {
  for (const { task, set, metric, value, held } of evaluation)
    if (set === 'committed' && held === false) missed.set(`${id} ${task} ${metric}`, value);
}

const installed = await installedModels(MODELS);

/** A model that the engine's own search runs, by its id. */
async function searched(id) {
  const model = installed.get(id);
  if (model === undefined) throw new Error(`Expected ${id} to be installed but it is not`);
  note(id, JSON.parse(await readFile(join(model.folder, 'model.json'), 'utf8')));
  return model;
}

/** What a net that softens noise makes of a picture, which it sees mirrored beyond its edges as far as the margin of its tiles, as in the engine. */
async function restored(net, picture) {
  const { margin, multiple } = net.model.tile;
  const reach = Math.ceil(margin / multiple) * multiple;
  const seen = widened(picture, reach);
  const made = await pictureFrom(net, { [net.model.input.name]: tensorOf(net.element, seen) }, seen.width, seen.height);
  return widened(made, -reach);
}

async function judgeRestore(model, net, listed) {
  for (const [task, bar] of Object.entries(RESTORE).filter(([task]) => model === 'restore-s' || WHITE.includes(task))) {
    const pairs = [];
    for (const entry of listed.restore.filter((e) => e.task === task)) pairs.push([await read(entry.aged), await read(entry.truth)]);
    const before = mean(pairs.map(([aged, truth]) => psnr(aged, truth)));
    const after = mean(await Promise.all(pairs.map(async ([aged, truth]) => psnr(await restored(net, aged), truth))));
    let [name, best] = ['input', before];
    for (const [filter, run] of Object.entries(bar.against === 'filters' ? FILTERS : bar.against === 'sharpeners' ? SHARPENERS : {})) {
      const score = mean(pairs.map(([aged, truth]) => psnr(run(aged), truth)));
      if (score > best) [name, best] = [filter, score];
    }
    const said = `input ${before.toFixed(2)} dB, best simple filter ${name} ${best.toFixed(2)} dB, restored ${after.toFixed(2)} dB`;
    const gained = after - (bar.over === 'input' ? before : best);
    if (model === 'restore-s' && WHITE.includes(task))
      console.log(`     ${model.padEnd(9)} ${task.padEnd(17)} ${`dB over ${bar.over}`.padEnd(20)} ${gained.toFixed(3).padStart(8)} | baseline ${said}`);
    else row(model, task, `dB over ${bar.over}`, gained, said, [bar.ship, bar.aim]);
  }
  const clean = [];
  for (const name of listed.clean) {
    const picture = await read(name);
    clean.push([picture, await restored(net, picture)]);
  }
  row(model, 'no-harm', 'dB', mean(clean.map(([a, b]) => psnr(a, b))), 'identity', NO_HARM.psnr);
  row(model, 'no-harm', 'mean ΔE2000', mean(clean.map(([a, b]) => deltaE(a, b))), 'identity', NO_HARM.deltaE, true);
}

/** Three planes of probability [c][pixel]: the larger of the net at 1× and at 0.5×, where the logits lose what its description says. */
async function probabilities({ model, session, element }, luma) {
  const run = async (plane) => (await session.run({ [model.input.name]: tensorOf(element, plane) }))[model.output.name];
  const split = (out, width, height, loss = [0, 0, 0]) =>
    [0, 1, 2].map((c) => Float32Array.from({ length: width * height }, (_, i) => 1 / (1 + Math.exp(loss[c] - out.data[i * 3 + c]))));
  const full = split(await run(luma), luma.width, luma.height);
  const small = halve(luma);
  const half = split(await run(small), small.width, small.height, model.classes.map((name) => model.marks.halfSizeLoss[name]));
  return full.map((plane, c) => {
    const up = double(half[c], small.width, small.height, luma.width, luma.height);
    return plane.map((value, i) => Math.max(value, up[i]));
  });
}

const f1 = ({ both, found, wanted }) => (2 * both) / Math.max(1, found + wanted);

function count(into, found, wanted) {
  for (let i = 0; i < found.length; i += 1) {
    if (found[i]) into.found += 1;
    if (wanted[i]) into.wanted += 1;
    if (found[i] && wanted[i]) into.both += 1;
  }
}

async function judgeDamage(net, listed) {
  const { classes, thresholds, marks: rule } = net.model;
  if (rule === undefined) throw new Error('Expected marks (halfSizeLoss, outline) in the description of damage-s but received none');
  const zero = () => ({ both: 0, found: 0, wanted: 0 });
  const each = classes.map(zero);
  const marks = zero();
  const all = zero();
  const hats = TOP_HAT_LEVELS.map(zero);
  const masksOf = (planes, luma) =>
    Promise.all(planes.map((plane, c) => marksOfPlane(plane, luma, { name: classes[c], threshold: thresholds[classes[c]], outline: rule.outline })));
  const any = (planes) => planes[0].map((_, i) => planes.some((plane) => plane[i]) ? 1 : 0);
  for (const entry of listed.damage) {
    const luma = await read(entry.luma, true);
    const masks = await read(entry.masks);
    const wanted = classes.map((_, c) => Uint8Array.from({ length: luma.data.length }, (__, i) => (masks.data[i * 3 + c] > 127 ? 1 : 0)));
    const found = await masksOf(await probabilities(net, luma), luma);
    classes.forEach((_, c) => count(each[c], found[c], wanted[c]));
    count(marks, any(found.slice(0, 2)), any(wanted.slice(0, 2)));
    count(all, any(found), any(wanted));
    const hat = topHat(luma, 4);
    TOP_HAT_LEVELS.forEach((level, k) => count(hats[k], hat.map((v) => (v >= level ? 1 : 0)), any(wanted.slice(0, 2))));
  }
  row('damage-s', 'scratch+dust', 'F1', f1(marks), `best top-hat ${Math.max(...hats.map(f1)).toFixed(3)}`, DAMAGE.f1);
  // No bar: its stains are not asked for, `stains` has the same bar for them.
  console.log(`     damage-s  all classes: F1 ${f1(all).toFixed(3)}`);
  classes.forEach((name, c) => console.log(`     damage-s  ${name}: F1 ${f1(each[c]).toFixed(3)}, precision ${(each[c].both / Math.max(1, each[c].found)).toFixed(3)}, recall ${(each[c].both / Math.max(1, each[c].wanted)).toFixed(3)}`));
  const shares = [];
  for (const name of listed.undamaged) {
    const picture = await read(name, true);
    const found = any(await masksOf(await probabilities(net, picture), picture));
    shares.push(found.reduce((a, b) => a + (b ? 1 : 0), 0) / found.length);
  }
  row('damage-s', 'undamaged', 'false-positive share', mean(shares), `largest of one picture ${Math.max(...shares).toFixed(5)}`, DAMAGE.share, true);
}

const list = async (name) => JSON.parse(await readFile(join(SET, name), 'utf8'));
const [listed, small] = [await list('set.json'), await list('upscale-fill.json')];
const apart = await differingOutlines(read);
if (apart > 0) failed += 1;
console.log(`${apart === 0 ? 'same' : 'FAIL'} outlines of marks: ${apart} pixels differ from the committed ones`);
for (const id of ['restore-s', 'denoise-s']) await judgeRestore(id, await open(id), listed);
await judgeDamage(await open('damage-s'), listed);
for (const id of ['up2', 'up4']) await judgeUpscale(await open(id), small, { read, row });
await judgeFill(await open('fill-s'), small, { read, row });
const faces = await list('faces/faces.json');
await judgeFaces({ read, row }, faces, await searched('faces'), await searched('face-look'), await searched('face-marks'));
await judgeLettering({ read, row }, await list('lettering/lettering.json'), await searched('lettering'));
await judgeStains({ read, row }, await list('stains/stains.json'), await searched('stains'));
console.log('not judged here: CBSD68, Kodak24, Set5 (named sets are not in the repository; see models/training/README.md, --sets)');
if (known > 0) console.log(`${known} ship bar${known === 1 ? '' : 's'} missed as written in model.json when the weights were released (MISS)`);
console.log(failed === 0 ? 'no other ship bar of the committed set is missed' : `${failed} ship bar${failed === 1 ? '' : 's'} missed (FAIL)`);
process.exitCode = failed > 0 || (STRICT && known > 0) ? 1 : 0;
