import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { refuse, type Digests } from '@albumen/domain';

/** Both digests of a local file in one pass. Throws `file.unreadable`; rejects with the signal's reason when aborted. */
export async function digestIncoming(path: string, signal?: AbortSignal): Promise<Digests> {
  const sha256 = createHash('sha256');
  const sha512 = createHash('sha512');
  let bytes = 0;
  try {
    if (!(await stat(path)).isFile()) throw refuse('file.unreadable', { detail: 'it is not a plain file' });
    const stream = createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      sha256.update(chunk);
      sha512.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadable(error);
  }
  return { sha256: sha256.digest('hex'), sha512: sha512.digest('hex'), bytes };
}

function unreadable(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  const words: Record<string, string> = {
    ENOENT: 'it is no longer there',
    EACCES: 'its permissions do not allow it',
    EPERM: 'its permissions do not allow it',
    EIO: 'the disk reports an error',
  };
  const detail = code === undefined ? undefined : words[code];
  return detail === undefined ? error : refuse('file.unreadable', { detail }, { cause: error });
}
