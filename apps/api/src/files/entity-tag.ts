import type { Request, Response } from 'express';

/**
 * Names the answer by its content, and answers 304 where the asker has it already; true then. RFC 9110 §13.1.2: weak
 * comparison, `*` stands for any.
 */
export function answeredUnchanged(request: Request, response: Response, tag: string): boolean {
  const own = `"${tag}"`;
  response.set('ETag', own);
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  const same = known.trim() === '*' || known.split(',').some((one) => one.trim().replace(/^W\//, '') === own);
  if (same) response.status(304).end();
  return same;
}
