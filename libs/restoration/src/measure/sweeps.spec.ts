import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isWhite } from '@albumen/domain';
import { Strips } from '../picture/strips.js';
import { jpegLike } from '../testing/jpeg-like.js';
import { leaves, normalFrom, randomFrom, scratchFolder, toSamples, type MadeShape } from '../testing/pictures.js';
import { rankCorrelation } from '../testing/rank-correlation.js';
import { blurFrom, clearEdges } from './blur.js';
import { castOf, fadingOf, labPlanes, tonalityOf, type LabPlanes } from './colour.js';
import { lowLightOf } from './light.js';
import { noiseFrom } from './noise.js';
import { quantile, sorted } from './statistics.js';
import { surveyPicture, undamagedCells, type Survey } from './survey.js';

/**
 * The bars of the analysis on made pictures with fixed seeds: noise within 2 levels over 5–50, tonality 0.99, blur rank
 * correlation 0.9, fading, cast and low light monotone.
 */
const [width, height] = [320, 256];
const shape: MadeShape = { width, height, bands: 3, depth: 8 };
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

async function survey(rgb: Float32Array): Promise<Survey> {
  const strips = await Strips.create(join(await scratchFolder(), 'picture.v'), shape);
  await strips.write(0, toSamples(rgb, shape));
  const result = await surveyPicture(strips, true, () => undefined);
  await strips.close();
  return result;
}

async function planes(rgb: Float32Array): Promise<LabPlanes> {
  const { reduced } = await survey(rgb);
  return labPlanes(reduced, undamagedCells(reduced, []));
}

/** Adds noise to the luma, or (apart) to each colour by itself, of this deviation. */
function noisy(rgb: Float32Array, sigma: number, seed: number, apart = false): Float32Array {
  const normal = normalFrom(randomFrom(seed));
  const out = new Float32Array(rgb.length);
  // Independent noise of σ in each colour has this deviation in the luma.
  const each = apart ? sigma / Math.hypot(0.299, 0.587, 0.114) : sigma;
  let added = 0;
  for (let at = 0; at < rgb.length; at++) {
    if (apart || at % 3 === 0) added = each * normal();
    out[at] = (rgb[at] as number) + added;
  }
  return out;
}

function greyOf(rgb: Float32Array): Float32Array {
  return rgb.map((_, at) => {
    const first = at - (at % 3);
    return 0.299 * (rgb[first] as number) + 0.587 * (rgb[first + 1] as number) + 0.114 * (rgb[first + 2] as number);
  });
}

/** Gaussian blur of an interleaved RGB picture of the sweep's size. */
function blurred(rgb: Float32Array, sigma: number): Float32Array {
  const reach = Math.ceil(sigma * 3);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, at) => Math.exp(-((at - reach) ** 2) / (2 * sigma * sigma)));
  const sum = taps.reduce((a, b) => a + b, 0);
  let from = rgb;
  for (const step of sigma === 0 ? [] : [3, width * 3]) {
    const length = step === 3 ? width : height;
    const to = new Float32Array(rgb.length);
    for (let at = 0; at < rgb.length; at++) {
      const place = step === 3 ? Math.floor(at / 3) % width : Math.floor(at / 3 / width);
      let value = 0;
      for (let tap = -reach; tap <= reach; tap++) {
        const there = Math.min(length - 1, Math.max(0, place + tap));
        value += (taps[tap + reach] as number) * (from[at + (there - place) * step] as number);
      }
      to[at] = value / sum;
    }
    from = to;
  }
  return from;
}

function rising(values: readonly number[]): boolean {
  return values.every((value, at) => at === 0 || value >= (values[at - 1] as number));
}

