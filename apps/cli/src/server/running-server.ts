import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandFault, exitCodes } from '../command-fault.js';
import type { Config } from '../config.js';
import { startSignIn, type SignInServer } from '../sign-in/sign-in-server.js';
import { openDataFolder, writeWhole, type DataFolder } from './data-folder.js';
import { InstanceLock } from './instance-lock.js';
import { requireFreePort } from './ports.js';
import { findPostgres } from './postgres-binaries.js';
import { PostgresCluster } from './postgres-cluster.js';
import { SupervisedChild } from './supervised-child.js';

const readyMs = 60_000;
const drainMs = 30_000;

/** Albumen as `up` keeps it running. */
export interface RunningServer {
  readonly address: string;
  readonly localSignIn: boolean;
  readonly databaseUrl: string;
  /** Settles where a part cannot be kept running; what happened has been said. */
  readonly failed: Promise<'failed'>;
  /** Drains and stops every part, in the order that loses nothing. */
  stop(): Promise<void>;
}

/** Where a running instance can be reached by other commands of the same user; kept with mode 0600 in the data folder. */
export interface Connection {
  readonly address: string;
  readonly databaseUrl: string;
  readonly issuer: string;
}

/**
 * Starts everything on one data folder: database, sign-in, API and worker (either brings the database up to date, one
 * waits for the other); answers once the API says that it is ready. Throws CommandFault with one sentence, after stopping whatever had been started.
 */
export async function startServer(config: Config, say: (line: string) => void): Promise<RunningServer> {
  requireBuilt(config);
  const folder = openDataFolder(config.data);
  const address = `http://127.0.0.1:${config.port}`;
  const lock = InstanceLock.take(folder, address);
  const parts = new Parts(lock, folder);
  try {
    const leftovers = await lock.endLeftovers();
    if (leftovers.length > 0) say(`An earlier run was cut off; its ${leftovers.join(' and ')} had to be ended first.`);
    await requireFreePort(config.port, 'Albumen', 'ALBUMEN_PORT');
    if (config.signInIssuer === undefined)
      await requireFreePort(config.signInPort, 'the sign-in', 'ALBUMEN_SIGN_IN_PORT');
    const databaseUrl = config.databaseUrl ?? (await parts.startDatabase(say));
    const issuer = config.signInIssuer ?? (await parts.startSignIn(config));
    const connection: Connection = { address, databaseUrl, issuer };
    writeWhole(join(folder.run, 'connection.json'), JSON.stringify(connection), 0o600);
    const failed = parts.startChildren(config, connection, say);
    await untilReady(address, parts, failed);
    return { address, databaseUrl, localSignIn: config.signInIssuer === undefined, failed, stop: () => parts.stop() };
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

class Parts {
  #cluster: PostgresCluster | undefined;
  #signIn: SignInServer | undefined;
  #watch: NodeJS.Timeout | undefined;
  children: readonly SupervisedChild[] = [];

  constructor(
    private readonly lock: InstanceLock,
    private readonly folder: DataFolder,
  ) {}

  async startDatabase(say: (line: string) => void): Promise<string> {
    this.#cluster = await PostgresCluster.start(this.folder, findPostgres(say), say);
    if (this.#cluster.adopted) say('The database of an earlier run was still running and is used again.');
    return this.#cluster.url;
  }

  async startSignIn(config: Config): Promise<string> {
    this.#signIn = await startSignIn({ folder: this.folder, port: config.signInPort, publicUrl: config.publicUrl });
    return this.#signIn.issuer;
  }

  startChildren(config: Config, connection: Connection, say: (line: string) => void): Promise<'failed'> {
    const environment = {
      ...config.environment,
      ALBUMEN_ROOT: config.root,
      ALBUMEN_DATA: this.folder.path,
      ALBUMEN_PORT: String(config.port),
      ALBUMEN_PUBLIC_URL: config.publicUrl,
      ALBUMEN_DATABASE_URL: connection.databaseUrl,
      ALBUMEN_SIGN_IN_ISSUER: connection.issuer,
      NODE_ENV: 'production',
    };
    return new Promise((resolve) => {
      this.children = (['api', 'worker'] as const).map(
        (name) =>
          new SupervisedChild({
            name,
            program: join(config.root, 'apps', name, 'dist', 'main.js'),
            cwd: config.root,
            logPath: join(this.folder.logs, `${name}.log`),
            environment,
            onStart: (pid) => this.lock.noteChild(name, pid),
            say,
            onGivenUp: () => resolve('failed'),
          }),
      );
      for (const child of this.children) child.start();
      this.#watch = setInterval(() => {
        if (this.#cluster === undefined || this.#cluster.isRunning()) return;
        clearInterval(this.#watch);
        say(`The database ended by itself. See ${join(this.folder.logs, 'postgres.log')}; nothing in custody is lost.`);
        resolve('failed');
      }, 2000);
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#watch);
    await Promise.all(this.children.map((child) => child.stop(drainMs)));
    await this.#signIn?.close();
    await pause(this.children.length > 0 ? 200 : 0); // BullMQ's last answers are still under way when its process ends
    await this.#cluster?.stop();
    rmSync(join(this.folder.run, 'connection.json'), { force: true });
    this.lock.release();
  }
}

async function untilReady(address: string, parts: Parts, failed: Promise<'failed'>): Promise<void> {
  let given: 'failed' | undefined;
  void failed.then((word) => (given = word));
  const until = Date.now() + readyMs;
  while (Date.now() < until && given === undefined) {
    if (await answers(`${address}/health/ready`)) return;
    await pause(80);
  }
  const words = parts.children.map((child) => child.lastWords()).find((text) => text !== '') ?? '';
  throw new CommandFault(
    exitCodes.cannotStart,
    `Albumen did not become ready${given === undefined ? ` within ${readyMs / 1000} s` : ''}. Its API said last:\n${words}`,
  );
}

async function answers(address: string): Promise<boolean> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false; // not listening yet
  }
}

function requireBuilt(config: Config): void {
  for (const name of ['api', 'worker']) {
    if (existsSync(join(config.root, 'apps', name, 'dist', 'main.js'))) continue;
    throw new CommandFault(exitCodes.cannotStart, `The ${name} is not built. Run "npm run build" and start again.`);
  }
}
