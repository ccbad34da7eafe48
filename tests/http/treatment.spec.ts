import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectionView, itemView, restorationSummary, type RequestRestorationInput } from '@albumen/contracts';
import { operationNames, factsOf, type ModelPin } from '@albumen/domain';
import { drawnEngine } from './drawn-engine.js';
import { HttpStage } from './http-stage.js';

const pin = (id: string): ModelPin => ({ id, version: '1.0.0', sha256: 'a'.repeat(64) });
const installed: Record<string, ModelPin> = Object.fromEntries(
  operationNames.flatMap((name) => factsOf(name).models).map((id) => [id, pin(id)]),
);
const stroke = {
  points: [
    [0.1, 0.1],
    [0.4, 0.35],
  ] as [number, number][],
  radius: 0.004,
};
const hint = {
  stroke,
  colour: [180, 40, 40] as [number, number, number],
  evidence: 'witness' as const,
  note: 'Bà Lan',
};

let pins = installed;
let stage: HttpStage;
beforeAll(async () => {
  stage = await HttpStage.open({ engine: { ...drawnEngine, pins: async () => pins } });
});
afterAll(() => stage?.close());

const collection = (json: unknown, status?: number) =>
  stage.read(collectionView, '/api/collections', { as: 'archivist', json }, status);
const change = (id: string, json: unknown) => ({
  path: `/api/collections/${id}`,
  how: { method: 'PATCH', as: 'archivist', json },
});

