import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type {
  Assessment,
  Cancellation,
  CompositeResult,
  EngineRun,
  RestorationEngine,
  RestorationResult,
} from '@albumen/domain';
import { refuse } from '@albumen/domain';
import { openModelShelf } from './brought-in-models/model-shelf.js';
import { ComputeChild } from './compute-child.js';
import { onProcessor, type Execution } from './execution.js';
import type { ChildTask } from './messages.js';
import { installedModels, pinOf } from './models.js';

/** Settings of an engine. */
export interface RestorationEngineOptions {
  /** Folder with one folder per model and version. */
  readonly modelsDir: string;
  /** Folder of the models that an institution brought in; none are used without it. */
  readonly broughtInDir?: string;
  /** Threads of the nets; all cores unless told otherwise. */
  readonly threads?: number;
  /** Memory that the computing process may use for itself, in bytes; 3 GB unless told otherwise. */
  readonly childMemoryBytes?: number;
  /** Seconds without a sign of life after which the computing process is killed; 60 unless told otherwise. */
  readonly silenceSeconds?: number;
  /** Compiled entry of the computing process, where it is not beside this file. */
  readonly childEntry?: string;
  /** What the nets are run by; the processor unless told otherwise. */
  readonly execution?: Execution;
}

/** With the nets of Albumen the child uses up to 1.2 GB, whatever the picture; a model that was brought in may want more. */
const defaultMemoryBytes = 3_000_000_000;
const defaultSilenceSeconds = 60;

/**
 * The restoration engine: pixels are computed in one child process, run after run; further runs wait their turn. Nothing
 * here blocks the caller's event loop. Errors as the port declares them.
 */
export function createRestorationEngine(
  options: RestorationEngineOptions,
): RestorationEngine & { readonly childPid: number | null } {
  const modelsDir = resolve(options.modelsDir);
  const broughtInDir = options.broughtInDir === undefined ? undefined : resolve(options.broughtInDir);
  const child = new ComputeChild({
    modelsDir,
    ...(broughtInDir === undefined ? {} : { broughtInDir }),
    threads: options.threads ?? 0,
    memoryBytes: options.childMemoryBytes ?? defaultMemoryBytes,
    silenceSeconds: options.silenceSeconds ?? defaultSilenceSeconds,
    execution: options.execution ?? onProcessor,
    ...(options.childEntry === undefined ? {} : { entry: options.childEntry }),
  });
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();

  function queued(task: ChildTask, run: EngineRun): Promise<unknown> {
    const begin = (): Promise<unknown> => {
      if (closed || run.signal?.aborted) return Promise.reject(refuse('restoration.cancelled'));
      return child.run(task, run.signal, run.onProgress);
    };
    const mine = last.then(begin, begin).catch(async (error: unknown) => {
      // Nothing half-written stays behind: what the run left in its folder goes once nobody writes into it any more.
      await child.gone();
      try {
        await emptied(run.into);
      } catch (left) {
        // Why the run ended decides what happens next and goes on; that something was left behind is said beside it.
        process.emitWarning(`The folder of a failed run, ${run.into}, could not be emptied: ${String(left)}`);
      }
      throw error;
    });
    // The next run begins when this one has ended, either way; how it ended goes to the one who asked for it, by `mine`.
    last = Promise.allSettled([mine]);
    return run.signal === undefined ? mine : Promise.race([mine, aborted(run.signal, mine)]);
  }

  return {
    get childPid() {
      return child.pid;
    },
    async pins() {
      const models = await installedModels(modelsDir, broughtInDir);
      return Object.fromEntries([...models].map(([key, model]) => [key, pinOf(model)]));
    },
    shelf: openModelShelf(modelsDir, broughtInDir),
    assess: async (run) => (await queued({ kind: 'assess', input: run.input, into: run.into }, run)) as Assessment,
    restore: async (run) => (await queued({ kind: 'restore', ...asked(run) }, run)) as RestorationResult,
    compose: async (run) =>
      (await queued(
        {
          kind: 'compose',
          ...asked(run),
          accepted: run.accepted,
        },
        run,
      )) as CompositeResult,
    async close() {
      closed = true;
      await child.close();
      await last;
    },
  };
}

/** Removes everything inside a folder, and not the folder. */
async function emptied(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** What goes to the child of a run that has a recipe. */
function asked(
  run: Parameters<RestorationEngine['restore']>[0],
): Omit<Extract<ChildTask, { kind: 'restore' }>, 'kind'> {
  const { input, into, recipe, maskPath, report } = run;
  return { input, into, recipe, maskPath, ...(report === undefined ? {} : { report }) };
}

/** Rejects as cancelled once the signal fires, so that a run that still waits its turn need not wait to be told. */
function aborted(signal: Cancellation, settled: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(refuse('restoration.cancelled'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const forget = (): void => signal.removeEventListener('abort', stop);
    settled.then(forget, forget);
  });
}
