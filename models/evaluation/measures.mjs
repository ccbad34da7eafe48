// Measures and simple filters for evaluate.mjs. A picture is { data: Uint8Array, width, height, channels }.
// Edges are mirrored without repeating the edge pixel, as OpenCV does by default.

/** dB over all channels; 99 where the pictures are equal. */
export function psnr(a, b) {
  let sum = 0;
  for (let i = 0; i < a.data.length; i += 1) sum += (a.data[i] - b.data[i]) ** 2;
  return sum === 0 ? 99 : 10 * Math.log10((255 * 255 * a.data.length) / sum);
}

const mirror = (i, n) => (n === 1 ? 0 : i < 0 ? -i : i >= n ? 2 * n - 2 - i : i);
const eight = (value) => Math.max(0, Math.min(255, Math.round(value)));

/** Gaussian blur as float values, standard deviation in pixels. */
function blurred({ data, width, height, channels }, sigma) {
  const reach = Math.max(1, Math.ceil(sigma * 3));
  const weights = Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-((k - reach) ** 2) / (2 * sigma * sigma)));
  const total = weights.reduce((a, b) => a + b, 0);
  const pass = (from, across) => {
    const to = new Float32Array(from.length);
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1)
        for (let c = 0; c < channels; c += 1) {
          let sum = 0;
          for (let k = -reach; k <= reach; k += 1) {
            const at = across ? y * width + mirror(x + k, width) : mirror(y + k, height) * width + x;
            sum += weights[k + reach] * from[at * channels + c];
          }
          to[(y * width + x) * channels + c] = sum / total;
        }
    return to;
  };
  return pass(pass(data, true), false);
}

export const gauss = (picture, sigma) => ({ ...picture, data: Uint8Array.from(blurred(picture, sigma), eight) });

export function unsharp(picture, radius, amount) {
  const soft = blurred(picture, radius);
  return { ...picture, data: picture.data.map((value, i) => eight(value + amount * (value - soft[i]))) };
}

/** Median of a (2·reach + 1)² square, per channel. */
export function median(picture, reach) {
  const { data, width, height, channels } = picture;
  const out = new Uint8Array(data.length);
  const window = new Uint8Array((2 * reach + 1) ** 2);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      for (let c = 0; c < channels; c += 1) {
        let n = 0;
        for (let dy = -reach; dy <= reach; dy += 1)
          for (let dx = -reach; dx <= reach; dx += 1) window[n++] = data[(mirror(y + dy, height) * width + mirror(x + dx, width)) * channels + c];
        window.sort();
        out[(y * width + x) * channels + c] = window[n >> 1];
      }
  return { ...picture, data: out };
}

/** Bilateral filter over a disc; the range is the sum of channel differences in levels, as in OpenCV. */
export function bilateral(picture, reach, range, space) {
  const { data, width, height, channels } = picture;
  const out = new Uint8Array(data.length);
  const byRange = Float64Array.from({ length: 256 * channels }, (_, d) => Math.exp(-(d * d) / (2 * range * range)));
  const steps = [];
  for (let dy = -reach; dy <= reach; dy += 1)
    for (let dx = -reach; dx <= reach; dx += 1) {
      const r2 = dx * dx + dy * dy;
      if (r2 <= reach * reach) steps.push([dx, dy, Math.exp(-r2 / (2 * space * space))]);
    }
  const sums = new Float64Array(channels);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const here = (y * width + x) * channels;
      let total = 0;
      sums.fill(0);
      for (const [dx, dy, near] of steps) {
        const at = (mirror(y + dy, height) * width + mirror(x + dx, width)) * channels;
        let apart = 0;
        for (let c = 0; c < channels; c += 1) apart += Math.abs(data[at + c] - data[here + c]);
        const weight = near * byRange[apart];
        total += weight;
        for (let c = 0; c < channels; c += 1) sums[c] += weight * data[at + c];
      }
      for (let c = 0; c < channels; c += 1) out[here + c] = eight(sums[c] / total);
    }
  return { ...picture, data: out };
}

