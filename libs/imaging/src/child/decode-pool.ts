import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DecodeAnswer, DecodeRequest } from './decode.js';

/** How one child ended its work on a file. */
export type DecodeOutcome =
  | { readonly kind: 'answer'; readonly answer: DecodeAnswer }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'memory' }
  /** The decoder crashed on the file. */
  | { readonly kind: 'crashed'; readonly signal: string }
  /** The child could not work at all, whatever the file: our own fault, never the file's. */
  | { readonly kind: 'unusable'; readonly detail: string };

/** One reading: limits are per child, so children with other limits are not reused for it. */
export interface DecodeWork {
  readonly path: string;
  readonly pages: number;
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const filesPerChild = 500;
const idleMilliseconds = 20_000;
const memoryCheckMilliseconds = 250;
/** What V8 reserves for compiled code, with what Node's threads and the stripping of types take. */
const reservedForCode = 600_000_000;
const prlimit = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path));

interface Child {
  readonly process: ChildProcess;
  readonly memoryBytes: number;
  served: number;
  stderr: string;
  idleTimer: NodeJS.Timeout | undefined;
}

/** Children that decode, kept for reuse; at most `size` work at the same time, others wait in order. */
export class DecodePool {
  private readonly idle: Child[] = [];
  private readonly waiting: (() => void)[] = [];
  private working = 0;
  private nextId = 1;

  constructor(private readonly size: number) {}

  async run(work: DecodeWork): Promise<DecodeOutcome> {
    if (this.working >= this.size) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.working++;
    try {
      if (work.signal?.aborted) return { kind: 'aborted' };
      return await this.decodeIn(this.take(work.memoryBytes), work);
    } finally {
      this.working--;
      this.waiting.shift()?.();
    }
  }

  /** Ends all idle children. */
  close(): void {
    for (const child of this.idle.splice(0)) {
      clearTimeout(child.idleTimer);
      child.process.kill('SIGKILL');
    }
  }

  private take(memoryBytes: number): Child {
    const index = this.idle.findIndex((child) => child.memoryBytes === memoryBytes);
    const child = index < 0 ? start(memoryBytes) : (this.idle.splice(index, 1)[0] as Child);
    clearTimeout(child.idleTimer);
    hold(child, true);
    return child;
  }

  private giveBack(child: Child): void {
    child.served++;
    if (child.served >= filesPerChild) {
      child.process.kill('SIGKILL');
      return;
    }
    hold(child, false);
    child.idleTimer = setTimeout(() => {
      const index = this.idle.indexOf(child);
      if (index >= 0) this.idle.splice(index, 1);
      child.process.kill('SIGKILL');
    }, idleMilliseconds).unref();
    this.idle.push(child);
  }

  private decodeIn(child: Child, work: DecodeWork): Promise<DecodeOutcome> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      const settle = (outcome: DecodeOutcome): void => {
        clearTimeout(clock);
        clearInterval(memoryWatch);
        work.signal?.removeEventListener('abort', onAbort);
        child.process.off('message', onMessage).off('exit', onExit).off('error', onError);
        if (outcome.kind === 'answer') this.giveBack(child);
        else child.process.kill('SIGKILL');
        resolve(outcome);
      };
      const onMessage = (answer: DecodeAnswer): void => {
        if (answer.id === id) settle({ kind: 'answer', answer });
      };
      const onExit = (code: number | null, signal: NodeJS.Signals | null): void => settle(deathOf(child, code, signal));
      const onError = (error: Error): void => settle({ kind: 'unusable', detail: error.message });
      const onAbort = (): void => settle({ kind: 'aborted' });
      const clock = setTimeout(() => settle({ kind: 'timeout' }), work.seconds * 1000);
      const memoryWatch = prlimit
        ? undefined
        : setInterval(() => {
            if (anonymousBytes(child.process.pid) > work.memoryBytes) settle({ kind: 'memory' });
          }, memoryCheckMilliseconds);
      work.signal?.addEventListener('abort', onAbort, { once: true });
      child.process.on('message', onMessage).on('exit', onExit).on('error', onError);
      const request: DecodeRequest = { id, path: work.path, pages: work.pages };
      child.process.send(request, (error) => {
        if (error) settle({ kind: 'unusable', detail: error.message });
      });
    });
  }
}

/**
 * RLIMIT_DATA counts private writable memory; a limit on address space would kill Node at its start. `--jitless` leaves
 * out the 512 MB that V8 reserves for compiled code, so that nearly all of the limit is the picture's. Without prlimit
 * (not Linux) the parent watches the child's anonymous memory instead, as far as the system tells.
 */
function start(memoryBytes: number): Child {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = fileURLToPath(new URL(fromSource ? './decode.ts' : './decode.js', import.meta.url));
  // Node strips types with WebAssembly, which needs the compiler: from source the reserved memory is added instead.
  const limit = fromSource ? memoryBytes + reservedForCode : memoryBytes;
  const command = [process.execPath, ...(fromSource ? [] : ['--jitless']), entry];
  const limited = prlimit ? [prlimit, `--data=${limit}`, ...command] : command;
  const child = spawn(limited[0] as string, limited.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH: '/usr/bin:/bin', UV_THREADPOOL_SIZE: '1', MALLOC_ARENA_MAX: '2', VIPS_WARNING: '0' },
  });
  const made: Child = { process: child, memoryBytes, served: 0, stderr: '', idleTimer: undefined };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    made.stderr = (made.stderr + text).slice(-2000);
  });
  return made;
}

/** A working child keeps this process alive; an idle one must not. */
function hold(child: Child, working: boolean): void {
  const act = working ? 'ref' : 'unref';
  child.process[act]();
  child.process.channel?.[act]();
  const stderr = child.process.stderr as unknown as { ref?: () => void; unref?: () => void } | null;
  stderr?.[act]?.();
}

function deathOf(child: Child, code: number | null, signal: NodeJS.Signals | null): DecodeOutcome {
  const outOfMemory = /out of memory|failed to allocate|bad_alloc|allocation failed/i.test(child.stderr);
  if (outOfMemory || signal === 'SIGKILL' || signal === 'SIGABRT' || signal === 'SIGTRAP') return { kind: 'memory' };
  if (signal) return { kind: 'crashed', signal };
  return { kind: 'unusable', detail: `it ended with code ${code}: ${child.stderr.trim().slice(-500)}` };
}

function anonymousBytes(pid: number | undefined): number {
  const path = `/proc/${pid}/status`;
  if (pid === undefined || !existsSync(path)) return 0;
  const found = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(path, 'utf8'));
  return found ? Number(found[1]) * 1024 : 0;
}
