import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AskPreview, ChangeAcceptance, ClaimReview, IngestFolder, readDesk } from '@albumen/workflow';
import { openTestRuntime, type TestRuntime } from '../support/test-runtime.js';
import { lives, WorkerProcess } from './worker-process.js';

const root = resolve(import.meta.dirname, '../..');
let place: TestRuntime;
let worker: WorkerProcess;

beforeAll(async () => {
  place = await openTestRuntime();
});
afterAll(async () => {
  await worker?.end('SIGKILL');
  await place?.close();
});

const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  (await place.bench.database.read.query(sql, values)) as T[];

function startWorker(): void {
  worker = WorkerProcess.start({
    ALBUMEN_ROOT: root,
    ALBUMEN_DATA: place.dataDir,
    ALBUMEN_DATABASE_URL: place.runtime.config.databaseUrl,
    ALBUMEN_PUBLIC_URL: place.runtime.config.publicUrl,
  });
}

const sha256Of = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/** Asks again until there is an answer; fails with the worker's own words where it ends or takes too long. */
async function until<T>(seconds: number, every: number, ask: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end && !worker.ended; await pause(every)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`Expected an answer within ${seconds} s\n${worker.said}`);
}

it('computes a combination that was asked for although the worker was killed with -9 in the middle of it', async () => {
  const operator = await place.person('Phạm Hòa', 'operator');
  const curator = await place.person('Lê Lan', 'curator');
  const folder = await mkdtemp(join(tmpdir(), 'albumen-chaos-'));
  await cp(join(root, 'samples/aged/02-house.jpg'), join(folder, '02-house.jpg'));
  await new IngestFolder(place.bench).execute(operator, { folder, collectionId: await place.collection('Killed') });
  await rm(folder, { recursive: true });
  startWorker();
  const reviewId = await until(180, 200, async () => (await rows<{ id: string }>('select id from review'))[0]?.id);
  await new ClaimReview(place.bench).execute(curator, reviewId);
  const desk = await readDesk(place.bench, curator, reviewId);
  const restorationId = desk.restoration.id;
  const { operation } = desk.layers[0] ?? expect.fail('the sample has no layer');
  await new ChangeAcceptance(place.bench).execute(curator, restorationId, {
    shown: desk.shown,
    regions: [],
    layers: [{ operation, acceptance: 'accepted', strength: 0.37 }],
  });
  const before = await rows<{ key: string }>('select storage_key as key from derivative order by key');
  const idle = worker.children();

  const ask = () => new AskPreview(place.bench).execute(curator, { restorationId });
  expect(await ask()).toMatchObject({ ready: false });
  // The engine tells how far it is once pixels are being computed.
  await until(90, 5, async () => {
    const [row] = await rows<{ under: boolean; state: string }>(
      'select progress is not null as under, state from restoration_preview',
    );
    if (row?.state === 'done') throw new Error('It was made before the worker could be killed');
    return row?.under === true ? true : undefined;
  });
  const children = worker.children();
  await worker.end('SIGKILL');
  expect(children.length).toBeGreaterThan(0);
  expect(idle.length).toBeLessThanOrEqual(children.length);
  expect(await rows('select state from restoration_preview')).toEqual([{ state: 'waiting' }]);
  expect(await rows('select storage_key as key from derivative order by key')).toEqual(before);

  startWorker();
  const made = await until(180, 200, async () => {
    const answer = await ask();
    return answer.ready ? answer : undefined;
  });
  for (const child of children) expect(lives(child)).toBe(false);
  const files = await rows<{ use: string; key: string; sha256: string; id: string }>(
    "select id, use, storage_key as key, sha256 from derivative where variant like 'preview-%'",
  );
  expect(files.map((file) => file.use).sort()).toEqual(['change-map', 'master', 'pyramid']);
  expect(made.picture?.url).toContain(files.find((file) => file.use === 'pyramid')?.id);
  // Stored under their digest: a file that was cut off would have another.
  for (const file of files) {
    await using local = await place.bench.store.derivatives.local(file.key);
    expect(await sha256Of(local.path)).toBe(file.sha256);
  }
  const counted = await rows<{ action: string; n: number }>(
    "select action, count(*)::int as n from audit_entry where action like 'restoration.preview-%' group by action order by action",
  );
  expect(counted).toEqual([
    { action: 'restoration.preview-asked', n: 1 },
    { action: 'restoration.preview-made', n: 1 },
  ]);
  expect(await rows('select 1 from outbox where relayed_at is null')).toHaveLength(0);
  expect(await worker.end('SIGTERM'), worker.said).toBe(0);
}, 480_000);