/** CIE L*a*b* (D65) of one sRGB colour in levels. */
function lab(r, g, b) {
  const [R, G, B] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const f = (t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * R + 0.3575761 * G + 0.1804375 * B) / 0.95047);
  const y = f(0.2126729 * R + 0.7151522 * G + 0.072175 * B);
  const z = f((0.0193339 * R + 0.119192 * G + 0.9503041 * B) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** ΔE2000 of two L*a*b* colours (Sharma, Wu, Dalal 2005). */
function difference([l1, a1, b1], [l2, a2, b2]) {
  const rad = Math.PI / 180;
  const c7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const g = 1 + 0.5 * (1 - Math.sqrt(c7 / (c7 + 25 ** 7)));
  const [p1, p2] = [a1 * g, a2 * g];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const hue = (b, a) => (Math.atan2(b, a) / rad + 360) % 360;
  const [h1, h2] = [hue(b1, p1), hue(b2, p2)];
  const grey = c1 * c2 === 0;
  const dh = grey ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const mh = grey ? h1 + h2 : Math.abs(h1 - h2) <= 180 ? (h1 + h2) / 2 : h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2;
  const [dl, dc, dH] = [l2 - l1, c2 - c1, 2 * Math.sqrt(c1 * c2) * Math.sin((dh / 2) * rad)];
  const [ml, mc] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const t = 1 - 0.17 * Math.cos((mh - 30) * rad) + 0.24 * Math.cos(2 * mh * rad) + 0.32 * Math.cos((3 * mh + 6) * rad) - 0.2 * Math.cos((4 * mh - 63) * rad);
  const sl = 1 + (0.015 * (ml - 50) ** 2) / Math.sqrt(20 + (ml - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * mc, 1 + 0.015 * mc * t];
  const rt = -2 * Math.sqrt(mc ** 7 / (mc ** 7 + 25 ** 7)) * Math.sin(60 * Math.exp(-(((mh - 275) / 25) ** 2)) * rad);
  return Math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dH / sh) ** 2 + rt * (dc / sc) * (dH / sh));
}

/** Mean ΔE2000 between two RGB pictures. */
export function deltaE(a, b) {
  let sum = 0;
  for (let i = 0; i < a.data.length; i += 3)
    sum += difference(lab(a.data[i], a.data[i + 1], a.data[i + 2]), lab(b.data[i], b.data[i + 1], b.data[i + 2]));
  return sum / (a.data.length / 3);
}

/** Half size: means of 2×2 pixels, the last row or column repeated where the size is odd. One channel. */
export function halve({ data, width, height }) {
  const [w, h] = [(width + 1) >> 1, (height + 1) >> 1];
  const out = new Uint8Array(w * h);
  for (let y = 0; y < h; y += 1)
    for (let x = 0; x < w; x += 1) {
      const [y0, y1, x0, x1] = [2 * y, Math.min(2 * y + 1, height - 1), 2 * x, Math.min(2 * x + 1, width - 1)];
      out[y * w + x] = (data[y0 * width + x0] + data[y0 * width + x1] + data[y1 * width + x0] + data[y1 * width + x1] + 2) >> 2;
    }
  return { data: out, width: w, height: h, channels: 1 };
}

/** Double size, bilinear with pixel centres (weights 1/4 and 3/4), edges repeated, cut to width × height. */
export function double(plane, w, h, width, height) {
  const out = new Float32Array(width * height);
  const place = (i, n) => {
    const at = (i + 0.5) / 2 - 0.5;
    const low = Math.floor(at);
    return [Math.max(0, low), Math.min(n - 1, low + 1), at - low];
  };
  for (let y = 0; y < height; y += 1) {
    const [y0, y1, fy] = place(y, h);
    for (let x = 0; x < width; x += 1) {
      const [x0, x1, fx] = place(x, w);
      const top = plane[y0 * w + x0] * (1 - fx) + plane[y0 * w + x1] * fx;
      const low = plane[y1 * w + x0] * (1 - fx) + plane[y1 * w + x1] * fx;
      out[y * width + x] = top * (1 - fy) + low * fy;
    }
  }
  return out;
}

/** The larger of the white and the black top-hat with a (2·reach + 1)² square, one channel. */
export function topHat({ data, width, height }, reach) {
  const slide = (from, pick) => {
    const pass = (source, across) => {
      const to = new Uint8Array(source.length);
      for (let y = 0; y < height; y += 1)
        for (let x = 0; x < width; x += 1) {
          let value = source[y * width + x];
          for (let k = -reach; k <= reach; k += 1) {
            const [xx, yy] = across ? [x + k, y] : [x, y + k];
            if (xx >= 0 && yy >= 0 && xx < width && yy < height) value = pick(value, source[yy * width + xx]);
          }
          to[y * width + x] = value;
        }
      return to;
    };
    return pass(pass(from, true), false);
  };
  const opened = slide(slide(data, Math.min), Math.max);
  const closed = slide(slide(data, Math.max), Math.min);
  return data.map((value, i) => Math.max(value - opened[i], closed[i] - value));
}
