import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Box } from '@albumen/domain';
import { decodeToWorkFile } from '@albumen/imaging';
import { reducedGrey } from '../faces/grey-picture.js';
import { installedModels } from '../models.js';
import { Strips } from '../picture/strips.js';
import { scratchFolder } from '../testing/pictures.js';
import { shippedModels } from '../testing/rendered-faces.js';
import { findLettering, findLetteringInGrey } from './find-lettering.js';
import { letterThreshold, openLetterNet, type LetterNet } from './letter-net.js';

const set = join(shippedModels, 'evaluation', 'lettering');

async function shipped(): Promise<{ net: LetterNet; threshold: number }> {
  const model = (await installedModels(shippedModels)).get('lettering');
  if (model === undefined) throw new Error('Expected lettering under models/ but it is not there');
  return { net: await openLetterNet(model), threshold: letterThreshold(model) };
}

async function stripsOf(file: string): Promise<Strips> {
  return Strips.open(await decodeToWorkFile(join(set, file), join(await scratchFolder(), 'p.v')));
}

/** Share of the pixels of either that lie in both. */
function alike(one: readonly Box[], other: readonly Box[], side: number): number {
  const [first, second] = [one, other].map((boxes) => {
    const covered = new Uint8Array(side * side);
    for (const { x, y, width, height } of boxes)
      for (let row = y; row < y + height; row++) covered.fill(1, row * side + x, row * side + x + width);
    return covered;
  }) as [Uint8Array, Uint8Array];
  let [both, any] = [0, 0];
  for (let at = 0; at < first.length; at++) {
    both += (first[at] as number) & (second[at] as number);
    any += (first[at] as number) | (second[at] as number);
  }
  return any === 0 ? 1 : both / any;
}

describe('finding lettering with the shipped net', { timeout: 120_000 }, () => {
  it('finds what its evaluation found', async () => {
    const { net, threshold } = await shipped();
    const found = JSON.parse(await readFile(join(set, 'found.json'), 'utf8')) as Record<
      string,
      { box: [number, number, number, number] }[]
    >;
    const names = Object.keys(found).filter((_, at) => at % 3 === 0);
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) {
      const grey = await reducedGrey(await stripsOf(name));
      const wanted = (found[name] ?? []).map(({ box: [x, y, width, height] }) => ({ x, y, width, height }));
      const boxes = (await findLetteringInGrey(grey, net, threshold)).map(({ box }) => box);
      expect(alike(boxes, wanted, grey.width), name).toBeGreaterThan(0.95);
    }
  });

  it('answers in pixels of the original, also where only a smaller copy is searched', async () => {
    const { net, threshold } = await shipped();
    const small = await stripsOf('print-10.jpg');
    const { width, height } = small.work;
    const times = 9;
    const large = await Strips.create(join(await scratchFolder(), 'large.v'), {
      width: width * times,
      height: height * times,
      bands: 1,
      depth: 8,
    });
    const grey = await small.read(0, height);
    for (let y = 0; y < height; y++) {
      const row = Uint8Array.from(
        { length: width * times },
        (_, x) => grey[y * width + Math.floor(x / times)] as number,
      );
      for (let copy = 0; copy < times; copy++) await large.write(y * times + copy, row);
    }
    const [there, here] = [await findLettering(small, net, threshold), await findLettering(large, net, threshold)];
    expect(there.length).toBeGreaterThan(0);
    const inSmall = here.map(({ box }) => ({
      x: Math.round(box.x / times),
      y: Math.round(box.y / times),
      width: Math.round(box.width / times),
      height: Math.round(box.height / times),
    }));
    expect(alike(inSmall, there.map(({ box }) => box), width)).toBeGreaterThan(0.5); // prettier-ignore
  });
});
