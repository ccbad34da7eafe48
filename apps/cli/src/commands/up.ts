import { existsSync } from 'node:fs';
import type { Command } from '../command.js';
import { CommandFault, exitCodes } from '../command-fault.js';
import { demoAccounts, demoPassword } from '../sign-in/demo-accounts.js';
import { startServer } from '../server/running-server.js';
import { table } from '../terminal.js';

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
    const folder = text('ingest');
    if (folder !== undefined && !existsSync(folder)) {
      throw new CommandFault(exitCodes.usage, `The folder ${folder} for --ingest does not exist.`);
    }
    const stopped = untilSignal();
    const server = await startServer(config, terminal.say);
    const stop = new AbortController();
    try {
      terminal.result(
        { address: server.address, accounts: demoAccounts.map((account) => account.username) },
        greeting(server.address, server.localSignIn),
      );
      const wish = { sample: flag('sample'), folder, collection: text('collection'), signal: stop.signal };
      // Loaded only where it is asked for: the catalogue's libraries would make every start two seconds longer.
      const work =
        wish.sample || folder !== undefined
          ? import('../ingest/bring-in.js').then(({ bringIn }) => bringIn(config, server, terminal, wish))
          : Promise.resolve();
      const end = await Promise.race([stopped, server.failed]);
      if (end === 'signal') terminal.say('Stopping: work in hand is finished, what waits is done at the next start…');
      stop.abort(new Error('Albumen is stopping'));
      await work;
      return end === 'failed' ? exitCodes.cannotStart : exitCodes.done;
    } finally {
      await server.stop();
      terminal.say('Stopped.');
    }
  },
};

/** Resolves at the first Ctrl-C, TERM or HUP. The same signal may arrive several times (terminal, npm, our own start). */
function untilSignal(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('signal'));
  });
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
