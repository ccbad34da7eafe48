import KeycloakConnect from 'keycloak-connect';

/** What the adapter makes of a token's realm, once it has accepted it. */
interface Adapter {
  readonly grantManager: { createGrant(data: object): Promise<unknown> };
}

/** Where a Keycloak realm lives: `https://host/realms/name` taken apart; undefined for an address of another shape. */
export function realmOf(issuer: string): { readonly server: string; readonly realm: string } | undefined {
  const found = /^(https?:\/\/.+)\/realms\/([^/]+)$/.exec(issuer);
  return found?.[1] && found[2] ? { server: found[1], realm: decodeURIComponent(found[2]) } : undefined;
}

/**
 * The Keycloak adapter, confined: bearer only, audience checked, and given the realm's public key by us, since its own
 * key fetching ends the process on an answer that is not JSON. Its middleware, and with it its `/k_*` endpoints, is
 * never mounted. It accepts more than it should, so it never decides alone.
 */
export class KeycloakAdapter {
  readonly #byKey = new Map<string, Adapter>();

  constructor(
    private readonly at: { readonly server: string; readonly realm: string },
    private readonly audience: string,
  ) {}

  /** Rejects with the adapter's own error where it does not accept the token. `key` is SPKI in PEM. */
  async accept(token: string, key: string): Promise<void> {
    const { grantManager } = this.#adapterFor(key);
    await grantManager.createGrant({ access_token: token });
  }

  #adapterFor(key: string): Adapter {
    const known = this.#byKey.get(key);
    if (known) return known;
    const settings = {
      realm: this.at.realm,
      'auth-server-url': this.at.server,
      resource: this.audience,
      'ssl-required': 'external',
      'confidential-port': 0,
      'bearer-only': true,
      'verify-token-audience': true,
      'realm-public-key': key.replace(/-----[^-]+-----|\s/g, ''),
    };
    const adapter = new KeycloakConnect({}, settings) as unknown as Adapter;
    if (this.#byKey.size > 8) this.#byKey.clear();
    this.#byKey.set(key, adapter);
    return adapter;
  }
}
