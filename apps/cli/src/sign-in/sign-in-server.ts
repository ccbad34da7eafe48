import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import Provider, { type AccessToken, type Context, type Grant, type StructuredToken } from 'oidc-provider';
import type { DataFolder } from '../server/data-folder.js';
import { accountClaims, checkPassword, findSubject } from './demo-accounts.js';
import { signInKeys, type SigningKey } from './sign-in-keys.js';
import { faultPage, signedOutPage, signInPage, signOutPage, type PageLanguage } from './sign-in-pages.js';
import { adapterFor, TokenStore } from './token-store.js';
import { answerUserInfo } from './user-info.js';

/** The realm's path; the same as a Keycloak realm of that name. */
export const realmPath = '/realms/albumen';
const protocolPath = '/protocol/openid-connect';
const audience = 'albumen-api';
const resource = 'urn:albumen:api';
const portalClient = 'albumen-portal';

interface Realm {
  readonly provider: Provider;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly issuer: string;
  readonly portals: readonly string[];
  readonly key: SigningKey;
}

/** A running local sign-in. */
export interface SignInServer {
  readonly issuer: string;
  close(): Promise<void>;
}

/**
 * Starts the local sign-in: an OpenID Connect issuer shaped like a Keycloak realm, with the five demo accounts, on the
 * loopback. Keys, sessions and refresh tokens outlive a restart. `publicUrl` is where the portal runs.
 */
