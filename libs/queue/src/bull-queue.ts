import type { Queue as BullQueue } from 'bullmq';
import {
  queueNames,
  queuePlan,
  refuse,
  type Job,
  type JobQueue,
  type QueueDepth,
  type QueueName,
} from '@albumen/domain';
import { producerConnection, queueClass, serverName, type QueueConnection } from './queue-connection.js';
import { retryPlan } from './retry-plan.js';

/** A server that does not answer within this time at the start is not available. */
const readyMs = 10_000;

/** Queues with their jobs on a server; connection troubles between calls are told to `report`. */
export interface BullQueueOptions {
  readonly report: (error: Error) => void;
}

/**
 * BullMQ behind the job queue port, one queue per kind of cost. Prepares the server's tables where it is PostgreSQL.
 * Throws `queue.unavailable` where the server does not answer.
 */
export async function openBullQueue(connection: QueueConnection, options: BullQueueOptions): Promise<JobQueue> {
  const Queue = queueClass(connection);
  const queues = new Map<QueueName, BullQueue>();
  const server = producerConnection(connection);
  const closeAll = async (): Promise<void> => {
    await Promise.all([...queues.values()].map((queue) => queue.close()));
    await server.close();
  };
  try {
    for (const name of queueNames) {
      const queue = new Queue(serverName(name), {
        connection: server.options,
        prefix: 'albumen',
        defaultJobOptions: retryPlan,
      });
      queue.on('error', options.report);
      queues.set(name, queue);
      await within(readyMs, queue.waitUntilReady());
    }
  } catch (error) {
    // A client that never met its server has nothing to lose, so nobody waits for its goodbye.
    for (const queue of queues.values()) void queue.close().catch(options.report);
    server.drop();
    throw refuse('queue.unavailable', {}, { cause: error });
  }
  return new OnBull(queues, closeAll);
}

/** The value, or an error after that many milliseconds: Redis clients wait for ever for a server that is away. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${milliseconds / 1000} seconds`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

class OnBull implements JobQueue {
  constructor(
    private readonly queues: ReadonlyMap<QueueName, BullQueue>,
    private readonly closeAll: () => Promise<void>,
  ) {}

  async add(id: string, job: Job): Promise<void> {
    try {
      await this.queues.get(queuePlan[job.name])?.add(job.name, job.payload, { jobId: id });
    } catch (error) {
      throw refuse('queue.unavailable', {}, { cause: error });
    }
  }

  async depth(): Promise<readonly QueueDepth[]> {
    try {
      return await Promise.all(
        [...this.queues].map(async ([queue, bull]) => {
          const counts = await bull.getJobCounts('waiting', 'prioritized', 'active', 'failed', 'delayed');
          const of = (state: string): number => counts[state] ?? 0;
          return {
            queue,
            waiting: of('waiting') + of('prioritized'),
            active: of('active'),
            failed: of('failed'),
            delayed: of('delayed'),
          };
        }),
      );
    } catch (error) {
      throw refuse('queue.unavailable', {}, { cause: error });
    }
  }

  close(): Promise<void> {
    return this.closeAll();
  }
}
