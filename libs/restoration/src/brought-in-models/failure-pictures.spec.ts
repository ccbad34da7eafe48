import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { InstalledModel } from '../models.js';
import { scratchFolder } from '../testing/pictures.js';
import { failurePicture, failuresOf } from './failure-pictures.js';

let model: InstalledModel;
beforeEach(async () => {
  model = { id: 'net', version: '1.0.0', folder: await scratchFolder() } as InstalledModel;
});
const words = { en: 'words', vi: 'chữ' };

async function lay(files: readonly string[]): Promise<void> {
  await mkdir(join(model.folder, 'failures'));
  const pictures = files.map((file) => ({ file, caption: words }));
  await writeFile(join(model.folder, 'failures', 'captions.json'), JSON.stringify({ reading: words, pictures }));
}

it('answers a picture that is named and there, and refuses every other', async () => {
  await lay(['there.jpg', 'lost.jpg']);
  await writeFile(join(model.folder, 'failures', 'there.jpg'), 'a picture');
  await writeFile(join(model.folder, 'failures', 'unnamed.jpg'), 'another');
  expect(Buffer.from(await failurePicture(model, 'there.jpg')).toString()).toBe('a picture');
  for (const file of ['lost.jpg', 'unnamed.jpg', '../model.json'])
    await expect(failurePicture(model, file)).rejects.toMatchObject({
      code: 'model.picture-not-found',
      details: { model: 'net', file },
    });
});

it('knows none where none are described, and takes no name that leads elsewhere', async () => {
  expect(await failuresOf(model)).toBeNull();
  await lay(['../other.jpg']);
  await expect(failuresOf(model)).rejects.toThrow(/name of a .jpg/);
});
