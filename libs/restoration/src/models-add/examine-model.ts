import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { refuse } from '@albumen/domain';
import { hasMemoryLimiter } from '../compute-child.js';
import type { AdapterName } from './adapters.js';
import type { Examination, ExaminerMessage } from './examination.js';

/** Limits of an examination. */
export interface ExaminationLimits {
  readonly seconds: number;
  /** Data memory the examining process may have, bytes. */
  readonly memoryBytes: number;
}

export const usualLimits: ExaminationLimits = { seconds: 600, memoryBytes: 6_000_000_000 };

/**
 * Examines a model file in a process of its own with limits on time and memory: header, signature, probes. Refuses
 * `model.file-refused` where the bytes are no ONNX model, or where it crashed, ran out of time or out of memory; faults
 * that were found stand in the answer.
 */
export async function examineModel(
  path: string,
  adapter: AdapterName,
  options: Partial<ExaminationLimits> & {
    readonly onStage?: (words: string) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Examination> {
  const seconds = options.seconds ?? usualLimits.seconds;
  const memoryBytes = options.memoryBytes ?? usualLimits.memoryBytes;
  const node = [process.execPath, examinerEntry()];
  const command = hasMemoryLimiter() ? ['prlimit', `--data=${memoryBytes}`, '--core=0', ...node] : node;
  const child = spawn(command[0] as string, command.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // Nothing of the surroundings is needed, so a model's process is told nothing of them.
    env: {},
  });
  let errors = '';
  let stage = 'start';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2000)));
  return new Promise((resolve, reject) => {
    const stop = (why: string): void => {
      child.kill('SIGKILL');
      finish(() => reject(refuse('model.file-refused', { detail: why })));
    };
    const timer = setTimeout(
      () => stop(`examining it took longer than ${seconds} seconds (at: ${stage})`),
      seconds * 1000,
    );
    const aborted = (): void => {
      child.kill('SIGKILL');
      finish(() => reject(refuse('restoration.cancelled')));
    };
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', aborted);
      end();
    };
    options.signal?.addEventListener('abort', aborted, { once: true });
    child.on('message', (message: ExaminerMessage) => {
      if (message.type === 'done') finish(() => resolve(message.examination));
      else if (message.type === 'no-model')
        finish(() => reject(refuse('model.file-refused', { detail: `it is no ONNX model: ${message.detail}` })));
      else {
        stage = message.words;
        options.onStage?.(stage);
      }
    });
    child.on('error', (error) => stop(`it could not be examined (${error.message})`));
    child.on('exit', (code, signal) => {
      const memory = /bad_alloc|out of memory|heap limit|allocat/i.test(errors);
      stop(
        memory
          ? `examining it needed more than ${Math.round(memoryBytes / 1e6)} MB (at: ${stage})`
          : `the process that examined it ended (${signal ?? `code ${code}`}, at: ${stage})`,
      );
    });
    child.send({ path, adapter, threads: Math.min(2, availableParallelism()) }, (error) => {
      if (error) stop(`it could not be examined (${error.message})`);
    });
  });
}

/** The compiled process; under a test runner the one in `dist`, which must have been built. */
function examinerEntry(): string {
  for (const candidate of ['./examiner.js', '../../dist/models-add/examiner.js']) {
    const path = fileURLToPath(new URL(candidate, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw refuse('restoration.engine-failed', { detail: 'the engine is not built; run `tsc -b libs/restoration` once' });
}
