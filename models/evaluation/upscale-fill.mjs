// Judges up2, up4 and fill-s on the committed set for evaluate.mjs. The same rows come from training/judging_upscale_fill.py;
// a row's bar stands in training/bars.py and here.
import { createRequire } from 'node:module';
import { deltaE } from './measures.mjs';
import { pictureFrom, tensorOf } from './nets.mjs';

/** Scale → bars: dB of PSNR(Y) over bicubic on clean and on worn pictures, mean ΔE2000 after averaging down again. */
const UPSCALE = {
  2: { clean: [1.0, 2.0], worn: [0.0, 0.3], deltaE: [1.5, 0.8] },
  4: { clean: [0.6, 1.2], worn: [0.0, 0.2], deltaE: [1.5, 0.8] },
};
/** dB of PSNR over all hole pixels above Telea's method with radius 3; values that may change elsewhere. */
const FILL = { gain: [0.5, 1.5], changed: [0, 0] };

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const eight = (value) => Math.max(0, Math.min(255, Math.round(value)));

/** Keys' cubic kernel with a = -0.5, as Pillow and MATLAB have it. */
function cubic(at) {
  const x = Math.abs(at);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/** Enlarged by bicubic, edge pixels repeated. */
export function bicubic({ data, width, height, channels }, scale) {
  const along = (from, length, step, lines) => {
    const to = new Float64Array(from.length * scale);
    for (const [line, out] of lines)
      for (let i = 0; i < length * scale; i += 1) {
        const centre = (i + 0.5) / scale - 0.5;
        const first = Math.floor(centre) - 1;
        let sum = 0;
        for (let k = first; k < first + 4; k += 1) sum += cubic(k - centre) * from[line + Math.max(0, Math.min(length - 1, k)) * step];
        to[out + i * step] = sum;
      }
    return to;
  };
  const rows = [];
  for (let y = 0; y < height; y += 1) for (let c = 0; c < channels; c += 1) rows.push([y * width * channels + c, y * width * scale * channels + c]);
  const wide = along(data, width, channels, rows);
  const across = width * scale * channels;
  const high = along(wide, height, across, Array.from({ length: across }, (_, x) => [x, x]));
  return { data: Uint8Array.from(high, eight), width: width * scale, height: height * scale, channels };
}

/** dB on Y of BT.601 (16–235), `border` px of each edge left out, as is usual for upscaling. */
export function psnrY(a, b, border) {
  const difference = (i) => (65.481 * (a.data[i] - b.data[i]) + 128.553 * (a.data[i + 1] - b.data[i + 1]) + 24.966 * (a.data[i + 2] - b.data[i + 2])) / 255;
  let sum = 0;
  for (let y = border; y < a.height - border; y += 1) for (let x = border; x < a.width - border; x += 1) sum += difference((y * a.width + x) * 3) ** 2;
  const error = sum / ((a.width - 2 * border) * (a.height - 2 * border));
  return 10 * Math.log10(255 ** 2 / Math.max(1e-9, error));
}

function averagedDown({ data, width, height, channels }, scale) {
  const [w, h] = [width / scale, height / scale];
  const out = new Uint8Array(w * h * channels);
  for (let y = 0; y < h; y += 1)
    for (let x = 0; x < w; x += 1)
      for (let c = 0; c < channels; c += 1) {
        let sum = 0;
        for (let dy = 0; dy < scale; dy += 1) for (let dx = 0; dx < scale; dx += 1) sum += data[((y * scale + dy) * width + x * scale + dx) * channels + c];
        out[(y * w + x) * channels + c] = eight(sum / scale ** 2);
      }
  return { data: out, width: w, height: h, channels };
}

/** Rows of one upscaling net. `read` gives a picture of the set, `row` prints and counts. */
export async function judgeUpscale(net, listed, { read, row }) {
  const { id, scale } = net.model;
  for (const task of ['clean', 'worn']) {
    const mine = [];
    const base = [];
    const apart = [];
    const plain = [];
    for (const entry of listed.upscale.filter((e) => e.scale === scale && e.task === task)) {
      const [small, truth] = [await read(entry.small), await read(entry.truth)];
      const out = await pictureFrom(net, { [net.model.input.name]: tensorOf(net.element, small) }, truth.width, truth.height);
      const simple = bicubic(small, scale);
      mine.push(psnrY(out, truth, scale));
      base.push(psnrY(simple, truth, scale));
      apart.push(deltaE(averagedDown(out, scale), small));
      plain.push(deltaE(averagedDown(simple, scale), small));
    }
    const said = `bicubic ${mean(base).toFixed(2)} dB, enlarged ${mean(mine).toFixed(2)} dB`;
    row(id, task, 'dB (Y) over bicubic', mean(mine) - mean(base), said, UPSCALE[scale][task]);
    if (task === 'clean') row(id, 'averaged down', 'mean ΔE2000', mean(apart), `bicubic ${mean(plain).toFixed(3)}`, UPSCALE[scale].deltaE, true);
  }
}

/**
 * The module has a `then` of its own that answers itself, so it is handed on inside an object, never awaited bare. Its handlers
 * of uncaught errors, which print the whole library, are taken away again.
 */
const openCv = () =>
  new Promise((resolve) => {
    const events = ['uncaughtException', 'unhandledRejection'];
    const before = new Map(events.map((event) => [event, process.listeners(event)]));
    const cv = createRequire(import.meta.url)('@techstark/opencv-js');
    for (const event of events)
      for (const added of process.listeners(event).filter((one) => !before.get(event).includes(one))) process.off(event, added);
    cv.onRuntimeInitialized = () => resolve({ cv });
  });

/** Telea's method, radius 3, on a picture with 3 channels. */
function telea(cv, picture, holes) {
  const [image, mask, filled] = [new cv.Mat(picture.height, picture.width, cv.CV_8UC3), new cv.Mat(picture.height, picture.width, cv.CV_8UC1), new cv.Mat()];
  image.data.set(picture.data);
  mask.data.set(holes);
  cv.inpaint(image, mask, filled, 3, cv.INPAINT_TELEA);
  const out = { ...picture, data: Uint8Array.from(filled.data) };
  for (const used of [image, mask, filled]) used.delete();
  return out;
}

/** Rows of the filling net. */
export async function judgeFill(net, listed, { read, row }) {
  const { cv } = await openCv();
  const id = net.model.id;
  for (const task of ['clean', 'worn']) {
    let [mine, base, count, changed, leaked] = [0, 0, 0, 0, 0];
    for (const entry of listed.fill.filter((e) => e.task === task)) {
      const picture = await read(entry.picture);
      const holes = (await read(entry.holes, true)).data.map((v) => (v > 127 ? 1 : 0));
      const mask = { data: holes, width: picture.width, height: picture.height, channels: 1 };
      const feeds = (of) => ({ [net.model.input.name]: tensorOf(net.element, of), [net.model.mask.name]: tensorOf('u8', mask) });
      const filled = (of) => pictureFrom(net, feeds(of), of.width, of.height);
      const out = await filled(picture);
      const simple = telea(cv, picture, holes);
      const other = await filled({ ...picture, data: picture.data.map((v, i) => (holes[Math.floor(i / 3)] ? 255 - v : v)) });
      for (let i = 0; i < picture.data.length; i += 1) {
        if (other.data[i] !== out.data[i]) leaked += 1;
        if (holes[Math.floor(i / 3)]) {
          mine += (out.data[i] - picture.data[i]) ** 2;
          base += (simple.data[i] - picture.data[i]) ** 2;
          count += 1;
        } else if (out.data[i] !== picture.data[i]) changed += 1;
      }
    }
    const dB = (sum) => 10 * Math.log10((255 ** 2 * count) / sum);
    row(id, task, 'dB over Telea', dB(mine) - dB(base), `Telea ${dB(base).toFixed(2)} dB, filled ${dB(mine).toFixed(2)} dB`, FILL.gain);
    row(id, task, 'values changed outside', changed, 'none', FILL.changed, true);
    row(id, task, 'values changed by what the hole held', leaked, 'none', FILL.changed, true);
  }
}
