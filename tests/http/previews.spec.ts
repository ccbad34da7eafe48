import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  deskView,
  homeView,
  itemView,
  previewView,
  receiptFile,
  restorationQueue,
  reviewPage,
  reviewRow,
  type PreviewView,
  type ReceiptFile,
} from '@albumen/contracts';
import {
  canonicalJson,
  refuse,
  type AcceptedSet,
  type Cancellation,
  type EngineProgress,
  type Refusal,
} from '@albumen/domain';
import { drawnEngine } from './drawn-engine.js';
import { HttpStage } from './http-stage.js';

/** What the engine was asked to compose, and what it says in place of a picture. */
const asked: { accepted: AcceptedSet; withReport: boolean }[] = [];
let meanwhile:
  ((run: { signal?: Cancellation; onProgress?: (progress: EngineProgress) => void }) => Promise<void>) | null = null;
let fault: { in: 'restore' | 'compose'; says: Refusal } | null = null;
const engine: typeof drawnEngine = {
  ...drawnEngine,
  async restore(run) {
    if (fault?.in === 'restore') throw fault.says;
    return drawnEngine.restore(run);
  },
  async compose(run) {
    asked.push({ accepted: run.accepted, withReport: run.report !== undefined });
    if (fault?.in === 'compose') throw fault.says;
    await meanwhile?.(run);
    return drawnEngine.compose(run);
  },
};

let stage: HttpStage;
let itemId: string;
let restorationId: string;
let reviewId: string;
beforeAll(async () => {
  stage = await HttpStage.open({ engine });
  ({ itemId } = await stage.photograph(await stage.collection('Box')));
  ({ restorationId, reviewId } = await openReview(itemId));
});
afterAll(() => stage?.close());
beforeEach(() => {
  asked.length = 0;
  fault = null;
  meanwhile = null;
});

async function openReview(ofItem: string) {
  const { rows } = await stage.read(reviewPage, '/api/reviews?state=open&limit=100', { as: 'curator' });
  const row = rows.find((one) => one.itemId === ofItem);
  return { restorationId: row?.restorationId ?? '', reviewId: row?.id ?? '' };
}
const post = (as = 'curator') => ({ method: 'POST', as });
const preview = (): Promise<PreviewView> =>
  stage.read(previewView, `/api/restorations/${restorationId}/previews`, post());
const accept = async (words: object): Promise<unknown> =>
  stage.read(deskView, `/api/restorations/${restorationId}/acceptance`, {
    method: 'PATCH',
    as: 'curator',
    json: { shown: await stage.shown(reviewId), ...words },
  });
const strength = (value: number): Promise<unknown> =>
  accept({ layers: [{ operation: 'reduce-noise', acceptance: 'accepted', strength: value }] });
const previewFiles = () =>
  stage.rows<{ key: string; variant: string }>(
    "select storage_key as key, variant from derivative where restoration_id = $1 and variant like 'preview-%' order by created_at",
    [restorationId],
  );

