import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descriptionVersion, publicationCheck, reviewPage, reviewRow } from '@albumen/contracts';
import { emptyDescription } from '@albumen/domain';
import { HttpStage } from './http-stage.js';

const index = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Albumen</title><base href="/"><style>a{}</style></head>
<body><app-root></app-root><script src="main.js" type="module"></script></body></html>`;
const title = 'A </script><script>alert(1)</script> & "house" $& $1';

let stage: HttpStage;
let portalDir: string;
let itemId: string;
let collectionId: string;
beforeAll(async () => {
  portalDir = await mkdtemp(join(tmpdir(), 'albumen-portal-'));
  await writeFile(join(portalDir, 'index.html'), index);
  await writeFile(join(portalDir, 'main-ABCD1234.js'), 'void 0;');
  await writeFile(join(portalDir, 'main.js'), 'void 0;');
  stage = await HttpStage.open({ portalDir });
  collectionId = await stage.collection('Box <12>');
  ({ itemId } = await stage.photograph(collectionId));
  await stage.read(descriptionVersion, `/api/items/${itemId}/description`, {
    method: 'PUT',
    as: 'operator',
    json: {
      fromVersion: 1,
      body: {
        ...emptyDescription,
        title: { en: title, vi: 'Ngôi nhà' },
        description: { en: 'Seen from the river.' },
        rights: 'http://creativecommons.org/publicdomain/zero/1.0/',
        custody: 'A secret donor',
      },
    },
  });
  const queue = await stage.read(reviewPage, '/api/reviews', { as: 'curator' });
  const review = `/api/reviews/${queue.rows[0]?.id}`;
  await stage.read(reviewRow, `${review}/claim`, { method: 'POST', as: 'curator' });
  await stage.read(reviewRow, `${review}/decision`, {
    as: 'curator',
    json: { shown: await stage.shown(queue.rows[0]?.id), decision: 'approve' },
  });
  await stage.drain();
  await stage.read(publicationCheck, `/api/items/${itemId}/publications`, { method: 'POST', as: 'curator' });
});
afterAll(async () => {
  await stage?.close();
  await rm(portalDir, { recursive: true, force: true });
});

const page = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
  (await stage.ask(path, { headers })).text();

describe('pages that can be read without script', () => {
  it('holds picture, title, description, rights and what was changed', async () => {
    const html = await page(`/photographs/${itemId}`);
    expect(html).toContain(
      '<h1>A &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;house&quot; $&amp; $1</h1>',
    );
    expect(html).toContain('<p>Seen from the river.</p>');
    expect(html).toMatch(/<img src="\/iiif\/image\/[0-9a-f-]+\/full\/!1200,1200\/0\/default\.jpg" width="\d+"/);
    expect(html).toContain('A computer filled 2 scratches and 1 stain');
    expect(html).toContain('http://creativecommons.org/publicdomain/zero/1.0/');
    expect(html).not.toContain('secret donor');
    expect(html.match(/<title>/g)).toHaveLength(1);
    expect(html.match(/<script/g)).toHaveLength(2);
    const picture = /<img src="([^"]+)"/.exec(html)?.[1] ?? '';
    expect((await stage.ask(picture)).status).toBe(200);
    const data = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? '') as object;
    expect(data).toMatchObject({
      '@type': 'Photograph',
      name: title,
      license: expect.stringContaining('zero') as string,
    });
  });

  it('speaks the language that is asked for', async () => {
    expect(await page(`/photographs/${itemId}`, { 'Accept-Language': 'vi' })).toMatch(
      /<html lang="vi">[\s\S]*<h1>Ngôi nhà<\/h1>/,
    );
    expect(await page(`/photographs/${itemId}`, { Cookie: 'albumen-language=vi' })).toContain('<h1>Ngôi nhà</h1>');
  });

  it('lists what is published at home and in collections, and nothing of others', async () => {
    expect(await page('/')).toContain(`href="/photographs/${itemId}"`);
    expect(await page(`/collections/${collectionId}`)).toContain('Box &lt;12&gt;');
    const empty = await stage.collection('Not yet');
    expect((await stage.ask(`/collections/${empty}`)).status).toBe(404);
  });

  it('lets only the nonce of each answer in', async () => {
    const response = await stage.ask('/desk');
    const html = await response.text();
    const nonce = /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] ?? '-';
    expect(html).toContain(`<app-root ngCspNonce="${nonce}"`);
    expect(html).toContain(`<style nonce="${nonce}"`);
    expect(await page('/desk')).not.toContain(nonce);
  });

  it('keeps files named by their content for ever, and others not', async () => {
    const cache = async (path: string): Promise<string | null> => (await stage.ask(path)).headers.get('cache-control');
    expect(await cache('/main-ABCD1234.js')).toContain('immutable');
    expect(await cache('/main.js')).toContain('no-cache');
    expect(await cache('/')).toBe('no-cache');
    expect((await stage.ask('/missing-ABCD1234.js')).status).toBe(404);
  });

  it('answers 410 with the reason once withdrawn', async () => {
    await stage.read(publicationCheck, `/api/items/${itemId}/withdrawal`, {
      as: 'archivist',
      json: { reason: 'The <family> asked.' },
    });
    const response = await stage.ask(`/photographs/${itemId}`);
    expect(response.status).toBe(410);
    const html = await response.text();
    expect(html).toContain('The &lt;family&gt; asked.');
    expect(html).not.toContain('river');
  });
});
