import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuse } from '@albumen/domain';
import { softwareOf, type QueueConnection, type RuntimeConfig } from '@albumen/runtime';

/** Everything the HTTP door is told from outside. */
export interface ApiConfig {
  readonly runtime: RuntimeConfig;
  /** Version of this program and of its OpenAPI document. */
  readonly version: string;
  readonly host: string;
  readonly port: number;
  /** Issuer of the sign-in, shaped like a Keycloak realm. */
  readonly issuer: string;
  /** Audience that every access token must name. */
  readonly audience: string;
  /** Public client of the portal. */
  readonly clientId: string;
  /** Folder with the built portal; pages are plain HTML where it is missing. */
  readonly portalDir: string;
  readonly logLevel: string;
  /** How many pictures are cut at once. */
  readonly cuts: number;
}

const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Reads the environment, the only place in this program that does. Throws `configuration.invalid` in plain words. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): ApiConfig {
  const text = (name: string, otherwise: string): string => environment[name]?.trim() || otherwise;
  const port = Number(text('ALBUMEN_PORT', '4300'));
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw invalid('ALBUMEN_PORT must be a port number');
  const databaseUrl = text('ALBUMEN_DATABASE_URL', '');
  if (!databaseUrl) throw invalid('ALBUMEN_DATABASE_URL is missing');
  const issuer = text('ALBUMEN_SIGN_IN_ISSUER', '').replace(/\/+$/, '');
  if (!URL.canParse(issuer)) throw invalid('ALBUMEN_SIGN_IN_ISSUER must be the address of a realm');
  const logLevel = text('ALBUMEN_LOG_LEVEL', 'info');
  if (!logLevels.includes(logLevel)) throw invalid(`ALBUMEN_LOG_LEVEL must be one of ${logLevels.join(', ')}`);
  const queueKind = text('ALBUMEN_QUEUE', 'postgres');
  if (queueKind !== 'postgres' && queueKind !== 'redis') throw invalid('ALBUMEN_QUEUE must be postgres or redis');
  const queue: QueueConnection =
    queueKind === 'redis'
      ? { kind: 'redis', url: text('ALBUMEN_REDIS_URL', 'redis://127.0.0.1:6379') }
      : { kind: 'postgres', url: databaseUrl };
  return {
    runtime: {
      dataDir: resolve(text('ALBUMEN_DATA', './data')),
      databaseUrl,
      queue,
      modelsDir: resolve(text('ALBUMEN_MODELS', join(root, 'models'))),
      ...(text('ALBUMEN_OWN_MODELS', '') === '' ? {} : { broughtInDir: resolve(text('ALBUMEN_OWN_MODELS', '')) }),
      software: softwareOf('api'),
      publicUrl: text('ALBUMEN_PUBLIC_URL', `http://127.0.0.1:${port}`).replace(/\/+$/, ''),
      maxConnections: 16,
    },
    version: softwareOf('api').version,
    host: text('ALBUMEN_HOST', '127.0.0.1'),
    port,
    issuer,
    audience: text('ALBUMEN_SIGN_IN_AUDIENCE', 'albumen-api'),
    clientId: text('ALBUMEN_SIGN_IN_CLIENT', 'albumen-portal'),
    portalDir: resolve(text('ALBUMEN_PORTAL', join(root, 'apps/portal/dist/browser'))),
    logLevel,
    cuts: Math.max(1, Math.min(8, availableParallelism())),
  };
}

const invalid = (detail: string): Error => refuse('configuration.invalid', { detail });
