// From arrival to proposal: `npm run bench -- restore [12] [24] [100] [400] [--models DIR]`, or this file with Node 24 after a
// build; 12 megapixels unless told otherwise. Makes its own photographs (100 and 400 megapixels as 16-bit TIFFs). Prints the seconds
// of each part; nets against the time inside their own session.run; the rest against the same work by direct calls in this
// run; the computing process's largest RssAnon; megapixels a minute. Exit 1 above the bars. The bar on seconds is that of
// 12 megapixels on two idle cores; with `--models` (other nets) only memory and ratios are judged.
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { proposeRecipe } from '@albumen/domain';
import {
  createWorkFile,
  decodeToWorkFile,
  encodeMaster,
  encodePyramid,
  encodeThumbnail,
  workBytes,
} from '@albumen/imaging';
import { createRestorationEngine, installedModels } from '@albumen/restoration';
import { directChangeMap, directFill, directMask, directNet, directSurvey, directTone } from './restore-direct.mjs';
import { photograph } from './restore-photograph.mjs';

const sizes = { 12: [4000, 3000, 8], 24: [6000, 4000, 8], 100: [10_000, 10_000, 16], 400: [20_000, 20_000, 16] };
const bars = { seconds: 60, rssAnonBytes: 1.2e9, netRatio: 1.05, restRatio: 1.25 };
const given = process.argv.slice(2);
const modelsAt = given.indexOf('--models');
const otherModels = modelsAt >= 0 ? resolve(given.splice(modelsAt, 2)[1]) : null;
const modelsDir = otherModels ?? fileURLToPath(new URL('../../models', import.meta.url));
const wanted = given.length > 0 ? given : ['12'];
const unknown = wanted.filter((size) => !Object.hasOwn(sizes, size));
if (unknown.length > 0) {
  console.error(
    `Expected sizes among ${Object.keys(sizes).join(', ')} (megapixels) but received ${unknown.join(', ')}.`,
  );
  process.exit(2);
}

/** Largest RssAnon of a process in bytes by part, polled; a mapped work file does not count, the kernel can drop it. */
function watchMemory(pid) {
  let most = {};
  let part = '';
  const timer = setInterval(async () => {
    const id = pid();
    if (id === null) return;
    try {
      const found = /RssAnon:\s+(\d+) kB/.exec(await readFile(`/proc/${id}/status`, 'latin1'));
      most[part] = Math.max(most[part] ?? 0, Number(found?.[1] ?? 0) * 1024);
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
    }
  }, 200);
  return {
    during: (name) => (part = name),
    /** The largest by part since the last call. */
    take() {
      const seen = most;
      most = {};
      return seen;
    },
    stop: () => clearInterval(timer),
  };
}

/** Processor seconds (user and system) a process has used. */
async function processorSeconds(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'latin1')).split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const timed = async (work) => {
  const begun = performance.now();
  const result = await work();
  return [result, (performance.now() - begun) / 1000];
};
/** Processor seconds of this process, all threads: what other programs do does not count. */
const processorTimed = async (work) => {
  const begun = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(begun);
  return [result, (user + system) / 1e6];
};
const show = (name, seconds, more = '') =>
  console.log(`${name.padEnd(28)} ${seconds.toFixed(2).padStart(8)} s  ${more}`);