export async function startSignIn(options: {
  readonly folder: DataFolder;
  readonly port: number;
  readonly publicUrl: string;
}): Promise<SignInServer> {
  const origin = `http://127.0.0.1:${options.port}`;
  const issuer = `${origin}${realmPath}`;
  const store = new TokenStore(join(options.folder.signIn, 'sessions.json'));
  const portals = portalAddresses(options.publicUrl);
  const keys = signInKeys(options.folder);
  const provider = new Provider(issuer, configuration(keys, store, portals));
  const realm: Realm = { provider, handle: provider.callback(), issuer, portals, key: keys.signing };
  const server = createServer((request, response) => {
    const sent = route(realm, new URL(request.url ?? '/', origin), request, response);
    sent.catch((error: unknown) => sendFault(response, request, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return { issuer, close: () => close(server, store) };
}

/** The portal's addresses; on the loopback both its name and its number are good. */
function portalAddresses(publicUrl: string): readonly string[] {
  const { port, protocol } = new URL(publicUrl);
  const near = ['127.0.0.1', 'localhost'].map((host) => `${protocol}//${host}${port === '' ? '' : `:${port}`}`);
  return publicUrl.includes('//127.0.0.1') || publicUrl.includes('//localhost') ? near : [publicUrl, ...near];
}

function configuration(
  keys: ReturnType<typeof signInKeys>,
  store: TokenStore,
  portals: readonly string[],
): Record<string, unknown> {
  return {
    adapter: adapterFor(store),
    jwks: { keys: [keys.signing] },
    clients: [
      {
        client_id: portalClient,
        client_name: 'Albumen',
        token_endpoint_auth_method: 'none',
        application_type: 'web',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: portals.flatMap((origin) => [`${origin}/sign-in/callback`, `${origin}/sign-in/silent`]),
        post_logout_redirect_uris: portals.flatMap((origin) => [origin, `${origin}/`]),
      },
    ],
    clientBasedCORS: (_context: Context, origin: string) => portals.includes(origin),
    findAccount: (_context: Context, subject: string) => {
      const account = findSubject(subject);
      return account && { accountId: subject, claims: async () => accountClaims(account) };
    },
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username'],
      email: ['email', 'email_verified'],
      roles: ['realm_access'],
    },
    scopes: ['openid', 'offline_access', 'profile', 'email', 'roles'],
    conformIdTokenClaims: false,
    cookies: { keys: [keys.cookie], names: { session: 'albumen-realm', interaction: 'albumen-realm-step' } },
    interactions: { url: (_context: Context, step: { readonly uid: string }) => `${realmPath}/sign-in/${step.uid}` },
    pkce: { required: () => true },
    responseTypes: ['code'],
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    expiresWithSession: async () => false,
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
      Interaction: 3600,
      RefreshToken: 14 * 86_400,
      Session: 14 * 86_400,
      Grant: 14 * 86_400,
    },
    routes: {
      authorization: `${protocolPath}/auth`,
      token: `${protocolPath}/token`,
      jwks: `${protocolPath}/certs`,
      end_session: `${protocolPath}/logout`,
      userinfo: `${protocolPath}/userinfo`,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => resource,
        useGrantedResource: async () => true,
        getResourceServerInfo: async () => ({
          scope: 'profile email roles',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (context: Context, form: string) => {
          context.set('content-security-policy', pagePolicy(portals));
          context.body = signOutPage(form, languageOf(context.req));
        },
        postLogoutSuccessSource: async (context: Context) => {
          context.set('content-security-policy', pagePolicy(portals));
          context.body = signedOutPage(portals[0] ?? '/', languageOf(context.req));
        },
      },
    },
    formats: { customizers: { jwt: likeKeycloak } },
    loadExistingGrant: grantToPortal,
    renderError: async (context: Context, out: { readonly error: string; readonly error_description?: string }) => {
      context.type = 'html';
      context.set('content-security-policy', pagePolicy(portals));
      context.body = faultPage(out.error_description ?? out.error, portals[0] ?? '/', languageOf(context.req));
    },
  };
}

/** Access tokens carry what a Keycloak realm puts into its own: `typ` Bearer, the client as `azp`, names and realm roles. */
async function likeKeycloak(_context: Context, token: AccessToken, structured: StructuredToken): Promise<void> {
  const account = findSubject(token.accountId);
  if (account === undefined) throw new Error('the account of this token is not known');
  structured.header = { typ: 'JWT' };
  Object.assign(structured.payload, accountClaims(account), {
    typ: 'Bearer',
    azp: token.clientId,
    scope: 'openid profile email roles',
  });
}

/** The portal is part of Albumen, so nobody is asked whether it may know who they are. */
async function grantToPortal(context: Context): Promise<Grant | undefined> {
  const accountId = context.oidc.session.accountId;
  if (context.oidc.client?.clientId !== portalClient || accountId === undefined) return undefined;
  const grant = new context.oidc.provider.Grant({ accountId, clientId: portalClient });
  grant.addOIDCScope('openid offline_access profile email roles');
  grant.addResourceScope(resource, 'profile email roles');
  await grant.save();
  return grant;
}

async function route(realm: Realm, address: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { provider, portals } = realm;
  if (address.pathname.startsWith(`${realmPath}/sign-in/`))
    return signIn(provider, portals, address, request, response);
  if (address.pathname === `${realmPath}${protocolPath}/userinfo`) return answerUserInfo(request, response, realm);
  if (!address.pathname.startsWith(`${realmPath}/`)) {
    response.writeHead(address.pathname === '/' ? 302 : 404, { location: portals[0] ?? '/' }).end();
    return;
  }
  const mounted = request as IncomingMessage & { originalUrl?: string };
  mounted.originalUrl = request.url ?? '/';
  request.url = (request.url ?? '/').slice(realmPath.length);
  realm.handle(request, response);
}

async function signIn(
  provider: Provider,
  portals: readonly string[],
  address: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const step = await provider.interactionDetails(request, response);
  const asked = typeof step.params['ui_locales'] === 'string' ? step.params['ui_locales'] : undefined;
  const language = languageOf(request, address.searchParams.get('lang') ?? asked);
  const show = (status: number, fault: boolean): void => {
    response.writeHead(status, pageHeaders(portals));
    response.end(signInPage({ action: address.pathname, language, fault, back: portals[0] ?? '/' }));
  };
  if (request.method !== 'POST') return show(200, false);
  const form = new URLSearchParams(await bodyOf(request));
  const account = checkPassword(form.get('username') ?? '', form.get('password') ?? '');
  if (account === undefined) return show(401, true);
  const next = await provider.interactionResult(
    request,
    response,
    { login: { accountId: account.subject, remember: true } },
    { mergeWithLastSubmission: false },
  );
  response.writeHead(303, { location: next, 'cache-control': 'no-store' }).end();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > 8192) throw new Error('the form is larger than it can be');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function pageHeaders(portals: readonly string[]): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': pagePolicy(portals),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

/** No script at all; a form may lead to this sign-in and, after its redirect, to the portal. */
function pagePolicy(portals: readonly string[]): string {
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self' ${portals.join(' ')}; frame-ancestors 'none'; base-uri 'none'`;
}

function languageOf(request: IncomingMessage, asked?: string): PageLanguage {
  const wish = asked ?? request.headers['accept-language'] ?? '';
  const first = wish.toLowerCase().match(/\b(vi|en)\b/)?.[1];
  return first === 'vi' ? 'vi' : 'en';
}

/** The step is over or was never begun in this browser: the page leads back to the portal. Everything else is an error. */
function sendFault(response: ServerResponse, request: IncomingMessage, error: unknown): void {
  const over = error instanceof Error && error.name === 'SessionNotFound';
  if (!over) process.stderr.write(`sign-in: ${error instanceof Error ? error.message : String(error)}\n`);
  if (response.headersSent) return void response.end();
  response.writeHead(over ? 400 : 500, pageHeaders([]));
  response.end(faultPage(over ? 'expired' : 'unexpected', '/', languageOf(request)));
}

function close(server: Server, store: TokenStore): Promise<void> {
  store.flush();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
