import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskView, reviewPage, reviewRow } from '@albumen/contracts';
import { DerivativeRecord } from '@albumen/database';
import { HttpStage } from './http-stage.js';

let stage: HttpStage;
let reviewId: string;
let restorationId: string;
beforeAll(async () => {
  stage = await HttpStage.open();
  await stage.photograph(await stage.collection('Shown'));
  const { rows } = await stage.read(reviewPage, '/api/reviews', { as: 'curator' });
  reviewId = rows[0]?.id ?? '';
  restorationId = rows[0]?.restorationId ?? '';
  await stage.read(reviewRow, `/api/reviews/${reviewId}/claim`, { method: 'POST', as: 'curator' });
});
afterAll(() => stage?.close());

describe('a decision', () => {
  it('is about what was shown, and is refused where that is no longer so', async () => {
    const shown = await stage.shown(reviewId);
    const patch = (seen: string, words: object) => ({
      method: 'PATCH',
      as: 'curator',
      json: { shown: seen, ...words },
    });
    const path = `/api/restorations/${restorationId}/acceptance`;
    const decision = (json: object) => stage.refused(`/api/reviews/${reviewId}/decision`, { as: 'curator', json });
    // In another window the same person rejects a region and weakens the layer.
    const elsewhere = { regions: [{ ordinal: 3, acceptance: 'rejected' }] };
    const desk = await stage.read(deskView, path, patch(shown, elsewhere));
    expect(desk.shown).not.toBe(shown);
    const entries = await stage.recorded(async () => {
      expect(await decision({ shown, decision: 'approve' })).toMatchObject({
        status: 409,
        code: 'review.shown-differs',
      });
      expect(await decision({ shown, decision: 'reject', reason: 'too-smooth' })).toMatchObject({ status: 409 });
      expect(
        await stage.refused(path, patch(shown, { regions: [{ ordinal: 1, acceptance: 'rejected' }] })),
      ).toMatchObject({ status: 409, code: 'review.shown-differs' });
      expect(await decision({ decision: 'approve' })).toMatchObject({ status: 400 });
    });
    expect(entries).toEqual([]);
    // What was shown before is shown again once the word is taken back: the same state has the same name.
    const back = { regions: [{ ordinal: 3, acceptance: 'undecided' }] };
    expect((await stage.read(deskView, path, patch(desk.shown, back))).shown).toBe(shown);
    // Another picture under the same decisions is another proposal; a preview beside it is not.
    const digest = 'select sha256 from derivative where restoration_id = $1 and variant = $2';
    const [file] = await stage.rows<{ sha256: string }>(digest, [restorationId, 'rn']);
    const repaint = (sha256: string | undefined) =>
      stage.bench.database.keepBooks((manager) =>
        manager.update(DerivativeRecord, { restorationId, variant: 'rn' }, { sha256: sha256 ?? '' }),
      );
    await repaint('0'.repeat(64));
    expect(await decision({ shown, decision: 'approve' })).toMatchObject({ code: 'review.shown-differs' });
    await repaint(file?.sha256);
    expect(await stage.shown(reviewId)).toBe(shown);
  });
});
