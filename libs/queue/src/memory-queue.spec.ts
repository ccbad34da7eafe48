import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { queuePlan } from '@albumen/domain';
import { memoryQueue } from './memory-queue.js';
import { jobQueueContract } from './testing/job-queue-contract.js';

jobQueueContract('Memory', async () => {
  const queue = memoryQueue();
  return {
    queue,
    // The contract's orders stay within one queue, so stepping through all of them keeps its order.
    async next(name) {
      const entry = queue.take();
      if (entry && queuePlan[entry.job.name] !== name) throw new Error(`Expected a job of ${name}`);
      return entry && { id: entry.id, job: entry.job };
    },
    dispose: () => queue.close(),
  };
});

it('remembers every job, taken or not, to replay them', async () => {
  const queue = memoryQueue();
  const ids = [randomUUID(), randomUUID()];
  for (const id of ids) await queue.add(id, { name: 'sign-checkpoint', payload: {} });
  queue.take();
  expect(queue.history.map((entry) => entry.id)).toEqual(ids);
  await queue.add(ids[0] ?? '', { name: 'sign-checkpoint', payload: {} });
  expect(queue.history).toHaveLength(2);
});
