import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Under a test runner the thread's files are TypeScript: Node reads them as they are, but for the endings they are imported by. */
const asTypeScript = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
registerHooks({
  resolve: (name, context, next) =>
    next(name.startsWith('.') && !context.parentURL?.includes('/node_modules/') ? name.replace(/\\.js$/, '.ts') : name, context),
});`)}`;

/** Samples of a picture from which a second thread is worth its start. */
export const worthAThread = 3_000_000;

/** Starts a file of this folder as a thread. */
export function startThread(file: string): Worker {
  const built = fileURLToPath(new URL(file, import.meta.url));
  if (existsSync(built)) return new Worker(built);
  return new Worker(built.replace(/\.js$/, '.ts'), {
    execArgv: ['--experimental-transform-types', '--conditions=@albumen/source', '--import', asTypeScript],
  });
}

interface Asked<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that runs a file of this folder and answers every request once, in their order. Close it. */
export class OwnThread<Request, Answer> {
  readonly #worker: Worker;
  readonly #asked: Asked<Answer>[] = [];
  #failed: Error | null = null;

  constructor(file: string) {
    this.#worker = startThread(file);
    this.#worker.on('message', (answer: Answer) => this.#asked.shift()?.resolve(answer));
    const end = (error: Error): void => {
      this.#failed ??= error;
      for (const { reject } of this.#asked.splice(0)) reject(this.#failed);
    };
    this.#worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => end(new Error(`Expected a thread of ${file} but it ended with ${code}`)));
  }

  /** The answer; `handed` is gone from here. Rejects with what the thread threw. */
  ask(request: Request, handed: readonly ArrayBuffer[] = []): Promise<Answer> {
    if (this.#failed !== null) return Promise.reject(this.#failed);
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      this.#worker.postMessage(request, handed);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