describe('a preview of a combination', () => {
  it('is for the one who holds the review, and for nobody who asked for the restoration', async () => {
    const path = `/api/restorations/${restorationId}/previews`;
    expect(await stage.refused(path, post())).toMatchObject({ code: 'review.claim-needed' });
    await stage.read(reviewRow, `/api/reviews/${reviewId}/claim`, post());
    expect(await stage.refused(path, post('reviewer'))).toMatchObject({ code: 'review.claimed-by-other' });
    expect(await stage.refused(path, post('operator'))).toMatchObject({ status: 403, code: 'access.forbidden' });
    const own = await stage.photograph(await stage.collection('Own', {}, 'reviewer'));
    const other = await openReview(own.itemId);
    expect(await stage.refused(`/api/restorations/${other.restorationId}/previews`, post('reviewer'))).toMatchObject({
      code: 'review.own-request',
    });
    expect(await stage.refused(`/api/restorations/${reviewId}/previews`, post())).toMatchObject({ status: 404 });
  });

  it('is the stored picture where one has exactly this in it', async () => {
    const desk = await stage.read(deskView, `/api/reviews/${reviewId}`, { as: 'curator' });
    const variant = (name: string) => desk.variants.find((one) => one.variant === name)?.picture;
    expect(await preview()).toEqual({ ready: true, picture: variant('rn'), progress: null });
    await accept({ layers: [{ operation: 'reduce-noise', acceptance: 'rejected' }] });
    expect((await preview()).picture).toEqual(variant('r'));
    await accept({ regions: [1, 2, 3].map((ordinal) => ({ ordinal, acceptance: 'rejected' })) });
    expect((await preview()).picture).toEqual(desk.original.picture);
    expect(asked).toEqual([]);
  });

  it('is computed once where none has, of exactly what stands, and is there at once the next time', async () => {
    await accept({ regions: [{ ordinal: 2, acceptance: 'accepted' }] });
    const actions = await stage.recorded(async () => {
      expect(await preview()).toEqual({ ready: false, picture: null, progress: null });
      expect(await preview()).toMatchObject({ ready: false });
      await stage.drain();
    });
    expect(actions).toEqual(['restoration.preview-asked', 'restoration.preview-made']);
    const made = await preview();
    expect(made).toMatchObject({ ready: true, picture: { width: expect.any(Number) } });
    expect((await stage.ask(`${made.picture?.url}/full/200,/0/default.jpg`, { as: 'curator' })).status).toBe(200);
    expect((await stage.ask(`${made.picture?.url}/full/200,/0/default.jpg`)).status).toBe(401);
    expect(asked).toEqual([{ accepted: { regions: [2], layers: [] }, withReport: true }]);
    const desk = await stage.read(deskView, `/api/reviews/${reviewId}`, { as: 'curator' });
    expect(desk.variants.map((one) => one.variant).sort()).toEqual(['r', 'rn']);
    expect(desk.composite).toBeNull();
  });

  it('says how far it is while it is computed', async () => {
    await strength(0.11);
    await preview();
    let seen: PreviewView | null = null;
    meanwhile = async ({ onProgress }) => {
      onProgress?.({ share: 0.4, doing: 'fill', secondsLeft: 3 });
      for (let look = 0; look < 50 && !seen?.progress; look++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        seen = await preview();
      }
    };
    await stage.drain();
    expect(seen).toEqual({ ready: false, picture: null, progress: { share: 0.4, secondsLeft: 3 } });
    expect((await preview()).ready).toBe(true);
  });

  it('is stopped while it is computed when another combination is asked for', async () => {
    await strength(0.15);
    await preview();
    let stopped = false;
    meanwhile = async ({ signal }) => {
      meanwhile = null;
      await strength(0.16);
      await preview();
      for (let look = 0; look < 50 && signal?.aborted === false; look++)
        await new Promise((resolve) => setTimeout(resolve, 200));
      stopped = signal?.aborted === true;
      if (stopped) throw refuse('restoration.cancelled');
    };
    await stage.drain();
    expect(stopped).toBe(true);
    expect(asked.map(({ accepted }) => accepted.layers[0]?.strength)).toEqual([0.15, 0.16]);
    expect((await preview()).ready).toBe(true);
  });

  it('is let go for a newer combination that is wanted now', async () => {
    await strength(0.21);
    await preview();
    await strength(0.22);
    await preview();
    await stage.drain();
    expect(asked.map(({ accepted }) => accepted.layers[0]?.strength)).toEqual([0.22]);
    await strength(0.21);
    expect((await preview()).ready).toBe(false);
    await stage.drain();
  });

  it('is kept eight times per restoration: the oldest is dropped with its bytes', async () => {
    const first = await previewFiles();
    const oldest = first[0]?.variant ?? '';
    for (let round = 1; round <= 8; round++) {
      await strength(0.3 + round / 100);
      await preview();
      await stage.drain();
    }
    const kept = await previewFiles();
    expect(new Set(kept.map((file) => file.variant)).size).toBe(8);
    expect(kept.map((file) => file.variant)).not.toContain(oldest);
    for (const { key } of kept) expect(await stage.bench.store.derivatives.has(key)).toBe(true);
  });

  it('that cannot be computed says why, leaves the review open, and is tried again when asked again', async () => {
    await strength(0.5);
    fault = {
      in: 'compose',
      says: refuse('restoration.output-not-sane', { operation: 'reduce-noise', detail: 'black' }),
    };
    await preview();
    expect(await stage.work()).toEqual([['preview-accepted', 'restoration.output-not-sane']]);
    expect(await stage.refused(`/api/restorations/${restorationId}/previews`, post())).toMatchObject({
      code: 'restoration.output-not-sane',
      detail: 'The result of reduce-noise was not a sane picture (black) and was thrown away.',
    });
    fault = null;
    expect(await preview()).toMatchObject({ ready: false });
    await stage.drain();
    expect(await preview()).toMatchObject({ ready: true });
    expect((await stage.read(itemView, `/api/items/${itemId}`, { as: 'curator' })).state).toBe('to-review');
  });

  it('serves the composite of the approval, signed with what was accepted; the others are removed', async () => {
    const before = await previewFiles();
    await stage.read(reviewRow, `/api/reviews/${reviewId}/decision`, {
      as: 'curator',
      json: { shown: await stage.shown(reviewId), decision: 'approve' },
    });
    asked.length = 0;
    await stage.drain();
    expect(asked).toEqual([]);
    expect(await previewFiles()).toEqual([]);
    expect(await stage.rows('select 1 from restoration_preview where restoration_id = $1', [restorationId])).toEqual(
      [],
    );
    const named = new Set(
      (await stage.rows<{ key: string }>('select storage_key as key from derivative')).map((row) => row.key),
    );
    for (const { key } of before)
      expect([key, await stage.bench.store.derivatives.has(key)]).toEqual([key, named.has(key)]);
    const receipt = await stage.read(receiptFile, `/api/restorations/${restorationId}/receipt`, { as: 'operator' });
    expect(receipt.receipt.accepted).toEqual({ regions: [2], layers: [{ operation: 'reduce-noise', strength: 0.5 }] });
    expect(isSigned(receipt)).toBe(true);
    const path = new URL(receipt.output?.url ?? '').pathname;
    expect((await stage.ask(path, { as: 'operator' })).headers.get('content-type')).toBe('image/tiff');
    expect(await stage.refused(`/api/restorations/${restorationId}/previews`, post())).toMatchObject({
      code: 'restoration.not-proposed',
    });
  });
});

