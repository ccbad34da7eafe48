import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { CommandFault, exitCodes, systemCode } from '../command-fault.js';

/** Bytes that must be free before Albumen starts; below it a single accession could fill the disk. */
export const neededBytes = 500_000_000;

/** The one folder that holds everything of an installation; every path absolute. */
export interface DataFolder {
  readonly path: string;
  readonly keys: string;
  readonly run: string;
  readonly logs: string;
  readonly postgres: string;
  readonly signIn: string;
}

/**
 * Makes the folder where it is missing and proves that it can be written and has room.
 * Throws CommandFault with one sentence that names the folder and the remedy.
 */
export function openDataFolder(path: string): DataFolder {
  try {
    mkdirSync(path, { recursive: true });
    const root = realpathSync(path);
    const folder: DataFolder = {
      path: root,
      keys: join(root, 'keys'),
      run: join(root, 'run'),
      logs: join(root, 'logs'),
      postgres: join(root, 'postgres'),
      signIn: join(root, 'sign-in'),
    };
    for (const part of [folder.keys, folder.run, folder.signIn]) mkdirSync(part, { recursive: true, mode: 0o700 });
    mkdirSync(folder.logs, { recursive: true, mode: 0o750 });
    chmodSync(folder.keys, 0o700);
    const probe = join(folder.run, `.probe-${process.pid}`);
    writeFileSync(probe, 'albumen');
    rmSync(probe);
    requireRoom(root);
    return folder;
  } catch (error) {
    if (error instanceof CommandFault) throw error;
    throw new CommandFault(exitCodes.cannotStart, folderSentence(path, systemCode(error), error));
  }
}

function requireRoom(path: string): void {
  const disk = statfsSync(path);
  const free = disk.bavail * disk.bsize;
  if (free >= neededBytes) return;
  throw new CommandFault(
    exitCodes.cannotStart,
    `The disk is full: ${Math.round(free / 1e6)} MB are free in ${path}, and Albumen needs ${neededBytes / 1e6} MB to start. Free some space, or set ALBUMEN_DATA to a folder on another disk.`,
  );
}

/** The sentence for a data folder that cannot be used. */
export function folderSentence(path: string, code: string | undefined, error: unknown): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The data folder ${path} cannot be written by this user. Give it to this user, or set ALBUMEN_DATA to another folder.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `The data folder ${path} is not a folder: a file stands in its place. Set ALBUMEN_DATA to another folder.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk of ${path} is full. Free some space, or set ALBUMEN_DATA to a folder on another disk.`;
    default:
      return `The data folder ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** The secret kept in that file, made at the first call (64 hex digits, mode 0600). */
export function keptSecret(folder: DataFolder, name: string): string {
  const path = join(folder.keys, name);
  if (existsSync(path)) {
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    const kept = readFileSync(path, 'utf8').trim();
    if (kept.length >= 32) return kept;
  }
  const secret = randomBytes(32).toString('hex');
  writeWhole(path, `${secret}\n`, 0o600);
  return secret;
}

/** Writes a file so that a reader sees either the old or the new content, never a part. */
export function writeWhole(path: string, content: string, mode: number): void {
  const draft = `${path}.new`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, path);
}
