import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Strips } from '../picture/strips.js';
import { leaves, normalFrom, randomFrom, scratchFolder, toSamples, type MadeShape } from '../testing/pictures.js';
import { clippingFrom } from './clipping.js';
import { frameOf } from './frame.js';
import { surveyPicture, type Reduced, type Survey } from './survey.js';

const [width, height] = [420, 340];

async function survey(rgb: Float32Array, depth: 8 | 16): Promise<Survey> {
  const shape: MadeShape = { width, height, bands: 3, depth };
  const strips = await Strips.create(join(await scratchFolder(), 'picture.v'), shape);
  await strips.write(0, toSamples(rgb, shape));
  const result = await surveyPicture(strips, true, () => undefined);
  await strips.close();
  return result;
}

/** Clean levels with a band of the given level over the upper share of the picture and single pixels of it elsewhere. */
function withEnds(level: number, share: number, singles: number): Float32Array {
  const rgb = leaves(width, height, 4).map((value) => 30 + value * 0.75);
  rgb.fill(level, 0, Math.round(share * height) * width * 3);
  const random = randomFrom(9);
  for (let at = 0; at < singles * width * height; at++) {
    const pixel = Math.floor(random() * width * height) * 3;
    rgb.fill(level, pixel, pixel + 3);
  }
  return rgb;
}

describe('clipping', { timeout: 120_000 }, () => {
  it.each([8, 16] as const)(
    'is the share of cut-off pixels in big and in wide-spread places (%i bit)',
    async (depth) => {
      const of = async (rgb: Float32Array): Promise<ReturnType<typeof clippingFrom>> => {
        const { clipping } = await survey(rgb, depth);
        if (clipping === null) throw new Error('Expected counts but received none');
        return clippingFrom(clipping);
      };
      const clean = await of(withEnds(255, 0, 0));
      expect(clean).toEqual({
        clippedShadows: { value: 0, confidence: 1 },
        clippedHighlights: { value: 0, confidence: 1 },
      });
      const sky = await of(withEnds(300, 0.1, 0));
      expect(sky.clippedHighlights.value).toBeCloseTo(0.1, 2);
      expect(sky.clippedHighlights.confidence).toBeGreaterThan(0.9);
      expect(sky.clippedShadows.value).toBe(0);
      expect((await of(withEnds(-20, 0.05, 0))).clippedShadows.value).toBeCloseTo(0.05, 2);
      // Wide-spread: no place is big, but together they are many. A few glints are no fault.
      expect((await of(withEnds(300, 0, 0.02))).clippedHighlights.value).toBeCloseTo(0.02, 2);
      expect((await of(withEnds(300, 0, 0.0004))).clippedHighlights.value).toBe(0);
    },
  );

  it('is less sure where the tones only lean on the end', async () => {
    const slope = leaves(width, height, 4).map((_, at) => 262 - ((Math.floor(at / 3) % width) / width) * 120);
    const { clipping } = await survey(slope, 8);
    if (clipping === null) throw new Error('Expected counts but received none');
    expect(clippingFrom(clipping).clippedHighlights.confidence).toBeLessThan(
      clippingFrom((await survey(withEnds(300, 0.1, 0), 8)).clipping ?? clipping).clippedHighlights.confidence,
    );
  });
});

