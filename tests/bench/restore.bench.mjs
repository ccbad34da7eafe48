// A 12-megapixel photograph from arrival to proposal: `npm run bench -- restore`, or this file with Node 24 after a build.
// Prints the seconds of each part, the time spent inside session.run and the ratio to it, the direct cost of a decode and
// an encode in the same run, and the computing process's largest RssAnon. Exit 1 above the bars.
import { mkdtemp, readFile, rm, mkdir } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { proposeRecipe } from '@albumen/domain';
import { createWorkFile, decodeToWorkFile, encodePyramid, encodeThumbnail, workBytes } from '@albumen/imaging';
import { createRestorationEngine } from '@albumen/restoration';
import { open } from 'node:fs/promises';

const [width, height] = [4000, 3000];
const bars = { seconds: 90, rssAnonBytes: 1.2e9, netRatio: 1.05 };
const modelsDir = fileURLToPath(new URL('../../models', import.meta.url));

/** Numbers 0..1 that are the same in every run (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Overlapping discs, a faded sepia tone, grain, scratches and dust: 8-bit RGB samples. */
function photograph() {
  const random = randomFrom(12);
  const grey = new Float32Array(width * height).fill(150);
  for (let disc = 0; disc < 2500; disc++) {
    const radius = 15 + 320 * random() ** 4;
    const [cx, cy, level] = [random() * width, random() * height, 30 + 190 * random()];
    for (let y = Math.max(0, Math.ceil(cy - radius)); y < Math.min(height, cy + radius); y++) {
      const reach = Math.sqrt(Math.max(0, radius * radius - (y - cy) ** 2));
      grey.fill(
        level,
        y * width + Math.max(0, Math.ceil(cx - reach)),
        y * width + Math.min(width, Math.ceil(cx + reach)),
      );
    }
  }
  for (let at = 0; at < grey.length; at++)
    grey[at] = 60 + 0.55 * grey[at] + 16 * (random() + random() + random() - 1.5);
  const set = (x, y) => {
    if (x >= 0 && y >= 0 && x < width && y < height) grey[y * width + x] = 235;
  };
  for (let line = 0; line < 25; line++) {
    const [x0, y0, slope, length] = [random() * width, random() * height, random() - 0.5, 200 + random() * 1200];
    for (let step = 0; step < length; step++)
      for (let wide = 0; wide < 3; wide++) set(Math.round(x0 + slope * step) + wide, Math.round(y0 + step));
  }
  for (let speck = 0; speck < 500; speck++) {
    const [x, y, size] = [Math.floor(random() * width), Math.floor(random() * height), 2 + Math.floor(5 * random())];
    for (let dy = 0; dy < size; dy++) for (let dx = 0; dx < size; dx++) set(x + dx, y + dy);
  }
  const samples = new Uint8Array(width * height * 3);
  for (let at = 0; at < grey.length; at++) {
    samples[at * 3] = Math.min(255, Math.max(0, grey[at] + 9));
    samples[at * 3 + 1] = Math.min(255, Math.max(0, grey[at]));
    samples[at * 3 + 2] = Math.min(255, Math.max(0, grey[at] - 14));
  }
  return samples;
}

/** Largest RssAnon of a process in bytes, polled; a mapped work file does not count, the kernel can drop it. */
function watchMemory(pid) {
  let most = 0;
  const timer = setInterval(async () => {
    const id = pid();
    if (id === null) return;
    try {
      const found = /RssAnon:\s+(\d+) kB/.exec(await readFile(`/proc/${id}/status`, 'latin1'));
      most = Math.max(most, Number(found?.[1] ?? 0) * 1024);
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
    }
  }, 100);
  return () => {
    clearInterval(timer);
    return most;
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
const show = (name, seconds, more = '') =>
  console.log(`${name.padEnd(28)} ${seconds.toFixed(2).padStart(8)} s  ${more}`);

const folder = await mkdtemp(join(tmpdir(), 'albumen-bench-restore-'));
const engine = createRestorationEngine({ modelsDir, silenceSeconds: 300 });
let failed = false;
try {
  const work = await createWorkFile(join(folder, 'made.v'), { width, height, bands: 3, depth: 8 });
  const handle = await open(work.path, 'r+');
  await handle.write(photograph(), 0, workBytes(work).pixels, work.headerBytes);
  await handle.close();
  const input = join(folder, 'photograph.jpg');
  await encodeThumbnail(work, input, { longSide: width, quality: 92 });
  console.log(`${width}×${height} JPEG, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} before the run\n`);

  const stop = watchMemory(() => engine.childPid);
  for (const name of ['assess', 'restore']) await mkdir(join(folder, name));
  const [assessed, assessSeconds] = await timed(() => engine.assess({ input, into: join(folder, 'assess') }));
  for (const { part, seconds } of assessed.timings) show(`assess: ${part}`, seconds);
  const marks = Object.values(assessed.report.masks).reduce((sum, mask) => sum + mask.count, 0);
  show(
    'assess',
    assessSeconds,
    `session.run ${assessed.sessionSeconds.toFixed(2)} s, ${marks} marks, noise ${assessed.report.noise.value}, ${assessed.report.tonality.value}`,
  );
  const recipe = proposeRecipe(assessed.report, await engine.pins());
  const [restored, restoreSeconds] = await timed(() =>
    engine.restore({ input, into: join(folder, 'restore'), recipe, maskPath: assessed.maskPath }),
  );
  for (const { part, seconds } of restored.timings) show(`restore: ${part}`, seconds);
  show(
    'restore',
    restoreSeconds,
    `session.run ${restored.sessionSeconds.toFixed(2)} s, ${restored.regions.length} regions, ${restored.variants.length} variants (${recipe.steps.map((step) => step.operation).join(', ')})`,
  );
  const processor = await processorSeconds(engine.childPid);
  const most = stop();

  const [again, decodeSeconds] = await timed(() => decodeToWorkFile(input, join(folder, 'again.v')));
  const [, encodeSeconds] = await timed(() => encodePyramid(again, join(folder, 'again.tif')));
  console.log('');
  show('direct decode', decodeSeconds);
  show(
    'direct encode, one pyramid',
    encodeSeconds,
    `${restored.variants.length} variants: ${(encodeSeconds * restored.variants.length).toFixed(2)} s`,
  );
  const partOf = (timings, name) => timings.find((timing) => timing.part === name)?.seconds ?? 0;
  const net = partOf(assessed.timings, 'find-damage') + partOf(restored.timings, 'denoise');
  const inside = assessed.sessionSeconds + restored.sessionSeconds;
  const whole = assessSeconds + restoreSeconds;
  console.log('');
  const judge = (name, value, bar, unit) => {
    const held = value <= bar;
    failed ||= !held;
    console.log(`${held ? 'held ' : 'MISSED'} ${name.padEnd(44)} ${value.toFixed(2)} ${unit} (bar ${bar})`);
  };
  judge('arrival to proposal', whole, bars.seconds, 's');
  judge('largest RssAnon of the child', most / 1e9, bars.rssAnonBytes / 1e9, 'GB');
  judge('net steps ÷ session.run', net / Math.max(0.01, inside), bars.netRatio, '×');
  console.log(
    `processor time of the child ${processor.toFixed(1)} s: ${(processor / whole).toFixed(2)} cores busy on average; load ${loadavg()[0].toFixed(1)} after the run`,
  );
} finally {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
