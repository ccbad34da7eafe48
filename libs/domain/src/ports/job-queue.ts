import type { Job, JobName, QueueName } from '../jobs.js';

/** How many jobs a queue holds, by state. */
export interface QueueDepth {
  readonly queue: QueueName;
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
  readonly delayed: number;
}

/** Where jobs are handed over. Adding the same id again is dropped silently: a repeat does no harm. */
export interface JobQueue {
  /** @param id UUID of the outbox row. Throws `queue.unavailable`. */
  add(id: string, job: Job): Promise<void>;
  depth(): Promise<readonly QueueDepth[]>;
  close(): Promise<void>;
}

/** A queue that also hands jobs out one by one, in order: the in-memory adapter of the slice test. */
export interface SteppedQueue extends JobQueue {
  /** Takes the next job, or undefined when nothing waits. */
  take(): { readonly id: string; readonly job: Job } | undefined;
  /** Every job ever added, in order, to replay them. */
  readonly history: readonly { readonly id: string; readonly job: Job; readonly name: JobName }[];
}
