import type { Command } from '../command.js';
import { CommandFault, exitCodes } from '../command-fault.js';
import { watchProcessing } from '../ingest/watch-processing.js';
import { openInstallation } from '../server/installation.js';

/** `albumen ingest`: takes a folder in by the same use case as an upload. */
export const ingest: Command = {
  name: 'ingest',
  arguments: 'DIR',
  says: 'Takes in every file of a folder. Run again after a cut, it continues where it stopped.',
  options: {
    collection: { type: 'string', value: 'NAME', says: 'title or id of the collection; made where there is none' },
    as: { type: 'string', value: 'ACCOUNT', says: 'who does it, as the audit will say (default: operator)' },
    wait: { type: 'boolean', says: 'also waits until every file is analysed and its restoration proposed' },
  },
  example: 'albumen ingest ~/Scans/box-12 --collection "Box 12" --as operator',
  takes: [1, 1],
  async run({ config, terminal, words, text, flag }) {
    const collection = text('collection');
    if (collection === undefined || collection.trim() === '') {
      throw new CommandFault(exitCodes.usage, 'Expected a title or id for --collection but received nothing.');
    }
    const { ingestFolder, summaryWords } = await import('../ingest/ingest-folder.js');
    const installation = await openInstallation(config, terminal.say);
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort(new Error(signal)));
    try {
      const summary = await ingestFolder(installation.bench, terminal, {
        folder: words[0] ?? '',
        collection,
        account: text('as') ?? 'operator',
        localSignIn: installation.localSignIn,
        signal: stop.signal,
      });
      if (!installation.running)
        terminal.say('Albumen is not running, so nothing is analysed yet: start it with "albumen up".');
      const waits = flag('wait') && installation.running && !summary.interrupted;
      const processed = waits
        ? await watchProcessing(installation.bench, terminal, summary.accessionId, stop.signal)
        : undefined;
      terminal.result({ ...summary, processed: processed ?? null }, summaryWords(summary, installation.address));
      const whole = summary.refused === 0 && !summary.interrupted && (processed?.failed ?? 0) === 0;
      return whole ? exitCodes.done : exitCodes.foundFault;
    } finally {
      await installation.close();
    }
  },
};
