import type { Request, Response } from 'express';
import type { ByteRange } from '@albumen/domain';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What of a stored file goes into the answer. */
export interface SentFile {
  readonly bytes: number;
  readonly mediaType: string;
  /** Hex digest of the bytes; it becomes the entity tag. */
  readonly sha256: string;
  readonly isPublic: boolean;
  /** File name of an attachment; shown in place where it is left out. */
  readonly attachment?: string;
  readonly read: (range?: ByteRange) => Promise<AsyncIterable<Uint8Array>>;
}

/** Sets the headers by which a picture may be kept: briefly and revalidated when public, never when it is of the house. */
export function setCaching(response: Response, isPublic: boolean, entityTag: string): void {
  response.setHeader('ETag', `"${entityTag}"`);
  response.setHeader('Cache-Control', isPublic ? 'public, max-age=60, must-revalidate' : 'private, no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (isPublic) response.setHeader('Access-Control-Allow-Origin', '*');
  response.vary(isPublic ? 'Accept' : 'Authorization, Cookie');
}

/** True where the client's copy is still right; the answer is then 304 and ended. */
export function answeredFresh(request: Request, response: Response): boolean {
  if (!request.fresh) return false;
  response.status(304).end();
  return true;
}

/** Streams a stored file: conditional requests, HEAD and one byte range are answered; other ranges get the whole file. */
export async function sendFile(request: Request, response: Response, file: SentFile): Promise<void> {
  setCaching(response, file.isPublic, file.sha256);
  response.setHeader('Content-Type', file.mediaType);
  response.setHeader('Accept-Ranges', 'bytes');
  if (file.attachment !== undefined) response.setHeader('Content-Disposition', contentDisposition(file.attachment));
  if (answeredFresh(request, response)) return;
  const range = wantedRange(request.headers.range, file.bytes);
  if (range === 'unsatisfiable') {
    response.status(416).setHeader('Content-Range', `bytes */${file.bytes}`).end();
    return;
  }
  if (range) {
    response.status(206).setHeader('Content-Range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  }
  response.setHeader('Content-Length', range ? range.end - range.start + 1 : file.bytes);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(Readable.from(await file.read(range)), response);
}

/** RFC 6266 and RFC 8187: an ASCII name for old clients and the exact one in UTF-8. */
export function contentDisposition(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .replace(/[^\x20-\x7e]|["\\]/g, '_');
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

/** RFC 9110 §14.2: a single byte range; anything else is ignored, a range beyond the end is unsatisfiable. */
export function wantedRange(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [from, to] = [match[1] ?? '', match[2] ?? ''];
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (start >= bytes || end < start) return 'unsatisfiable';
  return { start, end };
}
