import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandFault, exitCodes, systemCode } from '../command-fault.js';

/**
 * The folder a result is written into: hidden beside its place while it is made, renamed into its place at the end. What
 * is already there is never written over: the next free name is taken (`NAME.albumen-2` …).
 */
export class ResultFolder {
  private constructor(
    /** The hidden folder, for as long as the work goes on. */
    readonly path: string,
    private readonly place: string,
  ) {}

  /** Makes the hidden folder. `out`: folder for results; beside the original unless given. Throws CommandFault (cannotStart). */
  static async begin(original: string, out: string | undefined): Promise<ResultFolder> {
    const beside = out ?? dirname(original);
    const name = `${basename(original)}.albumen`;
    const path = join(beside, `.${name}-${randomBytes(4).toString('hex')}`);
    try {
      if (out !== undefined) await mkdir(out, { recursive: true });
      await mkdir(path);
    } catch (error) {
      throw new CommandFault(exitCodes.cannotStart, unwritableWords(beside, error));
    }
    return new ResultFolder(path, join(beside, name));
  }

  /** A folder inside, made when asked for. */
  async inner(name: string): Promise<string> {
    const path = join(this.path, name);
    await mkdir(path);
    return path;
  }

  /** Puts the finished folder into its place and answers its path. */
  async finish(): Promise<string> {
    for (let number = 1; ; number++) {
      const target = number === 1 ? this.place : `${this.place}-${number}`;
      try {
        // Making the folder claims the name; an empty folder is the one thing that a rename may replace.
        await mkdir(target);
      } catch (error) {
        if (systemCode(error) === 'EEXIST') continue;
        throw error;
      }
      if (process.platform === 'win32') await rm(target, { recursive: true });
      await rename(this.path, target);
      return target;
    }
  }

  /** Removes everything that was written. */
  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

function unwritableWords(folder: string, error: unknown): string {
  switch (systemCode(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The folder ${folder} cannot be written by this user. Name another one with --out.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${folder} is not a folder. Name another one with --out.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk of ${folder} is full.`;
    default:
      return `The folder ${folder} cannot be used: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
