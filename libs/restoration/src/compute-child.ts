import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { refuse, Refusal, type Cancellation, type EngineProgress } from '@albumen/domain';
import type { Execution } from './execution.js';
import type { ChildMessage, ChildTask } from './messages.js';

/**
 * What a child may reserve beyond what it may use (RLIMIT_DATA counts both): heaps and arenas kept, stacks of threads. The
 * outer wall, for a child that takes faster than it is looked at.
 */
const reservedBeyond = 1_500_000_000;

/** How a child is started and when it is given up. */
export interface ChildSettings {
  readonly modelsDir: string;
  /** Folder of the models that were brought in. */
  readonly broughtInDir?: string;
  /** Threads of the nets; 0 means all cores. */
  readonly threads: number;
  /** Memory the child may use for itself (RssAnon), bytes; it is looked at twice a second. */
  readonly memoryBytes: number;
  readonly silenceSeconds: number;
  readonly execution: Execution;
  /** Compiled entry of the child; found beside this file unless given. */
  readonly entry?: string;
}

interface Pending {
  readonly id: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Refusal) => void;
  readonly onProgress: ((progress: EngineProgress) => void) | undefined;
}

/**
 * Settings of glibc's allocator for the child: large blocks (strips, tiles) go back to the system when they are freed
 * instead of staying in heaps of their own for every thread.
 */
const allocator = ['MALLOC_ARENA_MAX=2', 'MALLOC_MMAP_THRESHOLD_=1000000', 'MALLOC_TRIM_THRESHOLD_=4000000'];

/**
 * Objects live briefly here and are few: with V8's own young generation (up to 32 MB three times over, in each of two
 * threads) 0.2 GB of what nobody needs any more lay beside the pictures; what it saved in collections was not measurable.
 */
const heap = ['--max-semi-space-size=4'];

/** Time a child has to end after being told to, before it is killed. */
const graceMilliseconds = 1000;

/**
 * The compiled child. Under a test runner this file is TypeScript and the child is the one in `dist`, which must have
 * been built (`tsc -b libs/restoration`): a process cannot be forked from source.
 */
export function childEntry(here: string = import.meta.url): string {
  for (const candidate of ['./child/main.js', '../dist/child/main.js']) {
    const path = fileURLToPath(new URL(candidate, here));
    if (existsSync(path)) return path;
  }
  throw refuse('restoration.engine-failed', { detail: 'the engine is not built; run `tsc -b libs/restoration` once' });
}

let limiter: boolean | undefined;

/** True where `prlimit` can be run; without it the child is only looked at, and Linux alone tells what it uses. */
export function hasMemoryLimiter(): boolean {
  limiter ??= process.platform === 'linux' && spawnSync('prlimit', ['--version'], { stdio: 'ignore' }).status === 0;
  return limiter;
}

/**
 * One computing process, kept for several runs (it holds loaded models) and replaced after any failure of its own. It
 * takes one run at a time. Errors are refusals: those of the child, `restoration.engine-killed` for silence, signals and
 * exhausted memory, `restoration.cancelled` for an abort.
 */
export class ComputeChild {
  #process: ChildProcess | null = null;
  #pending: Pending | null = null;
  #heard = 0;
  #errors = '';
  #number = 0;
  #silence: NodeJS.Timeout | null = null;
  #leaving: Promise<void> = Promise.resolve();

  constructor(private readonly settings: ChildSettings) {}

