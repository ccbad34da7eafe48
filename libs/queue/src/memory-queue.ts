import { queueNames, queuePlan, type Job, type JobName, type QueueDepth, type SteppedQueue } from '@albumen/domain';

interface Entry {
  readonly id: string;
  readonly job: Job;
  readonly name: JobName;
}

/** Jobs in memory, handed out one by one in the order they came; an id that was ever added is dropped. */
export function memoryQueue(): SteppedQueue {
  const history: Entry[] = [];
  let taken = 0;
  return {
    history,
    async add(id, job) {
      if (!history.some((entry) => entry.id === id)) history.push({ id, job: structuredClone(job), name: job.name });
    },
    take() {
      const next = history[taken];
      if (next) taken += 1;
      return next;
    },
    async depth(): Promise<readonly QueueDepth[]> {
      const waiting = history.slice(taken);
      return queueNames.map((queue) => ({
        queue,
        waiting: waiting.filter((entry) => queuePlan[entry.name] === queue).length,
        active: 0,
        failed: 0,
        delayed: 0,
      }));
    },
    async close() {},
  };
}
