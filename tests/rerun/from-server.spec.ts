import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskView, itemView, receiptFile, restorationSummary, reviewPage, reviewRow } from '@albumen/contracts';
import { createRestorationEngine } from '@albumen/restoration';
import { HttpStage } from '../http/http-stage.js';

const root = resolve(import.meta.dirname, '../..');
let stage: HttpStage;
let folder: string;
let original: string;
let originalId: string;
let restorationId: string;
let reviewId: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'albumen-rerun-'));
  stage = await HttpStage.open({ engine: createRestorationEngine({ modelsDir: join(root, 'models'), threads: 1 }) });
  const collection = await stage.collection('Run again', { treatmentLevel: 3, preset: 'faithful' });
  const { itemId } = await stage.photograph(collection, 'photograph.jpg', 420);
  originalId = (await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' })).originals[0]?.id ?? '';
  const hint = { stroke: { points: [[0.3, 0.3]], radius: 0.02 }, colour: [170, 60, 50], evidence: 'witness' };
  const steps = [
    { operation: 'reduce-noise', strength: 0.7 },
    { operation: 'correct-tone', strength: 0.8, parameters: { blackPoint: 10, whitePoint: 85 } },
    { operation: 'guide-colour', strength: 1, hints: [{ ...hint, note: 'Bà Lan nhớ rõ' }] },
  ];
  const asked = { as: 'operator', json: { steps } };
  ({ id: restorationId } = await stage.read(
    restorationSummary,
    `/api/originals/${originalId}/restorations`,
    asked,
    201,
  ));
  await stage.drain();
  const { rows } = await stage.read(reviewPage, '/api/reviews', { as: 'curator' });
  reviewId = rows[0]?.id ?? '';
  original = join(folder, 'original.jpg');
  await writeFile(original, await bytesOf(`/api/files/original/${originalId}`));
}, 400_000);
afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

async function bytesOf(path: string): Promise<Buffer> {
  const response = await stage.ask(path, { as: 'archivist' });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

interface Said {
  readonly code: number;
  readonly told: {
    readonly signature: { readonly state: string; readonly keyKnown?: boolean };
    readonly verdict: { readonly kind: string } | null;
    readonly faults: readonly object[];
  };
}

/** The built program as somebody else runs it: with the files that were downloaded, and the key that they trust. */
async function rerun(receipt: string): Promise<Said> {
  const program = join(root, 'apps/cli/bin/albumen.mjs');
  const key = stage.bench.database.signer.verifierKey;
  const words = ['rerun', receipt, '--original', original, '--trust', key, '--models', join(root, 'models'), '--json'];
  return new Promise((done, fail) => {
    execFile(process.execPath, [program, ...words], { cwd: folder }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      try {
        done({ code, told: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Said['told'] });
      } catch (cause) {
        fail(new Error(`${code}\n${stdout}\n${stderr}`, { cause }));
      }
    });
  });
}

/** Downloads a receipt as the server gives it, byte for byte, and runs it again. */
async function downloaded(of: 'proposal' | 'composite'): Promise<string> {
  const path = join(folder, `${of}.json`);
  await writeFile(path, await bytesOf(`/api/files/receipt/${restorationId}?of=${of}`));
  return path;
}
const held = { signature: { state: 'holds', keyKnown: true }, verdict: { kind: 'identical' }, faults: [] };

describe('a receipt that was downloaded from a server', () => {
  it('holds and gives the identical picture of a proposal, although a note was kept back from it', async () => {
    const path = await downloaded('proposal');
    expect(await rerun(path)).toMatchObject({ code: 0, told: held });
  }, 300_000);

  it('holds and gives the identical composite of what was accepted', async () => {
    await stage.read(reviewRow, `/api/reviews/${reviewId}/claim`, { method: 'POST', as: 'curator' });
    const words = { layers: [{ operation: 'reduce-noise', acceptance: 'accepted', strength: 0.4 }] };
    await stage.read(deskView, `/api/restorations/${restorationId}/acceptance`, {
      method: 'PATCH',
      as: 'curator',
      json: { shown: await stage.shown(reviewId), ...words },
    });
    const json = { shown: await stage.shown(reviewId), decision: 'approve' };
    await stage.read(reviewRow, `/api/reviews/${reviewId}/decision`, { as: 'curator', json });
    await stage.drain();
    expect(await rerun(await downloaded('composite'))).toMatchObject({ code: 0, told: held });
  }, 300_000);

  it('does not hold once a word of it is another', async () => {
    const text = await stage.read(receiptFile, `/api/files/receipt/${restorationId}?of=proposal`, { as: 'archivist' });
    const changed = join(folder, 'changed.json');
    await writeFile(changed, JSON.stringify({ ...text, receipt: { ...text.receipt, startedAt: 'before' } }));
    expect(await rerun(changed)).toMatchObject({ code: 1, told: { signature: { state: 'does-not-hold' } } });
  }, 60_000);
});
