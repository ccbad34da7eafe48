import type { Command } from '../command.js';
import { exitCodes } from '../command-fault.js';
import { verifyOriginals, type OriginalFault } from '../reading/verify-originals.js';
import { openInstallation } from '../server/installation.js';

/** `albumen verify`: recomputes the audit log and reads every original again. */
export const verify: Command = {
  name: 'verify',
  arguments: '',
  says: 'Recomputes the audit log from its first entry and reads every original again. Names the first bad entry and every original whose bytes differ.',
  options: {
    'audit-only': { type: 'boolean', says: 'the audit log alone' },
    'originals-only': { type: 'boolean', says: 'the originals alone' },
  },
  example: 'albumen verify --json',
  takes: [0, 0],
  async run({ config, terminal, flag }) {
    const installation = await openInstallation(config, terminal.say);
    try {
      const { bench } = installation;
      const audit = flag('originals-only')
        ? undefined
        : await bench.database.audit.verify((done, total) =>
            terminal.progress(total === 0 ? 1 : done / total, `audit log, entry ${done} of ${total}`),
          );
      const originals = flag('audit-only')
        ? undefined
        : await verifyOriginals(bench, (done, total) =>
            terminal.progress(total === 0 ? 1 : done / total, `originals, ${done} of ${total}`),
          );
      const holds = (audit?.ok ?? true) && (originals?.faults.length ?? 0) === 0;
      const words: string[] = [];
      if (audit !== undefined) {
        words.push(
          audit.firstBad === null
            ? `Audit log: ${audit.entries} entries hold, ${audit.anchored} of them under a signed checkpoint.`
            : `Audit log: the first bad entry is ${audit.firstBad.seq}: ${audit.firstBad.fault}.`,
        );
      }
      if (originals !== undefined) {
        words.push(...originals.faults.map(faultWords));
        words.push(`Originals: ${originals.checked - originals.faults.length} of ${originals.checked} hold.`);
      }
      terminal.result(
        {
          holds,
          audit:
            audit === undefined
              ? null
              : { ok: audit.ok, entries: audit.entries, anchored: audit.anchored, firstBad: audit.firstBad },
          originals: originals ?? null,
        },
        words.join('\n'),
      );
      return holds ? exitCodes.done : exitCodes.foundFault;
    } finally {
      await installation.close();
    }
  },
};

function faultWords({ originalId, fileName, storageKey, fault }: OriginalFault): string {
  return `Original ${originalId} (${JSON.stringify(fileName)}) does not hold: ${fault} at ${storageKey}.`;
}
