import { copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DamageReportRecord, RestorationRecord } from '@albumen/database';
import { proposalThresholds, type Actor } from '@albumen/domain';
import { createWorkFile, encodeMaster } from '@albumen/imaging';
import { createRestorationEngine } from '@albumen/restoration';
import { AssessDamage, IngestFolder, ProposeRestoration } from '@albumen/workflow';
import { openTestRuntime, type TestRuntime } from '../support/test-runtime.js';

const models = resolve(import.meta.dirname, '../../models');
const job: Actor = { kind: 'job', name: 'test', id: '1' };
const engine = createRestorationEngine({ modelsDir: models, threads: 1 });
/** Pictures without damage: rendered truths, and the sample that is sound (a wall with shutters, a bicycle with spokes). */
const undamaged = [
  ['table.png', join(models, 'evaluation/truth/table.png')],
  ['sitter.png', join(models, 'evaluation/truth/sitter.png')],
  ['13-yellow-wall.jpg', resolve(import.meta.dirname, '../../samples/aged/13-yellow-wall.jpg')],
] as const;
let place: TestRuntime;
let folder: string;

beforeAll(async () => {
  place = await openTestRuntime({ engine });
  folder = await mkdtemp(join(tmpdir(), 'albumen-undamaged-'));
  for (const [name, from] of undamaged) await copyFile(from, join(folder, name));
  // A shutter in the sun: even slats at equal distances, which a net that looks for fine lines may take for scratches.
  const slats = new Uint8Array(320 * 240 * 3);
  for (let y = 0; y < 240; y++)
    for (let x = 0; x < 320; x++) {
      const [inFrame, inShutter] = [x > 58 && y > 20, x > 70 && y > 32];
      const paint = inFrame ? [250, 250, 244] : [236, 206, 96];
      const [r, g, b] = !inShutter ? paint : y % 16 < 3 ? [8, 14, 12] : [40 + (y % 16), 140, 122];
      slats.set([r ?? 0, g ?? 0, b ?? 0], (y * 320 + x) * 3);
    }
  const work = await createWorkFile(join(folder, 'shutter.v'), { width: 320, height: 240, bands: 3, depth: 8 });
  const file = await open(work.path, 'r+');
  await file.write(slats, 0, slats.length, work.headerBytes);
  await file.close();
  await encodeMaster(work, join(folder, 'shutter.tif'));
  await rm(work.path);
});
afterAll(async () => {
  await place?.close();
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

describe('an undamaged picture', { timeout: 400_000 }, () => {
  it('is answered with "no treatment needed" and its numbers, by the real nets, once', async () => {
    const operator = await place.person('Operator', 'operator');
    const collectionId = await place.collection('Undamaged');
    const { answers } = await new IngestFolder(place.bench).execute(operator, { folder, collectionId });
    expect(answers).toHaveLength(undamaged.length + 1);
    const { read } = place.bench.database;
    for (const { answer } of answers) {
      const originalId = answer.originalId ?? '';
      await new AssessDamage(place.bench).execute(job, { originalId });
      expect(await new ProposeRestoration(place.bench).execute(job, { originalId })).toEqual({ outcome: 'done' });
      const report = await read.getRepository(DamageReportRecord).findOneByOrFail({ originalId });
      expect({ body: report.body, needed: report.treatmentNeeded }).toMatchObject({ needed: false });
      expect(report.body.version).toBe(2);
      expect(report.body.noise.value).toBeLessThan(proposalThresholds.noise);
      expect(report.body.fading.value).toBeLessThan(proposalThresholds.fading);
      expect(report.body.losses).toEqual([]);
      expect(await read.getRepository(RestorationRecord).countBy({ originalId })).toBe(0);
      const entries: { action: string }[] = await read.query(
        `select action from audit_entry where subject_id = $1 and action = 'original.treatment-not-needed'`,
        [originalId],
      );
      expect(entries).toHaveLength(1);
      expect(await new ProposeRestoration(place.bench).execute(job, { originalId })).toMatchObject({
        outcome: 'skipped',
      });
    }
  });
});