describe('bars of the analysis on made pictures', { timeout: 240_000 }, () => {
  it('noise: mean error at most 2 levels from 5 to 50, in the luma and in each colour', async () => {
    const errors: { sigma: number; error: number }[] = [];
    for (const [index, sigma] of [5, 10, 15, 20, 25, 30, 35, 40, 45, 50].entries())
      for (const apart of [false, true]) {
        const picture = noisy(leaves(width, height, 300 + index), sigma, 400 + index, apart);
        errors.push({ sigma, error: noiseFrom((await survey(picture)).blocks).value - sigma });
      }
    const mean = errors.reduce((sum, { error }) => sum + Math.abs(error), 0) / errors.length;
    const worst = errors.reduce((a, b) => (Math.abs(a.error) > Math.abs(b.error) ? a : b));
    console.info(`noise 5–50: mean error ${rounded(mean)}, largest ${rounded(worst.error)} at σ ${worst.sigma}`);
    expect(mean).toBeLessThanOrEqual(2);
  });

  it('noise: white is told from grain and from what went through JPEG', async () => {
    const fine = async (rgb: Float32Array): Promise<number> => noiseFrom((await survey(rgb)).blocks).fine ?? -1;
    const [white, others]: [number[], number[]] = [[], []];
    for (const [index, sigma] of [6, 10, 20, 40].entries()) {
      const scene = leaves(width, height, 320 + index);
      for (const apart of [false, true]) white.push(await fine(noisy(scene, sigma, 420 + index, apart)));
      white.push(await fine(noisy(blurred(scene, 1.5), sigma, 430 + index)));
      const plain = new Float32Array(scene.length);
      for (const size of [0.6, 0.9, 1.4]) {
        const grain = blurred(noisy(plain, sigma * 3 * size, 440 + index), size);
        others.push(await fine(scene.map((level, at) => level + (grain[at] as number))));
      }
      // Stronger noise comes through coarse steps whole.
      if (sigma < 40) others.push(await fine(jpegLike(noisy(scene, sigma, 450 + index), width, height, 50)));
    }
    console.info(
      `fine: white noise ${rounded(Math.min(...white))}–${rounded(Math.max(...white))}, others up to ${rounded(Math.max(...others))}`,
    );
    const screen = leaves(width, height, 340).map((level, at) => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      return level + 25 * Math.cos((2 * Math.PI * x) / 3) * Math.cos((2 * Math.PI * y) / 3);
    });
    others.push(await fine(screen));
    for (const value of white) {
      expect(isWhite({ fine: value })).toBe(true);
      expect(Math.abs(value - 0.97)).toBeLessThan(0.06);
    }
    for (const value of others) expect(isWhite({ fine: value })).toBe(false);
  });

  it('blur: rank correlation at least 0.9 over scenes and widths, with noise too', async () => {
    const [laid, seen]: [number[], number[]] = [[], []];
    for (let scene = 0; scene < 4; scene++)
      for (const sigma of [0, 0.6, 1, 1.4, 2, 2.8, 4]) {
        const picture = noisy(blurred(leaves(width, height, 500 + scene, 0.2), sigma), scene * 2, scene);
        const { edges, blocks } = await survey(picture);
        const noise = noiseFrom(blocks).value;
        const { value, confidence } = blurFrom(clearEdges(edges, noise));
        if (confidence === 0) continue;
        laid.push(sigma);
        seen.push(value);
      }
    const correlation = rankCorrelation(laid, seen);
    console.info(`blur 0–4 px: rank correlation ${rounded(correlation)} over ${seen.length} pictures`);
    expect(seen.length).toBeGreaterThanOrEqual(20);
    expect(correlation).toBeGreaterThanOrEqual(0.9);
  });

  it('fading, cast and low light: monotone on every scene', async () => {
    const ends: string[] = [];
    for (let scene = 0; scene < 2; scene++) {
      const clean = leaves(width, height, 600 + scene);
      const fades: number[] = [];
      for (const loss of [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
        fades.push(fadingOf(await planes(clean.map((level) => level * (1 - loss) + 115 * loss))).value);
      const casts: number[] = [];
      for (const amount of [0, 8, 16, 24, 32, 40])
        casts.push(
          castOf(await planes(clean.map((level, at) => level + amount * ([0.6, 0.1, -0.8][at % 3] as number)))).value,
        );
      const lights: number[] = [];
      const lit = clean.map((level) => 35 + level * 0.95);
      for (const exposure of [1, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1])
        lights.push(lowLightOf(await planes(lit.map((level) => level * exposure))).value);
      expect(rising(fades)).toBe(true);
      expect(rising(casts)).toBe(true);
      expect(rising(lights)).toBe(true);
      expect((fades.at(-1) as number) - (fades[0] as number)).toBeGreaterThan(0.5);
      expect((casts.at(-1) as number) - (casts[0] as number)).toBeGreaterThan(10);
      expect(lights[0]).toBeLessThan(0.05);
      expect(lights.at(-1)).toBeGreaterThan(0.6);
      ends.push(`${fades[0]}→${fades.at(-1)}, ${casts[0]}→${casts.at(-1)}, ${lights[0]}→${lights.at(-1)}`);
    }
    console.info(`fading, cast, low light (least → most), by scene: ${ends.join('; ')}`);
  });

  it('tonality: right for at least 0.99 of 240 tinted, grey and weakly coloured pictures, JPEG among them', () => {
    const small: MadeShape = { width: 192, height: 144, bands: 3, depth: 8 };
    const wrong: string[] = [];
    const random = randomFrom(77);
    const each = 80;
    for (let index = 0; index < 3 * each; index++) {
      const kind = (['black-and-white', 'toned', 'colour'] as const)[index % 3] as string;
      const [warm, fade, saturation] = [9 + 30 * random(), 0.4 * random(), 0.5 + 0.5 * random()];
      const made = leaves(small.width, small.height, 700 + index);
      const grey = greyOf(made);
      const tint = random() < 0.3 ? [-0.5, 0, 0.8] : [0.7, 0.05, -0.8];
      const rgb = made.map((level, at) => {
        const bare = grey[at] as number;
        const rise = 0.4 + 0.6 * Math.sin((bare / 255) * Math.PI);
        const value =
          kind === 'colour'
            ? bare + saturation * (level - bare)
            : kind === 'toned'
              ? bare + warm * (tint[at % 3] as number) * rise
              : bare;
        return value * (1 - fade) + 120 * fade;
      });
      const grain = noisy(rgb, 4 * random(), index, index % 2 === 0);
      const quality = [null, 80, 50, 30][index % 4] as number | null;
      const seen = quality === null ? grain : jpegLike(grain, small.width, small.height, quality);
      const reduced = { ...small, factor: 1, rgb: Float32Array.from(toSamples(seen, small)) };
      const answer = tonalityOf(labPlanes(reduced, undamagedCells(reduced, [])), 3);
      if (answer.value !== kind)
        wrong.push(
          `${kind} → ${answer.value} (${answer.confidence}; quality ${quality}, warm ${rounded(warm)}, fade ${rounded(fade)}, saturation ${rounded(saturation)})`,
        );
    }
    console.info(
      `tonality: ${3 * each - wrong.length} of ${3 * each} right${wrong.map((line) => `\n  ${line}`).join('')}`,
    );
    expect(wrong.length / (3 * each)).toBeLessThanOrEqual(0.01);
  });

  it('low light: a night scene with lamps is dark by itself, and the measure is not sure of it', async () => {
    const dark = leaves(width, height, 40).map((level) => level * 0.12);
    const night = dark.slice();
    const random = randomFrom(3);
    for (let lamp = 0; lamp < 12; lamp++) {
      const [cx, cy] = [20 + random() * (width - 40), 20 + random() * (height - 40)];
      for (let y = -5; y <= 5; y++)
        for (let x = -5; x <= 5; x++)
          night.fill(
            250,
            (Math.round(cy + y) * width + Math.round(cx + x)) * 3,
            (Math.round(cy + y) * width + Math.round(cx + x)) * 3 + 3,
          );
    }
    const [without, lamps] = [lowLightOf(await planes(dark)), lowLightOf(await planes(night))];
    expect(without.value).toBeGreaterThan(0.5);
    expect(without.confidence).toBeGreaterThan(0.9);
    expect(lamps.confidence).toBeLessThan(0.5);
    expect(quantile(sorted((await planes(night)).L), 0.995)).toBeGreaterThan(90);
  });
});
