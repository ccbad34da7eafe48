import { pino } from 'pino';
import { Refusal } from '@albumen/domain';
import { readConfig } from './config.js';
import { startWorker, type RunningWorker } from './start-worker.js';

/** Exit codes: 0 stopped as asked, 1 a fault of the program, 2 it could not start (one sentence on standard error). */
async function main(): Promise<void> {
  let worker: RunningWorker | undefined;
  let log = pino();
  try {
    const config = readConfig();
    log = pino({ level: config.logLevel, base: { program: 'worker', pid: process.pid } });
    worker = await startWorker(config, log);
  } catch (error) {
    if (error instanceof Refusal) process.stderr.write(`${error.message}\n`);
    else log.fatal({ err: error }, 'the worker could not start');
    process.exit(2);
  }
  log.info('worker ready');
  process.send?.({ ready: true });
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'worker stops');
    worker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the worker did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Started by a program that is gone now: nobody is left who would stop this one.
  process.on('disconnect', () => stop('disconnect'));
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled fault');
    process.exit(1);
  });
}

await main();
