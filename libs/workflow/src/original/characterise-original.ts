import type { Actor, JobOutcome } from '@albumen/domain';
import { NothingToChange, OriginalFactsRecord } from '@albumen/database';
import { characterise } from '@albumen/imaging';
import type { Workbench } from '../workbench.js';
import { runStep } from './processing-step.js';

/** Reads size, depth, profile and embedded metadata of an original and writes them down once. */
export class CharacteriseOriginal {
  constructor(private readonly bench: Workbench) {}

  async execute(actor: Actor, { originalId }: { readonly originalId: string }): Promise<JobOutcome> {
    const { bench } = this;
    return runStep(bench, actor, originalId, 'characterise', async (original) => {
      await using file = await bench.store.originals.local(original.storageKey);
      const facts = await characterise(file.path);
      return bench.database.change<JobOutcome>(actor, async (change) => {
        if (await change.manager.existsBy(OriginalFactsRecord, { originalId })) {
          throw new NothingToChange<JobOutcome>({ outcome: 'skipped', because: 'the facts are written' });
        }
        await change.manager.insert(OriginalFactsRecord, { originalId, ...facts, measuredAt: change.now } as never);
        const { width, height, depth, bands, colourSpace, profile } = facts;
        change.record({
          action: 'original.characterised',
          subject: originalId,
          item: original.itemId,
          after: { width, height, depth, bands, colourSpace, profile },
        });
        return { outcome: 'done' };
      });
    });
  }
}
