import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { problemMediaType, toProblem } from './to-problem.js';

/** Answers every error as an RFC 9457 problem and logs what was not expected. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(http.getRequest<Request>(), http.getResponse<Response>(), error, this.log);
  }
}

/** The same for handlers outside the framework. An answer that has begun is cut off, so that it is not taken for whole. */
export function sendProblem(request: Request, response: Response, error: unknown, log: Logger): void {
  const { problem, unexpected } = toProblem(error, request.path);
  if (unexpected !== undefined && !isGone(request, unexpected))
    log.error(
      { err: unexpected, code: problem.code, reference: problem.details['reference'], path: request.path },
      'request failed',
    );
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.status(problem.status).type(problemMediaType).set('Cache-Control', 'no-store');
  if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer realm="albumen"');
  if (problem.status === 503) response.set('Retry-After', '2');
  for (const header of ['ETag', 'Content-Length', 'Content-Disposition', 'Content-Encoding', 'Last-Modified'])
    response.removeHeader(header);
  if (request.method === 'HEAD') response.end();
  else response.send(JSON.stringify(problem));
}

/** True where the asker hung up, which is no fault of ours. */
function isGone(request: Request, error: unknown): boolean {
  return request.destroyed && (error as { name?: string }).name === 'AbortError';
}
