import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { refuse } from '@albumen/domain';
import { IngestFolder } from '@albumen/workflow';
import { openTestRuntime, type TestRuntime } from '../support/test-runtime.js';

// A one-pixel PNG: enough for an original with its job.
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
let place: TestRuntime;
beforeAll(async () => {
  place = await openTestRuntime();
});
afterAll(() => place.close());

async function ingestOne(title: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'albumen-relay-'));
  await writeFile(join(folder, 'dot.png'), dot);
  const operator = await place.person('Phạm Hòa', 'operator');
  await new IngestFolder(place.bench).execute(operator, { folder, collectionId: await place.collection(title) });
  await rm(folder, { recursive: true });
}

const waiting = async (): Promise<number> =>
  Number((await place.bench.database.read.query('select count(*) from outbox where relayed_at is null'))[0].count);

it('leaves the rows where the queue is away, and hands them over once when it is back', async () => {
  await ingestOne('Away');
  const add = vi.spyOn(place.queue, 'add').mockRejectedValueOnce(refuse('queue.unavailable'));
  await expect(place.runtime.relay()).rejects.toMatchObject({ code: 'queue.unavailable' });
  expect(await waiting()).toBe(1);
  expect(await place.runtime.relay()).toBe(1);
  expect(await place.runtime.relay()).toBe(0);
  expect(await waiting()).toBe(0);
  expect(place.queue.history).toHaveLength(1);
  add.mockRestore();
});

it('hands jobs over as they come until it is stopped', async () => {
  const relay = place.runtime.keepRelaying();
  await ingestOne('Coming');
  for (let tries = 0; tries < 100 && place.queue.history.length < 2; tries++) await pause(50);
  expect(place.queue.history).toHaveLength(2);
  await relay.stop();
  await ingestOne('Stopped');
  await pause(600);
  expect(place.queue.history).toHaveLength(2);
});
