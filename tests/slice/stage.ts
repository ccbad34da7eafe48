import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Door, Job, JobOutcome, PersonActor, Role, SteppedQueue } from '@albumen/domain';
import { openRuntime, type Runtime } from '@albumen/runtime';
import { RecognisePerson, type Workbench } from '@albumen/workflow';
import { handlersFor, type Handler } from '../../apps/worker/src/handlers.js';
import { startPostgres } from '../support/postgres.js';

export const root = join(import.meta.dirname, '..', '..');

/** One job that was done, with what its handler answered. */
export interface DoneJob {
  readonly id: string;
  readonly job: Job;
  readonly outcome: JobOutcome;
}

/** Albumen with real PostgreSQL, real files, real sharp and real nets; only the queue is stepped and the clock held. */
export class Stage {
  private constructor(
    readonly runtime: Runtime,
    readonly databaseUrl: string,
    private readonly folder: string,
    private readonly stopPostgres: () => Promise<void>,
    private readonly time: { now: Date },
  ) {}

  static async open(): Promise<Stage> {
    const postgres = await startPostgres();
    const databaseUrl = await postgres.createDatabase('slice');
    const folder = await mkdtemp(join(tmpdir(), 'albumen-slice-'));
    const time = { now: new Date('2026-11-21T08:00:00.000Z') };
    const runtime = await openRuntime({
      dataDir: join(folder, 'data'),
      databaseUrl,
      queue: 'memory',
      modelsDir: join(root, 'models'),
      software: { name: 'albumen-slice', version: '0.1.0' },
      publicUrl: 'https://photographs.example',
      threads: 2,
      clock: { now: () => new Date(time.now) },
    });
    return new Stage(runtime, databaseUrl, folder, () => postgres.stop(), time);
  }

  get bench(): Workbench {
    return this.runtime.bench;
  }

  get queue(): SteppedQueue {
    return this.runtime.queue as SteppedQueue;
  }

  /** Lets time pass; it does not move by itself. */
  wait(minutes: number): void {
    this.time.now = new Date(this.time.now.getTime() + minutes * 60_000);
  }

  async person(name: string, role: Role, door: Door = 'web'): Promise<PersonActor> {
    const by = { subject: `slice-${name}`, name, email: null, roles: [role], door };
    return (await new RecognisePerson(this.bench).execute(by)).actor;
  }

  /** Hands the outbox over and does every job in order, until nothing waits; answers what was done. */
  async drain(): Promise<DoneJob[]> {
    const done: DoneJob[] = [];
    for (;;) {
      await this.runtime.relay();
      const next = this.queue.take();
      if (next === undefined) return done;
      done.push({ ...next, outcome: await this.#run(next) });
    }
  }

  /** Does every job that ever was once more. */
  async replay(): Promise<DoneJob[]> {
    const again: DoneJob[] = [];
    for (const entry of [...this.queue.history]) again.push({ ...entry, outcome: await this.#run(entry) });
    return again;
  }

  async rows<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return (await this.bench.database.read.query(sql, parameters)) as T[];
  }

  /** How many rows every table holds, to see that nothing was added. */
  async census(): Promise<Record<string, number>> {
    const tables = await this.rows<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1",
    );
    const counts: Record<string, number> = {};
    for (const { name } of tables) {
      counts[name] = (await this.rows<{ n: number }>(`select count(*)::int as n from "${name}"`))[0]?.n ?? -1;
    }
    return counts;
  }

  async close(): Promise<void> {
    await this.runtime.close();
    await this.stopPostgres();
    await rm(this.folder, { recursive: true, force: true });
  }

  #run({ id, job }: { readonly id: string; readonly job: Job }): Promise<JobOutcome> {
    const handler = handlersFor(this.bench)[job.name] as Handler;
    return handler({ kind: 'job', name: job.name, id }, job.payload, new AbortController().signal);
  }
}
