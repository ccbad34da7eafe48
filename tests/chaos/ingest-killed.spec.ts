import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor, IntakeRecord } from '@albumen/domain';
import { readAccession, readAccessions } from '@albumen/workflow';
import { openTestRuntime, type TestRuntime } from '../support/test-runtime.js';

const root = resolve(import.meta.dirname, '../..');
const photographs = ['02-house.jpg', '03-photo-shop.jpg', '05-tea.jpg', '06-reading-table.jpg', '08-portrait.jpg'];
let place: TestRuntime;
let folder: string;
let operator: Actor;

beforeAll(async () => {
  place = await openTestRuntime();
  operator = await place.person('Phạm Hòa', 'operator');
  folder = await mkdtemp(join(tmpdir(), 'albumen-chaos-'));
  for (const name of photographs) await cp(join(root, 'samples/aged', name), join(folder, name));
  await cp(join(root, 'samples/not-ok/truncated.jpg'), join(folder, 'truncated.jpg'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await place.close();
});

/** Runs the ingest as a program of its own; kills it with -9 as soon as that many files have their outcome. */
async function ingest(collectionId: string, killAfter = Infinity): Promise<{ code: number | null; said: string }> {
  const { dataDir, databaseUrl, modelsDir, software, publicUrl } = place.runtime.config;
  const config = { dataDir, databaseUrl, modelsDir, software, publicUrl };
  const order = JSON.stringify({ runtime: config, person: operator, folder, collectionId });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'ingest-program.mjs'), order], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
    if (Number(/(\d+)\/\d+\n$/.exec(said)?.[1] ?? 0) >= killAfter) child.kill('SIGKILL');
  });
  return new Promise((done) => child.once('exit', (code) => done({ code, said })));
}

it('continues after kill -9, again and again: every file once, totals as the rows say', async () => {
  const collectionId = await place.collection('Killed while taking in');
  const total = photographs.length + 1;
  for (const killAfter of [1, 2, 4]) {
    const { code, said } = await ingest(collectionId, killAfter);
    expect(code, said).toBeNull();
    const { rows } = await readAccessions(place.bench);
    expect(rows).toHaveLength(1);
    const { totals, status } = rows[0]!;
    expect(status).toBe('receiving');
    expect(totals.waiting + totals.received + totals.duplicate + totals.refused).toBe(total);
    expect(totals.received + totals.refused).toBeGreaterThanOrEqual(killAfter);
  }
  const last = await ingest(collectionId);
  expect(last.code, last.said).toBe(0);
  const [accession] = (await readAccessions(place.bench)).rows;
  expect(await readAccession(place.bench, accession!.id)).toMatchObject({
    status: 'closed',
    totals: { total, waiting: 0, received: photographs.length, duplicate: 0, refused: 1 },
  });

  const query = (sql: string) => place.bench.database.read.query(sql);
  const originals: { id: string; sha256: string; storage_key: string }[] = await query('select * from original');
  expect(originals).toHaveLength(photographs.length);
  const kept: IntakeRecord[] = [];
  for await (const record of place.bench.store.originals.records()) kept.push(record);
  expect(kept.map((record) => record.originalId).sort()).toEqual(originals.map((row) => row.id).sort());
  for (const row of originals) {
    expect((await place.bench.store.originals.digest(row.storage_key)).sha256).toBe(row.sha256);
  }
  expect(await query(`select 1 from audit_entry where action = 'original.received'`)).toHaveLength(photographs.length);
  expect(await query(`select 1 from outbox where job = 'characterise-original'`)).toHaveLength(photographs.length);
  expect(await place.bench.database.audit.verify()).toMatchObject({ ok: true });
}, 240_000);
