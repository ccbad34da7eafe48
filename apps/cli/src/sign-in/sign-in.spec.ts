import { createHash, createPublicKey, randomBytes, verify, type JsonWebKey } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataFolder, type DataFolder } from '../server/data-folder.js';
import { freePort } from '../server/ports.js';
import { startSignIn, type SignInServer } from './sign-in-server.js';

const portal = 'http://127.0.0.1:4999';
const callback = `${portal}/sign-in/callback`;

interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly error?: string;
}

let path: string;
let folder: DataFolder;
let port: number;
let server: SignInServer;

const realm = (): string => `http://127.0.0.1:${port}/realms/albumen/protocol/openid-connect`;
const read = (token: string, part: 0 | 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

/** A browser's memory of cookies, and its habit of not following redirects by itself here. */
class Visitor {
  readonly #cookies = new Map<string, string>();

  async go(address: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? [];
      this.#cookies.set(name, value);
    }
    return response;
  }

  /** Asks for a code; answers the address that the first redirect leads to. */
  async ask(challenge: string | undefined): Promise<URL> {
    const query = new URLSearchParams({
      client_id: 'albumen-portal',
      response_type: 'code',
      scope: 'openid profile email',
      redirect_uri: callback,
      ...(challenge === undefined ? {} : { code_challenge: challenge, code_challenge_method: 'S256' }),
    });
    const response = await this.go(`${realm()}/auth?${query}`);
    return new URL(response.headers.get('location') ?? '', realm());
  }

  async signIn(account: string, password: string): Promise<{ readonly status: number; readonly tokens?: Tokens }> {
    const verifier = randomBytes(32).toString('base64url');
    const page = await this.ask(createHash('sha256').update(verifier).digest('base64url'));
    const body = new URLSearchParams({ username: account, password });
    const answer = await this.go(page.href, { method: 'POST', body });
    if (answer.status !== 303) return { status: answer.status };
    const back = await this.go(answer.headers.get('location') ?? '');
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
    return { status: 303, tokens: await exchange({ grant_type: 'authorization_code', code, code_verifier: verifier }) };
  }
}

async function exchange(form: Record<string, string>): Promise<Tokens> {
  const body = new URLSearchParams({ client_id: 'albumen-portal', redirect_uri: callback, ...form });
  const response = await fetch(`${realm()}/token`, { method: 'POST', body, headers: { origin: portal } });
  return (await response.json()) as Tokens;
}

describe('the local sign-in', () => {
  beforeAll(async () => {
    path = mkdtempSync(join(tmpdir(), 'albumen-sign-in-'));
    folder = openDataFolder(path);
    port = await freePort();
    server = await startSignIn({ folder, port, publicUrl: portal });
  });
  afterAll(async () => {
    await server.close();
    rmSync(path, { recursive: true, force: true });
  });

  it('describes itself as a Keycloak realm does', async () => {
    const response = await fetch(`${server.issuer}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      issuer: server.issuer,
      authorization_endpoint: `${realm()}/auth`,
      token_endpoint: `${realm()}/token`,
      jwks_uri: `${realm()}/certs`,
      end_session_endpoint: `${realm()}/logout`,
      userinfo_endpoint: `${realm()}/userinfo`,
      code_challenge_methods_supported: ['S256'],
    });
  });

  it('gives a token whose signature and claims an API can check', async () => {
    const { tokens } = await new Visitor().signIn('curator', 'albumen');
    const token = tokens?.access_token ?? '';
    expect(read(token, 0)).toMatchObject({ alg: 'RS256', typ: 'JWT' });
    expect(read(token, 1)).toMatchObject({
      iss: server.issuer,
      aud: 'albumen-api',
      azp: 'albumen-portal',
      typ: 'Bearer',
      preferred_username: 'curator',
      name: 'Nguyễn Thị Lan',
      realm_access: { roles: ['curator'] },
    });
    const { keys } = (await (await fetch(`${realm()}/certs`)).json()) as { keys: JsonWebKey[] };
    expect(Object.keys(keys[0] ?? {})).not.toContain('d');
    const [head, body, signature] = token.split('.');
    const key = createPublicKey({ key: keys[0] as JsonWebKey, format: 'jwk' });
    const signed = Buffer.from(`${head}.${body}`);
    expect(verify('RSA-SHA256', signed, key, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
    const info = await fetch(`${realm()}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    expect(await info.json()).toMatchObject({ preferred_username: 'curator' });
  });

  it('refuses a token that was tampered with', async () => {
    const { tokens } = await new Visitor().signIn('operator', 'albumen');
    const [head, body, signature] = (tokens?.access_token ?? '').split('.');
    const forged = Buffer.from(JSON.stringify({ ...read(`${head}.${body}`, 1), sub: 'somebody' })).toString(
      'base64url',
    );
    const info = await fetch(`${realm()}/userinfo`, {
      headers: { authorization: `Bearer ${head}.${forged}.${signature}` },
    });
    expect(info.status).toBe(401);
  });

  it('refuses a wrong password, an unknown account and a request without PKCE', async () => {
    expect((await new Visitor().signIn('curator', 'wrong')).status).toBe(401);
    expect((await new Visitor().signIn('nobody', 'albumen')).status).toBe(401);
    const refused = await new Visitor().ask(undefined);
    expect(refused.searchParams.get('error')).toBe('invalid_request');
  });

  it('lists the five accounts in both languages without any script', async () => {
    const visitor = new Visitor();
    const page = await visitor.ask('x'.repeat(43));
    for (const [language, word] of [
      ['en', 'Sign in'],
      ['vi', 'Đăng nhập'],
    ] as const) {
      const response = await visitor.go(`${page.href}?lang=${language}`);
      const text = await response.text();
      expect(text).toContain(`<h1>${word}</h1>`);
      expect(text.match(/class="account"/g)).toHaveLength(5);
      expect(text).not.toContain('<script');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  it('keeps people signed in over a restart, and its keys to itself', async () => {
    const visitor = new Visitor();
    const { tokens } = await visitor.signIn('archivist', 'albumen');
    await server.close();
    server = await startSignIn({ folder, port, publicUrl: portal });
    await pause(100); // until fetch has noticed that its old connections are closed
    const renewed = await exchange({ grant_type: 'refresh_token', refresh_token: tokens?.refresh_token ?? '' });
    expect(read(renewed.access_token, 1)).toMatchObject({ preferred_username: 'archivist' });
    const straightBack = await visitor.ask('y'.repeat(43));
    expect(straightBack.href.startsWith(callback)).toBe(true);
    for (const name of ['sign-in-signing.jwk', 'sign-in-cookie']) {
      expect(statSync(join(folder.keys, name)).mode & 0o777).toBe(0o600);
    }
  });
});
