import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, open, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '@albumen/domain';
import { storageFault } from './durable-files.js';
import { openFileStore } from './file-store.js';
import { keepSteps } from './originals-on-disk.js';
import { objectKey } from './storage-keys.js';
import { intake, objectStoreContract } from './testing/object-store-contract.js';

objectStoreContract('The file system', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'albumen-files-'));
  const reopen = (): Promise<ObjectStore> => openFileStore(dataDir);
  return {
    store: await reopen(),
    crashPoints: keepSteps,
    reopen,
    dyingAt: (step) =>
      openFileStore(dataDir, {
        reached(now) {
          if (now === step) throw new Error(`killed after ${step}`);
        },
      }),
    async flipByte(key) {
      const path = join(dataDir, key);
      await chmod(path, 0o644);
      const file = await open(path, 'r+');
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 2);
      await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, 2);
      await file.close();
    },
    dispose: () => rm(dataDir, { recursive: true, force: true }),
  };
});

describe('The file store', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'albumen-files-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('writes an OCFL 1.1 object: read-only bytes, sha512 in the manifest, sha256 in the fixity block', async () => {
    const { originals } = await openFileStore(dataDir);
    const path = join(dataDir, 'staging', randomUUID());
    await writeFile(path, 'bytes');
    const record = intake(Buffer.from('bytes'));
    const { key } = await originals.keep({ path, record });
    const home = join(dataDir, objectKey(record.objectId));
    expect(key).toBe(`${objectKey(record.objectId)}/v1/content/original.jpg`);
    expect((await stat(join(dataDir, key))).mode & 0o222).toBe(0);
    const inventory = JSON.parse(await readFile(join(home, 'inventory.json'), 'utf8'));
    expect(inventory.manifest[record.sha512]).toEqual(['v1/content/original.jpg']);
    expect(inventory.fixity.sha256[record.sha256]).toEqual(['v1/content/original.jpg']);
    expect(JSON.parse(await readFile(join(home, 'v1/content/intake.json'), 'utf8'))).toEqual(record);
    expect(await readdir(join(dataDir, 'scratch', 'building'))).toEqual([]);
  });

  it('lays objects out as extension 0003 shows in its example', () => {
    // From the extension's text: object-01 and the id with every odd character, sha256, 3 tuples of 3.
    expect(objectKey('object-01')).toBe('originals/3c0/ff4/240/object-01');
    expect(objectKey('..hor/rib:le-$id')).toBe('originals/487/326/d8c/%2e%2ehor%2frib%3ale-%24id');
  });

  it('leaves no part of an object in the root after a crash before the last move', async () => {
    const dying = await openFileStore(dataDir, {
      reached(step) {
        if (step === 'described') throw new Error('killed');
      },
    });
    const path = join(dataDir, 'staging', randomUUID());
    await writeFile(path, 'bytes');
    await expect(dying.originals.keep({ path, record: intake(Buffer.from('bytes')) })).rejects.toThrow();
    expect((await readdir(join(dataDir, 'originals'))).sort()).toEqual([
      '0=ocfl_1.1',
      'extensions',
      'ocfl_layout.json',
    ]);
  });

  it('sweeps scratch of a killed process and nothing of a living one', async () => {
    const host = hostname().replace(/[^A-Za-z0-9-]/g, '-');
    await openFileStore(dataDir);
    const dead = join(dataDir, 'scratch', `work.${host}.4194999.abc`);
    const living = join(dataDir, 'scratch', `work.${host}.${process.pid}.abc`);
    await mkdir(dead);
    await mkdir(living);
    await openFileStore(dataDir);
    expect((await readdir(join(dataDir, 'scratch'))).sort()).toEqual(['building', `work.${host}.${process.pid}.abc`]);
  });

  it('names a full disk, a missing file and anything else', () => {
    const error = (code: string): Error => Object.assign(new Error(code), { code });
    expect(storageFault(error('ENOSPC'), 'k')).toMatchObject({ code: 'storage.full', retry: 'later' });
    expect(storageFault(error('EDQUOT'), 'k')).toMatchObject({ code: 'storage.full' });
    expect(storageFault(error('ENOENT'), 'k')).toMatchObject({ code: 'storage.missing', retry: 'never' });
    expect(storageFault(error('EIO'), 'k')).toMatchObject({ code: 'storage.unavailable', retry: 'later' });
  });

  it('says so when the place cannot be used', async () => {
    await writeFile(join(dataDir, 'file'), '');
    await expect(openFileStore(join(dataDir, 'file', 'below'))).rejects.toMatchObject({ name: 'Refusal' });
  });
});
