import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queueNames, refuse, type Job, type QueueName } from '@albumen/domain';
import {
  asJobError,
  bullConnection,
  failureOf,
  openBullQueue,
  putBack,
  serverName,
  workerClass,
  type QueueConnection,
} from '@albumen/queue';
import { jobQueueContract } from '@albumen/queue/testing';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const report = (error: Error): void => {
  throw error;
};

async function freshServer(): Promise<QueueConnection> {
  return { kind: 'postgres', url: await postgres.createDatabase('queue') };
}

/** A worker without a processor, to take jobs by hand. */
function handOf(connection: QueueConnection, queue: QueueName) {
  const Worker = workerClass(connection);
  const worker = new Worker(serverName(queue), null, {
    connection: bullConnection(connection),
    autorun: false,
    prefix: 'albumen',
  });
  worker.on('error', report);
  return worker;
}

jobQueueContract('BullMQ on PostgreSQL', async () => {
  const connection = await freshServer();
  const queue = await openBullQueue(connection, { report });
  const workers = new Map(queueNames.map((name) => [name, handOf(connection, name)]));
  return {
    queue,
    async next(name) {
      const taken = await workers.get(name)?.getNextJob(randomUUID(), { block: false });
      return taken?.id ? { id: taken.id, job: { name: taken.name, payload: taken.data } as Job } : undefined;
    },
    async dispose() {
      await Promise.all([...workers.values()].map((worker) => worker.close(true)));
      await queue.close();
    },
  };
});

it('tries again what may pass, at once ends what never will, and puts back what it could not end', async () => {
  const connection = await freshServer();
  const queue = await openBullQueue(connection, { report });
  const calls: Record<string, number> = {};
  const finals: string[] = [];
  const done = Promise.withResolvers<void>();
  const Worker = workerClass(connection);
  const worker = new Worker(
    serverName('imaging'),
    async (job, token) => {
      const kind = String(job.data.originalId);
      calls[kind] = (calls[kind] ?? 0) + 1;
      if (kind === 'back' && calls[kind] === 1) await putBack(job, token);
      const error = kind === 'never' ? refuse('file.empty') : refuse('storage.full');
      if (kind === 'never' || (kind === 'later' && calls[kind] === 1)) {
        const failure = failureOf(error, job.attemptsMade + 1, job.opts.attempts);
        if (failure.final) finals.push(kind);
        throw asJobError(error, failure);
      }
      if (calls['later'] === 2 && calls['back'] === 2 && calls['never'] === 1) done.resolve();
      return { outcome: 'done' };
    },
    { connection: bullConnection(connection), prefix: 'albumen', drainDelay: 1 },
  );
  worker.on('error', report);
  for (const originalId of ['later', 'never', 'back']) {
    await queue.add(randomUUID(), { name: 'characterise-original', payload: { originalId } });
  }
  await done.promise;
  await worker.close();
  expect(calls).toEqual({ later: 2, never: 1, back: 2 });
  expect(finals).toEqual(['never']);
  expect((await queue.depth()).find((depth) => depth.queue === 'imaging')).toMatchObject({ failed: 1, waiting: 0 });
  await queue.close();
});

it('says that the queue is not available', async () => {
  const nowhere: QueueConnection = { kind: 'postgres', url: 'postgres://nobody@127.0.0.1:1/none' };
  await expect(openBullQueue(nowhere, { report: () => {} })).rejects.toMatchObject({ code: 'queue.unavailable' });
});
