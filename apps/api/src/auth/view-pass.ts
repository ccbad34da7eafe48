import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';

/** Seconds that a view pass lasts. */
const lasts = 15 * 60;
const name = 'albumen-view';

/**
 * A signed cookie with which a browser's picture requests, that carry no token, may read unpublished pictures. It opens
 * `/iiif` and `/api/files` for reading and nothing else.
 */
export class ViewPass {
  constructor(
    private readonly secret: string,
    private readonly secure: boolean,
    private readonly now: () => number = () => Date.now(),
  ) {}

  give(response: Response, personId: string): void {
    const until = Math.floor(this.now() / 1000) + lasts;
    const words = `${personId}.${until}`;
    response.cookie(name, `${words}.${this.#sign(words)}`, { ...this.#flags(), maxAge: lasts * 1000 });
  }

  take(response: Response): void {
    response.clearCookie(name, this.#flags());
  }

  /** True where the request carries a pass that holds. */
  holds(request: Request): boolean {
    const value = cookieOf(request);
    const found = /^([0-9a-f-]{36})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/.exec(value ?? '');
    if (!found) return false;
    const [, person, until, signature] = found;
    const right = Buffer.from(this.#sign(`${person}.${until}`));
    return timingSafeEqual(right, Buffer.from(signature ?? '')) && Number(until) > this.now() / 1000;
  }

  #sign(words: string): string {
    return createHmac('sha256', this.secret).update(words).digest('base64url');
  }

  #flags() {
    return { httpOnly: true, sameSite: 'strict', secure: this.secure, path: '/' } as const;
  }
}

function cookieOf(request: Request): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
