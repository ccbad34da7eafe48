import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DamageReportRecord, RestorationRecord } from '@albumen/database';
import { proposalThresholds, type Actor } from '@albumen/domain';
import { createRestorationEngine } from '@albumen/restoration';
import { AssessDamage, IngestFolder, ProposeRestoration } from '@albumen/workflow';
import { openTestRuntime, type TestRuntime } from '../support/test-runtime.js';

const models = resolve(import.meta.dirname, '../../models');
const job: Actor = { kind: 'job', name: 'test', id: '1' };
const engine = createRestorationEngine({ modelsDir: models, threads: 1 });
let place: TestRuntime;
let folder: string;

beforeAll(async () => {
  place = await openTestRuntime({ engine });
  folder = await mkdtemp(join(tmpdir(), 'albumen-undamaged-'));
  await copyFile(join(models, 'evaluation/truth/table.png'), join(folder, 'table.png'));
});
afterAll(async () => {
  await place?.close();
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

describe('an undamaged picture', () => {
  it('is answered with "no treatment needed" and its numbers, by the real nets, once', async () => {
    const operator = await place.person('Operator', 'operator');
    const collectionId = await place.collection('Undamaged');
    const { answers } = await new IngestFolder(place.bench).execute(operator, { folder, collectionId });
    const originalId = answers[0]?.answer.originalId ?? '';
    await new AssessDamage(place.bench).execute(job, { originalId });
    expect(await new ProposeRestoration(place.bench).execute(job, { originalId })).toEqual({ outcome: 'done' });

    const { read } = place.bench.database;
    const report = await read.getRepository(DamageReportRecord).findOneByOrFail({ originalId });
    expect(report.treatmentNeeded).toBe(false);
    expect(report.body.noise.value).toBeLessThan(proposalThresholds.noise);
    expect(report.body.fading.value).toBeLessThan(proposalThresholds.fading);
    expect(await read.getRepository(RestorationRecord).countBy({ originalId })).toBe(0);
    const entries: { action: string }[] = await read.query(
      `select action from audit_entry where subject_id = $1 and action = 'original.treatment-not-needed'`,
      [originalId],
    );
    expect(entries).toHaveLength(1);
    expect(await new ProposeRestoration(place.bench).execute(job, { originalId })).toMatchObject({
      outcome: 'skipped',
    });
  });
});
