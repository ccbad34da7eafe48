import { basename, resolve } from 'node:path';
import type { Config } from '../config.js';
import { openCatalogue } from '../server/catalogue.js';
import type { RunningServer } from '../server/running-server.js';
import type { Terminal } from '../terminal.js';
import { ingestFolder, summaryWords } from './ingest-folder.js';
import { ingestSample } from './ingest-sample.js';
import { processedWords, watchProcessing } from './watch-processing.js';

/** Takes in what was asked for beside the running server. What goes wrong is said; the server stays up. */
export async function bringIn(
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
