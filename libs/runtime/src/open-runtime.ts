import { join } from 'node:path';
import { Database } from '@albumen/database';
import { systemClock, type JobQueue, type ObjectStore, type RestorationEngine } from '@albumen/domain';
import { createRestorationEngine } from '@albumen/restoration';
import { closeDecoders } from '@albumen/imaging';
import { migrations } from '@albumen/migrations';
import { memoryQueue, openBullQueue } from '@albumen/queue';
import { openFileStore } from '@albumen/storage';
import { nextSteps, type Workbench } from '@albumen/workflow';
import { logOrigin } from './log-origin.js';
import { keepRelaying, relayAll, type Relay } from './outbox-relay.js';
import { checkConfig, databaseFault, type RuntimeConfig } from './runtime-config.js';

/** Albumen opened: everything behind its ports. */
export interface Runtime {
  readonly bench: Workbench;
  readonly queue: JobQueue;
  readonly config: RuntimeConfig;
  /** Hands the jobs that wait in the outbox to the queue, once; answers how many went. */
  relay(): Promise<number>;
  /** The same for as long as the program runs. `close` stops it too. */
  keepRelaying(): Relay;
  /** Closes everything in the order that loses nothing; what is under way is ended first. */
  close(): Promise<void>;
}

/**
 * Opens folder, database, queue and engine, and brings the database up to date. Throws `configuration.invalid` with one
 * plain sentence, `storage.full`, `queue.unavailable`, `model.missing`; nothing stays open then.
 */
export async function openRuntime(given: RuntimeConfig): Promise<Runtime> {
  const config = await checkConfig(given);
  const report = config.report ?? ((error: Error) => process.emitWarning(error));
  const opened = new Opened();
  try {
    const store = await openFileStore(config.dataDir);
    const database = opened.add(await openDatabase(config, store), (it) => it.close());
    const queue = opened.add(await openQueue(config, report), (it) => it.close());
    const engine = opened.add(config.engine ?? startEngine(config), (it) => it.close());
    const bench: Workbench = {
      database,
      store,
      engine,
      clock: config.clock ?? systemClock,
      software: config.software,
      publicUrl: config.publicUrl,
    };
    return {
      bench,
      queue,
      config,
      relay: () => relayAll(database, queue),
      keepRelaying: () => opened.add(keepRelaying(database, queue, report), (it) => it.stop()),
      close: () => opened.close(),
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function openDatabase(config: RuntimeConfig, store: ObjectStore): Promise<Database> {
  const keysDir = join(config.dataDir, 'keys');
  const origin = await logOrigin(keysDir, config.publicUrl);
  let database: Database;
  try {
    database = await Database.open({
      url: config.databaseUrl,
      migrations,
      clock: config.clock ?? systemClock,
      software: config.software,
      nextSteps,
      log: store.log,
      keysDir,
      origin,
      ...(config.maxConnections === undefined ? {} : { maxConnections: config.maxConnections }),
    });
  } catch (error) {
    throw databaseFault(config.databaseUrl, error);
  }
  try {
    await database.migrate();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function openQueue(config: RuntimeConfig, report: (error: Error) => void): Promise<JobQueue> {
  return config.queue === 'memory' ? Promise.resolve(memoryQueue()) : openBullQueue(config.queue, { report });
}

/** The engine; nets are loaded in its child, and only once a picture is treated. */
function startEngine(config: RuntimeConfig): RestorationEngine {
  return createRestorationEngine({
    modelsDir: config.modelsDir,
    ...(config.broughtInDir === undefined ? {} : { broughtInDir: config.broughtInDir }),
    ...(config.threads === undefined ? {} : { threads: config.threads }),
    ...(config.execution === undefined ? {} : { execution: config.execution }),
  });
}

/** What was opened, to be closed in the opposite order, once. */
class Opened {
  #closers: (() => Promise<void>)[] = [];

  add<T>(thing: T, close: (thing: T) => Promise<void>): T {
    this.#closers.push(() => close(thing));
    return thing;
  }

  /** Goes on after a closer that failed, then throws what failed first. */
  async close(): Promise<void> {
    const closers = this.#closers.reverse();
    this.#closers = [];
    const faults: unknown[] = [];
    for (const close of closers) await close().catch((error: unknown) => faults.push(error));
    closeDecoders();
    if (faults.length > 0) throw faults[0];
  }
}
