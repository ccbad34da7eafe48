import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeToWorkFile } from '@albumen/imaging';
import { installedModels } from '../models.js';
import { Strips } from '../picture/strips.js';
import { scratchFolder } from '../testing/pictures.js';
import { shippedModels } from '../testing/rendered-faces.js';
import { letteringOf } from './lettering-of.js';

describe('lettering of a report', { timeout: 120_000 }, () => {
  it('leaves out what lies on a face by half or more: eyes and spectacles look like letters', async () => {
    const file = join(shippedModels, 'evaluation', 'lettering', 'print-10.jpg');
    const picture = await Strips.open(await decodeToWorkFile(file, join(await scratchFolder(), 'p.v')));
    const model = (await installedModels(shippedModels)).get('lettering');
    const boxesBeside = async (...faces: { x: number; y: number; width: number; height: number }[]) =>
      (await letteringOf(picture, model, faces.map((box) => ({ box })), 1)).lettering?.map(({ box }) => box) ?? []; // prettier-ignore
    const all = await boxesBeside();
    const [first, ...others] = all;
    if (first === undefined) throw new Error('Expected lettering in the picture but none was found');
    expect(await boxesBeside(first)).toEqual(others);
    expect(await boxesBeside({ ...first, width: 0.6 * first.width })).toEqual(others);
    expect(await boxesBeside({ ...first, width: 0.4 * first.width })).toEqual(all);
    await picture.close();
  });
});
