import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFault, exitCodes } from './command-fault.js';

/** What the command line takes from its environment; the only place here that reads it. */
export interface Config {
  /** Root of the repository or installation. */
  readonly root: string;
  /** Absolute path of the data folder. */
  readonly data: string;
  /** Folder with one folder per model. */
  readonly models: string;
  /** Folder of the models that the institution brought in. */
  readonly ownModels: string;
  /** Folder of this user's own settings and keys. */
  readonly settings: string;
  readonly port: number;
  readonly signInPort: number;
  /** Address under which people reach this installation, without trailing slash. */
  readonly publicUrl: string;
  /** A database kept elsewhere; undefined starts the embedded one. */
  readonly databaseUrl: string | undefined;
  /** A sign-in kept elsewhere (Keycloak realm); undefined starts the local one. */
  readonly signInIssuer: string | undefined;
  /** Whole environment, to be handed on to the API and the worker. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reads and checks the environment. Throws CommandFault where a value cannot be used. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const root = environment['ALBUMEN_ROOT'] ?? resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
  const port = portOf(environment, 'ALBUMEN_PORT', 4300);
  const data = resolve(environment['ALBUMEN_DATA'] ?? './data');
  return {
    root,
    data,
    models: resolve(environment['ALBUMEN_MODELS'] || join(root, 'models')),
    ownModels: resolve(environment['ALBUMEN_OWN_MODELS'] || join(data, 'models')),
    settings: join(environment['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'albumen'),
    port,
    signInPort: portOf(environment, 'ALBUMEN_SIGN_IN_PORT', port === 65_535 ? port - 1 : port + 1),
    publicUrl: (environment['ALBUMEN_PUBLIC_URL'] ?? `http://127.0.0.1:${port}`).replace(/\/+$/, ''),
    databaseUrl: environment['ALBUMEN_DATABASE_URL'],
    signInIssuer: environment['ALBUMEN_SIGN_IN_ISSUER'],
    environment,
  };
}

function portOf(environment: Readonly<Record<string, string | undefined>>, name: string, otherwise: number): number {
  const text = environment[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
  throw new CommandFault(exitCodes.usage, `Expected a port between 1 and 65535 for ${name} but received "${text}".`);
}

/** True where `ALBUMEN_LOG_LEVEL` asks for the place of a fault beside its sentence. */
export function wantsDetail(): boolean {
  return process.env['ALBUMEN_LOG_LEVEL'] === 'debug' || process.env['ALBUMEN_LOG_LEVEL'] === 'trace';
}
