import { AccessionFileRecord, AccessionRecord, NothingToChange } from '@albumen/database';
import { refuse, requirePermission, type Actor } from '@albumen/domain';
import type { Workbench } from '../workbench.js';

/** Closes an accession whose every file has its outcome; it then takes no more. Closing it twice does nothing. */
export class CloseAccession {
  constructor(private readonly bench: Workbench) {}

  /** Errors: `accession.not-found`, `accession.cancelled`, `accession.files-waiting`. */
  async execute(actor: Actor, accessionId: string): Promise<void> {
    const person = requirePermission(actor, 'accession.create');
    await this.bench.database.change(person, async ({ manager, now, record }) => {
      const accession = await manager.findOne(AccessionRecord, {
        where: { id: accessionId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!accession) throw refuse('accession.not-found', { id: accessionId });
      if (accession.status === 'closed') throw new NothingToChange(undefined);
      if (accession.status === 'cancelled') throw refuse('accession.cancelled', { id: accessionId });
      const waiting = await manager.countBy(AccessionFileRecord, { accessionId, outcome: 'waiting' });
      if (waiting > 0) throw refuse('accession.files-waiting', { waiting });
      await manager.update(AccessionRecord, { id: accessionId }, { status: 'closed', closedAt: now });
      record({ action: 'accession.closed', subject: accessionId });
    });
  }
}
