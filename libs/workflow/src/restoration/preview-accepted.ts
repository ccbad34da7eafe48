import { refuse, type Actor, type Cancellation, type JobOutcome, type Json, type Refusal } from '@albumen/domain';
import { NothingToChange, PreviewRecord, RestorationRecord } from '@albumen/database';
import { addDerivative } from '../original/make-derivatives.js';
import { asRefusal } from '../original/processing-step.js';
import type { Workbench } from '../workbench.js';
import { composePicture, type ComposedPicture } from './compose-picture.js';
import { removeUnnamed, requireKept } from './kept-pictures.js';
import { previewVariant } from './previews.js';
import { watchPreview } from './watch-run.js';

const skipped = (because: string): JobOutcome => ({ outcome: 'skipped', because });

/** Computes the combination of a restoration that somebody waits for at the desk. */
export class PreviewAccepted {
  /** Digests under way in this program: a second job of the same restoration leaves them alone. */
  readonly #atWork = new Set<string>();

  constructor(private readonly bench: Workbench) {}

  async execute(
    actor: Actor,
    { restorationId }: { readonly restorationId: string },
    signal?: Cancellation,
  ): Promise<JobOutcome> {
    const { manager } = this.bench.database.read;
    const row = await manager.findOneBy(RestorationRecord, { id: restorationId });
    if (!row) throw refuse('restoration.not-found');
    if (row.status !== 'proposed') return skipped('the restoration is not proposed');
    const [wanted] = await manager.find(PreviewRecord, {
      where: { restorationId, state: 'waiting' },
      order: { requestedAt: 'DESC' },
      take: 1,
    });
    if (!wanted) return skipped('nobody waits for a combination');
    const work = `${restorationId} ${wanted.acceptedSha256}`;
    if (this.#atWork.has(work)) return skipped('the combination is being computed');
    this.#atWork.add(work);
    try {
      return await this.#make(actor, row, wanted, signal);
    } finally {
      this.#atWork.delete(work);
    }
  }

  async #make(actor: Actor, row: RestorationRecord, wanted: PreviewRecord, signal?: Cancellation): Promise<JobOutcome> {
    const watch = watchPreview(this.bench, wanted, signal);
    try {
      const made = await composePicture(this.bench, row, wanted.accepted, {
        variant: previewVariant(wanted.acceptedSha256),
        signal: watch.signal,
        onProgress: watch.onProgress,
      });
      return await this.#write(actor, row, wanted, made);
    } catch (error) {
      if (signal?.aborted) throw refuse('restoration.engine-killed', {}, { cause: error });
      if (watch.cancelled) return skipped('another combination is wanted now');
      const fault = asRefusal(error);
      if (fault.retry === 'never') await failPreview(this.bench, wanted, fault);
      throw fault;
    } finally {
      await watch.stop();
    }
  }

  async #write(
    actor: Actor,
    row: RestorationRecord,
    { restorationId, acceptedSha256 }: PreviewRecord,
    made: ComposedPicture,
  ): Promise<JobOutcome> {
    const outcome = await this.bench.database.change<JobOutcome>(actor, async (change) => {
      const now = await change.manager.findOne(RestorationRecord, {
        where: { id: restorationId },
        lock: { mode: 'pessimistic_write' },
      });
      const key = { restorationId, acceptedSha256, state: 'waiting' as const };
      if (now?.status !== 'proposed' || !(await change.manager.existsBy(PreviewRecord, key)))
        throw new NothingToChange<JobOutcome>(skipped('nobody waits for this combination any more'));
      await requireKept(this.bench, change, made.files);
      for (const file of made.files) await addDerivative(change, { originalId: row.originalId, restorationId }, file);
      await change.manager.update(PreviewRecord, key, {
        state: 'done',
        progress: null,
        numbers: made.numbers,
        receipt: made.receipt as never,
        madeAt: change.now,
      });
      change.record({
        action: 'restoration.preview-made',
        subject: restorationId,
        item: row.itemId,
        after: {
          acceptedSha256,
          numbers: made.numbers,
          files: made.files.map((file) => ({ use: file.use, sha256: file.kept.sha256 })),
        } as unknown as Json,
      });
      return { outcome: 'done' };
    });
    if (outcome.outcome === 'skipped')
      await removeUnnamed(
        this.bench,
        made.files.map((file) => file.kept.key),
      );
    return outcome;
  }
}

/** Writes down that the newest waiting combination of a restoration could not be computed, so that its asker is told. */
export async function failWaitingPreview(bench: Workbench, restorationId: string, fault: Refusal): Promise<void> {
  const [wanted] = await bench.database.read.manager.find(PreviewRecord, {
    where: { restorationId, state: 'waiting' },
    order: { requestedAt: 'DESC' },
    take: 1,
  });
  if (wanted) await failPreview(bench, wanted, fault);
}

async function failPreview(
  bench: Workbench,
  { restorationId, acceptedSha256 }: PreviewRecord,
  fault: Refusal,
): Promise<void> {
  await bench.database.keepBooks((manager) =>
    manager.update(
      PreviewRecord,
      { restorationId, acceptedSha256, state: 'waiting' },
      {
        state: 'failed',
        progress: null,
        failureCode: fault.code,
        failureDetail: JSON.stringify(fault.details),
      },
    ),
  );
}
