import { randomUUID } from 'node:crypto';
import { HttpException } from '@nestjs/common';
import type { Problem } from '@albumen/contracts';
import { errorTable, Refusal, refuse, sentence } from '@albumen/domain';

/** Media type of RFC 9457 problems. */
export const problemMediaType = 'application/problem+json; charset=utf-8';

/** A problem with the error that caused it; `unexpected` ones are to be logged with their reference. */
export interface Answer {
  readonly problem: Problem;
  readonly unexpected: unknown;
}

/** The problem of any error: of our table, of the framework and its parsers, or `internal.unexpected` with a reference. */
export function toProblem(error: unknown, path: string): Answer {
  const refusal = asRefusal(error);
  if (refusal) return { problem: shape(refusal, path), unexpected: refusal.status >= 500 ? error : undefined };
  const unexpected = refuse('internal.unexpected', { reference: randomUUID().slice(0, 8) }, { cause: error });
  return { problem: shape(unexpected, path), unexpected: error };
}

function shape(refusal: Refusal, path: string): Problem {
  const { code, details, status } = refusal;
  return {
    type: `urn:albumen:problem:${code}`,
    title: errorTable[code].en.replace(/\s*[:(]?\s*\{\w+\}.*$/, ''),
    status,
    detail: sentence(code, details, 'en'),
    instance: path.slice(0, 500),
    code,
    details: { ...details },
    sentences: { en: sentence(code, details, 'en'), vi: sentence(code, details, 'vi') },
  };
}

/** Errors of body parsers (http-errors) and of the framework carry a status of their own. */
function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const status = statusOf(error);
  if (status === undefined || status >= 500) return undefined;
  const options = { cause: error };
  switch (status) {
    case 401:
      return refuse('access.sign-in-needed', {}, options);
    case 404:
    case 405:
      return refuse('request.not-found', {}, options);
    case 413:
      return refuse('request.too-large', {}, options);
    default:
      return refuse('request.invalid', { detail: wordsOf(error) }, options);
  }
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  return typeof status === 'number' && expose === true ? status : undefined;
}

function wordsOf(error: unknown): string {
  const { type, message } = error as { type?: string; message?: string };
  if (type === 'entity.parse.failed') return 'the body is not JSON';
  return (message ?? 'it could not be read').slice(0, 300);
}
