import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deskView,
  itemView,
  publicationCheck,
  receiptFile,
  restorationSummary,
  reviewPage,
  reviewRow,
  type ReceiptFile,
} from '@albumen/contracts';
import { RestorationRecord } from '@albumen/database';
import { canonicalJson, emptyDescription, factsOf, operationNames, type ModelPin } from '@albumen/domain';
import { checkSignature, readReceiptFile } from '@albumen/restoration';
import { drawnEngine } from './drawn-engine.js';
import { HttpStage } from './http-stage.js';

const pin = (id: string): ModelPin => ({ id, version: '1.0.0', sha256: 'a'.repeat(64) });
const pins: Record<string, ModelPin> = Object.fromEntries(
  operationNames.flatMap((name) => factsOf(name).models).map((id) => [id, pin(id)]),
);
const stroke = { points: [[0.1, 0.1] as [number, number]], radius: 0.004 };
const witness = 'Bà Lan, 12 Hàng Bạc, nhớ rõ';
const inventory = 'inv. 1931.12';
const hint = { stroke, colour: [180, 40, 40] as [number, number, number] };
const hints = [
  { ...hint, evidence: 'witness' as const, note: witness },
  { ...hint, evidence: 'object' as const, note: inventory, notePublic: true },
];

let stage: HttpStage;
let itemId: string;
let restorationId: string;
let reviewId: string;
beforeAll(async () => {
  stage = await HttpStage.open({ engine: { ...drawnEngine, pins: async () => pins } });
  ({ itemId } = await stage.photograph(
    await stage.collection('Colour', {
      treatmentLevel: 3,
      preset: 'faithful',
      rights: 'http://creativecommons.org/publicdomain/zero/1.0/',
    }),
  ));
  const item = await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' });
  const steps = [{ operation: 'guide-colour', strength: 0.9, hints }];
  const path = `/api/originals/${item.originals[0]?.id}/restorations`;
  ({ id: restorationId } = await stage.read(restorationSummary, path, { as: 'operator', json: { steps } }, 201));
  await stage.drain();
  const { rows } = await stage.read(reviewPage, '/api/reviews', { as: 'curator' });
  reviewId = rows[0]?.id ?? '';
});
afterAll(() => stage?.close());

const receipt = (as?: string, of = ''): Promise<ReceiptFile> =>
  stage.read(receiptFile, `/api/files/receipt/${restorationId}${of}`, { as });
function expectTold(file: ReceiptFile): void {
  const text = JSON.stringify(file);
  expect(text).not.toContain('Bà Lan');
  expect(text).toContain(inventory);
  expect(text).toMatch(/salted:[0-9a-f]{64}/);
  expect(checkSignature(readReceiptFile(text), [stage.bench.database.signer.verifierKey])).toMatchObject({
    state: 'holds',
    keyKnown: true,
  });
  expect(file.receipt.recipeSha256).toBe(sha256(file.receipt.recipe));
}
const sha256 = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

describe('what a person wrote about the evidence for a colour', () => {
  it('is read at the desk in full', async () => {
    const desk = await stage.read(deskView, `/api/reviews/${reviewId}`, { as: 'curator' });
    expect(desk.markUp.hints.map(({ note, notePublic }) => [note, notePublic ?? false])).toEqual([
      [witness, false],
      [inventory, true],
    ]);
    expect((await receipt('curator')).receipt.recipeSha256).toBe(desk.recipe.sha256);
  });

  it('is in a receipt only where it was marked as public; the receipt is signed as it is told', async () => {
    expectTold(await receipt('curator'));
    await stage.read(reviewRow, `/api/reviews/${reviewId}/claim`, { method: 'POST', as: 'curator' });
    const json = { shown: await stage.shown(reviewId), decision: 'approve' };
    await stage.read(reviewRow, `/api/reviews/${reviewId}/decision`, { as: 'curator', json });
    await stage.drain();
    const composite = await receipt('curator');
    expect(composite.receipt.accepted).toBeDefined();
    expectTold(composite);
  });

  it('is not published with the photograph, nor written into the log', async () => {
    const body = {
      ...emptyDescription,
      title: { en: 'The dress' },
      rights: 'http://creativecommons.org/publicdomain/zero/1.0/',
    };
    await stage.ask(`/api/items/${itemId}/description`, {
      method: 'PUT',
      as: 'operator',
      json: { fromVersion: 1, body },
    });
    await stage.read(publicationCheck, `/api/items/${itemId}/publications`, { method: 'POST', as: 'curator' });
    expectTold(await receipt());
    expectTold(await receipt(undefined, '?of=proposal'));
    const [found] = await stage.rows<{ n: number }>(
      "select count(*)::int as n from audit_entry where after::text like '%Bà Lan%' or before::text like '%Bà Lan%'",
    );
    expect(found?.n).toBe(0);
  });

  it('is kept back from a receipt that was signed with it in former times', async () => {
    const [row] = await stage.rows<{ recipe: object; receipt: string }>(
      'select recipe, receipt from restoration where id = $1',
      [restorationId],
    );
    const former = canonicalJson({ ...(JSON.parse(row?.receipt ?? '') as object), recipe: row?.recipe });
    expect(former).toContain('Bà Lan');
    await stage.bench.database.keepBooks((manager) =>
      manager.update(
        RestorationRecord,
        { id: restorationId },
        { receipt: former, receiptSignature: stage.bench.database.signer.signText(former) },
      ),
    );
    expectTold(await receipt(undefined, '?of=proposal'));
  });

  it('names the recipe by what is told: the same colours with the same words are the same recipe', async () => {
    const item = await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' });
    const path = `/api/originals/${item.originals[0]?.id}/restorations`;
    const steps = [{ operation: 'guide-colour', strength: 0.9, hints }];
    expect(await stage.refused(path, { as: 'operator', json: { steps } })).toMatchObject({
      code: 'restoration.already-exists',
    });
    const other = [{ ...steps[0], hints: [{ ...hints[0], note: 'Ông Minh' }, hints[1]] }];
    const made = await stage.read(restorationSummary, path, { as: 'operator', json: { steps: other } }, 201);
    expect(made.id).not.toBe(restorationId);
  });
});
