import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeMaster } from '@albumen/imaging';
import { Strips, samplesOf, type Samples } from '../picture/strips.js';

/** Folder with the tiny models that `make_tiny_models.py` wrote; `set` names another of its sets. */
export function tinyModels(set: 'models' | 'models-black' | 'models-nan' = 'models'): string {
  return new URL(`./${set}`, import.meta.url).pathname;
}

/** A folder of its own for one test. */
export function scratchFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'albumen-restoration-'));
}

/** Random numbers 0..1 that are the same in every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Normal random numbers of deviation 1 from a source of uniform ones. */
export function normalFrom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Size, depth and bands of a made picture. */
export interface MadeShape {
  readonly width: number;
  readonly height: number;
  readonly bands: 1 | 2 | 3 | 4;
  readonly depth: 8 | 16;
}

/**
 * A scene like those of photographs: overlapping discs of random size, colour and softness over a gradient (dead leaves).
 * Levels of 255, interleaved RGB, values 25..225.
 */
export function leaves(width: number, height: number, seed: number, softness = 0.8): Float32Array {
  const random = randomFrom(seed);
  const rgb = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let band = 0; band < 3; band++) rgb[(y * width + x) * 3 + band] = 90 + (60 * x) / width + (30 * y) / height;
  const discs = Math.round((width * height) / 1100);
  for (let disc = 0; disc < discs; disc++) {
    const radius = 5 + 36 * random() ** 3;
    const [cx, cy] = [random() * width, random() * height];
    const base = 40 + 170 * random();
    const colour = [0, 1, 2].map(() => Math.min(225, Math.max(25, base + 60 * (random() - 0.5))));
    for (let y = Math.max(0, Math.floor(cy - radius - 4)); y < Math.min(height, cy + radius + 4); y++)
      for (let x = Math.max(0, Math.floor(cx - radius - 4)); x < Math.min(width, cx + radius + 4); x++) {
        const inside = radius - Math.hypot(x - cx, y - cy);
        const cover = 1 / (1 + Math.exp((-1.7 * inside) / softness));
        if (cover < 0.004) continue;
        for (let band = 0; band < 3; band++) {
          const at = (y * width + x) * 3 + band;
          rgb[at] = (rgb[at] as number) * (1 - cover) + (colour[band] as number) * cover;
        }
      }
  }
  return rgb;
}

/** Turns RGB levels into samples of the shape: grey takes the luma, alpha is a ramp, 16 bit keeps the fractions. */
export function toSamples(rgb: Float32Array, shape: MadeShape): Samples {
  const { width, height, bands, depth } = shape;
  const full = depth === 8 ? 255 : 65535;
  const out = samplesOf(depth, width * height * bands);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [r, g, b] = [0, 1, 2].map((band) => rgb[pixel * 3 + band] as number) as [number, number, number];
    const colours = bands < 3 ? [0.299 * r + 0.587 * g + 0.114 * b] : [r, g, b];
    colours.forEach((level, band) => {
      out[pixel * bands + band] = Math.min(full, Math.max(0, Math.round((level / 255) * full)));
    });
    if (bands === 2 || bands === 4) out[pixel * bands + bands - 1] = (pixel * 7) % (full + 1);
  }
  return out;
}

/** Writes samples as TIFF; answers its path. */
export async function writePicture(
  folder: string,
  name: string,
  samples: Samples,
  shape: MadeShape,
  icc: Uint8Array | null = null,
): Promise<string> {
  const strips = await Strips.create(join(folder, `${name}.v`), { ...shape, icc, density: 300 });
  await strips.write(0, samples);
  await strips.close();
  const path = join(folder, `${name}.tif`);
  await encodeMaster(strips.work, path);
  return path;
}

/** Draws a white line and some specks into RGB levels: damage that the tiny model finds. */
export function scratch(rgb: Float32Array, width: number, height: number, seed: number, lines = 2): void {
  const random = randomFrom(seed);
  const set = (x: number, y: number): void => {
    if (x >= 0 && y >= 0 && x < width && y < height) rgb.fill(252, (y * width + x) * 3, (y * width + x) * 3 + 3);
  };
  for (let line = 0; line < lines; line++) {
    const [x0, y0, slope] = [Math.floor(random() * width), Math.floor(random() * height * 0.4), random() - 0.5];
    for (let step = 0; step < height * 0.4; step++)
      for (let wide = 0; wide < 3; wide++) set(Math.round(x0 + slope * step) + wide, y0 + step);
  }
  for (let speck = 0; speck < 6; speck++) {
    const [x, y] = [Math.floor(random() * width), Math.floor(random() * height)];
    for (let dy = 0; dy < 4; dy++) for (let dx = 0; dx < 4; dx++) set(x + dx, y + dy);
  }
}