const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(2)} GB`;
/** Parts of a restoration that wait for a net that passes over the whole picture. */
const netParts = ['denoise', 'enlarge'];

async function makePicture(folder, [width, height, depth]) {
  const work = await createWorkFile(join(folder, 'made.v'), { width, height, bands: 3, depth });
  const handle = await open(work.path, 'r+');
  let y = 0;
  for (const strip of photograph(width, height, depth)) {
    await handle.write(new Uint8Array(strip.buffer), 0, strip.byteLength, work.headerBytes + y * workBytes(work).row);
    y += strip.length / (width * 3);
  }
  await handle.close();
  const input = join(folder, depth === 16 ? 'photograph.tif' : 'photograph.jpg');
  if (depth === 16) await encodeMaster(work, input);
  else await encodeThumbnail(work, input, { longSide: width, quality: 92 });
  await rm(work.path);
  return input;
}

async function measure(name, engine, folder) {
  const shape = sizes[name];
  const [width, height, depth] = shape;
  const megapixels = (width * height) / 1e6;
  const input = await makePicture(folder, shape);
  console.log(
    `\n${width}×${height}, ${depth} bits, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)} before the run${otherModels === null ? '' : `, nets of ${otherModels}`}\n`,
  );
  for (const at of ['assess', 'restore']) await mkdir(join(folder, at));
  const memory = watchMemory(() => engine.childPid);
  const onProgress = ({ doing }) => memory.during(doing);
  const [assessed, assessSeconds] = await timed(() =>
    engine.assess({ input, into: join(folder, 'assess'), onProgress }),
  );
  const inAssess = memory.take();
  const assessMemory = Math.max(...Object.values(inAssess));
  for (const { part, seconds, processor } of assessed.timings)
    show(`assess: ${part}`, seconds, `${processor.toFixed(2)} s of processor time, ${gigabytes(inAssess[part] ?? 0)}`);
  const marks = Object.values(assessed.report.masks).reduce((sum, mask) => sum + mask.count, 0);
  show(
    'assess',
    assessSeconds,
    `session.run ${assessed.sessionSeconds.toFixed(2)} s, ${marks} marks, noise ${assessed.report.noise.value}, RssAnon ${gigabytes(assessMemory)}`,
  );
  const recipe = proposeRecipe(assessed.report, await engine.pins());
  const [restored, restoreSeconds] = await timed(() =>
    engine.restore({
      input,
      into: join(folder, 'restore'),
      recipe,
      maskPath: assessed.maskPath,
      report: assessed.report,
      onProgress,
    }),
  );
  const inRestore = memory.take();
  const restoreMemory = Math.max(...Object.values(inRestore));
  memory.stop();
  for (const { part, seconds, processor } of restored.timings)
    show(
      `restore: ${part}`,
      seconds,
      `${processor.toFixed(2)} s of processor time, ${gigabytes(inRestore[part] ?? 0)}`,
    );
  show(
    'restore',
    restoreSeconds,
    `session.run ${restored.sessionSeconds.toFixed(2)} s, ${restored.regions.length} regions, ${restored.variants.length} variants (${recipe.steps.map(({ operation, model }) => (model === null ? operation : `${operation} by ${model.id}`)).join(', ')}), RssAnon ${gigabytes(restoreMemory)}`,
  );
  const processor = await processorSeconds(engine.childPid);
  const whole = assessSeconds + restoreSeconds;
  show('arrival to proposal', whole, `${((megapixels / whole) * 60).toFixed(1)} megapixels a minute`);

  console.log('');
  const denoiser = recipe.steps.find(({ operation }) => operation === 'reduce-noise')?.model?.id;
  const direct = await directCalls(folder, input, restored, assessed, denoiser);
  const of = (part) => restored.timings.find((timing) => timing.part === part)?.processor ?? 0;
  const wallOf = (part) => restored.timings.find((timing) => timing.part === part)?.seconds ?? 0;
  const here = {
    decode: of('decode'),
    fill: of('fill'),
    tone: of('tone'),
    compare: of('compare'),
    survey: of('measure') + of('texture'),
    encode: of('encode') + of('master'),
    denoise: of('denoise'),
  };
  let [mine, theirs] = [0, 0];
  for (const [part, seconds] of Object.entries(direct)) {
    if (seconds === null) continue;
    show(
      `direct ${part}`,
      seconds,
      `here ${here[part].toFixed(2)} s of processor time, ${(here[part] / seconds).toFixed(2)} ×`,
    );
    // A layer of a net has its own bar.
    if (part === 'denoise') continue;
    mine += here[part];
    theirs += seconds;
  }
  const layers = restored.timings.filter(({ part }) => netParts.includes(part));
  const net =
    layers.reduce((sum, { seconds }) => sum + seconds, 0) +
    assessed.timings.filter(({ part }) => part === 'find-damage').reduce((sum, { seconds }) => sum + seconds, 0);
  const inside =
    assessed.sessionSeconds + layers.reduce((sum, { part }) => sum + (restored.sessionsByPart?.[part] ?? 0), 0);
  show('fill: session.run', restored.sessionsByPart?.fill ?? 0, `of ${wallOf('fill').toFixed(2)} s`);
  const told = [...assessed.timings, ...restored.timings].reduce((sum, { processor: used }) => sum + used, 0);
  show('in no part', Math.max(0, processor - told), 'of processor time: start, digests, maps, labels');
  console.log('');
  let failed = false;
  const judge = (what, value, bar, unit) => {
    failed ||= value > bar;
    console.log(`${value <= bar ? 'held ' : 'MISSED'} ${what.padEnd(44)} ${value.toFixed(2)} ${unit} (bar ${bar})`);
  };
  if (name === '12' && otherModels === null) judge('arrival to proposal', whole, bars.seconds, 's');
  judge('largest RssAnon: analysis', assessMemory / 1e9, bars.rssAnonBytes / 1e9, 'GB');
  judge('largest RssAnon: restoration', restoreMemory / 1e9, bars.rssAnonBytes / 1e9, 'GB');
  if (otherModels === null) judge('net layers ÷ session.run', net / Math.max(0.01, inside), bars.netRatio, '×');
  judge('the rest ÷ direct calls', mine / theirs, bars.restRatio, '×');
  console.log(
    `processor time of the child ${processor.toFixed(1)} s: ${(processor / whole).toFixed(2)} cores busy on average; load ${loadavg()[0].toFixed(1)} after the run`,
  );
  return failed;
}

/** The same work by direct calls, one after another: processor seconds by part; null where the proposal did not do it. */
async function directCalls(folder, input, restored, assessed, denoiser) {
  const [work, decode] = await processorTimed(() => decodeToWorkFile(input, join(folder, 'again.v')));
  // What was made is written and compared: a picture without its noise is packed much more slowly than one with it.
  const made = await decodeToWorkFile(restored.masterPath, join(folder, 'made.v'));
  const encodePath = join(folder, 'again.tif');
  const [, pyramid] = await processorTimed(() => encodePyramid(made, encodePath));
  const [, master] = await processorTimed(() => encodeMaster(made, encodePath));
  const did = (part) => restored.timings.some((timing) => timing.part === part);
  const variants = restored.variants.length;
  const toned = restored.variants.filter(({ variant }) => variant.includes('t')).length;
  const models = await installedModels(modelsDir);
  const planOf = (operation) => restored.receipt.tilePlan.find((plan) => plan.operation === operation);
  const noise = planOf('reduce-noise');
  const filler = planOf('repair-damage fill-s') === undefined ? null : models.get('fill-s');
  return {
    decode: decode + (await directMask(work, assessed.maskPath)),
    fill: did('fill') ? await directFill(work, assessed.maskPath, filler) : null,
    tone: did('tone') ? toned * (await directTone(work)) : null,
    compare: restored.layers.length > 0 ? (restored.layers.length + 1) * (await directChangeMap(work, made)) : null,
    survey: (await directSurvey(work, true)) + (await directSurvey(made, 'noise')),
    encode: variants * pyramid + master,
    denoise: noise === undefined ? null : await directNet(models.get(denoiser), noise.tiles, noise.size, 3),
  };
}

let failed = false;
for (const name of wanted) {
  const folder = await mkdtemp(join(tmpdir(), 'albumen-bench-restore-'));
  const engine = createRestorationEngine({ modelsDir, silenceSeconds: 300 });
  try {
    failed = (await measure(name, engine, folder)) || failed;
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}
process.exitCode = failed ? 1 : 0;