describe('a preset of a collection', () => {
  it('is that of its treatment level unless another is chosen, with a floor of grain of its own', async () => {
    const title = { en: 'Box' };
    expect(await collection({ title })).toMatchObject({ treatmentLevel: 1, preset: 'repair', grainFloor: null });
    expect(await collection({ title, treatmentLevel: 3 })).toMatchObject({ preset: 'interpret' });
    const chosen = await collection({ title, treatmentLevel: 2, preset: 'repair', grainFloor: 0.4 });
    expect(chosen).toMatchObject({ treatmentLevel: 2, preset: 'repair', grainFloor: 0.4 });
    const [entry] = await stage.rows<{ after: object }>(
      "select after from audit_entry where subject_id = $1 and action = 'collection.created'",
      [chosen.id],
    );
    expect(entry?.after).toMatchObject({ preset: 'repair', grainFloor: 0.4 });
  });

  it('never treats further than the collection allows, in either order', async () => {
    const above = await stage.refused('/api/collections', {
      as: 'archivist',
      json: { title: { en: 'x' }, treatmentLevel: 1, preset: 'reconstruct' },
    });
    expect(above).toMatchObject({
      status: 422,
      code: 'collection.preset-above-level',
      details: { preset: 'reconstruct', needed: 2, allowed: 1 },
    });
    const { id } = await collection({ title: { en: 'x' }, treatmentLevel: 2 });
    const lower = change(id, { version: 1, treatmentLevel: 1 });
    expect(await stage.refused(lower.path, lower.how)).toMatchObject({ code: 'collection.preset-above-level' });
    const both = change(id, { version: 1, treatmentLevel: 1, preset: 'faithful', grainFloor: 1 });
    expect(await stage.read(collectionView, both.path, both.how)).toMatchObject({
      treatmentLevel: 1,
      preset: 'faithful',
      grainFloor: 1,
      policySetBy: { name: 'archivist' },
    });
    for (const grainFloor of [-0.1, 1.1, 'much'])
      expect(await stage.refused(both.path, { ...both.how, json: { version: 2, grainFloor } })).toMatchObject({
        status: 400,
      });
  });

  it('decides what is proposed by itself: faithful measures and proposes nothing', async () => {
    const faithful = await stage.collection('Faithful', { preset: 'faithful' });
    const kept = await stage.photograph(faithful);
    const item = await stage.read(itemView, `/api/items/${kept.itemId}`, { as: 'operator' });
    expect(item).toMatchObject({ state: 'untreated', originals: [{ restorations: [], treatmentNotNeeded: false }] });
    expect(item.originals[0]?.damage?.noise.value).toBe(9);
    const repair = await stage.collection('Repair', { treatmentLevel: 2, preset: 'repair' });
    const treated = await stage.photograph(repair);
    const other = await stage.read(itemView, `/api/items/${treated.itemId}`, { as: 'operator' });
    expect(other.originals[0]?.restorations[0]?.operations).toEqual(['repair-damage', 'reduce-noise']);
  });

  it('that needs a model which is missing says so on the item, and proposes once it is there', async () => {
    const id = await stage.collection('No model yet');
    pins = Object.fromEntries(Object.entries(installed).filter(([model]) => model !== 'restore-s'));
    const { itemId } = await stage.photograph(id);
    const failed = await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' });
    expect(failed.state).toBe('failed');
    expect(failed.originals[0]?.processing.find((row) => row.step === 'restore')).toMatchObject({
      state: 'failed',
      code: 'model.missing',
      detail: expect.stringContaining('restore-s'),
    });
    pins = installed;
    await stage.ask(`/api/originals/${failed.originals[0]?.id}/retry`, { method: 'POST', as: 'operator' });
    await stage.drain();
    expect((await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' })).state).toBe('to-review');
  });
});

describe('a requested recipe', () => {
  let originalId: string;
  beforeAll(async () => {
    const level3 = await stage.collection('Level 3', { treatmentLevel: 3, preset: 'faithful' });
    const { itemId } = await stage.photograph(level3);
    originalId = (await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' })).originals[0]?.id ?? '';
  });

  const path = () => `/api/originals/${originalId}/restorations`;
  const request = (json: RequestRestorationInput) =>
    stage.read(restorationSummary, path(), { as: 'operator', json }, 201);
  const refused = (json: unknown) => stage.refused(path(), { as: 'operator', json });
  const recipeOf = async (id: string) =>
    (
      await stage.rows<{ recipe: { steps: Record<string, unknown>[]; protect?: unknown[] }; sha: string }>(
        'select recipe, recipe_sha256 as sha from restoration where id = $1',
        [id],
      )
    )[0];

  it('carries drawn marks, colours and protected areas, and they name it', async () => {
    const steps = [
      { operation: 'guide-colour', strength: 0.9, hints: [hint] },
      { operation: 'repair-damage', strength: 1, strokes: [stroke] },
    ];
    const area = { x: 0.1, y: 0.2, width: 0.3, height: 0.4, reason: 'stamp' as const };
    const made = await request({ steps, protect: [area] });
    expect(made).toMatchObject({ operations: ['repair-damage', 'guide-colour'], level: 3 });
    const kept = await recipeOf(made.id);
    expect(kept?.recipe.steps).toMatchObject([
      { operation: 'repair-damage', strokes: [stroke], parameters: { grain: 1 } },
      { operation: 'guide-colour', hints: [hint] },
    ]);
    expect(kept?.recipe.protect).toEqual([area]);
    const moved = { ...stroke, radius: 0.005 };
    const second = await request({
      steps: [steps[0] as never, { ...steps[1], strokes: [moved] } as never],
      protect: [area],
    });
    expect((await recipeOf(second.id))?.sha).not.toBe(kept?.sha);
    expect(await refused({ steps, protect: [area] })).toMatchObject({
      status: 409,
      code: 'restoration.already-exists',
    });
    const [entry] = await stage.rows<{ after: string }>(
      "select after::text as after from audit_entry where subject_id = $1 and action = 'restoration.requested'",
      [made.id],
    );
    expect(entry?.after).toContain('salted:');
    expect(entry?.after).not.toContain('Bà Lan');
  });

  it('keeps the log readable however much was drawn', async () => {
    const many = Array.from({ length: 40 }, (_, line) => ({
      radius: 0.001,
      points: Array.from({ length: 1000 }, (_, x) => [x / 1000, line / 40] as [number, number]),
    }));
    const made = await request({ steps: [{ operation: 'repair-damage', strength: 1, strokes: many }] });
    const [entry] = await stage.rows<{ after: { recipe: { steps: { strokes: object }[] } } }>(
      "select after from audit_entry where subject_id = $1 and action = 'restoration.requested'",
      [made.id],
    );
    expect(entry?.after.recipe.steps[0]?.strokes).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const more = [...many, ...many].map((one, place) => ({ ...one, radius: 0.001 + place / 1e5 }));
    expect(await refused({ steps: [{ operation: 'repair-damage', strength: 1, strokes: more }] })).toMatchObject({
      status: 422,
      code: 'restoration.mark-up-invalid',
    });
    const huge = { steps: [], protect: [], padding: 'x'.repeat(5 * 1024 * 1024) };
    expect(await refused(huge)).toMatchObject({ status: 413, code: 'request.too-large' });
  });

  it('takes what it leaves out from the measurements', async () => {
    const made = await request({
      steps: [
        { operation: 'sharpen', strength: 0.5 },
        { operation: 'correct-tone', strength: 1, parameters: { balance: 0.5 } },
        { operation: 'lift-shadows', strength: 0.4 },
        { operation: 'enlarge', strength: 1 },
      ],
    });
    expect((await recipeOf(made.id))?.recipe.steps).toMatchObject([
      { operation: 'sharpen', parameters: { sigma: 1 }, model: null },
      { operation: 'correct-tone', parameters: { balance: 0.5, blackPoint: 2, whitePoint: 97 } },
      { operation: 'lift-shadows', parameters: { reach: 0.5 } },
      { operation: 'enlarge', parameters: { scale: 2 }, model: pin('up2') },
    ]);
  });

  it.each([
    ['restoration.step-unknown', { operation: 'colourise', strength: 1 }],
    ['restoration.parameter-out-of-range', { operation: 'sharpen', strength: 1, parameters: { sigma: 9 } }],
    ['restoration.parameter-out-of-range', { operation: 'sharpen', strength: 1, parameters: { radius: 1 } }],
    ['restoration.parameter-out-of-range', { operation: 'enlarge', strength: 1, parameters: { scale: 3 } }],
    ['restoration.parameter-out-of-range', { operation: 'reduce-noise', strength: 1, parameters: { views: 3 } }],
    [
      'restoration.parameter-out-of-range',
      { operation: 'correct-tone', strength: 1, parameters: { blackPoint: 60, whitePoint: 40 } },
    ],
    ['restoration.mark-up-invalid', { operation: 'reduce-noise', strength: 1, strokes: [stroke] }],
    ['restoration.mark-up-invalid', { operation: 'repair-damage', strength: 1, hints: [hint] }],
    ['restoration.mark-up-invalid', { operation: 'guide-colour', strength: 1 }],
  ])('is refused with %s for %j', async (code, step) => {
    expect(await refused({ steps: [step] })).toMatchObject({ status: 422, code });
  });

  it.each([
    { steps: [{ operation: 'sharpen', strength: 2 }] },
    { steps: [{ operation: 'sharpen', strength: 1, parameters: { sigma: 'wide' } }] },
    { steps: [{ operation: 'guide-colour', strength: 1, hints: [{ ...hint, colour: [1, 2, 300] }] }] },
    { steps: [{ operation: 'guide-colour', strength: 1, hints: [{ ...hint, evidence: 'guess' }] }] },
    { steps: [{ operation: 'repair-damage', strength: 1, strokes: [{ points: [[2, 0]], radius: 0.01 }] }] },
    { protect: [{ x: 0, y: 0, width: 1, height: 1 }] },
    { preset: 'beautify' },
  ])('that is no message of the contract is refused: %j', async (json) => {
    expect(await refused(json)).toMatchObject({ status: 400, code: 'request.invalid' });
  });

  it('protects only what lies in the picture', async () => {
    const outside = { x: 0.8, y: 0, width: 0.5, height: 0.1, reason: 'face' };
    const json = { steps: [{ operation: 'sharpen', strength: 1 }], protect: [outside] };
    expect(await refused(json)).toMatchObject({ code: 'restoration.mark-up-invalid' });
    const empty = { ...outside, x: 0, width: 0 };
    expect(await refused({ ...json, protect: [empty] })).toMatchObject({ code: 'restoration.mark-up-invalid' });
  });

  it('is what the measurements call for under another preset, where no steps are given', async () => {
    expect(await refused({ preset: 'faithful' })).toMatchObject({ code: 'restoration.nothing-to-do' });
    expect(await refused({})).toMatchObject({ code: 'restoration.nothing-to-do' });
    expect(await request({ preset: 'repair' })).toMatchObject({ operations: ['repair-damage', 'reduce-noise'] });
  });

  it('stays within the treatment level of the collection, by its steps and by its preset', async () => {
    const level1 = await stage.collection('Level 1');
    const { itemId } = await stage.photograph(level1);
    const item = await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' });
    const ask = (json: unknown) =>
      stage.refused(`/api/originals/${item.originals[0]?.id}/restorations`, { as: 'operator', json });
    expect(await ask({ steps: [{ operation: 'enlarge', strength: 1 }] })).toMatchObject({
      status: 422,
      code: 'restoration.level-above-collection',
      details: { needed: 2, allowed: 1 },
    });
    expect(await ask({ preset: 'interpret' })).toMatchObject({
      code: 'collection.preset-above-level',
      details: { needed: 3, allowed: 1 },
    });
  });

  it('names the model that is missing, in plain words', async () => {
    pins = { 'damage-s': pin('damage-s') };
    const { code, status, detail } = await refused({ steps: [{ operation: 'enlarge', strength: 1 }] });
    pins = installed;
    expect({ code, status }).toEqual({ code: 'model.missing', status: 422 });
    expect(detail).toMatch(/up2, which is not installed on this server/);
  });
});
