import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const logLimit = 20_000_000;
const restartsPerMinute = 4;

/** What a child is started with. */
export interface ChildPlan {
  readonly name: string;
  /** Absolute path of its program. */
  readonly program: string;
  readonly cwd: string;
  readonly logPath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onStart: (pid: number) => void;
  readonly say: (line: string) => void;
  /** Called once where the child cannot be kept running. */
  readonly onGivenUp: () => void;
}

/**
 * A program of Albumen as a child: its own process group (so that Ctrl-C reaches only us and we drain in order), its
 * own log, started again when it dies, given up after four deaths within a minute.
 */
export class SupervisedChild {
  #child: ChildProcess | undefined;
  #stopping = false;
  #deaths: number[] = [];

  constructor(private readonly plan: ChildPlan) {}

  start(): void {
    const { plan } = this;
    if (existsSync(plan.logPath) && statSync(plan.logPath).size > logLimit) {
      renameSync(plan.logPath, `${plan.logPath}.old`);
    }
    const log = openSync(plan.logPath, 'a', 0o640);
    const watch = fileURLToPath(import.meta.resolve('../server/end-with-parent.js'));
    const child = spawn(process.execPath, ['--enable-source-maps', '--import', watch, plan.program], {
      cwd: plan.cwd,
      env: { ...plan.environment },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.once('spawn', () => plan.onStart(child.pid ?? 0));
    child.once('exit', (code, signal) => this.#died(child, signal ?? `exit ${code}`));
    child.once('error', (error) => this.#died(child, error.message));
  }

  /** True while it runs. */
  isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Asks it to drain and waits; after `graceMs` it is killed, which is said. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === undefined || !this.isRunning()) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    // Nothing waits for this clock once the child has ended: the program may end at once.
    const ended = await Promise.race([gone.then(() => true), pause(graceMs, false, { ref: false })]);
    if (ended) return;
    this.plan.say(
      `The ${this.plan.name} did not finish within ${graceMs / 1000} s and was ended; its work is done again at the next start.`,
    );
    child.kill('SIGKILL');
    await gone;
  }

  /** The last lines of its log that tell something. */
  lastWords(): string {
    return tail(this.plan.logPath, 4000).trim().split('\n').slice(-12).join('\n');
  }

  #died(child: ChildProcess, how: string): void {
    if (this.#child !== child || this.#stopping) return;
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < 60_000), now];
    if (this.#deaths.length > restartsPerMinute) {
      this.plan.say(`The ${this.plan.name} keeps ending (${how}). See ${this.plan.logPath}.`);
      this.#stopping = true;
      this.plan.onGivenUp();
      return;
    }
    this.plan.say(`The ${this.plan.name} ended (${how}) and is started again.`);
    setTimeout(() => {
      if (!this.#stopping) this.start();
    }, 500 * this.#deaths.length);
  }
}

function tail(path: string, bytes: number): string {
  if (!existsSync(path)) return '';
  const size = statSync(path).size;
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(bytes, size));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } finally {
    closeSync(file);
  }
}
