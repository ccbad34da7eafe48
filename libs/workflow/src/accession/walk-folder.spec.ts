import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareNaturally, walkFolder } from './walk-folder.js';

describe('Natural order', () => {
  it('counts numbers as numbers, folder by folder, in whatever Unicode form', () => {
    const wanted = ['Album 2/1.jpg', 'Album 2/10.jpg', 'Album 10/2.jpg', 'ảnh 1.jpg', 'ảnh 2.jpg'.normalize('NFD')];
    const mixed = [wanted[2]!, wanted[4]!, wanted[1]!, wanted[3]!, wanted[0]!];
    expect(mixed.sort(compareNaturally)).toEqual(wanted);
  });

  it('never calls two different paths equal', () => {
    expect(compareNaturally('ả.jpg', 'ả.jpg'.normalize('NFD'))).not.toBe(0);
  });
});

describe('Walking a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'albumen-walk-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('finds plain files below it, no hidden ones and no links', async () => {
    await mkdir(join(folder, 'inner/.hidden'), { recursive: true });
    for (const name of ['b.jpg', 'inner/a.jpg', 'inner/.hidden/c.jpg', '.d.jpg'])
      await writeFile(join(folder, name), 'x');
    await symlink('/etc', join(folder, 'etc'));
    await symlink(join(folder, 'b.jpg'), join(folder, 'link.jpg'));
    expect((await walkFolder(folder)).map(({ path, name, bytes }) => ({ path, name, bytes }))).toEqual([
      { path: 'b.jpg', name: 'b.jpg', bytes: 1 },
      { path: 'inner/a.jpg', name: 'a.jpg', bytes: 1 },
    ]);
  });

  it('shows a name that is not UTF-8 as text that no plan accepts, and still opens it by its bytes', async () => {
    const odd = Buffer.from([0x61, 0xff, 0x2e, 0x6a, 0x70, 0x67]);
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), odd]), 'x');
    const [found] = await walkFolder(folder);
    expect(found?.name.isWellFormed()).toBe(false);
    expect(found?.location.subarray(-6)).toEqual(odd);
  });

  it('names a folder that is not there', async () => {
    await expect(walkFolder(join(folder, 'none'))).rejects.toMatchObject({ code: 'accession.folder-missing' });
  });
});
