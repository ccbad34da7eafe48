import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemClock, type LogFiles, type ObjectStore } from '@albumen/domain';
import { DerivativesOnDisk } from './derivatives-on-disk.js';
import { exists, makeFolder, replaceFile, storageFault } from './durable-files.js';
import { OriginalsOnDisk, type KeepStep } from './originals-on-disk.js';
import { StagingOnDisk } from './staging-on-disk.js';
import { logKey } from './storage-keys.js';

export interface FileStoreOptions {
  /** Called after each step of keeping an original; a test throws here to stand for a crash. */
  readonly reached?: (step: KeepStep) => void;
}

/**
 * Bytes on the file system under one folder, made where it is missing: `originals` (an OCFL 1.1 root), `derivatives`,
 * `staging`, `scratch`, `audit`. Throws `storage.full` or `storage.unavailable` where the folder cannot be used.
 */
export async function openFileStore(dataDir: string, options: FileStoreOptions = {}): Promise<ObjectStore> {
  const home = resolve(dataDir);
  const originals = new OriginalsOnDisk(home, options.reached ?? (() => {}));
  const staging = new StagingOnDisk(home);
  try {
    for (const folder of ['derivatives', 'staging', 'scratch', 'audit']) await makeFolder(join(home, folder));
    await originals.prepare();
    await staging.sweep(systemClock.now());
  } catch (error) {
    throw storageFault(error, home);
  }
  return { originals, derivatives: new DerivativesOnDisk(home), staging, log: logFiles(home) };
}

function logFiles(home: string): LogFiles {
  return {
    async write(path, bytes) {
      const key = logKey(path);
      try {
        await replaceFile(join(home, key), bytes);
      } catch (error) {
        throw storageFault(error, key);
      }
    },
    async read(path) {
      const key = logKey(path);
      const file = join(home, key);
      try {
        return (await exists(file)) ? await readFile(file) : undefined;
      } catch (error) {
        throw storageFault(error, key);
      }
    },
  };
}
