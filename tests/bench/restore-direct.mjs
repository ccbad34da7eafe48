// What parts of a restoration cost when they are called directly, without pipeline: the floor that the bench compares with.
import { createRequire } from 'node:module';
import { open, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { workBytes } from '@albumen/imaging';
import { deltaE2000, labOf, LabelPainter, planRegions } from '@albumen/restoration';
import { fillRule, narrowRegions } from '../../libs/restoration/dist/child/fill-net.js';
import { addGrain } from '../../libs/restoration/dist/child/grain.js';
import { fillHoles } from '../../libs/restoration/dist/child/telea.js';
import { planFill } from '../../libs/restoration/dist/fill-plan.js';
import { surveyPicture } from '../../libs/restoration/dist/measure/survey.js';
import { readMask } from '../../libs/restoration/dist/picture/mask-file.js';
import { Strips } from '../../libs/restoration/dist/picture/strips.js';
import { toneFilter } from '../../libs/restoration/dist/tone.js';

const { InferenceSession, Tensor } = createRequire(import.meta.resolve('@albumen/restoration'))('onnxruntime-node');

/** Processor seconds of this process since `begun`, all threads: what other programs do does not count. */
const seconds = (begun) => {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
};

/** Strips of a work file of about 8 MB, with the time that reading and writing them costs. */
async function* strips(work) {
  const handle = await open(work.path, 'r');
  const { row } = workBytes(work);
  const rows = Math.max(1, Math.floor(8_000_000 / row));
  try {
    for (let y = 0; y < work.height; y += rows) {
      const count = Math.min(rows, work.height - y);
      const bytes = new Uint8Array(count * row);
      await handle.read(bytes, 0, bytes.length, work.headerBytes + y * row);
      yield { y, rows: count, samples: work.depth === 8 ? bytes : new Uint16Array(bytes.buffer) };
    }
  } finally {
    await handle.close();
  }
}

/** A session as the engine has it, in this process. */
async function sessionOf(model) {
  const path = join(model.folder, model.file.name);
  return InferenceSession.create(await readFile(path), {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: availableParallelism(),
    interOpNumThreads: 1,
    enableCpuMemArena: true,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

/** A tensor of the values of a picture (0..255) as that model file takes them. */
const tensorOf = (element, values, shape) =>
  element === 'u8'
    ? new Tensor('uint8', values, shape)
    : new Tensor(
        'float32',
        Float32Array.from(values, (value) => value / 255),
        shape,
      );

/** `tiles` tiles of that side through a net, from two that were measured: nothing but `session.run`. */
export async function directNet(model, tiles, size, channels) {
  const session = await sessionOf(model);
  const values = Uint8Array.from({ length: size * size * channels }, (_, at) => (at * 7919) % 251);
  const feeds = { [model.input]: tensorOf(model.file.element, values, [1, size, size, channels]) };
  await session.run(feeds, [model.output]);
  const begun = process.cpuUsage();
  for (let run = 0; run < 2; run++) await session.run(feeds, [model.output]);
  const took = seconds(begun);
  await session.release();
  return (took / 2) * tiles;
}

/**
 * The holes filled in one go: by `session.run` of the net, over the same tiles around the same holes, or by Telea's method
 * where there is no net; grain over it, each square read and written once.
 */
export async function directFill(work, maskPath, model) {
  const painter = new LabelPainter(planRegions(await readMask(maskPath, work), work), work);
  // Loading libraries and weights is no part of the work.
  await fillHoles({ width: 1, height: 1, bands: 1, samples: new Uint8Array(1) }, new Uint8Array(1));
  const session = model === null ? null : await sessionOf(model);
  const full = work.depth === 8 ? 255 : 65535;
  const rule = model === null ? null : fillRule({ model, runMany: () => undefined });
  const source = await Strips.open(work);
  const target = await Strips.create(`${work.path}.filled.v`, work);
  const side = 768;
  const begun = process.cpuUsage();
  const narrow = model === null ? new Set() : narrowRegions(painter, work, model.widest);
  for (let y = 0; y < work.height; y += side)
    for (let x = 0; x < work.width; x += side) {
      const area = { x, y, width: Math.min(side, work.width - x), height: Math.min(side, work.height - y) };
      if (!painter.touches(x, y, area.width, area.height)) continue;
      const labels = painter.paintWindow(x, y, area.width, area.height, 'damaged');
      const holes = labels.map((label) => (label === 0 ? 0 : 255));
      const samples = source.readTile(x, y, area.width, area.height);
      const shape = { width: area.width, height: area.height, bands: 3 };
      let smooth = samples;
      if (session === null || labels.some((label) => label !== 0 && !narrow.has(label)))
        smooth = await fillHoles({ ...shape, samples }, Uint8Array.from(holes));
      if (session !== null)
        for (const { seen } of planFill(
          labels.map((label) => (narrow.has(label) ? 1 : 0)),
          area,
          work,
          rule,
        )) {
          const tile = source.readTile(seen.x, seen.y, seen.width, seen.height);
          const values = Float32Array.from(tile, (value) => value / full);
          const inside = {
            right: Math.min(work.width, seen.x + seen.width),
            bottom: Math.min(work.height, seen.y + seen.height),
          };
          const mask = new Uint8Array(seen.width * seen.height);
          const there = painter.paintWindow(seen.x, seen.y, inside.right - seen.x, inside.bottom - seen.y, 'damaged');
          for (let at = 0; at < there.length; at++)
            if (there[at] !== 0) {
              const row = Math.floor(at / (inside.right - seen.x));
              mask[row * seen.width + (at % (inside.right - seen.x))] = 1;
            }
          const dims = [1, seen.height, seen.width];
          const image = new Tensor('float32', values, [...dims, 3]);
          await session.run({ [model.input]: image, [model.mask]: new Tensor('uint8', mask, [...dims, 1]) }, [
            model.output,
          ]);
        }
      const grained = addGrain({ ...shape, samples: smooth }, samples, Uint8Array.from(holes), 1);
      target.writeTile(x, y, area.width, grained);
    }
  const took = seconds(begun);
  await session?.release();
  await source.close();
  await target.close();
  return took;
}

/** The mask's marks, read. */
export async function directMask(work, maskPath) {
  const begun = process.cpuUsage();
  await readMask(maskPath, work);
  return seconds(begun);
}

/** The one look at a picture from which grain, blur and tone are measured; for its grain and tone alone where `closely` is 'noise'. */
export async function directSurvey(work, closely) {
  const picture = await Strips.open(work);
  const begun = process.cpuUsage();
  await surveyPicture(picture, closely, () => undefined);
  const took = seconds(begun);
  await picture.close();
  return took;
}

/** A curve on the luma of every pixel, chroma kept, read and written once. */
export async function directTone(work) {
  const begun = process.cpuUsage();
  const handle = await open(`${work.path}.toned`, 'w');
  const curve = { black: 30, white: 220, newBlack: 8, newWhite: 247, gamma: 1 };
  const filter = toneFilter({ kind: 'luma', curves: [curve, curve, curve] }, work, 1);
  for await (const { y, samples } of strips(work)) {
    const out = filter(samples);
    await handle.write(new Uint8Array(out.buffer), 0, out.byteLength, y * workBytes(work).row);
  }
  await handle.close();
  return seconds(begun);
}

/** ΔE2000 between the pixels of two pictures where they differ; as many pixels as the engine looks at. */
export async function directChangeMap(work, made) {
  const begun = process.cpuUsage();
  const every = Math.max(1, Math.ceil(Math.sqrt((work.width * work.height) / 40_000_000)));
  const scale = work.depth === 8 ? 1 : 255 / 65535;
  const lab = new Float64Array(6);
  let sum = 0;
  const others = strips(made);
  for await (const { y, rows, samples } of strips(work)) {
    const { samples: after } = (await others.next()).value;
    for (let row = 0; row < rows; row++) {
      if ((y + row) % every !== 0) continue;
      for (let x = 0; x < work.width; x += every) {
        const at = (row * work.width + x) * work.bands;
        const [r, g, b] = [samples[at], samples[at + 1], samples[at + 2]];
        const [r2, g2, b2] = [after[at], after[at + 1], after[at + 2]];
        if (r === r2 && g === g2 && b === b2) continue;
        labOf(r * scale, g * scale, b * scale, lab, 0);
        labOf(r2 * scale, g2 * scale, b2 * scale, lab, 3);
        sum += deltaE2000(lab[0], lab[1], lab[2], lab[3], lab[4], lab[5]);
      }
    }
  }
  await others.return();
  if (!(sum > 0)) throw new Error(`Expected differences but received ${sum}`);
  return seconds(begun);
}
