import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '@albumen/database';
import { systemClock } from '@albumen/domain';
import { migrations } from '@albumen/migrations';
import { nextSteps } from '@albumen/workflow';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

let postgres: TestPostgres;
let folder: string;
beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'albumen-upgrade-'));
});
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const open = (url: string, upTo: number): Promise<Database> =>
  Database.open({
    url,
    migrations: migrations.slice(0, upTo),
    clock: systemClock,
    software: { name: 'albumen-test', version: '0.0.0' },
    nextSteps,
    log: { write: async () => {}, read: async () => undefined },
    keysDir: folder,
    origin: 'upgrade.example/audit',
  });

it('gives every collection of an older version the preset of its treatment level', async () => {
  const url = await postgres.createDatabase('upgrade');
  const before = await open(url, 2);
  await before.migrate();
  const person = '3f0a9a52-0f1c-4c3e-9d0a-6f6d2b1f7a11';
  await before.keepBooks(async (manager) => {
    await manager.query(`insert into person (id, subject, name, created_at) values ($1, 's', 'An', now())`, [person]);
    for (const level of [0, 1, 2, 3])
      await manager.query(
        `insert into collection (id, title, treatment_level, created_by, created_at)
         values (gen_random_uuid(), '{"en": "Old"}', $1, $2, now())`,
        [level, person],
      );
  });
  await before.close();

  const after = await open(url, 3);
  expect(await after.migrate()).toEqual(['PresetsAndPreviews1700000000003']);
  const rows: unknown = await after.read.query(
    'select treatment_level as level, preset, grain_floor as floor from collection order by 1',
  );
  expect(rows).toEqual([
    { level: 0, preset: 'faithful', floor: null },
    { level: 1, preset: 'repair', floor: null },
    { level: 2, preset: 'reconstruct', floor: null },
    { level: 3, preset: 'interpret', floor: null },
  ]);
  // The rule holds in the database, too.
  await expect(
    after.keepBooks((manager) => manager.query(`update collection set treatment_level = 1 where preset = 'interpret'`)),
  ).rejects.toThrow('collection_preset_within_level');
  await after.close();
});
