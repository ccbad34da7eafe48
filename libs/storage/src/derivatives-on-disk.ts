import { randomUUID } from 'node:crypto';
import { copyFile, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refuse, type ByteRange, type DerivativeStore } from '@albumen/domain';
import {
  digestBytes,
  digestFile,
  exists,
  makeFolder,
  readStored,
  storageFault,
  syncFile,
  syncFolder,
  writeOnce,
} from './durable-files.js';
import { derivativeKey, isDerivativeKey } from './storage-keys.js';

type Kept = { readonly key: string; readonly sha256: string; readonly bytes: number };

/** Content-addressed derivatives in folders of two letters each. A key is complete as soon as it exists. */
export class DerivativesOnDisk implements DerivativeStore {
  constructor(private readonly dataDir: string) {}

  async keepFile(path: string, extension: string): Promise<Kept> {
    try {
      const { sha256, bytes } = await digestFile(path);
      const kept = { key: derivativeKey(sha256, extension), sha256, bytes };
      await this.#place(kept, (temporary) => move(path, temporary));
      await rm(path, { force: true });
      return kept;
    } catch (error) {
      throw storageFault(error, path);
    }
  }

  async keepBytes(bytes: Uint8Array, extension: string): Promise<Kept> {
    const { sha256, bytes: length } = digestBytes(bytes);
    const kept = { key: derivativeKey(sha256, extension), sha256, bytes: length };
    try {
      await this.#place(kept, (temporary) => writeOnce(temporary, bytes));
      return kept;
    } catch (error) {
      throw storageFault(error, kept.key);
    }
  }

  has(key: string): Promise<boolean> {
    return isDerivativeKey(key) ? exists(join(this.dataDir, key)) : Promise.resolve(false);
  }

  async local(key: string) {
    if (!(await this.has(key))) throw refuse('storage.missing', { key });
    return { path: this.#path(key), [Symbol.asyncDispose]: async () => {} };
  }

  async read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    return readStored(this.#path(key), key, range);
  }

  async readBytes(key: string): Promise<Uint8Array> {
    try {
      return await readFile(this.#path(key));
    } catch (error) {
      throw storageFault(error, key);
    }
  }

  async remove(key: string): Promise<void> {
    try {
      await rm(this.#path(key), { force: true });
    } catch (error) {
      throw storageFault(error, key);
    }
  }

  /** Brings the bytes to a name of their own first, so that nobody ever reads half a derivative under its key. */
  async #place(kept: Kept, bring: (temporary: string) => Promise<void>): Promise<void> {
    const target = join(this.dataDir, kept.key);
    const there = await sizeOf(target);
    if (there === kept.bytes) return;
    await makeFolder(dirname(target));
    const temporary = join(dirname(target), `.${randomUUID()}`);
    try {
      await bring(temporary);
      await syncFile(temporary);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(target));
  }

  #path(key: string): string {
    if (!isDerivativeKey(key)) throw refuse('storage.missing', { key });
    return join(this.dataDir, key);
  }
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(from, to);
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await exists(path)) ? (await stat(path)).size : undefined;
}