  /** Process id while a child lives, else null. */
  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** Runs one task. Must not be called while another runs. */
  run(
    task: ChildTask,
    signal: Cancellation | undefined,
    onProgress: ((progress: EngineProgress) => void) | undefined,
  ): Promise<unknown> {
    if (this.#pending !== null) throw new TypeError('Expected an idle child but received a task while another runs');
    if (signal?.aborted) return Promise.reject(refuse('restoration.cancelled'));
    const id = ++this.#number;
    return new Promise((resolve, reject) => {
      const abort = (): void => this.#giveUp(refuse('restoration.cancelled'));
      const settle =
        <T>(end: (value: T) => void) =>
        (value: T): void => {
          signal?.removeEventListener('abort', abort);
          if (this.#silence !== null) clearInterval(this.#silence);
          this.#silence = null;
          this.#pending = null;
          end(value);
        };
      this.#pending = { id, resolve: settle(resolve), reject: settle<Refusal>(reject), onProgress };
      signal?.addEventListener('abort', abort, { once: true });
      this.#heard = performance.now();
      this.#silence = setInterval(() => {
        this.#checkSilence();
        void this.#checkMemory();
      }, 500);
      this.#silence.unref();
      try {
        (this.#process ??= this.#start()).send({ id, task, execution: this.settings.execution }, (error) => {
          if (error)
            this.#giveUp(
              refuse('restoration.engine-killed', { detail: `the child cannot be reached (${error.message})` }),
            );
        });
      } catch (error) {
        this.#pending?.reject(
          error instanceof Refusal
            ? error
            : refuse('restoration.engine-failed', { detail: String(error) }, { cause: error }),
        );
      }
    });
  }

  /** Resolves once no process that was given up lives any more. */
  gone(): Promise<void> {
    return this.#leaving;
  }

  /** Ends the child; a run in progress is cancelled. */
  async close(): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#giveUp(refuse('restoration.cancelled'));
    if (child.exitCode === null && child.signalCode === null) await ended;
  }

  #start(): ChildProcess {
    const entry = this.settings.entry ?? childEntry();
    const { modelsDir, broughtInDir, threads } = this.settings;
    const brought = broughtInDir === undefined ? [] : [broughtInDir];
    const nodeCommand = [process.execPath, ...heap, entry, modelsDir, String(threads), ...brought];
    // RLIMIT_DATA and not RLIMIT_AS: V8 and WebAssembly reserve far more address space than they use.
    const command = hasMemoryLimiter()
      ? ['env', ...allocator, 'prlimit', `--data=${this.settings.memoryBytes + reservedBeyond}`, ...nodeCommand]
      : nodeCommand;
    const child = spawn(command[0] as string, command.slice(1), {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.#errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    child.on('message', (message: ChildMessage) => this.#hear(child, message));
    child.on('error', (error) => this.#ended(child, error.message));
    child.on('exit', (code, how) => this.#ended(child, how === null ? `it ended with ${code}` : `it ended by ${how}`));
    return child;
  }

  #hear(child: ChildProcess, message: ChildMessage): void {
    if (child !== this.#process) return;
    this.#heard = performance.now();
    const pending = this.#pending;
    if (pending === null || !('id' in message) || message.id !== pending.id) return;
    if (message.type === 'progress') pending.onProgress?.(message.progress);
    else if (message.type === 'done') pending.resolve(message.result);
    else if (message.type === 'refused') pending.reject(refuse(message.code, message.details));
    else
      this.#giveUp(
        memoryRanOut(message.detail)
          ? killed('out of memory')
          : refuse('restoration.engine-failed', { detail: firstLine(message.detail) }, { cause: message.detail }),
      );
  }

  #ended(child: ChildProcess, how: string): void {
    if (child !== this.#process) return;
    this.#process = null;
    this.#pending?.reject(
      killed(
        memoryRanOut(this.#errors)
          ? `out of memory (${how})`
          : `${how}${this.#errors === '' ? '' : `: ${firstLine(this.#errors)}`}`,
      ),
    );
  }

  #checkSilence(): void {
    const silent = (performance.now() - this.#heard) / 1000;
    if (silent > this.settings.silenceSeconds) this.#giveUp(killed(`no sign of life for ${Math.round(silent)} s`));
  }

  async #checkMemory(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined) return;
    const used = await ownMemory(child.pid);
    if (used === null || used <= this.settings.memoryBytes || child !== this.#process) return;
    const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
    this.#giveUp(killed(`it used ${gigabytes(used)} of memory; ${gigabytes(this.settings.memoryBytes)} are allowed`));
  }

  /** Kills the child and answers the run in progress with that refusal; the next run starts a new child. */
  #giveUp(reason: Refusal): void {
    const child = this.#process;
    this.#process = null;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds);
      this.#leaving = new Promise((left) =>
        child.once('exit', () => {
          clearTimeout(timer);
          left();
        }),
      );
    }
    this.#pending?.reject(reason);
  }
}

/**
 * Memory that a process has for itself (RssAnon) in bytes: a mapped file does not count, the system can drop it. Null where
 * the process is gone or the system does not tell.
 */
async function ownMemory(pid: number): Promise<number | null> {
  let status: string;
  try {
    status = await readFile(`/proc/${pid}/status`, 'latin1');
  } catch {
    return null;
  }
  const found = /^RssAnon:\s+(\d+) kB$/m.exec(status);
  return found === null ? null : Number(found[1]) * 1024;
}

function killed(detail: string): Refusal {
  return refuse('restoration.engine-killed', { detail });
}

function memoryRanOut(text: string): boolean {
  return /bad_alloc|out of memory|Array buffer allocation failed|heap limit|Cannot enlarge memory|Failed to allocate|unable to allocate|could not allocate/i.test(
    text,
  );
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
