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
import { bullConnection, queueClass, serverName, type QueueConnection } from './queue-connection.js';
import { retryPlan } from './retry-plan.js';

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
  const closeAll = async (): Promise<void> => {
    await Promise.all([...queues.values()].map((queue) => queue.close()));
  };
  try {
    for (const name of queueNames) {
      const queue = new Queue(serverName(name), {
        connection: bullConnection(connection, false),
        prefix: 'albumen',
        defaultJobOptions: retryPlan,
      });
      queue.on('error', options.report);
      queues.set(name, queue);
      await queue.waitUntilReady();
    }
  } catch (error) {
    await closeAll().catch(options.report);
    throw refuse('queue.unavailable', {}, { cause: error });
  }
  return new OnBull(queues, closeAll);
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
