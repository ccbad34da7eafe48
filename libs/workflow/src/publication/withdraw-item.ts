import { ItemRecord, PublicationRecord } from '@albumen/database';
import { refuse, requirePermission, type Actor } from '@albumen/domain';
import { IsNull } from 'typeorm';
import type { Workbench } from '../workbench.js';
import { boundedJson } from '../audit/bounded-json.js';

/** Withdraws everything that is public of an item, with a reason that stands in its place. */
export class WithdrawItem {
  constructor(private readonly bench: Workbench) {}

  /** Errors: `publication.reason-needed`, `item.not-found`, `publication.not-found` where nothing is public. */
  async execute(actor: Actor, itemId: string, body: { readonly reason: string }): Promise<void> {
    const person = requirePermission(actor, 'publication.withdraw');
    const reason = body.reason.normalize('NFC').trim();
    if (reason === '') throw refuse('publication.reason-needed');
    await this.bench.database.change(person, async ({ manager, now, record }) => {
      const item = await manager.findOne(ItemRecord, { where: { id: itemId }, lock: { mode: 'pessimistic_write' } });
      if (!item) throw refuse('item.not-found', { id: itemId });
      const standing = await manager.find(PublicationRecord, {
        where: { itemId, withdrawnAt: IsNull() },
        order: { number: 'DESC' },
      });
      const current = standing[0];
      if (!current) throw refuse('publication.not-found', { itemId });
      await manager.update(
        PublicationRecord,
        { itemId, withdrawnAt: IsNull() },
        { withdrawnBy: person.id, withdrawnAt: now, withdrawalReason: reason },
      );
      record({
        action: 'publication.withdrawn',
        subject: current.id,
        item: itemId,
        before: { numbers: standing.map((row) => row.number).slice(0, 100) },
        after: { reason: boundedJson(reason) },
      });
    });
  }
}
