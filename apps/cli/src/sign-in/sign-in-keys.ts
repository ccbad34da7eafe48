import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptSecret, writeWhole, type DataFolder } from '../server/data-folder.js';

/** A private RSA key as JWK, with its id. */
export interface SigningKey {
  readonly kid: string;
  readonly [member: string]: unknown;
}

/** The key that signs tokens (RS256) and the one that signs the sign-in's cookies; made once, mode 0600. */
export function signInKeys(folder: DataFolder): { readonly signing: SigningKey; readonly cookie: string } {
  const path = join(folder.keys, 'sign-in-signing.jwk');
  const cookie = keptSecret(folder, 'sign-in-cookie');
  if (existsSync(path)) return { signing: JSON.parse(readFileSync(path, 'utf8')) as SigningKey, cookie };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' });
  // RFC 7638: the thumbprint is over the required members in this order
  const thumbprint = createHash('sha256')
    .update(JSON.stringify({ e: jwk.e, kty: jwk.kty, n: jwk.n }))
    .digest('base64url');
  const signing: SigningKey = { ...jwk, kid: thumbprint, alg: 'RS256', use: 'sig' };
  writeWhole(path, JSON.stringify(signing), 0o600);
  return { signing, cookie };
}
