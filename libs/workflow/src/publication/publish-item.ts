import { randomUUID } from 'node:crypto';
import { ItemRecord, PersonRecord, PublicationRecord } from '@albumen/database';
import { refuse, requirePermission, type Actor } from '@albumen/domain';
import { In } from 'typeorm';
import type { Workbench } from '../workbench.js';
import { gatherRelease } from './gather-release.js';
import { makeManifest } from './release-manifest.js';

/** Publishes an item: one numbered, frozen release whose manifest is stored under its digest before anything is said. */
export class PublishItem {
  constructor(private readonly bench: Workbench) {}

  /** Errors: `item.not-found`, `publication.rules-not-met`, `publication.manifest-invalid`, `original.digest-differs`. */
  async execute(actor: Actor, itemId: string): Promise<{ number: number }> {
    const person = requirePermission(actor, 'publication.publish');
    return this.bench.database.change(person, async ({ manager, now, record }) => {
      // The item's row is the lock under which numbers are given and descriptions are saved.
      await manager.findOne(ItemRecord, { where: { id: itemId }, lock: { mode: 'pessimistic_write' } });
      const { rules, release } = await gatherRelease(manager, itemId);
      if (!release) {
        const missing = rules.filter((rule) => !rule.met).map((rule) => rule.rule);
        throw refuse('publication.rules-not-met', { detail: missing.join(', ') });
      }
      const approvers = release.originals.flatMap((original) => original.treatment?.approvedBy ?? []);
      const people = await manager.findBy(PersonRecord, { id: In(approvers) });
      const manifest = makeManifest(
        this.bench,
        itemId,
        release,
        (id) => people.find((row) => row.id === id)?.name ?? '',
      );
      const kept = await this.bench.store.derivatives.keepBytes(manifest.bytes, 'json');
      if (kept.sha256 !== manifest.sha256) throw refuse('original.digest-differs', { key: kept.key });
      const last = await manager.findOne(PublicationRecord, { where: { itemId }, order: { number: 'DESC' } });
      const id = randomUUID();
      const number = (last?.number ?? 0) + 1;
      await manager.insert(PublicationRecord, {
        id,
        itemId,
        number,
        restorationId: release.open.restorations[0] ?? null,
        manifestKey: kept.key,
        manifestSha256: kept.sha256,
        manifestBytes: kept.bytes,
        view: release as never,
        publishedBy: person.id,
        publishedAt: now,
      });
      record({
        action: 'publication.published',
        subject: id,
        item: itemId,
        before: { number: last?.number ?? null, manifestSha256: last?.manifestSha256 ?? null },
        after: {
          number,
          manifestSha256: kept.sha256,
          rights: release.rights,
          restorations: [...release.open.restorations],
        },
      });
      return { number };
    });
  }
}
