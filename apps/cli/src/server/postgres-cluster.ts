import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandFault, exitCodes } from '../command-fault.js';
import { keptSecret, type DataFolder } from './data-folder.js';
import { freePort } from './ports.js';
import { isReachable, type PostgresBinaries } from './postgres-binaries.js';
import { endProcess, isRunning, processIdentity, processPlace } from './process-proof.js';

const databaseName = 'albumen';
const startMs = 120_000;

/** A running embedded PostgreSQL of one data folder. It listens on the loopback only, with a password of its own. */
export class PostgresCluster {
  private constructor(
    readonly url: string,
    readonly pid: number,
    readonly adopted: boolean,
    private readonly identity: string,
  ) {}

  /**
   * Starts the cluster of the folder, making it at the first start. A server that a killed run left behind is adopted,
   * after it was proven to be the server of this very folder. Throws CommandFault with the server's own last words.
   */
  static async start(
    folder: DataFolder,
    binaries: PostgresBinaries,
    say: (line: string) => void,
  ): Promise<PostgresCluster> {
    const password = keptSecret(folder, 'postgres-password');
    if (!existsSync(folder.postgres)) makeCluster(folder, binaries, password, say);
    const running = await findRunning(folder.postgres);
    if (running !== undefined) return cluster(running.pid, running.port, password, true);

    const port = await freePort();
    const log = openSync(join(folder.logs, 'postgres.log'), 'a', 0o640);
    const child = spawn(
      binaries.postgres,
      ['-D', folderArgument(folder.postgres, binaries), '-p', String(port), ...settings()],
      { cwd: folder.postgres, stdio: ['ignore', log, log], detached: true, env: serverEnvironment(), ...binaries.user },
    );
    closeSync(log);
    child.unref();
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(child.pid ?? 0));
    });
    const until = Date.now() + startMs;
    while (Date.now() < until) {
      const state = readPidFile(folder.postgres);
      if (state?.pid === pid && state.ready) return cluster(pid, port, password, false);
      if (child.exitCode !== null || child.signalCode !== null) break;
      await pause(40);
    }
    if (child.exitCode === null) child.kill('SIGINT');
    throw new CommandFault(exitCodes.cannotStart, `PostgreSQL did not start: ${lastWords(folder)}`);
  }

  /** Stops the server and waits until it is gone; connections that are still open are cut. */
  async stop(): Promise<void> {
    await endProcess(this.pid, this.identity, 'SIGINT', 30_000);
  }

  /** True while the server process runs. */
  isRunning(): boolean {
    return processIdentity(this.pid) === this.identity;
  }

  static made(url: string, pid: number, adopted: boolean, identity: string): PostgresCluster {
    return new PostgresCluster(url, pid, adopted, identity);
  }
}

function cluster(pid: number, port: number, password: string, adopted: boolean): PostgresCluster {
  const url = `postgresql://${databaseName}:${password}@127.0.0.1:${port}/${databaseName}`;
  return PostgresCluster.made(url, pid, adopted, processIdentity(pid) ?? 'gone');
}

/** Made in a folder beside and renamed when whole, so that a cut-off first start leaves nothing half-made. */
function makeCluster(
  folder: DataFolder,
  binaries: PostgresBinaries,
  password: string,
  say: (line: string) => void,
): void {
  say('Making the database (once, a few seconds)…');
  const draft = `${folder.postgres}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  if (binaries.user !== undefined) chownSync(draft, binaries.user.uid, binaries.user.gid);
  const place = folderArgument(draft, binaries);
  const options = { cwd: draft, env: serverEnvironment(), encoding: 'utf8' as const, ...binaries.user };
  const made = spawnSync(
    binaries.initdb,
    [
      ...['-D', place, '--username=albumen', '--auth=trust', '--encoding=UTF8', '--locale=C'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
    ],
    options,
  );
  if (made.status !== 0) throw new CommandFault(exitCodes.cannotStart, makingSentence(made.stderr, made.error));
  const alone = spawnSync(binaries.postgres, ['--single', '-D', place, 'postgres'], {
    ...options,
    input: `ALTER ROLE albumen PASSWORD '${password}'\nCREATE DATABASE ${databaseName}\n`,
  });
  if (alone.status !== 0) throw new CommandFault(exitCodes.cannotStart, makingSentence(alone.stderr, alone.error));
  const access = join(draft, 'pg_hba.conf');
  writeFileSync(access, 'host all all 127.0.0.1/32 scram-sha-256\n');
  chmodSync(access, 0o600);
  renameSync(draft, folder.postgres);
}

function makingSentence(stderr: string | null, error: Error | undefined): string {
  const words = (stderr ?? '').trim().split('\n').at(-1) ?? '';
  if (/No space left/.test(stderr ?? '')) return 'The database could not be made because the disk is full.';
  return `The database could not be made: ${error?.message ?? words}`;
}

/**
 * How the server is told its folder. A folder that its user cannot reach from the root (one below a 0700 home) is
 * reached through the working directory that this process, as root, hands over; the data then stay where they belong.
 */
function folderArgument(path: string, binaries: PostgresBinaries): string {
  return binaries.user === undefined || isReachable(path, binaries.user) ? path : '/proc/self/cwd';
}

function settings(): string[] {
  return [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=120',
    'shared_buffers=128MB',
    'timezone=UTC',
    'log_timezone=UTC',
    'lc_messages=C',
  ].flatMap((setting) => ['-c', setting]);
}

function serverEnvironment(): Record<string, string> {
  return { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };
}

interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** `postmaster.pid`: line 1 pid, line 4 port, line 8 state (PostgreSQL documentation, "Database File Layout"). */
function readPidFile(path: string): PidFile | undefined {
  const file = join(path, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** The server that already runs on this folder, or undefined once nothing can be in its way. */
async function findRunning(path: string): Promise<PidFile | undefined> {
  const real = realpathSync(path);
  const until = Date.now() + startMs;
  for (;;) {
    const state = readPidFile(path);
    if (state === undefined) return undefined;
    if (isServerOf(real, state.pid)) {
      if (state.ready) return state;
    } else {
      const left = processesIn(real);
      if (left.length === 0) {
        rmSync(join(path, 'postmaster.pid'), { force: true });
        return undefined;
      }
    }
    if (Date.now() > until) {
      throw new CommandFault(
        exitCodes.cannotStart,
        `A PostgreSQL of an earlier run still works on ${path} (process ${state.pid}) and is not ready. Wait, or stop it.`,
      );
    }
    await pause(100);
  }
}

/** Proof that a pid is the server of this folder: the program is postgres and it works in this very folder. */
function isServerOf(path: string, pid: number): boolean {
  const place = processPlace(pid);
  if (place !== undefined) return place.folder === path && basename(place.program).startsWith('postgres');
  return process.platform !== 'linux' && isRunning(pid) && (processIdentity(pid)?.includes(path) ?? false);
}

function processesIn(path: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isServerOf(path, pid));
}

function lastWords(folder: DataFolder): string {
  const log = readFileSync(join(folder.logs, 'postgres.log'), 'utf8').trim().split('\n');
  const telling = log.filter((line) => /FATAL|ERROR|PANIC/.test(line)).at(-1) ?? log.at(-1) ?? 'it said nothing';
  return telling.replace(/^.*?(FATAL|ERROR|PANIC|LOG): */, '');
}
