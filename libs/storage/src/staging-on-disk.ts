import { mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { StagingStore } from '@albumen/domain';
import { makeFolder, storageFault } from './durable-files.js';
import { stagingKey } from './storage-keys.js';

/** Scratch of a machine that is never seen again is swept after this long. */
const forgottenAfterMs = 7 * 24 * 3600 * 1000;

/** Growing uploads and scratch folders. A scratch folder carries its maker's host and process, so that a killed one's is swept. */
export class StagingOnDisk implements StagingStore {
  readonly #scratch: string;

  constructor(private readonly dataDir: string) {
    this.#scratch = join(dataDir, 'scratch');
  }

  async pathOf(fileId: string): Promise<string> {
    const path = join(this.dataDir, stagingKey(fileId));
    await makeFolder(dirname(path));
    return path;
  }

  async discard(fileId: string): Promise<void> {
    await rm(await this.pathOf(fileId), { force: true });
  }

  async scratch(name: string) {
    try {
      await makeFolder(this.#scratch);
      const plain = name.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 60);
      const path = await mkdtemp(join(this.#scratch, `${plain}.${host()}.${process.pid}.`));
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
    } catch (error) {
      throw storageFault(error, 'scratch');
    }
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.dataDir);
    return bavail * bsize;
  }

  /** Removes what killed processes of this machine left behind, and anything that nobody touched for a week. */
  async sweep(now: Date): Promise<void> {
    await makeFolder(this.#scratch);
    for (const entry of await readdir(this.#scratch)) {
      const [, madeOn, pid] = entry.split('.');
      const path = join(this.#scratch, entry);
      const dead = madeOn === host() && pid !== undefined && !alive(Number(pid));
      if (dead || (entry !== 'building' && (await old(path, now)))) await rm(path, { recursive: true, force: true });
    }
    const building = join(this.#scratch, 'building');
    await makeFolder(building);
    for (const entry of await readdir(building)) {
      const path = join(building, entry);
      if (await old(path, now)) await rm(path, { recursive: true, force: true });
    }
  }
}

function host(): string {
  return hostname().replace(/[^A-Za-z0-9-]/g, '-') || 'host';
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function old(path: string, now: Date): Promise<boolean> {
  try {
    return now.getTime() - (await stat(path)).mtimeMs > forgottenAfterMs;
  } catch (error) {
    // Another process that opens the same folder may have swept it first.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