describe('a receipt', () => {
  it('of the proposal is there beside that of the composite; a forged one is found', async () => {
    const path = `/api/restorations/${restorationId}/receipt`;
    const proposal = await stage.read(receiptFile, `${path}?of=proposal`, { as: 'operator' });
    expect(proposal.receipt).not.toHaveProperty('accepted');
    expect(proposal.receipt).toMatchObject({ restorationId, software: { name: 'albumen-test' } });
    expect(isSigned(proposal)).toBe(true);
    expect(isSigned({ ...proposal, receipt: { ...proposal.receipt, recipeSha256: 'f'.repeat(64) } })).toBe(false);
    expect(await stage.refused(`${path}?of=both`, { as: 'operator' })).toMatchObject({ status: 400 });
    expect(await stage.refused(`/api/files/receipt/${restorationId}`)).toMatchObject({ status: 401 });
    expect(
      await stage.read(receiptFile, `/api/files/receipt/${restorationId}?of=proposal`, { as: 'operator' }),
    ).toEqual(proposal);
  });

  it('of a composite of everything names the bytes of the proposal', async () => {
    const { itemId: whole } = await stage.photograph(await stage.collection('Whole'));
    const open = await openReview(whole);
    const receipt = (of: string): string => `/api/restorations/${open.restorationId}/receipt?of=${of}`;
    expect(await stage.refused(receipt('composite'), { as: 'operator' })).toMatchObject({ status: 404 });
    await stage.read(reviewRow, `/api/reviews/${open.reviewId}/claim`, post());
    await stage.read(reviewRow, `/api/reviews/${open.reviewId}/decision`, {
      as: 'curator',
      json: { shown: await stage.shown(open.reviewId), decision: 'approve' },
    });
    await stage.drain();
    expect(asked).toEqual([]);
    const [composite, proposal] = await Promise.all([
      stage.read(receiptFile, receipt('composite'), { as: 'operator' }),
      stage.read(receiptFile, receipt('proposal'), { as: 'operator' }),
    ]);
    expect(composite.receipt.output).toEqual(proposal.receipt.output);
    expect(composite.receipt.accepted?.regions).toEqual([1, 2, 3]);
    expect(isSigned(composite)).toBe(true);
  });
});

describe('a preview whose bytes are lost', () => {
  it('is computed anew for the composite', async () => {
    const { itemId: other } = await stage.photograph(await stage.collection('Lost'));
    ({ restorationId, reviewId } = await openReview(other));
    await stage.read(reviewRow, `/api/reviews/${reviewId}/claim`, post());
    await strength(0.71);
    await preview();
    await stage.drain();
    asked.length = 0;
    const lost = (await previewFiles())[0]?.key ?? '';
    await stage.bench.store.derivatives.remove(lost);
    await stage.read(reviewRow, `/api/reviews/${reviewId}/decision`, {
      as: 'curator',
      json: { shown: await stage.shown(reviewId), decision: 'approve' },
    });
    await stage.drain();
    expect(asked).toHaveLength(1);
    const desk = await stage.read(deskView, `/api/reviews/${reviewId}`, { as: 'curator' });
    expect((await stage.ask(`${desk.composite?.url}/full/200,/0/default.jpg`, { as: 'curator' })).status).toBe(200);
  });
});

