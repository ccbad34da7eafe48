import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accessionFilePage,
  accessionPage,
  accessionView,
  auditPage,
  auditProof,
  auditVerdict,
  collectionList,
  collectionView,
  descriptionHistory,
  descriptionVersion,
  deskView,
  homeView,
  itemPage,
  itemView,
  photographView,
  plannedAccession,
  publicationCheck,
  publicCollections,
  publicPage,
  restorationSummary,
  reviewPage,
  reviewRow,
} from '@albumen/contracts';
import { emptyDescription } from '@albumen/domain';
import { checkManifest } from '@albumen/iiif';
import { HttpStage } from './http-stage.js';
import { publicAddresses } from './public-addresses.js';

const rights = 'http://creativecommons.org/publicdomain/zero/1.0/';
const described = {
  ...emptyDescription,
  title: { en: 'The tiled house', vi: 'Ngôi nhà <mái> ngói' },
  edtf: '1935~',
  people: ['Nguyễn Văn An'],
  custody: 'Given by the family',
};

let stage: HttpStage;
let collectionId: string;
let itemId: string;
let bytes: Buffer;
let reviewId: string;
let restorationId: string;

/** One photograph through the door, in the order of the story. */
describe('the way of a photograph over HTTP', () => {
  beforeAll(async () => {
    stage = await HttpStage.open();
  });
  afterAll(() => stage?.close());

  /** What the curator says about the desk as it is shown now. */
  const saying = async (words: object, id = reviewId) => ({
    as: 'curator',
    json: { shown: await stage.shown(id), ...words },
  });

  it('makes collections as a tree, and refuses circles and stale changes', async () => {
    const actions = await stage.recorded(async () => {
      collectionId = await stage.collection('Box 12');
    });
    expect(actions).toEqual(['person.first-seen', 'collection.created']);
    const child = await stage.collection('Album 3', { parentId: collectionId });
    const patch = (id: string, json: unknown) => ({ method: 'PATCH', as: 'archivist', json, id });
    const cycle = patch(collectionId, { version: 1, parentId: child });
    expect(await stage.refused(`/api/collections/${collectionId}`, cycle)).toMatchObject({ code: 'collection.cycle' });
    const renamed = await stage.read(
      collectionView,
      `/api/collections/${child}`,
      patch(child, { version: 1, title: { vi: 'Tập 3' }, treatmentLevel: 2 }),
    );
    expect(renamed).toMatchObject({ version: 2, title: { vi: 'Tập 3' }, policySetBy: { name: 'archivist' } });
    expect(
      await stage.refused(`/api/collections/${child}`, patch(child, { version: 1, title: { vi: 'x' } })),
    ).toMatchObject({ status: 409, code: 'collection.changed-meanwhile' });
    expect(await stage.refused('/api/collections', { as: 'archivist', json: { title: { en: '  ' } } })).toMatchObject({
      code: 'collection.title-needed',
    });
    const { rows } = await stage.read(collectionList, '/api/collections', { as: 'operator' });
    expect(rows.map((row) => row.parentId)).toEqual([null, collectionId]);
  });

  it('takes a photograph in by an upload that was cut, and resumes it after signing in again', async () => {
    const { picture } = await import('../../libs/imaging/src/testing/pictures.js');
    bytes = await picture(700, 500).jpeg().toBuffer();
    const plan = { collectionId, files: [{ name: 'Ảnh cưới.jpg', path: 'hộp/Ảnh cưới.jpg', bytes: bytes.length }] };
    const asking = { as: 'operator', json: plan, headers: { 'Idempotency-Key': 'one' } };
    const planned = await stage.read(plannedAccession, '/api/accessions', asking);
    const repeated = await stage.read(plannedAccession, '/api/accessions', asking);
    expect(repeated.accession.id).toBe(planned.accession.id);
    const fileId = planned.files[0]?.id ?? '';
    const place = await stage.startUpload(fileId, bytes.length);
    expect(place).toBe(`/api/uploads/${fileId}`);
    expect((await stage.sendBytes(place, 0, bytes.subarray(0, 1000))).status).toBe(204);
    expect((await stage.sendBytes(place, 500, bytes.subarray(500))).status).toBe(409);
    const unsigned = await stage.sendBytes(place, 1000, bytes.subarray(1000), null);
    expect(unsigned.status).toBe(401);
    const offset = (): Promise<Response> =>
      stage.ask(place, { method: 'HEAD', as: 'operator', headers: { 'Tus-Resumable': '1.0.0' } });
    expect((await offset()).headers.get('upload-offset')).toBe('1000');
    const actions = await stage.recorded(async () => {
      expect((await stage.sendBytes(place, 1000, bytes.subarray(1000))).status).toBe(204);
    });
    expect(actions).toEqual(['original.received']);
    expect((await offset()).headers.get('upload-offset')).toBe(String(bytes.length));
    const files = await stage.read(accessionFilePage, `/api/accessions/${planned.accession.id}/files`, {
      as: 'curator',
    });
    expect(files.rows).toMatchObject([{ outcome: 'received', name: 'Ảnh cưới.jpg' }]);
    itemId = files.rows[0]?.itemId ?? '';
    const closed = await stage.read(accessionView, `/api/accessions/${planned.accession.id}/close`, {
      method: 'POST',
      as: 'operator',
    });
    expect(closed).toMatchObject({ status: 'closed', door: 'web', totals: { received: 1, waiting: 0 } });
    await stage.read(accessionPage, '/api/accessions', { as: 'operator' });
  });

  it('shows the item with what was measured, and the proposal in the queue', async () => {
    await stage.drain();
    const item = await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' });
    expect(item).toMatchObject({ state: 'to-review', originals: [{ sha256: sha256(bytes), facts: { width: 700 } }] });
    const queue = await stage.read(reviewPage, '/api/reviews?state=open', { as: 'curator' });
    expect(queue.rows).toHaveLength(1);
    reviewId = queue.rows[0]?.id ?? '';
    restorationId = queue.rows[0]?.restorationId ?? '';
    expect(queue.rows[0]).toMatchObject({ mayDecide: true, claim: null });
    const desk = await stage.read(deskView, `/api/reviews/${reviewId}`, { as: 'curator' });
    expect(desk.variants.map((variant) => variant.variant).sort()).toEqual(['r', 'rn']);
    expect(desk.requestedBy.map((person) => person.name).sort()).toEqual(['archivist', 'operator']);
    const page = await stage.read(itemPage, `/api/collections/${collectionId}/items?state=to-review`, {
      as: 'curator',
    });
    expect(page).toMatchObject({ rows: [{ id: itemId, openReviewId: reviewId }], total: 1, next: null });
    const home = await stage.read(homeView, '/api/home', { as: 'curator' });
    expect(home).toMatchObject({ reviews: { open: 1, mine: 0 }, integrity: { total: 1, verified: 1 } });
  });

  it('keeps the desk for other eyes than those who asked', async () => {
    const owner = await stage.collection('Own box', {}, 'curator');
    const own = await stage.photograph(owner);
    const queue = await stage.read(reviewPage, `/api/reviews?collectionId=${owner}`, { as: 'curator' });
    const row = queue.rows[0];
    expect(row).toMatchObject({ itemId: own.itemId, mayDecide: false });
    const claim = { method: 'POST', as: 'curator' };
    expect(await stage.refused(`/api/reviews/${row?.id}/claim`, claim)).toMatchObject({ code: 'review.own-request' });
    expect(await stage.ask(`/api/reviews/${row?.id}/claim`, { ...claim, as: 'reviewer' })).toMatchObject({
      status: 200,
    });
    expect(
      await stage.refused(`/api/reviews/${row?.id}/decision`, await saying({ decision: 'approve' }, row?.id)),
    ).toMatchObject({ code: 'review.own-request' });
  });

  it('lends a review to one person at a time', async () => {
    const claim = (as: string) => stage.read(reviewRow, `/api/reviews/${reviewId}/claim`, { method: 'POST', as });
    const decide = await saying({ decision: 'approve' });
    expect(await stage.refused(`/api/reviews/${reviewId}/decision`, decide)).toMatchObject({
      code: 'review.claim-needed',
    });
    expect(await claim('curator')).toMatchObject({ claim: { mine: true } });
    expect(await stage.recorded(() => claim('curator'))).toEqual([]);
    expect(await stage.refused(`/api/reviews/${reviewId}/claim`, { method: 'POST', as: 'reviewer' })).toMatchObject({
      status: 409,
      code: 'review.claimed-by-other',
      details: { name: 'curator' },
    });
    stage.time.skew += 31 * 60_000;
    expect(await claim('reviewer')).toMatchObject({ claim: { mine: true } });
    await stage.read(reviewRow, `/api/reviews/${reviewId}/release`, { method: 'POST', as: 'reviewer' });
    const racers = await Promise.all(
      ['curator', 'reviewer', 'administrator'].map((as) =>
        stage.ask(`/api/reviews/${reviewId}/claim`, { method: 'POST', as }),
      ),
    );
    expect(racers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
    stage.time.skew += 31 * 60_000;
    await claim('curator');
  });

  it('takes a word on single regions and layers', async () => {
    const path = `/api/restorations/${restorationId}/acceptance`;
    const patch = { method: 'PATCH', as: 'curator' };
    const actions = await stage.recorded(async () => {
      const desk = await stage.read(deskView, path, {
        ...patch,
        json: {
          shown: await stage.shown(reviewId),
          regions: [
            { ordinal: 2, acceptance: 'rejected' },
            { ordinal: 1, acceptance: 'accepted' },
          ],
          layers: [{ operation: 'reduce-noise', acceptance: 'accepted', strength: 0.5 }],
        },
      });
      expect(desk.regions.map((region) => region.acceptance)).toEqual(['accepted', 'rejected', 'undecided']);
      expect(desk.layers[0]).toMatchObject({ acceptedStrength: 0.5, decidedBy: { name: 'curator' } });
    });
    expect(actions).toEqual(['restoration.acceptance-changed']);
    const unknown = { ...patch, ...(await saying({ regions: [{ ordinal: 99, acceptance: 'accepted' }] })) };
    expect(await stage.refused(path, unknown)).toMatchObject({ code: 'restoration.region-not-found' });
    const others = { ...(await saying({ regions: [{ ordinal: 1, acceptance: 'rejected' }] })), as: 'reviewer' };
    const refused = await stage.refused(path, { ...others, method: 'PATCH' });
    expect(refused.code).toBe('review.claimed-by-other');
  });

  it('needs a reason to reject, and lets the same person undo it', async () => {
    const path = `/api/reviews/${reviewId}/decision`;
    expect(await stage.refused(path, await saying({ decision: 'reject' }))).toMatchObject({
      code: 'review.reason-needed',
    });
    await stage.read(reviewRow, path, await saying({ decision: 'reject', reason: 'too-smooth' }));
    expect(await stage.refused(`/api/reviews/${reviewId}/undo`, { method: 'POST', as: 'reviewer' })).toMatchObject({
      code: 'review.undo-too-late',
    });
    const actions = await stage.recorded(() =>
      stage.read(reviewRow, `/api/reviews/${reviewId}/undo`, { method: 'POST', as: 'curator' }),
    );
    expect(actions).toEqual(['review.decision-undone']);
  });

  it('approves what was accepted, and composes exactly that', async () => {
    const approval = await saying({ decision: 'approve' });
    const actions = await stage.recorded(() => stage.read(reviewRow, `/api/reviews/${reviewId}/decision`, approval));
    expect(actions).toEqual(['review.approved', 'restoration.approved']);
    expect(await stage.refused(`/api/reviews/${reviewId}/decision`, approval)).toMatchObject({
      code: 'review.already-decided',
    });
    await stage.drain();
    const [row] = await stage.rows<{ composed: { accepted: unknown } }>(
      'select composed from restoration where id = $1',
      [restorationId],
    );
    expect(row?.composed.accepted).toEqual({
      regions: [1, 3],
      layers: [{ operation: 'reduce-noise', strength: 0.5 }],
    });
    const decided = await stage.read(reviewPage, '/api/reviews?state=decided', { as: 'operator' });
    expect(decided.rows[0]).toMatchObject({ id: reviewId, state: 'approved', mayDecide: false });
  });

  it('describes in versions, refuses a stale one, and keeps names out of the log', async () => {
    const path = `/api/items/${itemId}/description`;
    const put = (fromVersion: number, body: unknown) => ({
      method: 'PUT',
      as: 'operator',
      json: { fromVersion, body },
    });
    const saved = await stage.read(descriptionVersion, path, put(1, described));
    expect(saved).toMatchObject({ version: 2, savedBy: { name: 'operator' } });
    expect((await stage.read(descriptionVersion, path, put(2, described))).version).toBe(2);
    expect(await stage.refused(path, put(1, { ...described, creator: 'B' }))).toMatchObject({
      status: 409,
      code: 'item.changed-meanwhile',
    });
    expect(await stage.refused(path, put(2, { ...described, edtf: 'circa 1921' }))).toMatchObject({
      code: 'description.date-unreadable',
    });
    expect(await stage.refused(path, put(2, { ...described, rights: 'mine' }))).toMatchObject({
      code: 'description.rights-unknown',
    });
    const history = await stage.read(descriptionHistory, `/api/items/${itemId}/descriptions`, { as: 'curator' });
    expect(history.rows.map((row) => row.version)).toEqual([2, 1]);
    const journal = await stage.read(auditPage, `/api/items/${itemId}/journal?limit=200`, { as: 'operator' });
    const entry = journal.rows.find((row) => row.action === 'item.described');
    expect(entry?.after).toMatchObject({ version: 2, edtf: '1935~' });
    expect(JSON.stringify(entry)).not.toMatch(/Văn An|family/);
    expect(JSON.stringify(entry)).toContain('salted:');
    const search = await stage.read(itemPage, `/api/collections/${collectionId}/items?q=NGUYEN%20ngoi`, {
      as: 'operator',
    });
    expect(search.rows.map((row) => row.id)).toEqual([itemId]);
    expect(
      (await stage.read(itemPage, `/api/collections/${collectionId}/items?q=%25`, { as: 'operator' })).rows,
    ).toEqual([]);
  });

  it('is not published without rights', async () => {
    const check = await stage.read(publicationCheck, `/api/items/${itemId}/publication`, { as: 'operator' });
    expect(check.rules.filter((rule) => !rule.met).map((rule) => rule.rule)).toEqual(['rights']);
    expect(check).toMatchObject({ ready: false, preview: null });
    expect(await stage.refused(`/api/items/${itemId}/publications`, { method: 'POST', as: 'curator' })).toMatchObject({
      status: 422,
      code: 'publication.rules-not-met',
      details: { detail: 'rights' },
    });
    expect((await stage.ask(`/iiif/manifest/${itemId}`)).status).toBe(404);
    expect(await stage.refused(`/api/public/photographs/${itemId}`)).toMatchObject({ status: 404 });
  });

  it('is published: the bytes served are the bytes hashed, and everybody may see the two pictures', async () => {
    await stage.read(descriptionVersion, `/api/items/${itemId}/description`, {
      method: 'PUT',
      as: 'operator',
      json: { fromVersion: 2, body: { ...described, rights } },
    });
    const actions = await stage.recorded(async () => {
      const check = await stage.read(
        publicationCheck,
        `/api/items/${itemId}/publications`,
        { method: 'POST', as: 'curator' },
        201,
      );
      expect(check.releases[0]).toMatchObject({ number: 1, publishedBy: 'curator' });
    });
    expect(actions).toEqual(['publication.published']);
    const view = await stage.read(photographView, `/api/public/photographs/${itemId}`);
    const manifest = await stage.ask(`/iiif/manifest/${itemId}`);
    const body = Buffer.from(await manifest.arrayBuffer());
    expect(sha256(body)).toBe(view.manifestSha256);
    expect(manifest.headers.get('etag')).toBe(`"${view.manifestSha256}"`);
    expect(manifest.headers.get('content-type')).toContain('application/ld+json');
    expect(manifest.headers.get('access-control-allow-origin')).toBe('*');
    expect(checkManifest(JSON.parse(body.toString()))).toEqual([]);
    const conditional = { headers: { 'If-None-Match': `"${view.manifestSha256}"` } };
    expect((await stage.ask(`/iiif/manifest/${itemId}`, conditional)).status).toBe(304);
    expect((await stage.ask(`/iiif/manifest/${itemId}`, { method: 'HEAD' })).headers.get('etag')).toBeTruthy();
    expect(view.changes?.sentence.en).toMatch(
      /^A computer filled 1 scratch and 1 stain from their surroundings \(0\.6 % of the picture\) and softened noise and grain\. curator approved it on /,
    );
    expect(JSON.stringify(view)).not.toContain('family');
    for (const address of publicAddresses(view)) {
      const response = await stage.ask(address);
      expect(response.status, address).toBe(200);
      await response.arrayBuffer();
    }
    const list = await stage.read(publicPage, '/api/public/photographs?q=ngoi');
    expect(list).toMatchObject({ total: 1, rows: [{ id: itemId, restored: true }] });
    expect((await stage.read(publicCollections, '/api/public/collections')).rows).toMatchObject([{ count: 1 }]);
    expect(await stage.refused(`/api/reviews/${reviewId}/undo`, { method: 'POST', as: 'curator' })).toMatchObject({
      code: 'review.undo-too-late',
    });
    const ready = await stage.read(itemPage, '/api/publications', { as: 'operator' });
    expect(ready.rows).toMatchObject([{ id: itemId, state: 'published' }]);
  });

  it('serves the original as it was received, whole and in parts, as an attachment', async () => {
    const view = await stage.read(photographView, `/api/public/photographs/${itemId}`);
    const { url } = view.downloads.original;
    const whole = await stage.ask(url);
    expect(sha256(Buffer.from(await whole.arrayBuffer()))).toBe(sha256(bytes));
    expect(whole.headers.get('content-disposition')).toMatch(/^attachment; .*filename\*=UTF-8''/);
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff');
    const part = await stage.ask(url, { headers: { Range: 'bytes=10-19' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
    expect((await stage.ask(url, { headers: { Range: `bytes=${bytes.length}-` } })).status).toBe(416);
  });

  it('keeps what was not published for staff: token or view pass', async () => {
    const desk = await stage.read(deskView, `/api/reviews/${reviewId}`, { as: 'curator' });
    const unpublished = `${desk.variants[0]?.picture.url}/full/200,/0/default.jpg`;
    expect(await stage.refused(unpublished)).toMatchObject({ status: 401 });
    const shown = await stage.ask(unpublished, { as: 'operator' });
    expect(shown.status).toBe(200);
    expect(shown.headers.get('cache-control')).toBe('private, no-store');
    const pass = await stage.ask('/api/view-pass', { method: 'POST', as: 'operator' });
    expect(pass.status).toBe(204);
    const cookie = pass.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    const Cookie = cookie.split(';')[0] ?? '';
    expect((await stage.ask(unpublished, { headers: { Cookie } })).status).toBe(200);
    expect((await stage.ask(`/api/items/${itemId}`, { headers: { Cookie } })).status).toBe(401);
    const forged = Cookie.replace(/.$/, (sign) => (sign === 'A' ? 'B' : 'A'));
    expect((await stage.ask(unpublished, { headers: { Cookie: forged } })).status).toBe(401);
  });

  it('proves it: entries, proof and verification', async () => {
    const page = await stage.read(auditPage, '/api/audit?action=publication.published', { as: 'archivist' });
    const seq = page.rows[0]?.seq ?? -1;
    const proof = await stage.read(auditProof, `/api/audit/${seq}/proof`, { as: 'archivist' });
    expect(await stage.read(auditProof, `/audit/proof/${seq}`)).toEqual(proof);
    expect(proof.leaf).toContain('publication.published');
    expect(proof.leaf).not.toContain('curator"');
    expect(await (await stage.ask('/audit/checkpoint')).text()).toBe(proof.checkpoint);
    expect((await (await stage.ask('/audit/key')).text()).trim()).toBe(proof.publicKey);
    expect((await stage.ask(`/audit/tile/0/000.p/${proof.treeSize}`)).status).toBe(200);
    const verdict = await stage.read(auditVerdict, '/api/audit/verification', { method: 'POST', as: 'archivist' });
    expect(verdict).toMatchObject({ ok: true, firstBad: null, checkpoint: { signatureValid: true } });
    const all: number[] = [];
    for (let cursor = ''; ;) {
      const part = await stage.read(auditPage, `/api/audit?limit=7${cursor}`, { as: 'archivist' });
      all.push(...part.rows.map((row) => row.seq));
      if (!part.next) break;
      cursor = `&cursor=${part.next}`;
    }
    expect(all).toEqual(all.map((_, i) => all.length - 1 - i));
    expect(all).toHaveLength(verdict.entries);
  });

  it('asks for another restoration with other strengths, and cancels it', async () => {
    const item = await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' });
    const made = await stage.read(
      restorationSummary,
      `/api/originals/${item.originals[0]?.id}/restorations`,
      { as: 'operator', json: { steps: [{ operation: 'repair-damage', strength: 0.5 }] } },
      201,
    );
    expect(made).toMatchObject({ status: 'requested', automatic: false });
    const cancelled = await stage.read(restorationSummary, `/api/restorations/${made.id}/cancel`, {
      method: 'POST',
      as: 'operator',
    });
    expect(cancelled.status).toBe('cancelled');
    await stage.drain();
  });

  it('is withdrawn: manifest, tiles, files and page are gone at once, and the reason stands there', async () => {
    const view = await stage.read(photographView, `/api/public/photographs/${itemId}`);
    const addresses = publicAddresses(view);
    expect(
      await stage.refused(`/api/items/${itemId}/withdrawal`, { as: 'archivist', json: { reason: ' ' } }),
    ).toMatchObject({ status: 400 });
    const actions = await stage.recorded(() =>
      stage.read(publicationCheck, `/api/items/${itemId}/withdrawal`, {
        as: 'archivist',
        json: { reason: 'The family asked.' },
      }),
    );
    expect(actions).toEqual(['publication.withdrawn']);
    for (const address of addresses) {
      expect(await stage.refused(address), address).toMatchObject({ status: 410, code: 'publication.withdrawn' });
      expect((await stage.ask(address)).headers.get('cache-control'), address).toContain('no-store');
    }
    const tombstone = await (await stage.ask(`/iiif/manifest/${itemId}`)).json();
    expect(tombstone).toMatchObject({ formerType: 'Manifest', summary: 'The family asked.' });
    expect(await stage.refused(`/api/public/photographs/${itemId}`)).toMatchObject({ status: 410 });
    expect((await stage.read(publicPage, '/api/public/photographs')).rows).toEqual([]);
    expect((await stage.ask(`/photographs/${itemId}`)).status).toBe(410);
    const item = await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' });
    expect(item).toMatchObject({ state: 'withdrawn', publication: { withdrawn: { reason: 'The family asked.' } } });
    const again = { method: 'POST', as: 'curator' };
    const check = await stage.read(publicationCheck, `/api/items/${itemId}/publications`, again, 201);
    expect(check.releases.map((release) => release.number)).toEqual([2, 1]);
    expect((await stage.ask(`/iiif/manifest/${itemId}`)).status).toBe(200);
    const races = [again, again, again].map((how) => stage.ask(`/api/items/${itemId}/publications`, how));
    expect((await Promise.all(races)).map((answer) => answer.status)).toEqual([201, 201, 201]);
    const numbers = await stage.rows('select number from publication where item_id = $1 order by 1', [itemId]);
    expect(numbers).toEqual([1, 2, 3, 4, 5].map((number) => ({ number })));
  });
});

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
