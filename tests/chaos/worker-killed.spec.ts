import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor, RestorationStatus } from '@albumen/domain';
import { IngestFolder } from '@albumen/workflow';
import { openTestRuntime, type TestRuntime } from '../support/test-runtime.js';
import { lives, WorkerProcess } from './worker-process.js';

const root = resolve(import.meta.dirname, '../..');
let place: TestRuntime;
let operator: Actor;
let worker: WorkerProcess | undefined;

beforeAll(async () => {
  place = await openTestRuntime();
  operator = await place.person('Phạm Hòa', 'operator');
});
afterAll(async () => {
  await worker?.end('SIGKILL');
  await place.close();
});

const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  (await place.bench.database.read.query(sql, values)) as T[];

function startWorker(): WorkerProcess {
  worker = WorkerProcess.start({
    ALBUMEN_ROOT: root,
    ALBUMEN_DATA: place.dataDir,
    ALBUMEN_DATABASE_URL: place.runtime.config.databaseUrl,
    ALBUMEN_PUBLIC_URL: place.runtime.config.publicUrl,
  });
  return worker;
}

/** Takes in one photograph of the sample collection; answers its original. */
async function ingest(name: string, collectionId: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'albumen-chaos-'));
  try {
    await cp(join(root, 'samples/aged', name), join(folder, name));
    const { answers } = await new IngestFolder(place.bench).execute(operator, { folder, collectionId });
    expect(answers[0]?.answer.outcome).toBe('received');
    return answers[0]?.answer.originalId ?? '';
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function statusOf(originalId: string): Promise<RestorationStatus | undefined> {
  const [row] = await rows<{ status: RestorationStatus }>('select status from restoration where original_id = $1', [
    originalId,
  ]);
  return row?.status;
}

/** Waits for a status; fails with the worker's own words where it ends or takes too long. */
async function until(originalId: string, wanted: RestorationStatus, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(25)) {
    const status = await statusOf(originalId);
    if (status === wanted) return;
    if (status === 'failed' || worker?.ended) break;
  }
  const processing = await rows('select step, state, code, detail from processing where original_id = $1', [
    originalId,
  ]);
  throw new Error(
    `Expected ${wanted} but found ${await statusOf(originalId)}\n${JSON.stringify(processing)}\n${worker?.said}`,
  );
}

/** Every audit action about the original or its restoration, counted. */
async function actionsOf(originalId: string): Promise<Record<string, number>> {
  const counted = await rows<{ action: string; n: string }>(
    `select action, count(*) as n from audit_entry
      where subject_id = $1 or subject_id in (select id::text from restoration where original_id = $1::uuid)
      group by action`,
    [originalId],
  );
  return Object.fromEntries(counted.map(({ action, n }) => [action, Number(n)]));
}

const once = {
  'original.received': 1,
  'original.characterised': 1,
  'original.derivatives-made': 1,
  'original.damage-assessed': 1,
  'restoration.requested': 1,
  'restoration.started': 1,
  'restoration.proposed': 1,
};

it('loses nothing and doubles nothing when the worker is killed with -9 in mid-restoration', async () => {
  const originalId = await ingest('02-house.jpg', await place.collection('Killed'));
  const first = startWorker();
  await until(originalId, 'running', 90);
  await pause(300);
  const children = first.children();
  await first.end('SIGKILL');
  expect(await statusOf(originalId)).toBe('running');
  expect(children.length).toBeGreaterThan(0);

  startWorker();
  await until(originalId, 'proposed', 120);
  for (const child of children) expect(lives(child)).toBe(false);
  expect(await actionsOf(originalId)).toEqual(once);
  expect(await rows('select 1 from restoration where original_id = $1', [originalId])).toHaveLength(1);
  expect(await rows('select 1 from review')).toHaveLength(1);
  const files = await rows<{ use: string; variant: string; storage_key: string }>(
    'select use, variant, storage_key from derivative where original_id = $1',
    [originalId],
  );
  expect(new Set(files.map((file) => `${file.use} ${file.variant}`)).size).toBe(files.length);
  for (const file of files) expect(await place.bench.store.derivatives.has(file.storage_key)).toBe(true);
  const [original] = await rows<{ storage_key: string; sha256: string }>('select * from original where id = $1', [
    originalId,
  ]);
  const digests = await place.bench.store.originals.digest(original?.storage_key ?? '');
  expect(digests.sha256).toBe(original?.sha256);
  expect(await rows('select 1 from outbox where relayed_at is null')).toHaveLength(0);
  expect(await place.bench.database.audit.verify()).toMatchObject({ ok: true });
}, 240_000);

it('lets go of its work on SIGTERM, ends with 0, and the next worker takes it up at once', async () => {
  await worker?.end('SIGKILL');
  const originalId = await ingest('05-tea.jpg', await place.collection('Drained'));
  const first = startWorker();
  await until(originalId, 'running', 90);
  const started = Date.now();
  expect(await first.end('SIGTERM'), first.said).toBe(0);
  expect(Date.now() - started).toBeLessThan(15_000);
  expect(['running', 'requested', 'proposed']).toContain(await statusOf(originalId));

  startWorker();
  await until(originalId, 'proposed', 60);
  expect(await actionsOf(originalId)).toEqual(once);
  expect(await worker?.end('SIGTERM'), worker?.said).toBe(0);
}, 240_000);

it('says in one sentence why it cannot start', async () => {
  const lost = WorkerProcess.start({ ALBUMEN_DATA: place.dataDir });
  while (!lost.ended) await pause(50);
  expect(lost.said.trim()).toBe('The configuration is not usable: ALBUMEN_DATABASE_URL is not set.');
  expect(await lost.end('SIGTERM')).toBe(2);
}, 30_000);
