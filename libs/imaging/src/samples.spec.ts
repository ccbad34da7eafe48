import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { characterise } from './characterise.js';
import { closeDecoders, decodeFully } from './decode-fully.js';

const samples = fileURLToPath(new URL('../../../samples/', import.meta.url));
const filesOf = (folder: string): string[] =>
  readdirSync(samples + folder).map((name) => `${samples}${folder}/${name}`);
afterAll(closeDecoders);

describe('the sample collection', () => {
  it.each([
    ['bomb.png', 'file.expands-too-much'],
    ['empty.jpg', 'file.empty'],
    ['picture.svg', 'file.media-not-accepted'],
    ['text.jpg', 'file.not-a-picture'],
    ['truncated.jpg', 'file.damaged'],
  ])('refuses not-ok/%s as %s', async (name, code) => {
    await expect(decodeFully(`${samples}not-ok/${name}`)).rejects.toMatchObject({ code });
  });

  it('has no other file among the refused', () => {
    expect(filesOf('not-ok')).toHaveLength(5);
  });

  it('takes odd names and every aged picture, and reads their facts', async () => {
    for (const path of [...filesOf('odd-names'), ...filesOf('aged')]) {
      const decoded = await decodeFully(path);
      const facts = await characterise(path);
      expect([path, facts.width, facts.height, decoded.warnings]).toEqual([path, decoded.width, decoded.height, []]);
    }
  });
});
