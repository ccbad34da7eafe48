import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFault, exitCodes, systemCode } from '../command-fault.js';
import { writeWhole, type DataFolder } from './data-folder.js';
import { endProcess, processIdentity } from './process-proof.js';

interface Holder {
  readonly pid: number;
  readonly identity: string;
  readonly address: string;
}

interface Leftover {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
}

/** Who runs on a data folder, so that two never do, and which children a killed run left behind. */
export class InstanceLock {
  readonly #path: string;
  readonly #childrenPath: string;
  #children: readonly Leftover[] = [];

  private constructor(folder: DataFolder) {
    this.#path = join(folder.run, 'instance.json');
    this.#childrenPath = join(folder.run, 'children.json');
  }

  /** Takes the lock. Throws CommandFault where a living process holds it; a dead holder's lock is taken over. */
  static take(folder: DataFolder, address: string): InstanceLock {
    const lock = new InstanceLock(folder);
    const identity = processIdentity(process.pid) ?? 'unknown';
    for (;;) {
      try {
        const file = openSync(lock.#path, 'wx', 0o600);
        writeSync(file, JSON.stringify({ pid: process.pid, identity, address } satisfies Holder));
        closeSync(file);
        return lock;
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
      }
      const holder = readHolder(lock.#path);
      if (holder !== undefined && processIdentity(holder.pid) === holder.identity) {
        throw new CommandFault(
          exitCodes.cannotStart,
          `Albumen already runs on this data folder (process ${holder.pid}): open ${holder.address}, or stop it first.`,
        );
      }
      rmSync(lock.#path, { force: true });
    }
  }

  /** The address of the run that holds the folder now, or undefined. */
  static runningAt(folder: DataFolder): { readonly pid: number; readonly address: string } | undefined {
    const holder = readHolder(join(folder.run, 'instance.json'));
    return holder !== undefined && processIdentity(holder.pid) === holder.identity ? holder : undefined;
  }

  /** Ends the children that a killed run left behind; only processes proven to be those. Answers their names. */
  async endLeftovers(): Promise<readonly string[]> {
    if (!existsSync(this.#childrenPath)) return [];
    const ended: string[] = [];
    for (const child of readLeftovers(this.#childrenPath)) {
      if ((await endProcess(child.pid, child.identity, 'SIGTERM', 15_000)) !== 'gone') ended.push(child.name);
    }
    rmSync(this.#childrenPath, { force: true });
    return ended;
  }

  /** Writes down a child, so that the next start can end it if this run is killed. */
  noteChild(name: string, pid: number): void {
    const identity = processIdentity(pid);
    if (identity === undefined) return;
    this.#children = [...this.#children.filter((child) => child.name !== name), { name, pid, identity }];
    writeWhole(this.#childrenPath, JSON.stringify(this.#children), 0o600);
  }

  /** Gives the folder back; call it when every child has ended. */
  release(): void {
    rmSync(this.#childrenPath, { force: true });
    rmSync(this.#path, { force: true });
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.identity === 'string' && typeof value.address === 'string'
      ? { pid: value.pid, identity: value.identity, address: value.address }
      : undefined;
  } catch {
    return undefined; // gone or cut off while it was written: nobody holds it
  }
}

function readLeftovers(path: string): readonly Leftover[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Leftover[];
  } catch {
    return []; // cut off while it was written; the children end by themselves when their parent is gone
  }
}
