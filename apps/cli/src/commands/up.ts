import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from '../command.js';
import { CommandFault, exitCodes } from '../command-fault.js';
import type { Config } from '../config.js';
import { ingestFolder, summaryWords } from '../ingest/ingest-folder.js';
import { ingestSample } from '../ingest/ingest-sample.js';
import { processedWords, watchProcessing } from '../ingest/watch-processing.js';
import { openCatalogue } from '../server/catalogue.js';
import { demoAccounts, demoPassword } from '../sign-in/demo-accounts.js';
import { startServer, type RunningServer } from '../server/running-server.js';
import { table, type Terminal } from '../terminal.js';

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
      const work = bringIn(config, server, terminal, {
        sample: flag('sample'),
        folder,
        collection: text('collection'),
        signal: stop.signal,
      });
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

/** Takes in what was asked for beside the running server. What goes wrong is said; the server stays up. */
async function bringIn(
  config: Config,
  server: RunningServer,
  terminal: Terminal,
  wish: {
    readonly sample: boolean;
    readonly folder: string | undefined;
    readonly collection: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  if (!wish.sample && wish.folder === undefined) return;
  const { localSignIn, address } = server;
  try {
    const catalogue = await openCatalogue(config, server.databaseUrl);
    try {
      const { bench } = catalogue;
      const accessions: string[] = [];
      if (wish.sample) {
        const summary = await ingestSample(bench, terminal, { root: config.root, localSignIn, signal: wish.signal });
        terminal.say(summary.words);
        accessions.push(...summary.accessions);
      }
      if (wish.folder !== undefined) {
        const summary = await ingestFolder(bench, terminal, {
          folder: wish.folder,
          collection: wish.collection ?? basename(resolve(wish.folder)),
          account: 'operator',
          localSignIn,
          signal: wish.signal,
        });
        terminal.say(summaryWords(summary, address));
        accessions.push(summary.accessionId);
      }
      for (const accessionId of accessions) {
        const done = await watchProcessing(bench, terminal, accessionId, wish.signal);
        if (done.complete) terminal.say(processedWords(done, address));
      }
    } finally {
      await catalogue.close();
    }
  } catch (error) {
    terminal.say(`The photographs were not all taken in: ${error instanceof Error ? error.message : String(error)}`);
  }
}

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
