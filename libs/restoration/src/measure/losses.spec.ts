import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Box, LossFound } from '@albumen/domain';
import { decodeToWorkFile } from '@albumen/imaging';
import { Strips } from '../picture/strips.js';
import { losePart } from '../testing/lost-parts.js';
import { leaves, scratchFolder } from '../testing/pictures.js';
import { frameOf } from './frame.js';
import { lossesBar, lossesOf } from './losses.js';
import { surveyPicture, type Reduced } from './survey.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The project's own clean pictures: the samples before they were aged, the undamaged evaluation set, and drawn scenes. */
async function cleanPictures(): Promise<readonly Reduced[]> {
  const folder = await scratchFolder();
  const found: Reduced[] = [];
  for (const place of ['samples/truth', 'models/evaluation/undamaged'])
    for (const name of (await readdir(join(root, place))).sort()) {
      const strips = await Strips.open(await decodeToWorkFile(join(root, place, name), join(folder, `${name}.v`)));
      found.push((await surveyPicture(strips, false, () => undefined)).reduced);
      await strips.close();
    }
  for (let seed = 900; seed < 912; seed++)
    found.push({ width: 300, height: 220, factor: 1, rgb: leaves(300, 220, seed) });
  return found;
}

function find(reduced: Reduced): readonly LossFound[] {
  const frame = frameOf(reduced);
  const { width, height } = reduced;
  return lossesOf({ ...reduced, factor: 1 }, frame.inside, frame.colour, { width, height });
}

function overlap(a: Box, b: Box): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (across <= 0 || down <= 0) return 0;
  return (across * down) / (a.width * a.height + b.width * b.height - across * down);
}

describe('missing corners and tears', { timeout: 600_000 }, () => {
  it('are found to the bar on drawn losses, and not in clean pictures', async () => {
    const clean = await cleanPictures();
    expect(clean.length).toBeGreaterThanOrEqual(25);
    const wrongOnClean = clean.filter((picture) => find(picture).length > 0).length;
    let [drawn, hits, found, right] = [0, 0, 0, 0];
    for (const [index, picture] of clean.entries())
      for (let round = 0; round < 4; round++) {
        const rgb = picture.rgb.slice();
        const lost = losePart(rgb, picture.width, picture.height, 5000 + index * 37 + round * 3001);
        const answers = find({ ...picture, rgb });
        drawn += lost.length;
        found += answers.length;
        hits += lost.filter(({ box }) => answers.some((answer) => overlap(answer.box, box) >= 0.3)).length;
        right += answers.filter((answer) => lost.some(({ box }) => overlap(answer.box, box) >= 0.3)).length;
      }
    console.info(
      `losses: ${drawn} drawn, recall ${(hits / drawn).toFixed(3)}, precision ${(right / found).toFixed(3)}, wrong on ${wrongOnClean} of ${clean.length} clean pictures`,
    );
    expect(drawn).toBeGreaterThanOrEqual(150);
    expect(hits / drawn).toBeGreaterThanOrEqual(lossesBar.recall);
    expect(right / found).toBeGreaterThanOrEqual(lossesBar.precision);
    expect(wrongOnClean / clean.length).toBeLessThanOrEqual(lossesBar.falseOnClean);
  });

  it('are told in pixels of the original, with their kind', () => {
    const rgb = leaves(300, 220, 7);
    for (let y = 0; y < 60; y++)
      for (let x = 0; x < 60 - y; x++) rgb.fill(250, (y * 300 + x) * 3, (y * 300 + x) * 3 + 3);
    const inside = new Uint8Array(300 * 220).fill(1);
    const [loss, ...more] = lossesOf({ width: 300, height: 220, factor: 4, rgb }, inside, null, {
      width: 1198,
      height: 880,
    });
    expect(more).toEqual([]);
    expect(loss).toMatchObject({ kind: 'corner', box: { x: 0, y: 0, width: 240, height: 240 } });
    expect(loss?.share).toBeCloseTo(1830 / 66_000, 3);
  });
});
