import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { albumList, albumRequest, itemPage, reviewPage, type RestoreAlbumInput } from '@albumen/contracts';
import type { DamageReport, PictureTones } from '@albumen/domain';
import { drawnEngine } from './drawn-engine.js';
import { HttpStage } from './http-stage.js';

/** Every photograph is a little more faded than the one before. */
let measured = 0;
const engine: typeof drawnEngine = {
  ...drawnEngine,
  pins: async () => ({
    ...(await drawnEngine.pins()),
    up2: { id: 'up2', version: '0', sha256: '2'.repeat(64) },
  }),
  async assess(run) {
    const { report, maskPath } = await drawnEngine.assess(run);
    measured += 1;
    const fading = { value: 0.3, confidence: 0.9, blackPoint: 10 + measured, whitePoint: 90 - 2 * measured };
    return { maskPath, report: { ...report, fading } satisfies DamageReport };
  },
  /** What was faded comes to one black point and one white point; every picture gets a cast of its own. */
  async restore(run) {
    const result = await drawnEngine.restore(run);
    const { blackPoint = 0, whitePoint = 0 } = run.report?.fading ?? {};
    const before: PictureTones = { blackPoint, whitePoint, castA: 0, castB: 2 };
    const after = { blackPoint: 5, whitePoint: 95, castA: 0, castB: 5 * blackPoint };
    return { ...result, numbers: { ...result.numbers, tones: { before, after } } };
  },
};
let stage: HttpStage;
let album: string;
let items: string[];
beforeAll(async () => {
  stage = await HttpStage.open({ engine });
  album = await stage.collection('Album', { proposals: 'on-request' });
  items = [];
  for (let number = 1; number <= 3; number++) items.push((await stage.photograph(album, `leaf-${number}.jpg`)).itemId);
});
afterAll(() => stage?.close());

const path = (): string => `/api/collections/${album}/restorations`;
const ask = (json: RestoreAlbumInput) => stage.read(albumRequest, path(), { as: 'operator', json });
const refused = (json: unknown, as = 'operator') => stage.refused(path(), { as, json });
const tone = { operation: 'correct-tone', strength: 1 };

