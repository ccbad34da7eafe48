import { join } from 'node:path';
import type { Command } from '../command.js';
import { exitCodes } from '../command-fault.js';
import { demoAccounts, demoPassword } from '../sign-in/demo-accounts.js';
import { startServer } from '../server/running-server.js';
import { table, type Terminal } from '../terminal.js';
import { ingestFolder } from '../ingest/ingest-folder.js';
import { ingestSample } from '../ingest/ingest-sample.js';

/** `albumen up`: everything on this machine, until Ctrl-C. */
export const up: Command = {
  name: 'up',
  arguments: '',
  says: 'Starts Albumen on this machine: database, sign-in, API, worker and portal. Stops with Ctrl-C.',
  options: {
    ingest: { type: 'string', value: 'DIR', says: 'also takes in every file of that folder' },
    collection: { type: 'string', value: 'NAME', says: 'the collection for --ingest; made where there is none' },
    sample: { type: 'boolean', says: 'also brings in the sample collection' },
  },
  example: 'albumen up --ingest ~/Scans --collection "Box 12"',
  takes: [0, 0],
  async run({ config, terminal, text, flag }) {
    const stopped = untilSignal();
    const server = await startServer(config, terminal.say);
    try {
      terminal.result(
        { address: server.address, accounts: demoAccounts.map((account) => account.username) },
        greeting(server.address, server.localSignIn),
      );
      const folder = text('ingest');
      let fault = false;
      const work = async (): Promise<void> => {
        if (flag('sample')) await ingestSample(config, terminal);
        if (folder !== undefined) {
          const summary = await ingestFolder(config, terminal, {
            folder,
            collection: text('collection') ?? defaultCollection(folder),
            account: 'operator',
          });
          fault ||= summary.refused > 0;
        }
      };
      const taken = work().catch((error: unknown) => {
        fault = true;
        terminal.say(error instanceof Error ? error.message : String(error));
      });
      const end = await Promise.race([stopped, server.failed]);
      if (end === 'signal') terminal.say('Stopping: work in hand is finished or left for the next start…');
      await Promise.race([taken, pauseFor(2000)]);
      return end === 'failed' || fault ? exitCodes.foundFault : exitCodes.done;
    } finally {
      await server.stop();
      terminal.say('Stopped.');
    }
  },
};

function defaultCollection(folder: string): string {
  return folder.replace(/\/+$/, '').split('/').at(-1) ?? folder;
}

/** Resolves at the first Ctrl-C, TERM or HUP. The same signal may arrive several times (terminal, npm, our own start). */
function untilSignal(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('signal'));
  });
}

function pauseFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

function greeting(address: string, localSignIn: boolean): string {
  const lines = ['', `Albumen is ready: ${address}`, `The desk is at ${address}/desk`];
  if (localSignIn) {
    lines.push('', `Demo accounts (password of all: ${demoPassword})`, '');
    lines.push(
      table([
        ['Account', 'Name', 'What they do'],
        ...demoAccounts.map((account) => [account.username, account.name, account.does.en]),
      ]),
    );
  }
  return [...lines, '', 'Ctrl-C stops everything.', ''].join('\n');
}
