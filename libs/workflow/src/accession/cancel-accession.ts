import { AccessionFileRecord, AccessionRecord, NothingToChange } from '@albumen/database';
import { refuse, requirePermission, type Actor } from '@albumen/domain';
import type { Workbench } from '../workbench.js';

/** Ends an accession before all files came: what waits is refused as cancelled, what was received stays for ever. */
export class CancelAccession {
  constructor(private readonly bench: Workbench) {}

  /** Answers how many files were still waiting. Errors: `accession.not-found`, `accession.closed`. */
  async execute(actor: Actor, accessionId: string): Promise<{ refused: number }> {
    const person = requirePermission(actor, 'accession.create');
    return this.bench.database.change(person, async ({ manager, now, record }) => {
      const accession = await manager.findOne(AccessionRecord, {
        where: { id: accessionId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!accession) throw refuse('accession.not-found', { id: accessionId });
      if (accession.status === 'cancelled') throw new NothingToChange({ refused: 0 });
      if (accession.status === 'closed') throw refuse('accession.closed', { id: accessionId });
      const { affected } = await manager.update(
        AccessionFileRecord,
        { accessionId, outcome: 'waiting' },
        { outcome: 'refused', reasonCode: 'accession.cancelled', outcomeAt: now },
      );
      const refused = affected ?? 0;
      await manager.update(AccessionRecord, { id: accessionId }, { status: 'cancelled', closedAt: now });
      record({ action: 'accession.cancelled', subject: accessionId, after: { refused } });
      return { refused };
    });
  }
}
