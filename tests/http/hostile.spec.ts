import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemView } from '@albumen/contracts';
import { HttpStage } from './http-stage.js';

let stage: HttpStage;
let image: string;
let original: string;
beforeAll(async () => {
  stage = await HttpStage.open();
  const collectionId = await stage.collection('Hostile');
  const { itemId } = await stage.photograph(collectionId, 'a"b\'; filename=x.html\u{1F600}.jpg');
  const item = await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' });
  image = item.originals[0]?.picture?.url ?? '';
  original = item.originals[0]?.id ?? '';
});
afterAll(() => stage?.close());

/** Sends bytes as they are, since `fetch` tidies addresses. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(stage.address).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}
const get = (path: string): Promise<string> => raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

describe('messages that mean harm', () => {
  it('refuses bodies that are too large, broken, or of another shape', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const post = { method: 'POST', as: 'archivist', headers };
    expect(
      await stage.refused('/api/collections', {
        ...post,
        body: JSON.stringify({ title: { en: 'x'.repeat(2_000_000) } }),
      }),
    ).toMatchObject({ status: 413, code: 'request.too-large' });
    expect(await stage.refused('/api/collections', { ...post, body: '{"title":' })).toMatchObject({
      status: 400,
      code: 'request.invalid',
    });
    const strange: unknown[] = [
      [],
      'text',
      { title: { en: 'x' }, createdBy: 'me' },
      { title: { en: 7 } },
      { title: { fr: 'x' } },
      { title: { en: 'x' }, treatmentLevel: 9 },
      { title: { en: 'x' }, parentId: '../../x' },
      { title: { en: 'x' }, rights: 'http://example.org/mine' },
    ];
    for (const json of strange)
      expect((await stage.refused('/api/collections', { as: 'archivist', json })).status).toBeOneOf([400, 422]);
    expect(await stage.refused('/api/collections', { ...post, headers: {}, body: 'x=1' })).toMatchObject({
      status: 400,
    });
    expect(
      await stage.refused('/api/collections', {
        as: 'archivist',
        json: JSON.parse('{"__proto__":{"title":{"en":"x"},"polluted":1}}') as unknown,
      }),
    ).toMatchObject({ status: 400 });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keeps nothing of what it refused', async () => {
    const [row] = await stage.rows<{ n: number }>('select count(*)::int as n from collection');
    expect(row?.n).toBe(1);
  });

  it('takes no address for a path of the disk', async () => {
    const paths = [
      '/iiif/image/../../../../etc/passwd/info.json',
      '/iiif/image/..%2f..%2f..%2fetc%2fpasswd/info.json',
      '/iiif/image/%2e%2e/info.json',
      '/iiif/image/%00/info.json',
      '/iiif/image/%/full/max/0/default.jpg',
      '/iiif/manifest/..%2f..%2fkeys',
      '/api/files/original/..%2f..%2fkeys%2faudit.key',
      '/audit/tile/0/../../keys/audit.key',
      '/audit/tile/0/..%2f..%2f..%2fkeys%2faudit.key',
      '/audit/tile/entries/%2e%2e%2fcheckpoint',
      '/../../../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%5c..%5cetc/passwd',
    ];
    for (const path of paths) {
      const answer = await get(path);
      expect(answer, path).toMatch(/^HTTP\/1\.1 (400|404|200)/);
      expect(answer, path).not.toMatch(/root:|PRIVATE KEY/);
      if (answer.startsWith('HTTP/1.1 200')) expect(answer, path).toContain('<app-root');
    }
  });

  it('refuses image requests that break the syntax or ask too much', async () => {
    const ask = (request: string): Promise<Response> => stage.ask(`${image}/${request}`, { as: 'operator' });
    for (const request of [
      'full/max/0/default.svg',
      'full/max/400/default.jpg',
      'full/99999999,/0/default.jpg',
      'full/^99999,99999/0/default.jpg',
      '-1,0,10,10/max/0/default.jpg',
      '900,900,10,10/max/0/default.jpg',
      '0,0,0,0/max/0/default.jpg',
      'pct:0,0,1e9,1/max/0/default.jpg',
      'full/max/0/default.jpg.png',
      'full/max/__proto__/default.jpg',
    ]) {
      const response = await ask(request);
      expect(response.status, request).toBeOneOf([400, 404]);
      expect(response.headers.get('content-type'), request).toContain('application/problem+json');
    }
    expect((await ask('full/max/0/default.jpg')).status).toBe(200);
  });

  it('writes no header that a name invented', async () => {
    const response = await stage.ask(`/api/files/original/${original}`, { as: 'operator' });
    await response.arrayBuffer();
    const header = response.headers.get('content-disposition') ?? '';
    expect(header).toMatch(/^attachment; filename="/);
    expect(header).toContain("filename*=UTF-8''");
    const answer = await get('/photographs/x%0d%0aSet-Cookie:%20a=b');
    expect(answer).not.toMatch(/^Set-Cookie/im);
    const key = { 'Idempotency-Key': 'x'.repeat(300) };
    expect(
      await stage.refused('/api/accessions', {
        as: 'operator',
        headers: key,
        json: { collectionId: '3f0a9a52-0f1c-4c3e-9d0a-6f6d2b1f7a11', files: [{ name: 'a', path: 'a', bytes: 1 }] },
      }),
    ).toMatchObject({ status: 400 });
  });

  it('refuses cursors that it did not write', async () => {
    const forged = [
      'x',
      Buffer.from('{"a":1}').toString('base64url'),
      Buffer.from('["2020-01-01T00:00:00Z","1; drop table item"]').toString('base64url'),
      Buffer.from('[1e999]').toString('base64url'),
    ];
    for (const cursor of forged) {
      const path = `/api/reviews?cursor=${encodeURIComponent(cursor)}`;
      expect(await stage.refused(path, { as: 'curator' }), cursor).toMatchObject({ status: 400 });
    }
    expect(await stage.refused('/api/reviews?limit=1000000', { as: 'curator' })).toMatchObject({ status: 400 });
    expect(await stage.refused('/api/reviews?state=open&state=decided', { as: 'curator' })).toMatchObject({
      status: 400,
    });
  });

  it('keeps its policy on every answer', async () => {
    for (const path of ['/', '/desk', '/api/about', '/api/nothing', '/iiif/image/x/info.json']) {
      const response = await stage.ask(path);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy, path).toContain("script-src 'self'");
      expect(policy, path).not.toMatch(/script-src[^;]*unsafe/);
      expect(response.headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(response.headers.get('x-powered-by'), path).toBeNull();
    }
  });

  it('says nothing of itself where something breaks', async () => {
    const original = stage.bench.database.read.query;
    stage.bench.database.read.query = () => Promise.reject(new Error('secret words of the driver'));
    try {
      const found = await stage.refused('/api/about');
      expect(found).toMatchObject({ status: 500, code: 'internal.unexpected' });
      expect(JSON.stringify(found)).not.toContain('secret');
      expect(found.details['reference']).toMatch(/^[0-9a-f]{8}$/);
    } finally {
      stage.bench.database.read.query = original;
    }
  });
});
