import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK } from 'jose';
import type { Role } from '@albumen/domain';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/** A realm that only gives out keys, and signs whatever a test wants signed. */
export class SignInServer {
  /** What the certs endpoint answers in place of the keys, to see what that breaks. */
  answer: { status: number; type: string; body: string } | null = null;

  private constructor(
    private readonly server: Server,
    private readonly keys: Keys,
    private readonly stranger: Keys,
    readonly publicPem: string,
    readonly issuer: string,
  ) {}

  static async start(): Promise<SignInServer> {
    const keys = await generateKeyPair('RS256', { extractable: true });
    const stranger = await generateKeyPair('RS256', { extractable: true });
    const jwk: JWK = { ...(await exportJWK(keys.publicKey)), kid: 'the-key', alg: 'RS256', use: 'sig' };
    const place: { made?: SignInServer } = {};
    const server = createServer((request, response) => {
      if (request.url !== '/realms/albumen/protocol/openid-connect/certs') {
        response.writeHead(404).end();
        return;
      }
      const { status, type, body } = place.made?.answer ?? {
        status: 200,
        type: 'application/json',
        body: JSON.stringify({ keys: [jwk] }),
      };
      response.writeHead(status, { 'Content-Type': type }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const issuer = `http://127.0.0.1:${port}/realms/albumen`;
    place.made = new SignInServer(server, keys, stranger, await exportSPKI(keys.publicKey), issuer);
    return place.made;
  }

  /** The claims of a good access token. */
  claims(name: string, roles: readonly Role[], changed: Record<string, unknown> = {}): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: this.issuer,
      sub: `subject-of-${name}`,
      aud: 'albumen-api',
      azp: 'albumen-portal',
      typ: 'Bearer',
      iat: now,
      exp: now + 600,
      jti: randomUUID(),
      name,
      preferred_username: name,
      email: 'somebody@example.org',
      realm_access: { roles: ['default-roles', ...roles] },
      ...changed,
    };
  }

  token(name: string, ...roles: Role[]): Promise<string> {
    return this.sign(this.claims(name, roles));
  }

  /** Signs any claims with the realm's key; members that are undefined are left out. */
  sign(
    claims: Record<string, unknown>,
    how: { readonly header?: Record<string, unknown>; readonly stranger?: boolean } = {},
  ): Promise<string> {
    const keys = how.stranger ? this.stranger : this.keys;
    return new SignJWT(JSON.parse(JSON.stringify(claims)) as Record<string, unknown>)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'the-key', ...how.header })
      .sign(keys.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
