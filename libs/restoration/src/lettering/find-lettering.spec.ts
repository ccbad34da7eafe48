import { describe, expect, it } from 'vitest';
import { Refusal, type Box } from '@albumen/domain';
import type { GreyPicture } from '../faces/grey-picture.js';
import { findLetteringInGrey } from './find-lettering.js';
import { mostAreas } from './lettering-areas.js';
import { cellSide } from '../cell-map.js';
import type { LetterNet } from './letter-net.js';

/** A net that takes what is white for lettering: a cell's probability is its mean; `seen` are the sizes it was shown. */
function whiteNet(seen: string[] = []): LetterNet {
  return {
    margin: 32,
    run(grey, width, height) {
      seen.push(`${width}×${height}`);
      const [rows, columns] = [Math.ceil(height / cellSide), Math.ceil(width / cellSide)];
      const probability = new Float32Array(rows * columns);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const at = Math.floor(y / cellSide) * columns + Math.floor(x / cellSide);
          probability[at] = (probability[at] as number) + (grey[y * width + x] as number) / 255 / cellSide ** 2;
        }
      return Promise.resolve({ rows, columns, probability });
    },
  };
}

function pictureOf(width: number, height: number, white: readonly Box[]): GreyPicture {
  const data = new Uint8Array(width * height);
  for (const box of white)
    for (let y = box.y; y < box.y + box.height; y++) data.fill(255, y * width + box.x, y * width + box.x + box.width);
  return { width, height, data };
}

describe('lettering of a picture', () => {
  it('is found across the seams of tiles, as one area, in pixels of the picture', async () => {
    const seen: string[] = [];
    const line = { x: 768, y: 832, width: 320, height: 128 };
    const found = await findLetteringInGrey(pictureOf(3004, 1604, [line]), whiteNet(seen), 0.9);
    expect(found).toHaveLength(1);
    expect(found[0]?.box).toEqual(line);
    expect(found[0]?.confidence).toBeGreaterThan(0.95);
    // Four tiles across and two down at full size, then halves until they are too small.
    const widths = [928, 960, 960, 348];
    expect(seen.slice(0, 8)).toEqual([928, 740].flatMap((height) => widths.map((width) => `${width}×${height}`)));
    expect(seen.slice(8)).toEqual(['928×802', '638×802', '751×401', '376×201']);
  });

  it('ends at the edges of a picture whose sides are no multiples of a cell', async () => {
    const found = await findLetteringInGrey(
      pictureOf(303, 99, [{ x: 240, y: 79, width: 63, height: 20 }]),
      whiteNet(),
      0.5,
    );
    expect(found.map(({ box }) => [box.x + box.width, box.y + box.height])).toEqual([[303, 99]]);
  });

  it('leaves specks alone, and cuts a slanting line into boxes that fit it', async () => {
    const speck = { x: 20, y: 20, width: 8, height: 8 };
    const steps = Array.from({ length: 20 }, (_, at) => ({ x: 200 + 16 * at, y: 60 + 12 * at, width: 32, height: 24 }));
    const found = await findLetteringInGrey(pictureOf(640, 400, [speck, ...steps]), whiteNet(), 0.6);
    expect(found.length).toBeGreaterThan(3);
    const covered = found.reduce((sum, { box }) => sum + box.width * box.height, 0);
    expect(covered).toBeLessThan(0.6 * 336 * 252);
    for (const { x, y } of steps)
      expect(found.some(({ box }) => box.x <= x + 16 && box.x + box.width >= x + 16 && box.y <= y + 12 && box.y + box.height >= y + 12)).toBe(true); // prettier-ignore
    expect(found.every(({ box }) => box.x > 100)).toBe(true);
  });

  it('puts neighbours together where there are very many, and leaves none out', async () => {
    const words = Array.from({ length: 400 }, (_, at) => ({
      x: 8 + 48 * (at % 20),
      y: 8 + 40 * Math.floor(at / 20),
      width: 24,
      height: 16,
    }));
    const found = await findLetteringInGrey(pictureOf(1000, 840, words), whiteNet(), 0.9);
    expect(found.length).toBeLessThanOrEqual(mostAreas);
    for (const { x, y, width, height } of words)
      expect(found.some(({ box }) => box.x <= x && box.y <= y && box.x + box.width >= x + width && box.y + box.height >= y + height)).toBe(true); // prettier-ignore
  });

  it('refuses a net that answers what is no probability', async () => {
    const broken: LetterNet = {
      ...whiteNet(),
      run: () => Promise.resolve({ rows: 25, columns: 25, probability: new Float32Array(625).fill(NaN) }),
    };
    await expect(findLetteringInGrey(pictureOf(100, 100, []), broken, 0.5)).rejects.toThrow(Refusal);
  });
});
