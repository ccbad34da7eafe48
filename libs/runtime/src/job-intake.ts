import { bullConnection, workerClass, type QueueConnection } from '@albumen/queue';

export { asJobError, failureOf, jobLocks, putBack, serverName, type Failure } from '@albumen/queue';
export type { QueueConnection } from '@albumen/queue';

/** What the worker's module needs to take jobs from the configured server. */
export function jobIntake(connection: QueueConnection) {
  return {
    workerClass: workerClass(connection),
    connection: bullConnection(connection),
    prefix: 'albumen',
  };
}
