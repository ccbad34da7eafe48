import 'reflect-metadata';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DataSource, type DataSourceOptions, type EntityManager, type MigrationInterface } from 'typeorm';
import type { Actor, Clock, LogFiles, NextSteps, Software } from '@albumen/domain';
import { AuditLog } from './audit/audit-log.js';
import { Signer } from './audit/signed-note.js';
import { appendEntries, NothingToChange, type Change, type ChangeEntry } from './change.js';
import { records } from './records/index.js';

/** What a database is opened with. `keysDir` holds the signing key and the salt; both are made once. */
export interface DatabaseOptions {
  readonly url: string;
  readonly migrations: readonly (new () => MigrationInterface)[];
  readonly clock: Clock;
  readonly software: Software;
  readonly nextSteps: NextSteps;
  readonly log: LogFiles;
  readonly keysDir: string;
  /** Name of this installation's audit log, as in its checkpoints; a schema-less URL by convention. */
  readonly origin: string;
  readonly maxConnections?: number;
}

/** The catalogue's database: reading anywhere, writing only inside `change`. */
export class Database {
  private constructor(
    /** For reading. Its connections are read-only, so a write outside `change` fails in PostgreSQL itself. */
    readonly read: DataSource,
    private readonly write: DataSource,
    private readonly options: DatabaseOptions,
    /** Signs receipts and checkpoints with the installation's key. */
    readonly signer: Signer,
    private readonly salt: Uint8Array,
    readonly audit: AuditLog,
  ) {}

  /** Connects; throws the driver's error where PostgreSQL does not answer. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const common = {
      type: 'postgres' as const,
      url: options.url,
      entities: records,
      migrations: [...options.migrations],
      migrationsTableName: 'schema_migration',
      synchronize: false,
      logging: false,
    } satisfies DataSourceOptions;
    const write = new DataSource({
      ...common,
      extra: { max: Math.max(2, Math.floor((options.maxConnections ?? 8) / 2)) },
    });
    const read = new DataSource({
      ...common,
      extra: {
        max: Math.max(2, Math.ceil((options.maxConnections ?? 8) / 2)),
        options: '-c default_transaction_read_only=on',
      },
    });
    await write.initialize();
    await read.initialize();
    const signer = await Signer.open(join(options.keysDir, 'audit.key'), options.origin);
    const audit = new AuditLog({ read, write, files: options.log, signer, clock: options.clock });
    return new Database(read, write, options, signer, await readSalt(join(options.keysDir, 'audit.salt')), audit);
  }

  /** Runs the migrations that are missing, one process at a time; answers their names. */
  async migrate(): Promise<string[]> {
    const runner = this.write.createQueryRunner();
    await runner.query('select pg_advisory_lock(4711003)');
    try {
      return (await this.write.runMigrations({ transaction: 'each' })).map((migration) => migration.name);
    } finally {
      await runner.query('select pg_advisory_unlock(4711003)');
      await runner.release();
    }
  }

  /**
   * One transaction that writes rows, appends the audit entries and writes the jobs that follow to the outbox. Fails if
   * nothing was recorded. A deadlock is tried again, so `work` must only write through its transaction.
   */
  async change<T>(actor: Actor, work: (change: Change) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.write.transaction(async (manager) => {
          const entries: ChangeEntry[] = [];
          const now = this.options.clock.now();
          const result = await work({ manager, now, record: (entry) => entries.push(entry) });
          if (entries.length === 0)
            throw new Error('Expected a change to record at least one audit entry but received none');
          await appendEntries(manager, entries, {
            actor,
            software: this.options.software,
            now,
            nextSteps: this.options.nextSteps,
          });
          return result;
        });
      } catch (error) {
        if (error instanceof NothingToChange) return error.value as T;
        const code = (error as { driverError?: { code?: string } }).driverError?.code;
        if ((code === '40P01' || code === '40001') && attempt < 4) continue;
        throw error;
      }
    }
  }

  /**
   * Writes operational rows that are no statement about the catalogue: processing states, progress, claims of the
   * outbox. Never catalogue rows.
   */
  async keepBooks<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.write.transaction(work);
  }

  /** A salted digest of a personal value, to stand in an audit leaf in its place: `salted:<sha256>`; '' stays ''. */
  veil(value: string): string {
    return value === '' ? '' : `salted:${createHash('sha256').update(this.salt).update(value).digest('hex')}`;
  }

  async close(): Promise<void> {
    await Promise.all([this.read.destroy(), this.write.destroy()]);
  }
}

/** Reads the installation's salt, made once with mode 0600. */
async function readSalt(path: string): Promise<Uint8Array> {
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(32));
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return new Uint8Array(await readFile(path));
}
