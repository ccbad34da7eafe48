import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queueNames, type Job, type QueueName } from '@albumen/domain';
import { bullConnection, openBullQueue, serverName, workerClass, type QueueConnection } from '@albumen/queue';
import { jobQueueContract } from '@albumen/queue/testing';

/** A Redis or Valkey program of this machine; the default installation needs none. */
const program = [process.env['ALBUMEN_TEST_REDIS_SERVER'], 'redis-server', 'valkey-server'].find(
  (name) => name !== undefined && spawnSync(name, ['--version']).status === 0,
);

describe.skipIf(!program)('With a Redis of its own (runs where redis-server or valkey-server is installed)', () => {
  let server: ChildProcess;
  let folder: string;
  let port: number;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'albumen-redis-'));
    port = await freePort();
    const options = ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--maxmemory-policy', 'noeviction'];
    server = spawn(program ?? '', ['--port', String(port), ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      server.once('exit', (code) => reject(new Error(`Redis ended with ${code}`)));
      server.stdout?.on('data', (chunk: Buffer) => {
        if (chunk.toString('utf8').includes('Ready to accept connections')) resolve();
      });
    });
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      server.removeAllListeners('exit').once('exit', resolve);
      server.kill('SIGTERM');
    });
    await rm(folder, { recursive: true, force: true });
  });

  jobQueueContract('BullMQ on Redis', async () => {
    // A database of its own per test: Redis has sixteen.
    databases = (databases + 1) % 16;
    const connection: QueueConnection = { kind: 'redis', url: `redis://127.0.0.1:${port}/${databases}` };
    const queue = await openBullQueue(connection, { report });
    const Worker = workerClass(connection);
    const hands = new Map<QueueName, InstanceType<typeof Worker>>(
      queueNames.map((name) => {
        const options = { connection: bullConnection(connection), autorun: false, prefix: 'albumen' };
        return [name, new Worker(serverName(name), null, options)];
      }),
    );
    return {
      queue,
      async next(name) {
        const taken = await hands.get(name)?.getNextJob(randomUUID(), { block: false });
        return taken?.id ? { id: taken.id, job: { name: taken.name, payload: taken.data } as Job } : undefined;
      },
      async dispose() {
        await Promise.all([...hands.values()].map((hand) => hand.close(true)));
        await queue.close();
      },
    };
  });

  it('says that the queue is not available when Redis is away', async () => {
    const away: QueueConnection = { kind: 'redis', url: `redis://127.0.0.1:${await freePort()}` };
    await expect(openBullQueue(away, { report: () => {} })).rejects.toMatchObject({ code: 'queue.unavailable' });
  }, 30_000);
});

let databases = 0;
const report = (error: Error): void => {
  throw error;
};

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}
