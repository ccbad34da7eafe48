import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemView, modelList, modelView, restorationSummary, type ModelView } from '@albumen/contracts';
import { modelKey, type ModelPin } from '@albumen/domain';
import { openModelShelf } from '@albumen/restoration';
import { layQuarantined } from '../support/quarantined-model.js';
import { drawnEngine } from './drawn-engine.js';
import { HttpStage } from './http-stage.js';

const shipped = resolve(import.meta.dirname, '../../models');
let folder: string;
let stage: HttpStage;
let pins: Record<string, ModelPin> = {};

const quarantined = (id: string, adapter: string, licence?: string): Promise<void> =>
  layQuarantined(folder, id, { adapter, ...(licence === undefined ? {} : { licence }) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'albumen-models-door-'));
  stage = await HttpStage.open({
    engine: { ...drawnEngine, pins: async () => pins, shelf: openModelShelf(shipped, folder) },
  });
});
afterAll(() => stage?.close());

const all = async (as = 'curator'): Promise<ModelView[]> => (await stage.read(modelList, '/api/models', { as })).rows;
const path = (id: string) => `/api/models/${id}/1.0.0`;
const accept = (id: string, json: object, as = 'administrator') => ({ path: `${path(id)}/accept`, how: { as, json } });

describe('the models', () => {
  it('are listed with their figures against their bars, and what they may not be used for', async () => {
    await quarantined('softener', 'image2image');
    const rows = await all();
    const own = rows.find(({ id }) => id === 'restore-s');
    expect(own).toMatchObject({
      origin: 'shipped',
      state: 'shipped',
      operations: ['reduce-noise'],
      licence: { id: 'Apache-2.0', commercial: true },
    });
    expect(own?.figures.some(({ held }) => held === true)).toBe(true);
    // White noise is told of it without a bar; what a net misses is told of those that miss something.
    expect(own?.figures.some(({ held }) => held === null)).toBe(true);
    expect(rows.find(({ id }) => id === 'face-look')?.figures.some(({ held }) => held === false)).toBe(true);
    expect(own?.notFor[0]?.vi).toBeTruthy();
    expect(rows.find(({ id }) => id === 'damage-s')?.operations).toEqual(['repair-damage']);
    expect(rows.find(({ id }) => id === 'softener')).toMatchObject({
      origin: 'brought-in',
      state: 'quarantined',
      level: null,
      leastLevel: 1,
      operations: ['reduce-noise', 'sharpen'],
      figures: [],
      examined: { margin: 24, wholePicture: false, warnings: [expect.stringContaining('last bit')] },
    });
  });

  it('show where they fail, in pictures that anybody may keep', async () => {
    for (const { id, version, state, failures } of await all()) {
      if (state !== 'shipped') {
        expect(failures).toBeNull();
        continue;
      }
      const folder = join(shipped, id, version, 'failures');
      const files = (await readdir(folder)).filter((name) => name.endsWith('.jpg')).sort();
      expect(failures?.pictures.map(({ file }) => file).sort()).toEqual(files);
      expect([failures?.reading.en, failures?.reading.vi].every(Boolean)).toBe(true);
      expect(failures?.pictures.every(({ caption }) => caption.en && caption.vi)).toBe(true);
    }
    const address = '/api/models/restore-s/1.0.0/failures/halftone.jpg';
    const answer = await stage.ask(address);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(answer.headers.get('cache-control')).toMatch(/public, max-age=\d+/);
    const bytes = await readFile(join(shipped, 'restore-s/1.0.0/failures/halftone.jpg'));
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    const again = await stage.ask(address, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  it.each([
    ['restore-s/1.0.0/failures/nothing.jpg', 404, 'model.picture-not-found'],
    ['restore-s/9.9.9/failures/halftone.jpg', 404, 'model.not-found'],
    ['softener/1.0.0/failures/halftone.jpg', 404, 'model.not-found'],
    ['restore-s/1.0.0/failures/captions.json', 400, 'request.invalid'],
    ['restore-s/1.0.0/failures/..%2Frestore-s.f32.onnx', 400, 'request.invalid'],
    ['restore-s/1.0.0/failures/..%2F..%2F..%2FCARD.jpg', 400, 'request.invalid'],
    ['..%2Frestore-s/1.0.0/failures/halftone.jpg', 400, 'request.invalid'],
  ])('give nothing but those pictures (%s)', async (name, status, code) => {
    expect(await stage.refused(`/api/models/${name}`)).toMatchObject({ status, code });
  });

  it('are accepted and removed by an administrator alone; both stand in the log', async () => {
    await quarantined('lama', 'inpaint', 'Apache-2.0');
    const terms = { licence: 'Apache-2.0', level: 2 };
    for (const as of ['operator', 'curator', 'archivist']) {
      const asked = accept('lama', terms, as);
      expect(await stage.refused(asked.path, asked.how)).toMatchObject({ status: 403, code: 'access.forbidden' });
      expect(await stage.refused(path('lama'), { as, method: 'DELETE' })).toMatchObject({ code: 'access.forbidden' });
    }
    const actions = await stage.recorded(async () => {
      const asked = accept('lama', terms);
      const made = await stage.read(modelView, asked.path, asked.how, 200);
      expect(made).toMatchObject({ state: 'accepted', level: 2, operations: ['repair-damage', 'rebuild-area'] });
      const gone = await stage.read(modelView, path('lama'), { as: 'administrator', method: 'DELETE' });
      expect(gone).toMatchObject({ state: 'removed', removedAt: expect.any(String) });
    });
    expect(actions.filter((action) => action !== 'person.first-seen')).toEqual(['model.accepted', 'model.removed']);
    const entries = await stage.rows<{ subject_type: string; subject_id: string; after: object }>(
      "select subject_type, subject_id, after from audit_entry where action = 'model.accepted'",
    );
    expect(entries.at(-1)).toMatchObject({
      subject_type: 'model',
      subject_id: 'lama@1.0.0',
      after: { licence: 'Apache-2.0', level: 2, adapter: 'inpaint', sha256: expect.any(String) },
    });
    expect(await readdir(join(folder, 'lama', '1.0.0'))).toEqual(['report.json']);
    expect((await all()).find(({ id }) => id === 'lama')?.state).toBe('removed');
  });

  it.each([
    ['another licence', { licence: 'MIT', level: 2 }, 422, 'model.licence-differs'],
    ['a level below the adapter', { licence: 'CC-BY-4.0', level: 1 }, 422, 'model.level-too-low'],
    ['a level that is none', { licence: 'CC-BY-4.0', level: 4 }, 400, 'request.invalid'],
  ] as const)('are not accepted under %s, and nothing is written down', async (_, terms, status, code) => {
    await quarantined('mi-gan', 'inpaint', 'CC-BY-4.0');
    const actions = await stage.recorded(async () => {
      const asked = accept('mi-gan', terms);
      expect(await stage.refused(asked.path, asked.how)).toMatchObject({ status, code });
    });
    expect(actions).toEqual([]);
    expect((await all()).find(({ id }) => id === 'mi-gan')?.state).toBe('quarantined');
  });

  it('that came with Albumen stay, and unknown ones are not found', async () => {
    const { version } = (await all()).find(({ id }) => id === 'restore-s') as ModelView;
    const how = { as: 'administrator', method: 'DELETE' };
    expect(await stage.refused(`/api/models/restore-s/${version}`, how)).toMatchObject({
      status: 409,
      code: 'model.shipped',
    });
    expect(await stage.refused(path('nobody'), how)).toMatchObject({ status: 404, code: 'model.not-found' });
    const asked = accept('nobody', { licence: 'MIT', level: 2 });
    expect(await stage.refused(asked.path, asked.how)).toMatchObject({ status: 404, code: 'model.not-found' });
  });

  it('go back to quarantine where their acceptance cannot be written down', async () => {
    await quarantined('unlucky', 'image2image');
    const client = new pg.Client(stage.runtime.runtime.config.databaseUrl);
    await client.connect();
    try {
      await client.query(
        "create function no_models() returns trigger as $$ begin if new.subject_type = 'model' then raise exception 'no'; end if; return new; end $$ language plpgsql",
      );
      await client.query(
        'create trigger no_models before insert on audit_entry for each row execute function no_models()',
      );
      const asked = accept('unlucky', { licence: 'MIT', level: 1 });
      expect((await stage.ask(asked.path, asked.how)).status).toBe(500);
      await client.query('drop trigger no_models on audit_entry');
    } finally {
      await client.end();
    }
    expect((await all()).find(({ id }) => id === 'unlucky')?.state).toBe('quarantined');
    expect(await readdir(join(folder, 'unlucky', '1.0.0'))).toEqual(['report.json', 'unlucky.onnx']);
  });
});

describe('a step that names a model', () => {
  const brought: ModelPin = {
    id: 'lama',
    version: '2.0.0',
    sha256: 'b'.repeat(64),
    adapter: 'inpaint',
    licence: 'Apache-2.0',
    level: 2,
  };
  const stroke = {
    points: [
      [0.2, 0.2],
      [0.4, 0.4],
    ] as [number, number][],
    radius: 0.08,
  };
  let originalId: string;
  beforeAll(async () => {
    pins = await drawnEngine.pins();
    const level2 = await stage.collection('Level 2', { treatmentLevel: 2, preset: 'faithful' });
    const { itemId } = await stage.photograph(level2);
    originalId = (await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' })).originals[0]?.id ?? '';
  });
  const to = () => `/api/originals/${originalId}/restorations`;
  const refused = (steps: unknown) => stage.refused(to(), { as: 'operator', json: { steps } });
  const rebuild = { operation: 'rebuild-area', strength: 1, strokes: [stroke] };

  it('is refused until a model for it is accepted, then carries its pin', async () => {
    expect(await refused([rebuild])).toMatchObject({ status: 422, code: 'model.needed' });
    pins = { ...(await drawnEngine.pins()), [modelKey(brought)]: brought };
    const made = await stage.read(
      restorationSummary,
      to(),
      { as: 'operator', json: { steps: [{ ...rebuild, model: { id: 'lama', version: '2.0.0' } }] } },
      201,
    );
    expect(made).toMatchObject({ operations: ['rebuild-area'], level: 2 });
    const [row] = await stage.rows<{ recipe: { steps: object[] } }>('select recipe from restoration where id = $1', [
      made.id,
    ]);
    expect(row?.recipe.steps).toMatchObject([{ model: brought, strokes: [stroke] }]);
  });

  it('is refused where the model does not fit, is above the collection, or nothing is marked', async () => {
    const model = { id: 'lama', version: '2.0.0' };
    expect(await refused([{ operation: 'reduce-noise', strength: 1, model }])).toMatchObject({
      status: 422,
      code: 'model.unsuitable',
    });
    expect(await refused([{ operation: 'rebuild-area', strength: 1, model }])).toMatchObject({
      code: 'restoration.mark-up-invalid',
    });
    expect(await refused([{ ...rebuild, model: { id: 'lama', version: '9' } }])).toMatchObject({
      code: 'model.missing',
    });
    pins = { ...(await drawnEngine.pins()), [modelKey(brought)]: { ...brought, level: 3 } };
    expect(await refused([{ ...rebuild, model }])).toMatchObject({ code: 'restoration.level-above-collection' });
  });
});