/** A photograph turned clockwise by `degrees` on a bed of one level with some noise; `share` is its size in the frame. */
function onBed(degrees: number, bed: number, share: number, seed: number): { reduced: Reduced; border: number } {
  const photo = leaves(width, height, seed);
  const noise = normalFrom(randomFrom(seed + 1));
  const rgb = new Float32Array(width * height * 3);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  let outside = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0];
      // Four samples a pixel: a scanned edge is no staircase.
      for (const [dx, dy] of [
        [-0.25, -0.25],
        [0.25, -0.25],
        [-0.25, 0.25],
        [0.25, 0.25],
      ] as const) {
        const [ox, oy] = [x + dx - width / 2, y + dy - height / 2];
        const [u, v] = [ox * cos + oy * sin, -ox * sin + oy * cos];
        const inside = Math.abs(u) < (width * share) / 2 && Math.abs(v) < (height * share) / 2;
        const from = (Math.round(v + height / 2) * width + Math.round(u + width / 2)) * 3;
        for (let band = 0; band < 3; band++)
          sum[band] = (sum[band] as number) + (inside ? (photo[from + band] as number) : bed) / 4;
        if (!inside) outside += 0.25;
      }
      for (let band = 0; band < 3; band++)
        rgb[(y * width + x) * 3 + band] = Math.min(255, Math.max(0, (sum[band] as number) + 1.5 * noise()));
    }
  return { reduced: { width, height, factor: 1, rgb }, border: outside / (width * height) };
}

describe('frame', { timeout: 120_000 }, () => {
  it('tells the turn of a photograph on its bed within 0.3 degrees, and the share of the bed', () => {
    const errors: number[] = [];
    for (const [index, degrees] of [-9, -6, -3.3, -1, -0.4, 0, 0.2, 0.7, 2, 4.5, 7, 9.2].entries()) {
      const bed = [8, 248, 128][index % 3] as number;
      const made = onBed(degrees, bed, degrees > 5 || degrees < -5 ? 0.72 : 0.85, 20 + index);
      const { skew, border, colour } = frameOf(made.reduced);
      expect(skew.confidence, `confidence at ${degrees}`).toBeGreaterThan(0.5);
      expect(Math.abs(border.value - made.border), `border at ${degrees}`).toBeLessThan(0.04);
      expect(Math.abs((colour?.[0] ?? -99) - bed)).toBeLessThan(6);
      errors.push(Math.abs(skew.value - degrees));
    }
    console.info(
      `skew on a bed: mean error ${(errors.reduce((a, b) => a + b, 0) / errors.length).toFixed(3)}°, largest ${Math.max(...errors).toFixed(3)}°`,
    );
    expect(Math.max(...errors)).toBeLessThanOrEqual(0.3);
  });

  it('tells the turn by long straight edges where there is no bed', () => {
    const errors: number[] = [];
    for (const [index, degrees] of [-8, -4.2, -1.5, -0.3, 0, 0.6, 2.4, 5, 8.5].entries()) {
      const rgb = leaves(width, height, 60 + index).map((level) => 60 + level * 0.3);
      const slope = Math.tan((degrees * Math.PI) / 180);
      // A wall with a floor below and a door post: one level and one upright edge, soft as a lens draws them.
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const floor = 1 / (1 + Math.exp(-(y - height * 0.6 - slope * (x - width / 2)) * 1.7));
          const post = 1 / (1 + Math.exp(-(x - width * 0.3 + slope * (y - height / 2)) * 1.7));
          for (let band = 0; band < 3; band++) {
            const at = (y * width + x) * 3 + band;
            rgb[at] = (rgb[at] as number) + 60 * floor + 45 * post;
          }
        }
      const { skew, border } = frameOf({ width, height, factor: 1, rgb });
      expect(border.value).toBe(0);
      expect(skew.confidence, `confidence at ${degrees}`).toBeGreaterThan(0.5);
      errors.push(Math.abs(skew.value - degrees));
    }
    console.info(`skew by straight edges: largest error ${Math.max(...errors).toFixed(3)}°`);
    expect(Math.max(...errors)).toBeLessThanOrEqual(0.3);
  });

  it('says nothing where nothing is straight, and finds no border in scenes', () => {
    for (let seed = 80; seed < 90; seed++) {
      const { skew, border } = frameOf({ width, height, factor: 1, rgb: leaves(width, height, seed) });
      expect(skew).toEqual({ value: 0, confidence: 0 });
      expect(border.value).toBe(0);
    }
  });
});
