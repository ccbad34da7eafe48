import { createRemoteJWKSet, errors, exportSPKI, jwtVerify, type JWTPayload } from 'jose';
import { refuse, roles as knownRoles, type Role } from '@albumen/domain';
import type { Logger } from 'pino';
import { KeycloakAdapter, realmOf } from './keycloak-adapter.js';

/** What a token says of its bearer, once everything about it was checked. */
export interface Bearer {
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
}

/** Seconds by which clocks may differ, for `nbf` and `iat`. */
const tolerance = 30;

/** Checks access tokens of one realm, twice: strictly by `jose`, and by the Keycloak adapter. Both must accept. */
export class AccessTokens {
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  readonly #adapter: KeycloakAdapter;

  /** Throws `configuration.invalid` where the issuer is not shaped like a Keycloak realm. */
  constructor(
    private readonly realm: { readonly issuer: string; readonly audience: string },
    private readonly log: Logger,
  ) {
    const at = realmOf(realm.issuer);
    if (!at) throw refuse('configuration.invalid', { detail: 'the sign-in issuer must look like …/realms/name' });
    this.#adapter = new KeycloakAdapter(at, realm.audience);
    this.#keys = createRemoteJWKSet(new URL(`${realm.issuer}/protocol/openid-connect/certs`), {
      cooldownDuration: 5_000,
      timeoutDuration: 5_000,
    });
  }

  /** The bearer of a token; refuses with `access.token-refused`, whatever is wrong with it. */
  async read(token: string): Promise<Bearer> {
    try {
      return await this.#check(token);
    } catch (cause) {
      const ours = cause instanceof errors.JOSEError || cause instanceof TokenFault;
      this.log[ours ? 'debug' : 'warn'](
        { why: cause instanceof Error ? cause.message : String(cause) },
        'token refused',
      );
      throw refuse('access.token-refused', {}, { cause });
    }
  }

  async #check(token: string): Promise<Bearer> {
    const { payload, key } = await jwtVerify(token, this.#keys, {
      issuer: this.realm.issuer,
      audience: this.realm.audience,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'iat', 'sub', 'iss', 'aud'],
      clockTolerance: tolerance,
    });
    const now = Date.now() / 1000;
    if ((payload.exp ?? 0) <= now) throw new TokenFault('expired');
    if ((payload.iat ?? 0) > now + tolerance) throw new TokenFault('issued in the future');
    if (payload['typ'] !== 'Bearer') throw new TokenFault('not an access token');
    const bearer = bearerOf(payload);
    await this.#adapter.accept(token, await exportSPKI(key as Parameters<typeof exportSPKI>[0]));
    return bearer;
  }
}

class TokenFault extends Error {}

function bearerOf(payload: JWTPayload): Bearer {
  const text = (name: string): string | undefined => {
    const value = payload[name];
    return typeof value === 'string' && value.trim() !== '' ? value.slice(0, 300) : undefined;
  };
  const subject = payload.sub;
  if (!subject || subject.length > 300) throw new TokenFault('no usable subject');
  const access = payload['realm_access'] as { roles?: unknown } | undefined;
  const held = access === undefined ? [] : access?.roles;
  if (!Array.isArray(held) || !held.every((role) => typeof role === 'string'))
    throw new TokenFault('roles are not a list of names');
  return {
    subject,
    name: text('name') ?? text('preferred_username') ?? subject,
    email: text('email') ?? null,
    roles: knownRoles.filter((role) => held.includes(role)),
  };
}
