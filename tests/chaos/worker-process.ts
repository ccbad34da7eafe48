import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../../apps/worker/dist/main.js');

/** The built worker as a process of its own, with what it said. */
export class WorkerProcess {
  #said = '';
  private constructor(private readonly process: ChildProcess) {
    process.stdout?.on('data', (chunk: Buffer) => (this.#said += chunk.toString('utf8')));
    process.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString('utf8')));
  }

  static start(environment: Readonly<Record<string, string>>): WorkerProcess {
    if (!existsSync(program)) throw new Error(`The worker is not built (${program}). Run "npm run build" first.`);
    const child = spawn(process.execPath, [program], {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new WorkerProcess(child);
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error('The worker has no process id.');
    return this.process.pid;
  }

  get said(): string {
    return this.#said;
  }

  get ended(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Ends it and answers its exit code, null after a signal. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (this.ended) return this.process.exitCode;
    return new Promise((done) => {
      this.process.once('exit', (code) => done(code));
      this.process.kill(signal);
    });
  }

  /** Ids of its child processes, by the kernel's own list. */
  children(): number[] {
    return readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  }
}

/** True while a process with that id lives (a zombie does not). */
export function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
