import { createPostgresBackend, withBackend, type ConnectionOptions, type WorkerOptions } from 'bullmq';
import { Queue as RedisQueue, Worker as RedisWorker } from 'bullmq';
import { Redis } from 'ioredis';
import type { QueueName } from '@albumen/domain';

/** Which server holds the jobs: the PostgreSQL of the catalogue, or a Redis or Valkey of its own. */
export interface QueueConnection {
  readonly kind: 'postgres' | 'redis';
  readonly url: string;
}

const onPostgres = withBackend(createPostgresBackend);

/** Name of a queue as the server knows it; BullMQ allows no ':' in it. */
export function serverName(queue: QueueName): string {
  return `albumen-${queue}`;
}

/** The connection of a worker as BullMQ takes it: it waits for a server that is away. */
export function bullConnection(connection: QueueConnection): ConnectionOptions {
  if (connection.kind === 'redis') return { url: connection.url, maxRetriesPerRequest: null };
  return postgresConnection(connection.url, 3);
}

/**
 * A connection for handing jobs over, where a call to a server that is away fails at once. `drop` ends it without a
 * word to the server, `close` after the last answer.
 */
export function producerConnection(connection: QueueConnection): {
  readonly options: ConnectionOptions;
  drop(): void;
  close(): Promise<void>;
} {
  if (connection.kind === 'postgres') {
    return { options: postgresConnection(connection.url, 2), drop: () => {}, close: async () => {} };
  }
  const client = new Redis(connection.url, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  return {
    options: client as unknown as ConnectionOptions,
    drop: () => client.disconnect(),
    close: async () => {
      await client.quit();
    },
  };
}

// The driver of the PostgreSQL backend takes its own options; BullMQ types a queue's connection as Redis by default.
function postgresConnection(url: string, max: number): ConnectionOptions {
  return { connectionString: url, migrate: true, max } as unknown as ConnectionOptions;
}

/** The worker class for this kind of server, for `BullModule.workerClass`. */
export function workerClass(connection: QueueConnection): typeof RedisWorker {
  return connection.kind === 'redis' ? RedisWorker : (onPostgres.Worker as unknown as typeof RedisWorker);
}

/** The queue class for this kind of server. */
export function queueClass(connection: QueueConnection): typeof RedisQueue {
  return connection.kind === 'redis' ? RedisQueue : (onPostgres.Queue as unknown as typeof RedisQueue);
}

/**
 * How workers hold their jobs. Work runs in child processes, so a lock that is not renewed means a dead worker: its job
 * is waiting again at most `lockDuration` + 2 × `stalledInterval` (milliseconds) later. A job that takes its worker down
 * with it three times fails instead of going round for ever.
 */
export const jobLocks = {
  lockDuration: 20_000,
  stalledInterval: 5_000,
  maxStalledCount: 3,
  drainDelay: 5,
} as const satisfies Partial<WorkerOptions>;
