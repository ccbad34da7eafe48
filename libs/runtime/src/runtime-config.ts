import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { refuse, type Clock, type RestorationEngine, type Software } from '@albumen/domain';
import type { QueueConnection } from '@albumen/queue';
import type { Execution } from '@albumen/restoration';

/** Everything a program must know to open Albumen. Only its `config.ts` reads the environment; nothing here does. */
export interface RuntimeConfig {
  /** Folder with all bytes and keys; made where it is missing. */
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** `memory` is for tests that step through their jobs. */
  readonly queue: QueueConnection | 'memory';
  /** Folder with one folder per model. */
  readonly modelsDir: string;
  /** Folder of the models that the institution brought in; `models` in the data folder where left out. */
  readonly broughtInDir?: string;
  readonly software: Software;
  /** Address under which the public reaches this installation. */
  readonly publicUrl: string;
  /** Threads that the nets may use; the engine's own choice where left out. */
  readonly threads?: number;
  /** What the nets are run by; the processor where left out. */
  readonly execution?: Execution;
  readonly clock?: Clock;
  /** An engine to use in place of the real one: for tests. */
  readonly engine?: RestorationEngine;
  /** Is told of troubles that no caller hears of: a queue connection that broke, a relay that failed and goes on. */
  readonly report?: (error: Error) => void;
  readonly maxConnections?: number;
}

const invalid = (detail: string, cause?: unknown): Error => refuse('configuration.invalid', { detail }, { cause });

/** The configuration with absolute folders and a tidy address; throws `configuration.invalid` with one plain sentence. */
export async function checkConfig(config: RuntimeConfig): Promise<RuntimeConfig> {
  const dataDir = resolve(config.dataDir);
  const modelsDir = resolve(config.modelsDir);
  const database = URL.canParse(config.databaseUrl) ? new URL(config.databaseUrl) : undefined;
  if (!database || !['postgres:', 'postgresql:'].includes(database.protocol)) {
    throw invalid('The database address must look like postgres://user:password@host:port/name.');
  }
  if (config.queue !== 'memory' && config.queue.kind === 'redis' && !/^rediss?:\/\//.test(config.queue.url)) {
    throw invalid('The queue address must look like redis://host:port.');
  }
  const address = URL.canParse(config.publicUrl) ? new URL(config.publicUrl) : undefined;
  if (!address || !['http:', 'https:'].includes(address.protocol)) {
    throw invalid(`The public address must begin with http:// or https:// but is "${config.publicUrl}".`);
  }
  await requireWritable(dataDir);
  await requireFolder(modelsDir);
  const broughtInDir = resolve(config.broughtInDir ?? join(dataDir, 'models'));
  return { ...config, dataDir, modelsDir, broughtInDir, publicUrl: config.publicUrl.replace(/\/+$/, '') };
}

/** The sentence for a database that cannot be reached, without its password. */
export function databaseFault(url: string, error: unknown): Error {
  const { host, pathname } = new URL(url);
  const code = (error as { code?: string }).code;
  const why: Record<string, string> = {
    ECONNREFUSED: `No database answers at ${host}.`,
    ENOTFOUND: `The database host ${host} is not known.`,
    ETIMEDOUT: `The database at ${host} does not answer.`,
    '28P01': `The database at ${host} refuses this user or password.`,
    '28000': `The database at ${host} refuses this user.`,
    '3D000': `There is no database ${pathname.slice(1)} at ${host}.`,
  };
  const words = error instanceof Error ? error.message : String(error);
  return invalid(why[code ?? ''] ?? `The database at ${host} cannot be used: ${words}`, error);
}

/** Tells a folder that is missing from one that may not be looked at, and from a file of that name. */
async function requireFolder(modelsDir: string): Promise<void> {
  let found;
  try {
    found = await stat(modelsDir);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw invalid(`The folder of the models, ${modelsDir}, ${missing ? 'does not exist' : 'cannot be read'}.`, error);
  }
  if (!found.isDirectory()) throw invalid(`The models should lie in a folder, but ${modelsDir} is a file.`);
}

async function requireWritable(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    throw invalid(
      full ? `The disk of the data folder ${dataDir} is full.` : `The data folder ${dataDir} cannot be written.`,
      error,
    );
  }
}
