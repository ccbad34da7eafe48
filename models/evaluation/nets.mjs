// Opens the shipped nets for evaluate.mjs and runs them as the engine does.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ort from 'onnxruntime-node';
import { mirrored } from '../../libs/restoration/dist/picture/strips.js';

const MODELS = dirname(dirname(fileURLToPath(import.meta.url)));
const VERSION = '1.0.0';

/** A net after its bytes were compared with model.json: { model, session, element }; `element` is 'f32' or 'u8'. */
export async function openNet(id) {
  const folder = join(MODELS, id, VERSION);
  const model = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
  const files = Object.entries(model.files);
  if (files.length !== 1) throw new Error(`Expected one file for ${id} but received ${files.length}`);
  const [[element, { file, sha256 }]] = files;
  const found = createHash('sha256').update(await readFile(join(folder, file))).digest('hex');
  if (found !== sha256) throw new Error(`Expected sha256 ${sha256} for ${file} but received ${found}`);
  const session = await ort.InferenceSession.create(join(folder, file), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  return { model, session, element };
}

/** A picture of 8 bits as a net takes it: its levels, or as floats 0..1. */
export function tensorOf(element, { data, width, height, channels }) {
  const shape = [1, height, width, channels];
  return element === 'u8' ? new ort.Tensor('uint8', data, shape) : new ort.Tensor('float32', Float32Array.from(data, (level) => level / 255), shape);
}

/** The result of a net that answers floats 0..1 as a picture of that size: cut off at black and white, the nearest level, halves upward. */
export async function pictureFrom({ model, session }, feeds, width, height) {
  const out = (await session.run(feeds))[model.output.name];
  if (out.type !== 'float32' || out.dims.join() !== [1, height, width, 3].join())
    throw new Error(`Expected float32 1,${height},${width},3 for ${model.output.name} but received ${out.type} ${out.dims}`);
  return { data: Uint8Array.from(out.data, (share) => Math.round(Math.max(0, Math.min(1, share)) * 255)), width, height, channels: 3 };
}

/** The picture with so many pixels more on every side, mirrored at its edges; with fewer where `by` is negative. */
export function widened({ data, width, height, channels }, by) {
  const [wide, high] = [width + 2 * by, height + 2 * by];
  const out = new Uint8Array(wide * high * channels);
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const from = (mirrored(y - by, height) * width + mirrored(x - by, width)) * channels;
      for (let c = 0; c < channels; c++) out[(y * wide + x) * channels + c] = data[from + c];
    }
  return { data: out, width: wide, height: high, channels };
}
