import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logOrigin } from './log-origin.js';
import { checkConfig, databaseFault, type RuntimeConfig } from './runtime-config.js';

let folder: string;
let good: RuntimeConfig;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'albumen-config-'));
  good = {
    dataDir: join(folder, 'data'),
    databaseUrl: 'postgres://u:secret@127.0.0.1:5432/a',
    queue: 'memory',
    modelsDir: folder,
    software: { name: 'test', version: '0' },
    publicUrl: 'http://127.0.0.1:4300/',
  };
});
afterAll(() => rm(folder, { recursive: true }));

describe('The configuration', () => {
  it('is tidied: folders absolute and made, the address without its last slash', async () => {
    expect(await checkConfig(good)).toMatchObject({
      dataDir: join(folder, 'data'),
      publicUrl: 'http://127.0.0.1:4300',
    });
  });

  it.each([
    [{ databaseUrl: 'mysql://host/a' }, 'postgres://'],
    [{ databaseUrl: 'nonsense' }, 'postgres://'],
    [{ publicUrl: 'ftp://host' }, 'http://'],
    [{ queue: { kind: 'redis', url: 'http://host' } }, 'redis://'],
    [{ modelsDir: '/nowhere/models' }, '/nowhere/models'],
  ] as const)('is refused in one sentence for %j', async (change, words) => {
    const attempt = checkConfig({ ...good, ...change } as RuntimeConfig);
    await expect(attempt).rejects.toMatchObject({ code: 'configuration.invalid' });
    await expect(attempt).rejects.toThrow(words);
  });

  it('is refused where the data folder is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    const attempt = checkConfig({ ...good, dataDir: join(folder, 'file', 'data') });
    await expect(attempt).rejects.toThrow('cannot be written');
  });

  it('never repeats a password', () => {
    const fault = databaseFault(good.databaseUrl, Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
    expect(fault.message).toBe('The configuration is not usable: No database answers at 127.0.0.1:5432.');
  });
});

it('keeps the name of the audit log when the public address changes', async () => {
  const keys = join(folder, 'keys');
  expect(await logOrigin(keys, 'https://photos.example')).toBe('photos.example/audit');
  expect(await logOrigin(keys, 'https://elsewhere.example')).toBe('photos.example/audit');
});
