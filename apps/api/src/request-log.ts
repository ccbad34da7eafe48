import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/** One line per request when it ends; pictures only where somebody debugs. Paths without their query: it may hold names. */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const { method, path } = request;
    response.once('close', () => {
      const level = response.statusCode >= 500 ? 'error' : path.startsWith('/api') ? 'info' : 'debug';
      log[level](
        {
          method,
          path: path.slice(0, 300),
          status: response.statusCode,
          ms: Math.round(performance.now() - started),
          ...(response.writableFinished ? {} : { cut: true }),
        },
        'request',
      );
    });
    next();
  };
}
