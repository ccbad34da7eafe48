import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aboutView, meView } from '@albumen/contracts';
import { HttpStage } from './http-stage.js';

let stage: HttpStage;
beforeAll(async () => {
  stage = await HttpStage.open();
});
afterAll(() => stage?.close());

const me = (token: string): Promise<Response> =>
  stage.ask('/api/me', { headers: { Authorization: `Bearer ${token}` } });
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('sign-in', () => {
  it('lets a good token in, and keeps one person for one subject', async () => {
    const first = await stage.read(meView, '/api/me', { as: 'curator' });
    expect(first).toMatchObject({ name: 'curator', roles: ['curator'] });
    expect(first.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(first.id).not.toContain('subject');
    const again = await me(await stage.signIn.token('curator', 'curator'));
    expect(((await again.json()) as { id: string }).id).toBe(first.id);
  });

  it('follows a changed name without a new person and without a word in the log', async () => {
    const claims = stage.signIn.claims('curator', ['curator'], { name: 'Nguyễn Thị Lan' });
    const actions = await stage.recorded(async () => {
      const response = await me(await stage.signIn.sign(claims));
      expect(await response.json()).toMatchObject({ name: 'Nguyễn Thị Lan' });
    });
    expect(actions).toEqual([]);
    const leaves = await stage.rows<{ text: string }>(`select concat(before, after) as text from audit_entry`);
    expect(leaves.some(({ text }) => text.includes('Lan') || text.includes('subject-of'))).toBe(false);
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  const bad: [string, () => Promise<string>][] = [
    ['expired', () => signed({ exp: now() - 5, iat: now() - 600 })],
    ['without exp', () => signed({ exp: undefined })],
    ['exp as text', () => signed({ exp: String(now() + 600) })],
    ['not before in the future', () => signed({ nbf: now() + 120 })],
    ['issued in the future', () => signed({ iat: now() + 120 })],
    ['of another issuer', () => signed({ iss: 'http://127.0.0.1:1/realms/albumen' })],
    ['for another audience', () => signed({ aud: 'account' })],
    ['without audience', () => signed({ aud: undefined })],
    ['without subject', () => signed({ sub: undefined })],
    ['an ID token', () => signed({ typ: 'ID' })],
    ['without type', () => signed({ typ: undefined })],
    ['with roles as a string', () => signed({ realm_access: { roles: 'administrator' } })],
    ['with roles that are not names', () => signed({ realm_access: { roles: [{ name: 'administrator' }] } })],
    ['of another key', () => stage.signIn.sign(stage.signIn.claims('eve', ['curator']), { stranger: true })],
    [
      'of an unknown key id',
      () => stage.signIn.sign(stage.signIn.claims('eve', ['curator']), { header: { kid: 'other' }, stranger: true }),
    ],
    [
      'with algorithm none',
      async () => `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(stage.signIn.claims('eve', ['administrator']))}.`,
    ],
    [
      'HS256 with the public key as secret',
      async () => {
        const head = encoded({ alg: 'HS256', typ: 'JWT', kid: 'the-key' });
        const words = `${head}.${encoded(stage.signIn.claims('eve', ['administrator']))}`;
        return `${words}.${createHmac('sha256', stage.signIn.publicPem).update(words).digest('base64url')}`;
      },
    ],
    [
      'with a changed payload',
      async () => {
        const [head, , signature] = (await stage.signIn.token('eve', 'operator')).split('.');
        return `${head}.${encoded(stage.signIn.claims('eve', ['administrator']))}.${signature}`;
      },
    ],
    ['that is no token', async () => 'abc'],
  ];
  const signed = (changed: Record<string, unknown>): Promise<string> =>
    stage.signIn.sign(stage.signIn.claims('eve', ['curator'], changed));

  it.each(bad)('refuses a token %s with 401', async (_name, make) => {
    const response = await me(await make());
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(await response.json()).toMatchObject({ code: 'access.token-refused' });
  });

  it('leaves no trace of those it refused', async () => {
    const people = await stage.rows<{ name: string }>(`select name from person where subject like '%eve%'`);
    expect(people).toEqual([]);
  });

  it('takes a token whose clock is a little ahead', async () => {
    expect((await me(await signed({ iat: now() + 10, nbf: now() + 10 }))).status).toBe(200);
  });

  it('asks for a token where there is none, and forbids where the role lacks', async () => {
    expect(await stage.refused('/api/me')).toMatchObject({ status: 401, code: 'access.sign-in-needed' });
    expect(await stage.refused('/api/home', { as: 'nobody' })).toMatchObject({ status: 403, code: 'access.forbidden' });
    expect((await stage.ask('/api/me', { as: 'nobody' })).status).toBe(200);
  });

  it.each([
    ['HTML', { status: 200, type: 'text/html', body: '<h1>proxy</h1>' }],
    ['an error', { status: 500, type: 'text/plain', body: 'no' }],
    ['broken JSON', { status: 200, type: 'application/json', body: '{"keys": [' }],
  ])('lives on while the key endpoint answers %s', async (_name, answer) => {
    const other = await HttpStage.open();
    try {
      other.signIn.answer = answer;
      const token = await other.signIn.token('late', 'curator');
      const ask = (): Promise<Response> => other.ask('/api/me', { headers: { Authorization: `Bearer ${token}` } });
      expect((await ask()).status).toBe(401);
      expect((await other.ask('/api/about')).status).toBe(200);
    } finally {
      await other.close();
    }
  });

  it('exposes none of the adapter’s own endpoints', async () => {
    for (const path of ['/k_logout', '/k_push_not_before', '/k_test', '/k_query_bearer_token']) {
      const response = await stage.ask(path, { method: 'POST', body: 'x'.repeat(100) });
      expect(response.status, path).toBe(404);
    }
  });

  it('tells before sign-in where to sign in', async () => {
    const about = await stage.read(aboutView, '/api/about');
    expect(about.signIn).toEqual({ issuer: stage.signIn.issuer, clientId: 'albumen-portal' });
  });
});
