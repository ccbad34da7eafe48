import { describe, expect, it } from 'vitest';
import { leaves, normalFrom, randomFrom, scratchFolder, toSamples, type MadeShape } from '../testing/pictures.js';
import { Strips } from '../picture/strips.js';
import { castOf, labPlanes, tonalityOf, type LabPlanes } from './colour.js';
import { noiseFrom } from './noise.js';
import { surveyPicture, undamagedCells, type Survey } from './survey.js';

const [width, height] = [384, 320];
const shape: MadeShape = { width, height, bands: 3, depth: 8 };

async function survey(rgb: Float32Array): Promise<Survey> {
  const strips = await Strips.create(`${await scratchFolder()}/picture.v`, shape);
  await strips.write(0, toSamples(rgb, shape));
  const result = await surveyPicture(strips, true, () => undefined);
  await strips.close();
  return result;
}

function planesOf(seen: Survey): LabPlanes {
  return labPlanes(seen.reduced, undamagedCells(seen.reduced, []));
}

function noisy(rgb: Float32Array, sigma: number, seed: number): Float32Array {
  const normal = normalFrom(randomFrom(seed));
  const out = new Float32Array(rgb.length);
  for (let pixel = 0; pixel < rgb.length; pixel += 3) {
    const added = sigma * normal();
    for (let band = 0; band < 3; band++) out[pixel + band] = (rgb[pixel + band] as number) + added;
  }
  return out;
}

/** Gaussian blur along rows and columns. */
function blurred(rgb: Float32Array, sigma: number): Float32Array {
  if (sigma === 0) return rgb;
  const reach = Math.ceil(sigma * 3);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, at) => Math.exp(-((at - reach) ** 2) / (2 * sigma * sigma)));
  const sum = taps.reduce((a, b) => a + b, 0);
  let from = rgb;
  for (const along of [1, width]) {
    const to = new Float32Array(rgb.length);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let band = 0; band < 3; band++) {
          let value = 0;
          for (let tap = -reach; tap <= reach; tap++) {
            const xx = along === 1 ? Math.min(width - 1, Math.max(0, x + tap)) : x;
            const yy = along === 1 ? y : Math.min(height - 1, Math.max(0, y + tap));
            value += (taps[tap + reach] as number) * (from[(yy * width + xx) * 3 + band] as number);
          }
          to[(y * width + x) * 3 + band] = value / sum;
        }
    from = to;
  }
  return from;
}

describe('noise', () => {
  it('is also right for grain that is coarser than a pixel', async () => {
    const plain = new Float32Array(width * height * 3);
    const grain = blurred(noisy(plain, 40, 3), 0.9);
    const sigma = Math.sqrt(grain.reduce((sum, value) => sum + value * value, 0) / grain.length);
    const picture = leaves(width, height, 12).map((level, at) => level + (grain[at] as number));
    expect(Math.abs(noiseFrom((await survey(picture)).blocks).value - sigma)).toBeLessThan(2.5);
  });

  it('says nothing where everything is clipped', () => {
    expect(noiseFrom([{ residual: 3, mean: 254, clipped: 0.9 }])).toEqual({ value: 0, confidence: 0 });
  });
});

describe('cast', () => {
  it('does not take a green meadow under a grey sky for a cast', async () => {
    const meadow = leaves(width, height, 5).map((level, at) =>
      Math.floor(at / 3 / width) < height / 3 ? 210 - (level % 9) : level * [0.5, 0.8, 0.35][at % 3]! + 4,
    );
    expect(castOf(planesOf(await survey(meadow))).value).toBeLessThan(9);
  });
});

describe('tonality', () => {
  it('of one band is black-and-white', () => {
    expect(
      tonalityOf({ L: new Float64Array(1), a: new Float64Array(1), b: new Float64Array(1), usable: 1 }, 1).value,
    ).toBe('black-and-white');
  });
});
