import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, chmod, copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Refusal, refuse, type ByteRange, type Digests } from '@albumen/domain';

/** Bytes read at a time when digesting. */
const chunkBytes = 1 << 20;

/** The refusal that stands for a file system's error: full, missing, or not answering. A refusal passes as it is. */
export function storageFault(error: unknown, key: string): Refusal {
  if (error instanceof Refusal) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return refuse('storage.full', { key }, { cause: error });
  if (code === 'ENOENT' || code === 'ENOTDIR') return refuse('storage.missing', { key }, { cause: error });
  return refuse('storage.unavailable', { key }, { cause: error });
}

/** Both digests and the length of a file's bytes, in one pass. */
export async function digestFile(path: string): Promise<Digests> {
  const sha256 = createHash('sha256');
  const sha512 = createHash('sha512');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
    sha256.update(chunk);
    sha512.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: sha256.digest('hex'), sha512: sha512.digest('hex'), bytes };
}

/** The same for bytes in memory. */
export function digestBytes(bytes: Uint8Array): Digests {
  const digest = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  return { sha256: digest('sha256'), sha512: digest('sha512'), bytes: bytes.byteLength };
}

/** Makes the directory entry itself survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the bytes of a file survive a power cut. */
export async function syncFile(path: string): Promise<void> {
  await syncFolder(path);
}

/** Makes the folder and every missing one above it, each of them durable. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Writes a new file; one that is there already is an error (`wx`). Read-only afterwards, and on disk when this returns. */
export async function writeOnce(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o444);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Copies to a place where nothing is yet, by reference where the file system can. Read-only, and on disk when this returns. */
export async function copyOnce(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await chmod(to, 0o444);
  await syncFile(to);
}

/** Writes beside, then renames over: a reader sees the former bytes or these, never a part. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  const beside = join(dirname(path), `.${randomUUID()}`);
  try {
    const handle = await open(beside, 'wx', 0o644);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** True where something lies at the path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** The bytes of a stored file as a stream that is already open, so that a missing file is refused before any byte is sent. */
export async function readStored(path: string, key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
  try {
    const handle = await open(path, 'r');
    return handle.createReadStream(range ? { start: range.start, end: range.end } : {});
  } catch (error) {
    throw storageFault(error, key);
  }
}
