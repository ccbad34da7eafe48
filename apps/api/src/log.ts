import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

/** The program's structured log; tokens and cookies never stand in it. */
export function makeLog(level: string): Logger {
  return pino({
    level,
    base: { program: 'albumen-api' },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['headers.authorization', 'headers.cookie', 'req.headers.authorization', 'req.headers.cookie'],
  });
}

/** The framework's own words in our log: its chatter only where somebody debugs. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Logger) {}

  log(message: unknown, ...more: unknown[]): void {
    this.to.debug({ more }, String(message));
  }
  error(message: unknown, ...more: unknown[]): void {
    this.to.error({ more }, String(message));
  }
  warn(message: unknown, ...more: unknown[]): void {
    this.to.warn({ more }, String(message));
  }
  debug(message: unknown, ...more: unknown[]): void {
    this.to.debug({ more }, String(message));
  }
  verbose(message: unknown, ...more: unknown[]): void {
    this.to.trace({ more }, String(message));
  }
}