describe('an album', () => {
  it('gets one recipe: what a step leaves out is the median of its photographs', async () => {
    const actions = await stage.recorded(async () => {
      const answer = await ask({ steps: [tone, { operation: 'repair-damage', strength: 1 }] });
      expect(answer.requested.map((row) => row.itemId)).toEqual(items);
      expect(answer.left).toEqual([]);
      expect(answer.steps).toEqual([
        { operation: 'repair-damage', strength: 1, parameters: { grain: 1 } },
        { operation: 'correct-tone', strength: 1, parameters: { balance: 0, blackPoint: 12, whitePoint: 86 } },
      ]);
      expect(answer.spread?.measured.whitePoint).toBeCloseTo(1.633, 3);
      // A common curve keeps the photographs apart as they were; a curve of its own for each would not.
      expect(answer.spread?.common.whitePoint).toBeGreaterThan(0.5);
      expect(answer.spread?.each.whitePoint).toBeLessThan(answer.spread?.common.whitePoint ?? 0);
    });
    expect(actions).toEqual(['restoration.requested', 'restoration.requested', 'restoration.requested']);
    const recipes = await stage.rows<{ sha: string }>('select distinct recipe_sha256 as sha from restoration');
    expect(recipes).toHaveLength(1);
  });

  it('answers what it left and why, and treats none of it twice', async () => {
    const steps = [
      { ...tone, parameters: { balance: 0, blackPoint: 12, whitePoint: 86 } },
      { operation: 'repair-damage', strength: 1 },
    ];
    expect(
      await stage.recorded(async () => {
        const answer = await ask({ steps, itemIds: [items[0] ?? '', '3f0a9a52-0f1c-4c3e-9d0a-6f6d2b1f7a11'] });
        expect(answer.requested).toEqual([]);
        expect(answer.left).toEqual([
          {
            itemId: '3f0a9a52-0f1c-4c3e-9d0a-6f6d2b1f7a11',
            originalId: null,
            code: 'item.not-found',
            detail: expect.any(String),
          },
          {
            itemId: items[0],
            originalId: expect.any(String),
            code: 'restoration.already-exists',
            detail: 'This recipe was already run on this original.',
          },
        ]);
      }),
    ).toEqual([]);
    await stage.drain();
    // All have an open proposal now, so that nothing is left to ask for.
    expect(await refused({ steps })).toMatchObject({ status: 422, code: 'restoration.album-not-measured' });
    const chosen = await ask({ steps: [{ ...tone, parameters: { whitePoint: 80 } }], itemIds: items.slice(0, 2) });
    expect(chosen.requested).toHaveLength(2);
    expect(chosen.steps[0]?.parameters).toMatchObject({ blackPoint: 11.5, whitePoint: 80 });
    await stage.drain();
  });

  it('tells how far it lies apart by its pixels, before and after, and of how many photographs', async () => {
    const albums = async () =>
      (await stage.read(albumList, `/api/collections/${album}/albums`, { as: 'archivist' })).rows;
    const steps = [{ ...tone, strength: 0.9, parameters: { balance: 0, blackPoint: 14, whitePoint: 80 } }];
    const request = async (place: number): Promise<string> =>
      (await ask({ steps, itemIds: [items[place] ?? ''] })).requested[0]?.restorationId ?? expect.fail('not requested');
    const write = (what: string, restorationId: string) =>
      stage.bench.database.keepBooks((manager) =>
        manager.query(`update restoration set ${what} where id = $1`, [restorationId]),
      );
    const others = await albums();
    const first = await request(0);
    expect(await albums()).toEqual(others);
    const second = await request(1);
    expect(await albums()).toMatchObject([{ photographs: 2, waiting: 2, measured: 0, spread: null, steps }, ...others]);
    await stage.drain();
    await request(2);
    const [partly] = await albums();
    expect(partly).toMatchObject({ photographs: 3, waiting: 1, failed: 0, measured: 2 });
    expect(partly?.spread?.before).toEqual({ blackPoint: 0.5, whitePoint: 1, castA: 0, castB: 0 });
    expect(partly?.spread?.after).toEqual({ blackPoint: 0, whitePoint: 0, castA: 0, castB: 2.5 });
    // By the curve through 14 and 80, what lies above 80 comes closer together.
    expect(partly?.spread?.foretold?.whitePoint).toBe(0.222);
    expect(partly?.spread?.grew).toEqual([{ quantity: 'castB', foretold: false }]);
    // A decided picture counts as it was composed: 55 and 2 are 26.5 from their mean.
    const composed = `jsonb_build_object('numbers', jsonb_set(numbers, '{tones,after,castB}', '2'))`;
    await write(`status = 'approved', composed = ${composed}`, second);
    expect((await albums())[0]?.spread?.after.castB).toBe(26.5);
    // What an older version made has no tones; a failure is told as one; what was turned down is of no album.
    await write(`numbers = numbers - 'tones'`, first);
    expect((await albums())[0]).toMatchObject({ photographs: 3, waiting: 1, failed: 0, measured: 1, spread: null });
    await write(`status = 'failed', failure_code = 'restoration.engine-failed'`, first);
    expect((await albums())[0]).toMatchObject({ photographs: 3, waiting: 1, failed: 1, measured: 1 });
    await write(`status = 'rejected'`, first);
    expect((await albums())[0]).toMatchObject({ photographs: 2, waiting: 1, failed: 0, measured: 1 });
  });

  it('leaves out what was not measured, by name', async () => {
    await stage.bench.database.keepBooks((manager) =>
      manager.query('delete from damage_report where original_id in (select id from original where item_id = $1)', [
        items[2],
      ]),
    );
    const answer = await ask({ steps: [{ ...tone, strength: 0.5 }], itemIds: items });
    expect(answer.requested).toHaveLength(2);
    expect(answer.left).toMatchObject([{ itemId: items[2], code: 'restoration.not-analysed' }]);
    expect(await refused({ steps: [tone], itemIds: [items[2]] })).toMatchObject({
      code: 'restoration.album-not-measured',
    });
  });

  it('is reviewed by somebody who did not ask for it', async () => {
    const rows = (await stage.read(reviewPage, `/api/reviews?collectionId=${album}`, { as: 'curator' })).rows;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.mayDecide)).toBe(true);
    const asked = await stage.collection('Curator asks', { proposals: 'on-request' });
    const { itemId } = await stage.photograph(asked);
    const body = { as: 'curator', json: { steps: [tone] } };
    await stage.read(albumRequest, `/api/collections/${asked}/restorations`, body);
    await stage.drain();
    const own = await stage.read(reviewPage, `/api/reviews?collectionId=${asked}`, { as: 'curator' });
    expect(own.rows).toMatchObject([{ itemId, mayDecide: false }]);
  });

  it.each([
    ['restoration.level-above-collection', { steps: [{ operation: 'enlarge', strength: 1 }] }],
    [
      'restoration.mark-up-invalid',
      {
        steps: [{ operation: 'repair-damage', strength: 1, strokes: [{ points: [[0, 0]], radius: 0.01 }] }],
      },
    ],
    ['restoration.step-unknown', { steps: [{ operation: 'polish', strength: 1 }] }],
    ['request.invalid', { steps: [tone, tone] }],
    ['request.invalid', { steps: [] }],
    ['request.invalid', { steps: [tone], itemIds: [] }],
    ['request.invalid', {}],
  ])('is refused whole with %s for %j', async (code, json) => {
    const body = 'steps' in json && !('itemIds' in json) ? { ...json, itemIds: items } : json;
    expect(await refused(body)).toMatchObject({ code });
  });

  it('takes every original of an item; a back has no say in the numbers and gets nothing that can invent', async () => {
    const id = await stage.collection('Both sides', { proposals: 'on-request', treatmentLevel: 2, preset: 'repair' });
    const front = await stage.photograph(id, 'front.jpg');
    const other = await stage.photograph(id, 'back.jpg');
    const [spare] = await stage.rows<{ id: string }>('select id from original where item_id = $1', [other.itemId]);
    // A second original of the first item, as a rebuilt catalogue may hold one; no original of the other is left.
    await stage.bench.database.keepBooks(async (manager) => {
      await manager.query('alter table original disable trigger user');
      await manager.query("update original set item_id = $1, side = 'back', position = 2 where id = $2", [
        front.itemId,
        spare?.id,
      ]);
      await manager.query('alter table original enable trigger user');
    });
    const of = (steps: object[], itemIds?: string[]) =>
      stage.read(albumRequest, `/api/collections/${id}/restorations`, { as: 'operator', json: { steps, itemIds } });
    const reports = await stage.rows<{ white: number; id: string }>(
      "select original_id as id, (body->'fading'->>'whitePoint')::float8 as white from damage_report where original_id in (select id from original where item_id = $1)",
      [front.itemId],
    );
    expect(reports).toHaveLength(2);
    const answer = await of([tone, { operation: 'enlarge', strength: 1 }]);
    expect(answer.requested.map((row) => row.itemId)).toEqual([front.itemId, front.itemId]);
    expect(answer.requested[1]?.originalId).toBe(spare?.id);
    expect(answer.left).toMatchObject([{ itemId: other.itemId, originalId: null, code: 'restoration.not-analysed' }]);
    expect(answer.steps.find(({ operation }) => operation === 'correct-tone')?.parameters['whitePoint']).toBe(
      reports.find((report) => report.id !== spare?.id)?.white,
    );
    const operations = await stage.rows<{ id: string; steps: { operation: string }[] }>(
      "select original_id as id, recipe->'steps' as steps from restoration where item_id = $1",
      [front.itemId],
    );
    const byOriginal = new Map(operations.map((row) => [row.id, row.steps.map((step) => step.operation)]));
    expect(byOriginal.get(spare?.id ?? '')).toEqual(['correct-tone']);
    expect(byOriginal.get(answer.requested[0]?.originalId ?? '')).toEqual(['correct-tone', 'enlarge']);
    await stage.drain();
    const body = { steps: [{ operation: 'enlarge', strength: 0.5 }], itemIds: [front.itemId] };
    const again = await stage.read(albumRequest, `/api/collections/${id}/restorations`, { as: 'operator', json: body });
    expect(again.requested).toHaveLength(1);
    expect(again.left).toMatchObject([{ originalId: spare?.id, code: 'restoration.back-not-invented' }]);
    // One photograph with its back is no album, though both have the same steps.
    expect((await of([{ ...tone, strength: 0.5 }], [front.itemId])).requested).toHaveLength(2);
    expect((await stage.read(albumList, `/api/collections/${id}/albums`, { as: 'operator' })).rows).toEqual([]);
  });

  it('that does not exist, and a person without a role, are refused', async () => {
    const nowhere = '/api/collections/3f0a9a52-0f1c-4c3e-9d0a-6f6d2b1f7a11/restorations';
    expect(await stage.refused(nowhere, { as: 'operator', json: { steps: [tone] } })).toMatchObject({ status: 404 });
    expect(await refused({ steps: [tone] }, 'nobody')).toMatchObject({ status: 403 });
    const empty = await stage.collection('Empty');
    expect(
      await stage.refused(`/api/collections/${empty}/restorations`, { as: 'operator', json: { steps: [tone] } }),
    ).toMatchObject({
      code: 'restoration.album-not-measured',
    });
    expect((await stage.read(albumList, `/api/collections/${empty}/albums`, { as: 'operator' })).rows).toEqual([]);
    const gone = '/api/collections/3f0a9a52-0f1c-4c3e-9d0a-6f6d2b1f7a11/albums';
    expect(await stage.refused(gone, { as: 'operator' })).toMatchObject({ status: 404, code: 'collection.not-found' });
    expect(await stage.refused(`/api/collections/${album}/albums`, { as: 'nobody' })).toMatchObject({ status: 403 });
    const page = await stage.read(itemPage, `/api/collections/${album}/items`, { as: 'operator' });
    expect(page.total).toBe(3);
  });
});
