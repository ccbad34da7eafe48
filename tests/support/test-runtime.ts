import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { emptyShelf } from './empty-shelf.js';
import { refuse, type Actor, type Clock, type RestorationEngine, type Role, type SteppedQueue } from '@albumen/domain';
import { openRuntime, type Runtime, type RuntimeConfig } from '@albumen/runtime';
import { CreateCollection, RecognisePerson } from '@albumen/workflow';
import { startPostgres } from './postgres.js';

/** Albumen opened on a database and a folder of its own, with a queue that a test steps through by hand. */
export interface TestRuntime {
  readonly runtime: Runtime;
  readonly bench: Runtime['bench'];
  readonly queue: SteppedQueue;
  readonly dataDir: string;
  /** A signed-in person with those roles, by name. */
  person(name: string, ...roles: Role[]): Promise<Extract<Actor, { kind: 'person' }>>;
  /** A collection with a title, made by a curator. */
  collection(title: string): Promise<string>;
  /** A second runtime on the same database and folder, as a restarted or another program opens it. */
  reopen(): Promise<Runtime>;
  close(): Promise<void>;
}

/** Real PostgreSQL, real files, real sharp; an engine that refuses everything unless one is given. */
export async function openTestRuntime(
  options: { readonly engine?: RestorationEngine; readonly clock?: Clock } = {},
): Promise<TestRuntime> {
  const postgres = await startPostgres();
  const dataDir = await mkdtemp(join(tmpdir(), 'albumen-test-data-'));
  const config: RuntimeConfig = {
    dataDir,
    databaseUrl: await postgres.createDatabase('albumen'),
    queue: 'memory',
    modelsDir: resolve(import.meta.dirname, '../../models'),
    software: { name: 'albumen-test', version: '0.0.0' },
    publicUrl: 'http://127.0.0.1:4300',
    engine: options.engine ?? noEngine,
    ...(options.clock ? { clock: options.clock } : {}),
  };
  const runtime = await openRuntime(config);
  const recognise = new RecognisePerson(runtime.bench);
  const person: TestRuntime['person'] = async (name, ...roles) =>
    (await recognise.execute({ subject: `test:${name}`, name, email: null, roles, door: 'command-line' })).actor;
  return {
    runtime,
    bench: runtime.bench,
    queue: runtime.queue as SteppedQueue,
    dataDir,
    person,
    async collection(title) {
      const curator = await person('Test Curator', 'curator');
      const body = {
        parentId: null,
        title: { en: title },
        description: {},
        referenceCode: '',
        rights: '',
        treatmentLevel: 1 as const,
        proposals: 'automatic' as const,
        grainFloor: null,
      };
      return (await new CreateCollection(runtime.bench).execute(curator, body)).id;
    },
    reopen: () => openRuntime(config),
    async close() {
      await runtime.close();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const none = async (): Promise<never> => {
  throw refuse('restoration.engine-failed', { detail: 'this test brought no engine' });
};
const noEngine: RestorationEngine = {
  pins: async () => ({}),
  shelf: emptyShelf,
  assess: none,
  restore: none,
  compose: none,
  close: async () => {},
};
