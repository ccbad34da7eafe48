import { join } from 'node:path';
import type { Workbench } from '@albumen/workflow';
import type { Config } from '../config.js';

/** The catalogue opened for a command: use cases and readings work with its bench. */
export interface Catalogue {
  readonly bench: Workbench;
  close(): Promise<void>;
}

/**
 * Opens the catalogue and brings its database up to date. Jobs that follow from what a command does wait in the outbox,
 * where the worker fetches them; a command has no queue of its own.
 */
export async function openCatalogue(config: Config, databaseUrl: string): Promise<Catalogue> {
  const { openRuntime, softwareOf } = await import('@albumen/runtime');
  const runtime = await openRuntime({
    dataDir: config.data,
    databaseUrl,
    queue: 'memory',
    modelsDir: join(config.root, 'models'),
    broughtInDir: config.ownModels,
    software: softwareOf('cli'),
    publicUrl: config.publicUrl,
    maxConnections: 4,
  });
  return { bench: runtime.bench, close: () => runtime.close() };
}
