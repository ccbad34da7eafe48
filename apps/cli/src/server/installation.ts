import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFault, exitCodes } from '../command-fault.js';
import type { Config } from '../config.js';
import type { Catalogue } from './catalogue.js';
import { openDataFolder } from './data-folder.js';
import { InstanceLock } from './instance-lock.js';
import { findPostgres } from './postgres-binaries.js';
import { PostgresCluster } from './postgres-cluster.js';
import type { Connection } from './running-server.js';

/** The catalogue of a data folder, opened for one command. */
export interface Installation extends Catalogue {
  readonly address: string;
  /** True where `albumen up` runs on the folder, so that jobs are worked on. */
  readonly running: boolean;
  readonly localSignIn: boolean;
}

/**
 * Opens the installation for one command: through the running instance's database, or, where none runs, by starting the
 * database for the time of the command. Throws CommandFault where the folder holds no installation.
 */
export async function openInstallation(config: Config, say: (line: string) => void): Promise<Installation> {
  if (config.databaseUrl === undefined && !existsSync(join(config.data, 'postgres'))) {
    throw new CommandFault(
      exitCodes.noServer,
      `There is no Albumen in ${config.data}. Start it with "albumen up", or set ALBUMEN_DATA to its data folder.`,
    );
  }
  const { openCatalogue } = await import('./catalogue.js');
  const folder = openDataFolder(config.data);
  const localSignIn = config.signInIssuer === undefined;
  const holder = InstanceLock.runningAt(folder);
  if (holder !== undefined) {
    const connection = readConnection(folder.run);
    const catalogue = await openCatalogue({ ...config, data: folder.path }, connection.databaseUrl);
    return { ...catalogue, address: connection.address, running: true, localSignIn };
  }
  const address = `http://127.0.0.1:${config.port}`;
  const lock = InstanceLock.take(folder, address);
  let cluster: PostgresCluster | undefined;
  try {
    await lock.endLeftovers();
    if (config.databaseUrl === undefined) cluster = await PostgresCluster.start(folder, findPostgres(say), say);
    const catalogue = await openCatalogue({ ...config, data: folder.path }, config.databaseUrl ?? cluster?.url ?? '');
    const close = async (): Promise<void> => {
      await catalogue.close();
      await cluster?.stop();
      lock.release();
    };
    return { bench: catalogue.bench, close, address, running: false, localSignIn };
  } catch (error) {
    await cluster?.stop();
    lock.release();
    throw error;
  }
}

/** Where the running instance can be reached; throws CommandFault while it is still starting. */
export function readConnection(run: string): Connection {
  const path = join(run, 'connection.json');
  if (!existsSync(path)) {
    throw new CommandFault(exitCodes.noServer, 'Albumen is still starting on this data folder. Try again in a moment.');
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Connection;
}
