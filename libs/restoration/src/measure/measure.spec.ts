import { describe, expect, it } from 'vitest';
import { leaves, normalFrom, randomFrom, scratchFolder, toSamples, type MadeShape } from '../testing/pictures.js';
import { Strips } from '../picture/strips.js';
import { blurFrom } from './blur.js';
import { castOf, fadingOf, labPlanes, tonalityOf, type LabPlanes } from './colour.js';
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

function ranksAgree(values: readonly number[]): number {
  const order = values.map((value, at) => [value, at] as const).sort((a, b) => a[0] - b[0]);
  const d = order.reduce((sum, [, at], rank) => sum + (at - rank) ** 2, 0);
  return 1 - (6 * d) / (values.length * (values.length ** 2 - 1));
}

describe('noise', () => {
  it('is measured within 2 levels from 5 to 50, and small without noise', async () => {
    const errors: number[] = [];
    for (const [index, sigma] of [5, 10, 20, 35, 50].entries()) {
      const seen = noiseFrom((await survey(noisy(leaves(width, height, index + 1), sigma, index + 50))).blocks);
      errors.push(Math.abs(seen.value - sigma));
      expect(seen.confidence).toBeGreaterThan(0.2);
    }
    expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeLessThan(2);
    expect(noiseFrom((await survey(leaves(width, height, 8))).blocks).value).toBeLessThan(2);
  });

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

describe('blur', () => {
  it('ranks softness', async () => {
    const values: number[] = [];
    for (const sigma of [0, 0.6, 1, 1.4, 2, 2.8, 4]) {
      const seen = await survey(blurred(leaves(width, height, 21, 0.2), sigma));
      values.push(blurFrom(seen.edges.map((edge) => edge.sigma)).value);
    }
    expect(ranksAgree(values)).toBeGreaterThanOrEqual(0.9);
  });
});

describe('fading and cast', () => {
  it('grow with the fading and the cast that were laid on', async () => {
    const fades: number[] = [];
    for (const loss of [0, 0.15, 0.3, 0.5, 0.7, 0.9])
      fades.push(
        fadingOf(planesOf(await survey(leaves(width, height, 5).map((level) => level * (1 - loss) + 110 * loss))))
          .value,
      );
    expect(fades).toEqual([...fades].sort((a, b) => a - b));
    expect((fades.at(-1) as number) - (fades[0] as number)).toBeGreaterThan(0.5);

    const casts: number[] = [];
    for (const amount of [0, 8, 16, 26, 40])
      casts.push(
        castOf(
          planesOf(
            await survey(leaves(width, height, 5).map((level, at) => level + amount * [0.6, 0.1, -0.8][at % 3]!)),
          ),
        ).value,
      );
    expect(casts).toEqual([...casts].sort((a, b) => a - b));
    expect(casts[0]).toBeLessThan(5);
    expect(casts[4]).toBeGreaterThan(15);
  });

  it('does not take a green meadow under a grey sky for a cast', async () => {
    const meadow = leaves(width, height, 5).map((level, at) =>
      Math.floor(at / 3 / width) < height / 3 ? 210 - (level % 9) : level * [0.5, 0.8, 0.35][at % 3]! + 4,
    );
    expect(castOf(planesOf(await survey(meadow))).value).toBeLessThan(9);
  });
});

describe('tonality', () => {
  it('tells black-and-white, toned and colour apart on 60 made pictures', async () => {
    let right = 0;
    const random = randomFrom(99);
    for (let index = 0; index < 60; index++) {
      const kind = (['black-and-white', 'toned', 'colour'] as const)[index % 3]!;
      const [warm, fade] = [10 + 28 * random(), 0.5 * random()];
      const made = leaves(128, 96, 200 + index);
      const rgb = made.map((level, at) => {
        const first = Math.floor(at / 3) * 3;
        const grey =
          0.299 * (made[first] as number) + 0.587 * (made[first + 1] as number) + 0.114 * (made[first + 2] as number);
        const toned = grey + warm * [0.7, 0.05, -0.8][at % 3]! * (0.4 + 0.6 * Math.sin((grey / 255) * Math.PI));
        const value = kind === 'colour' ? level : kind === 'toned' ? toned : grey;
        return value * (1 - fade) + 120 * fade;
      });
      const small: MadeShape = { width: 128, height: 96, bands: 3, depth: 8 };
      const noise = normalFrom(randomFrom(index));
      const reduced = {
        width: 128,
        height: 96,
        factor: 1,
        rgb: Float32Array.from(toSamples(rgb, small), (level) => level + 0.6 * noise()),
      };
      const seen = tonalityOf(labPlanes(reduced, undamagedCells(reduced, [])), 3);
      if (seen.value === kind) right += 1;
    }
    expect(right / 60).toBeGreaterThanOrEqual(0.99);
    expect(
      tonalityOf({ L: new Float64Array(1), a: new Float64Array(1), b: new Float64Array(1), usable: 1 }, 1).value,
    ).toBe('black-and-white');
  });
});
