import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderSentence, keptSecret, openDataFolder } from './data-folder.js';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'albumen-folder-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

describe('the data folder', () => {
  it('is made with its parts, and keys that nobody else may read', () => {
    const folder = openDataFolder(join(path, 'a', 'b'));
    expect(statSync(folder.keys).mode & 0o777).toBe(0o700);
    expect(statSync(folder.run).isDirectory()).toBe(true);
  });

  it('says in one sentence that a file stands in its place', () => {
    const file = join(path, 'data');
    writeFileSync(file, '');
    expect(() => openDataFolder(file)).toThrow(/is not a folder/);
    expect(() => openDataFolder(join(file, 'below'))).toThrow(/is not a folder/);
  });

  it('has a sentence for every way a disk refuses', () => {
    expect(folderSentence('/x', 'ENOSPC', null)).toMatch(/disk of \/x is full/);
    expect(folderSentence('/x', 'EROFS', null)).toMatch(/cannot be written/);
    expect(folderSentence('/x', 'EIO', new Error('input/output error'))).toMatch(/input\/output error/);
  });

  it('makes a secret once, with mode 0600, and mends a mode that was opened', () => {
    const folder = openDataFolder(path);
    const secret = keptSecret(folder, 'cookie');
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(keptSecret(folder, 'cookie')).toBe(secret);
    expect(keptSecret(folder, 'other')).not.toBe(secret);
    expect(statSync(join(folder.keys, 'cookie')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder.keys, 'cookie'), 'utf8').trim()).toBe(secret);
  });
});
