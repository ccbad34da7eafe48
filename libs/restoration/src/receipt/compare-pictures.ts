import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeToWorkFile } from '@albumen/imaging';
import { pixelSha256, rowsPerStrip, Strips } from '../picture/strips.js';

/** Up to this difference two results count as the same picture: levels of 255, largest and mean over all samples. */
export const tolerance = { largest: 2, mean: 0.05 } as const;

/** How two pictures differ, alpha included. Levels of 255 (16-bit samples are divided by 257). */
export type PictureDifference =
  | { readonly kind: 'identical'; readonly pixelSha256: string }
  | {
      readonly kind: 'within-tolerance' | 'differs';
      readonly largest: number;
      readonly mean: number;
      /** Share of samples that are not equal, 0..1. */
      readonly shareChanged: number;
    }
  | { readonly kind: 'other-shape'; readonly first: string; readonly second: string };

/**
 * Compares the decoded samples of two pictures, strip by strip, so that memory never grows with them; `folder` takes the
 * decoded pictures meanwhile. Refuses `file.damaged` where one cannot be decoded.
 */
export async function comparePictures(first: string, second: string, folder: string): Promise<PictureDifference> {
  const work = await mkdtemp(join(folder, 'compare-'));
  const opened: Strips[] = [];
  try {
    for (const [name, path] of [
      ['first', first],
      ['second', second],
    ] as const)
      opened.push(await Strips.open(await decodeToWorkFile(path, join(work, `${name}.v`))));
    const [a, b] = opened as [Strips, Strips];
    if (shapeWords(a) !== shapeWords(b)) return { kind: 'other-shape', first: shapeWords(a), second: shapeWords(b) };
    return await compareStrips(a, b);
  } finally {
    for (const strips of opened) await strips.close();
    await rm(work, { recursive: true, force: true });
  }
}

async function compareStrips(a: Strips, b: Strips): Promise<PictureDifference> {
  const { height, depth } = a.work;
  const perLevel = depth === 8 ? 1 : 257;
  const rows = rowsPerStrip(a.work);
  let largest = 0;
  let sum = 0;
  let changed = 0;
  let samples = 0;
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    const [one, other] = [await a.read(y, count), await b.read(y, count)];
    samples += one.length;
    for (let at = 0; at < one.length; at++) {
      const difference = Math.abs((one[at] as number) - (other[at] as number));
      if (difference === 0) continue;
      changed += 1;
      sum += difference;
      if (difference > largest) largest = difference;
    }
  }
  if (changed === 0) return { kind: 'identical', pixelSha256: await pixelSha256(a) };
  const found = { largest: largest / perLevel, mean: sum / perLevel / samples, shareChanged: changed / samples };
  const near = found.largest <= tolerance.largest && found.mean <= tolerance.mean;
  return { kind: near ? 'within-tolerance' : 'differs', ...found };
}

function shapeWords({ work }: Strips): string {
  return `${work.width}×${work.height}, ${work.bands} bands, ${work.depth} bit`;
}
