import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { PostgresWord } from './postgres-process.js';

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

/** Starts an embedded server in a process of its own; it ends with this one. */
async function launch(): Promise<{ url: string; stop(): Promise<void> }> {
  const server = fork(join(import.meta.dirname, 'postgres-process.ts'), { execArgv: [], stdio: 'inherit' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const word = await new Promise<PostgresWord>((resolve) => {
    server.once('message', (message) => resolve(message as PostgresWord));
    server.once('exit', (code) => resolve({ error: `its process ended with ${code}` }));
  });
  if ('error' in word) throw new Error(`PostgreSQL did not start: ${word.error}`);
  return {
    url: word.url,
    async stop() {
      if (server.connected) server.send('stop');
      await ended;
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
