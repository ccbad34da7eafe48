// What parts of a restoration cost when they are called directly, without pipeline: the floor that the bench compares with.
import { open } from 'node:fs/promises';
import { workBytes } from '@albumen/imaging';
import { deltaE2000, labOf, LabelPainter, planRegions } from '@albumen/restoration';
import { readMask } from '../../libs/restoration/dist/picture/mask-file.js';
import { addGrain } from '../../libs/restoration/dist/child/grain.js';
import { fillHoles } from '../../libs/restoration/dist/child/telea.js';
import { toneFilter } from '../../libs/restoration/dist/tone.js';

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

/** Telea's method and the grain over it, for the damaged squares of the picture, in one go each. */
export async function directFill(work, maskPath) {
  const painter = new LabelPainter(planRegions(await readMask(maskPath, work), work), work);
  // Loading the library is no part of the work.
  await fillHoles({ width: 1, height: 1, bands: 1, samples: new Uint8Array(1) }, new Uint8Array(1));
  const size = 896;
  const handle = await open(work.path, 'r');
  const { row } = workBytes(work);
  const begun = process.cpuUsage();
  for (let y = 0; y < work.height; y += size) {
    const rows = Math.min(size, work.height - y);
    if (painter.isEmpty(y, rows)) continue;
    const bytes = new Uint8Array(rows * row);
    await handle.read(bytes, 0, bytes.length, work.headerBytes + y * row);
    const samples = work.depth === 8 ? bytes : new Uint16Array(bytes.buffer);
    const labels = painter.paint(y, rows);
    for (let x = 0; x < work.width; x += size) {
      const width = Math.min(size, work.width - x);
      const patch = new samples.constructor(width * rows * 3);
      const holes = new Uint8Array(width * rows);
      for (let line = 0; line < rows; line++) {
        patch.set(samples.subarray((line * work.width + x) * 3, (line * work.width + x + width) * 3), line * width * 3);
        holes.set(
          labels.subarray(line * work.width + x, line * work.width + x + width).map((label) => (label === 0 ? 0 : 255)),
          line * width,
        );
      }
      if (!holes.includes(255)) continue;
      const shape = { width, height: rows, bands: 3 };
      addGrain({ ...shape, samples: await fillHoles({ ...shape, samples: patch }, holes) }, patch, holes, 1);
    }
  }
  const took = seconds(begun);
  await handle.close();
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

/** ΔE2000 between each pixel and itself moved by a few levels; as many pixels as the engine looks at. */
export async function directChangeMap(work) {
  const begun = process.cpuUsage();
  const every = Math.max(1, Math.ceil(Math.sqrt((work.width * work.height) / 40_000_000)));
  const scale = work.depth === 8 ? 1 : 255 / 65535;
  const lab = new Float64Array(6);
  let sum = 0;
  for await (const { y, rows, samples } of strips(work)) {
    for (let row = 0; row < rows; row++) {
      if ((y + row) % every !== 0) continue;
      for (let x = 0; x < work.width; x += every) {
        const at = (row * work.width + x) * work.bands;
        const [r, g, b] = [samples[at] * scale, samples[at + 1] * scale, samples[at + 2] * scale];
        labOf(r, g, b, lab, 0);
        labOf(r * 0.9 + 10, g * 0.9 + 12, b * 0.9 + 8, lab, 3);
        sum += deltaE2000(lab[0], lab[1], lab[2], lab[3], lab[4], lab[5]);
      }
    }
  }
  if (!(sum > 0)) throw new Error(`Expected differences but received ${sum}`);
  return seconds(begun);
}
