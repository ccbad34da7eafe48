import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own words as structured lines of the same log. */
export function nestLog(log: Logger): LoggerService {
  const line =
    (level: 'info' | 'warn' | 'error' | 'debug') =>
    (message: unknown, ...rest: unknown[]): void =>
      log[level]({ context: rest.at(-1) }, String(message));
  return { log: line('debug'), warn: line('warn'), error: line('error'), debug: line('debug') };
}