describe('a preview of a rejected proposal', () => {
  it('is removed with the decision', async () => {
    const { itemId: other } = await stage.photograph(await stage.collection('Rejected'));
    ({ restorationId, reviewId } = await openReview(other));
    await stage.read(reviewRow, `/api/reviews/${reviewId}/claim`, post());
    await strength(0.6);
    await preview();
    await stage.drain();
    const files = await previewFiles();
    expect(files.length).toBeGreaterThan(0);
    await strength(0.61);
    await preview();
    const decision = {
      as: 'curator',
      json: { shown: await stage.shown(reviewId), decision: 'reject', reason: 'too-smooth' },
    };
    await stage.read(reviewRow, `/api/reviews/${reviewId}/decision`, decision);
    asked.length = 0;
    await stage.drain();
    expect(asked).toEqual([]);
    expect(await previewFiles()).toEqual([]);
  });
});

describe('a step that fails', () => {
  it.each([
    ['restoration.output-not-sane', { operation: 'sharpen', detail: 'NaN' }],
    ['restoration.engine-failed', { detail: 'out of memory' }],
  ] as const)('leaves the item with its reason (%s), and can be tried again', async (code, details) => {
    fault = { in: 'restore', says: refuse(code, details) };
    const { itemId: other } = await stage.photograph(await stage.collection(code)).catch(async () => ({
      itemId: (await stage.rows<{ id: string }>('select id from item order by created_at desc limit 1'))[0]?.id ?? '',
    }));
    const failed = await stage.read(itemView, `/api/items/${other}`, { as: 'operator' });
    expect(failed).toMatchObject({
      state: 'failed',
      originals: [{ restorations: [{ status: 'failed', failure: { code } }] }],
    });
    expect(failed.originals[0]?.restorations[0]?.failure?.detail).toContain(details.detail);
    fault = null;
    await stage.ask(`/api/originals/${failed.originals[0]?.id}/retry`, post('operator'));
    await stage.drain();
    const mended = await stage.read(itemView, `/api/items/${other}`, { as: 'operator' });
    expect(mended).toMatchObject({ state: 'to-review', originals: [{ restorations: [{ failure: null }] }] });
  });

  it('by a kill waits for the next try, and the restoration stays under way', async () => {
    fault = { in: 'restore', says: refuse('restoration.engine-killed') };
    await stage.photograph(await stage.collection('Killed')).catch(() => undefined);
    const [row] = await stage.rows<{ id: string; status: string; started: Date }>(
      'select id, status, started_at as started from restoration order by requested_at desc limit 1',
    );
    expect(row?.status).toBe('running');
    fault = null;
    stage.time.skew += 60_000;
    const history = stage.runtime.queue.history.find(
      ({ job }) => job.name === 'restore-original' && job.payload.restorationId === row?.id,
    );
    await stage.redo(history?.id ?? '');
    const [after] = await stage.rows<{ status: string; seconds: number }>(
      'select status, extract(epoch from finished_at - started_at)::float8 as seconds from restoration where id = $1',
      [row?.id],
    );
    expect(after?.status).toBe('proposed');
    expect(after?.seconds).toBeLessThan(50);
  });
});

describe('the restoration queue', () => {
  it('tells what waits and how long it takes, from what finished runs took', async () => {
    const queue = await stage.read(restorationQueue, '/api/restoration-queue', { as: 'operator' });
    expect(queue).toMatchObject({ waiting: 0, running: 0, secondsLeft: 0, analysing: { waiting: 0 } });
    expect(queue.finished).toBeGreaterThan(2);
    expect(queue.measuredOn).toBe(queue.finished);
    expect(queue.secondsPerMegapixel).toBeGreaterThan(0);
    const item = await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' });
    const original = item.originals[0];
    const json = { steps: [{ operation: 'reduce-noise', strength: 0.33 }] };
    await stage.ask(`/api/originals/${original?.id}/restorations`, { as: 'operator', json });
    const waiting = await stage.read(restorationQueue, '/api/restoration-queue', { as: 'operator' });
    const megapixels = ((original?.facts?.width ?? 0) * (original?.facts?.height ?? 0)) / 1e6;
    expect(waiting).toMatchObject({ waiting: 1, megapixelsLeft: megapixels });
    expect(waiting.secondsLeft).toBeCloseTo((queue.secondsPerMegapixel ?? 0) * megapixels, 6);
    expect((await stage.read(homeView, '/api/home', { as: 'operator' })).processing.secondsLeft).toBe(
      waiting.secondsLeft,
    );
    await stage.drain();
  });
});

/** True where the signature of a receipt is that of the key it names (Ed25519 over canonical JSON). */
function isSigned({ receipt, signature }: ReceiptFile): boolean {
  if (!signature) return false;
  const raw = Buffer.from(signature.key.split('+').slice(2).join('+'), 'base64').subarray(1);
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  return verify(null, Buffer.from(canonicalJson(receipt)), key, Buffer.from(signature.value, 'base64'));
}
