import { resolve } from 'node:path';
import { refuse } from '@albumen/domain';
import {
  executionProviders,
  softwareOf,
  type Execution,
  type QueueConnection,
  type RuntimeConfig,
} from '@albumen/runtime';

/** What the worker is told from outside. */
export interface WorkerConfig {
  readonly runtime: RuntimeConfig & { readonly queue: QueueConnection };
  readonly logLevel: string;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Reads the environment, the only place of the worker that does. Throws `configuration.invalid` with one sentence. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): WorkerConfig {
  const value = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const needed = (name: string): string => {
    const given = value(name);
    if (given === undefined) throw refuse('configuration.invalid', { detail: `${name} is not set.` });
    return given;
  };
  const databaseUrl = needed('ALBUMEN_DATABASE_URL');
  const kind = value('ALBUMEN_QUEUE') ?? 'postgres';
  if (kind !== 'postgres' && kind !== 'redis') {
    throw refuse('configuration.invalid', { detail: `ALBUMEN_QUEUE must be postgres or redis but is "${kind}".` });
  }
  const logLevel = value('ALBUMEN_LOG_LEVEL') ?? 'info';
  if (!logLevels.includes(logLevel)) {
    throw refuse('configuration.invalid', { detail: `ALBUMEN_LOG_LEVEL must be one of ${logLevels.join(', ')}.` });
  }
  const threads = value('ALBUMEN_THREADS');
  if (threads !== undefined && !/^[1-9]\d?$/.test(threads)) {
    throw refuse('configuration.invalid', { detail: 'ALBUMEN_THREADS must be a number from 1 to 99.' });
  }
  const execution = executionOf(value('ALBUMEN_PROVIDER'), value('ALBUMEN_PROVIDER_FALLBACK'));
  const root = value('ALBUMEN_ROOT') ?? resolve(import.meta.dirname, '../../..');
  const port = value('ALBUMEN_PORT') ?? '4300';
  const ownModels = value('ALBUMEN_OWN_MODELS');
  return {
    logLevel,
    runtime: {
      dataDir: value('ALBUMEN_DATA') ?? './data',
      databaseUrl,
      queue: { kind, url: kind === 'redis' ? needed('ALBUMEN_REDIS_URL') : databaseUrl },
      modelsDir: value('ALBUMEN_MODELS') ?? resolve(root, 'models'),
      ...(ownModels === undefined ? {} : { broughtInDir: ownModels }),
      software: softwareOf('worker'),
      publicUrl: value('ALBUMEN_PUBLIC_URL') ?? `http://127.0.0.1:${port}`,
      ...(threads === undefined ? {} : { threads: Number(threads) }),
      ...(execution === undefined ? {} : { execution }),
    },
  };
}

/** What the nets are run by; left out where nothing is said. */
function executionOf(provider: string | undefined, fallback: string | undefined): Execution | undefined {
  if (fallback !== undefined && fallback !== 'yes' && fallback !== 'no') {
    throw refuse('configuration.invalid', {
      detail: `ALBUMEN_PROVIDER_FALLBACK must be yes or no but is "${fallback}".`,
    });
  }
  if (provider === undefined) return undefined;
  const known = executionProviders.find((name) => name === provider);
  if (known === undefined) {
    throw refuse('configuration.invalid', {
      detail: `ALBUMEN_PROVIDER must be one of ${executionProviders.join(', ')} but is "${provider}".`,
    });
  }
  return { provider: known, fallsBack: fallback === 'yes' };
}
