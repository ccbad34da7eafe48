import { readStatus } from '../reading/read-status.js';
import type { Command } from '../command.js';
import { exitCodes } from '../command-fault.js';
import { openInstallation } from '../server/installation.js';
import { table } from '../terminal.js';

/** `albumen status`: what is in custody, what waits, what failed. */
export const status: Command = {
  name: 'status',
  arguments: '',
  says: 'Says whether Albumen runs, what is in custody, what waits and what failed. Exit code 1 where something failed.',
  options: {},
  example: 'albumen status --json',
  takes: [0, 0],
  async run({ config, terminal }) {
    const installation = await openInstallation(config, terminal.say);
    try {
      const figures = await readStatus(installation.bench);
      const rows = [
        ['Running', installation.running ? `yes, at ${installation.address}` : 'no'],
        ['Originals in custody', `${figures.originals} (${(figures.bytes / 1e6).toFixed(1)} MB)`],
        ['Collections', String(figures.collections)],
        ['Accessions still receiving', String(figures.receiving)],
        ['Steps waiting or at work', String(figures.processing)],
        ['Jobs not yet handed over', String(figures.outbox)],
        ['Reviews open', String(figures.reviews)],
        ['Published', String(figures.published)],
        ['Audit entries', String(figures.auditEntries)],
        ['Failed', String(figures.failed)],
      ];
      terminal.result({ running: installation.running, address: installation.address, ...figures }, table(rows));
      return figures.failed > 0 ? exitCodes.foundFault : exitCodes.done;
    } finally {
      await installation.close();
    }
  },
};
