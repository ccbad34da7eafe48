import { createPostgresBackend, withBackend, type ConnectionOptions, type WorkerOptions } from 'bullmq';
import { Queue as RedisQueue, Worker as RedisWorker } from 'bullmq';
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

/** The connection as BullMQ takes it. `patient` waits for a server that is away (workers); otherwise calls fail at once. */
export function bullConnection(connection: QueueConnection, patient: boolean): ConnectionOptions {
  if (connection.kind === 'redis') {
    return { url: connection.url, maxRetriesPerRequest: patient ? null : 1, enableOfflineQueue: patient };
  }
  // The driver of the PostgreSQL backend takes its own options; BullMQ types a queue's connection as Redis by default.
  return { connectionString: connection.url, migrate: true, max: patient ? 3 : 2 } as unknown as ConnectionOptions;
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
