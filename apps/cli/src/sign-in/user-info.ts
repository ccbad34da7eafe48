import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { accountClaims, findSubject, type DemoAccount } from './demo-accounts.js';
import type { SigningKey } from './sign-in-keys.js';

/**
 * Answers the claims of the access token's account, as a Keycloak realm does for the very token that the API takes;
 * oidc-provider's own endpoint refuses tokens made for another audience.
 */
export function answerUserInfo(
  request: IncomingMessage,
  response: ServerResponse,
  realm: { readonly issuer: string; readonly key: SigningKey; readonly portals: readonly string[] },
): void {
  const origin = request.headers.origin;
  if (origin !== undefined && realm.portals.includes(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-headers', 'authorization');
    response.setHeader('vary', 'origin');
  }
  response.setHeader('cache-control', 'no-store');
  if (request.method === 'OPTIONS') return void response.writeHead(204).end();
  const account = accountOf(request.headers.authorization, realm);
  if (account === undefined) {
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"', 'content-type': 'application/json' });
    return void response.end('{"error":"invalid_token"}');
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(accountClaims(account)));
}

function accountOf(
  header: string | undefined,
  realm: { readonly issuer: string; readonly key: SigningKey },
): DemoAccount | undefined {
  const [, head, body, signature] = header?.match(/^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/) ?? [];
  if (head === undefined || body === undefined || signature === undefined) return undefined;
  const { kty, n, e, kid } = realm.key as Record<string, string>;
  const key = createPublicKey({ key: { kty, n, e } as JsonWebKey, format: 'jwk' });
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) return undefined;
  const read = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  const claims = read(body);
  const holds =
    read(head)['alg'] === 'RS256' &&
    read(head)['kid'] === kid &&
    claims['iss'] === realm.issuer &&
    claims['typ'] === 'Bearer' &&
    typeof claims['exp'] === 'number' &&
    claims['exp'] > Date.now() / 1000;
  return holds && typeof claims['sub'] === 'string' ? findSubject(claims['sub']) : undefined;
}
