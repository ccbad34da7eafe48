import { intakeLimits, refuse } from '@albumen/domain';
import { DecodePool } from './child/decode-pool.js';
import { inspectIncoming } from './inspect-incoming.js';
import { stat } from 'node:fs/promises';

/** Limits of one reading; left out, those of `intakeLimits`. */
export interface DecodeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly seconds?: number;
  readonly memoryBytes?: number;
}

/** Width and height after orientation; `warnings` are the decoder's, one per line, at most 20. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  readonly warnings: readonly string[];
}

const pool = new DecodePool(2);

/**
 * Reads every pixel of every page in a child process with limits on time and memory, after the header check. Refuses
 * `file.damaged`, `file.decode-timeout`, `file.decode-memory` and what `inspectIncoming` refuses; rejects with the
 * signal's reason when aborted, and with an ordinary error where the child itself cannot run. The caller's process
 * never holds a pixel.
 */
export async function decodeFully(path: string, options: DecodeOptions = {}): Promise<DecodedPicture> {
  options.signal?.throwIfAborted();
  const { size } = await stat(path);
  const header = await inspectIncoming(path, { bytes: size });
  const seconds = options.seconds ?? intakeLimits.decodeSeconds;
  const memoryBytes = options.memoryBytes ?? intakeLimits.decodeMemoryBytes;
  const outcome = await pool.run({ path, pages: header.pages, seconds, memoryBytes, signal: options.signal });
  if (outcome.kind === 'timeout') throw refuse('file.decode-timeout', { seconds });
  if (outcome.kind === 'memory') throw refuse('file.decode-memory');
  if (outcome.kind === 'crashed')
    throw refuse('file.damaged', { detail: `the decoder crashed on it (${outcome.signal})` });
  if (outcome.kind === 'unusable') throw new Error(`The decoding child could not work: ${outcome.detail}`);
  if (outcome.kind === 'aborted') {
    options.signal?.throwIfAborted();
    throw refuse('file.damaged', { detail: 'the reading was stopped' });
  }
  const { answer } = outcome;
  if (answer.ok) return { width: answer.width, height: answer.height, pages: answer.pages, warnings: answer.warnings };
  if (/out of memory|unable to allocate|failed to allocate|insufficient memory/i.test(answer.detail))
    throw refuse('file.decode-memory');
  throw refuse('file.damaged', { detail: plainDetail(answer.detail) });
}

/** Ends the idle decoding children at once; they end by themselves after a while and with this process. */
export function closeDecoders(): void {
  pool.close();
}

function plainDetail(detail: string): string {
  const line = detail.split('\n').find((part) => part.trim()) ?? 'unknown fault';
  return line.trim().replace(/\.$/, '').slice(0, 300);
}
