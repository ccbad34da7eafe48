import { existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.js';
import { CommandFault, exitCodes } from '../command-fault.js';
import { openDataFolder } from '../server/data-folder.js';
import { openInstallation } from '../server/installation.js';
import { InstanceLock } from '../server/instance-lock.js';
import { requireFreePort } from '../server/ports.js';
import { findPostgres } from '../server/postgres-binaries.js';
import { table } from '../terminal.js';
import type { Config } from '../config.js';

interface Finding {
  readonly what: string;
  readonly good: boolean;
  readonly words: string;
}

/** `albumen doctor`: whether this machine and this data folder are fit to run Albumen. */
export const doctor: Command = {
  name: 'doctor',
  arguments: '',
  says: 'Checks this machine and the data folder: disk, ports, keys, database, program. Exit code 1 where something is not right.',
  options: {},
  example: 'albumen doctor',
  takes: [0, 0],
  async run({ config, terminal }) {
    const folder = openDataFolder(config.data);
    const running = InstanceLock.runningAt(folder);
    const findings: Finding[] = [];
    const look = async (what: string, work: () => string | Promise<string>): Promise<void> => {
      try {
        findings.push({ what, good: true, words: await work() });
      } catch (error) {
        findings.push({ what, good: false, words: error instanceof Error ? error.message : String(error) });
      }
    };
    await look('Node', () => nodeWords());
    await look('Data folder', () => diskWords(folder.path));
    await look('Keys', () => keyWords(folder.keys));
    await look('Program', () => builtWords(config));
    if (running === undefined) {
      await look('Port of Albumen', () => portWords(config.port, 'Albumen', 'ALBUMEN_PORT'));
      await look('Port of the sign-in', () => portWords(config.signInPort, 'the sign-in', 'ALBUMEN_SIGN_IN_PORT'));
    } else {
      await look('Running', () => `process ${running.pid} at ${running.address}`);
    }
    await look('PostgreSQL', () =>
      config.databaseUrl === undefined ? findPostgres(terminal.say).version : 'your own',
    );
    await look('Catalogue', () => catalogueWords(config, terminal.say));
    terminal.result(findings, table(findings.map(({ what, good, words }) => [good ? 'good ' : 'WRONG', what, words])));
    return findings.every(({ good }) => good) ? exitCodes.done : exitCodes.foundFault;
  },
};

function nodeWords(): string {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 24) throw new CommandFault(exitCodes.cannotStart, `${process.versions.node}; Albumen runs on Node 24`);
  return process.versions.node;
}

function diskWords(path: string): string {
  const disk = statfsSync(path);
  return `${path}, ${((disk.bavail * disk.bsize) / 1e9).toFixed(1)} GB free`;
}

function keyWords(keys: string): string {
  if ((statSync(keys).mode & 0o077) !== 0) throw new Error(`${keys} can be read by other users; set its mode to 0700`);
  const key = join(keys, 'audit.key');
  if (!existsSync(key)) return 'made at the first start';
  if ((statSync(key).mode & 0o077) !== 0) throw new Error(`${key} can be read by other users; set its mode to 0600`);
  return 'there, readable by this user alone';
}

function builtWords(config: Config): string {
  for (const name of ['api', 'worker']) {
    if (!existsSync(join(config.root, 'apps', name, 'dist', 'main.js'))) throw new Error(`the ${name} is not built`);
  }
  return 'API and worker are built';
}

async function portWords(port: number, purpose: string, setting: string): Promise<string> {
  await requireFreePort(port, purpose, setting);
  return `${port} is free`;
}

async function catalogueWords(config: Config, say: (line: string) => void): Promise<string> {
  if (config.databaseUrl === undefined && !existsSync(join(config.data, 'postgres'))) return 'made at the first start';
  const installation = await openInstallation(config, say);
  try {
    const [row] = (await installation.bench.database.read.query('select count(*)::int as n from original')) as {
      n: number;
    }[];
    return `opens; ${row?.n ?? 0} originals`;
  } finally {
    await installation.close();
  }
}
