import { Refusal } from '@albumen/domain';
import { openRuntime } from '@albumen/runtime';
import { makeApp } from './app.js';
import { readConfig } from './config.js';
import { makeLog } from './log.js';

/** Seconds that requests under way are given to end. */
const grace = 10;

async function main(): Promise<void> {
  const config = readConfig();
  const log = makeLog(config.logLevel);
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a promise was left alone'));
  const runtime = await openRuntime({
    ...config.runtime,
    report: (error) => log.warn({ err: error }, 'trouble in the background'),
  });
  const app = await makeApp(runtime.bench, config, log);
  const relay = runtime.keepRelaying();
  await app.listen(config.port, config.host);
  log.info({ port: config.port, publicUrl: runtime.bench.publicUrl }, 'ready');
  process.send?.({ ready: true, port: config.port });

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    const server = app.getHttpServer() as { closeIdleConnections(): void; closeAllConnections(): void };
    const cut = setTimeout(() => server.closeAllConnections(), grace * 1000);
    server.closeIdleConnections();
    await app.close();
    clearTimeout(cut);
    await relay.stop();
    await runtime.close();
    log.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log.error({ err: error }, 'could not stop in order');
        process.exit(1);
      });
    });
  process.on('disconnect', () => void stop('disconnect'));
}

main().catch((error: unknown) => {
  const words = error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${words}\n`);
  process.exit(1);
});
