import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** What a policy depends on. `nonce` lets the portal's own style elements through. */
export interface PolicyFacts {
  readonly issuer: string;
  readonly publicUrl: string;
  readonly nonce?: string;
}

/** The content security policy: everything from this server, sign-in by its issuer, no inline script. */
export function contentPolicy({ issuer, publicUrl, nonce }: PolicyFacts): string {
  const origin = new URL(issuer).origin;
  const secure = publicUrl.startsWith('https:');
  return [
    `default-src 'self'`,
    `script-src 'self'`,
    `style-src 'self'${nonce ? ` 'nonce-${nonce}'` : ''}`,
    // Angular writes static style attributes of its templates; no style element can come in by them.
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self' data:`,
    `connect-src 'self' ${origin}`,
    `frame-src 'self' ${origin}`,
    `form-action 'self' ${origin}`,
    `worker-src 'self' blob:`,
    `object-src 'none'`,
    `base-uri 'self'`,
    `frame-ancestors 'none'`,
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}

/** Headers of every answer. */
export function securityHeaders(facts: PolicyFacts): RequestHandler[] {
  const policy = contentPolicy(facts);
  return [
    helmet({
      contentSecurityPolicy: false,
      strictTransportSecurity: facts.publicUrl.startsWith('https:') ? { maxAge: 15_552_000 } : false,
      referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
      xFrameOptions: { action: 'deny' },
    }),
    (_request, response, next) => {
      response.set('Content-Security-Policy', policy);
      next();
    },
  ];
}
