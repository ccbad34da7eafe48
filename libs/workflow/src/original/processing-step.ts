import {
  errorTable,
  Refusal,
  refuse,
  type Actor,
  type JobOutcome,
  type ProcessingState,
  type ProcessingStep,
} from '@albumen/domain';
import { OriginalRecord, ProcessingRecord } from '@albumen/database';
import type { Workbench } from '../workbench.js';

/** Writes where an original stands in a step; the row is made when it is missing. */
export async function markProcessing(
  bench: Workbench,
  originalId: string,
  step: ProcessingStep,
  state: ProcessingState,
  more: { readonly fault?: Refusal; readonly seconds?: number; readonly attempt?: boolean } = {},
): Promise<void> {
  await bench.database.keepBooks((manager) =>
    manager.query(
      `insert into processing (original_id, step, state, code, detail, attempts, seconds, changed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (original_id, step) do update set state = $3, code = $4, detail = $5,
         attempts = processing.attempts + $6, seconds = coalesce($7, processing.seconds), changed_at = $8`,
      [
        originalId,
        step,
        state,
        more.fault?.code ?? null,
        more.fault?.message ?? null,
        more.attempt ? 1 : 0,
        more.seconds ?? null,
        bench.clock.now(),
      ],
    ),
  );
}

/** The original's row; throws `original.not-found`. */
export async function findOriginal(bench: Workbench, originalId: string): Promise<OriginalRecord> {
  const original = await bench.database.read.getRepository(OriginalRecord).findOneBy({ id: originalId });
  if (!original) throw refuse('original.not-found', { originalId });
  return original;
}

/** Reads the stored original again and compares; throws `original.digest-differs`, `storage.missing`. */
export async function verifyStored(bench: Workbench, original: OriginalRecord): Promise<void> {
  const found = await bench.store.originals.digest(original.storageKey);
  if (found.sha256 !== original.sha256 || found.sha512 !== original.sha512 || found.bytes !== original.bytes) {
    throw refuse('original.digest-differs', { key: original.storageKey });
  }
}

/** A program's error as a refusal, so that it has a code, a sentence and a rule for trying again. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const reference = error instanceof Error ? error.message.slice(0, 300) : String(error).slice(0, 300);
  return refuse('internal.unexpected', { reference }, { cause: error });
}

/**
 * Runs one step of an original's processing with a truthful state around it. A fault that trying again cannot mend is
 * written down with its code and an audit entry; any other is thrown on, with the state `waiting` and its reason.
 */
export async function runStep(
  bench: Workbench,
  actor: Actor,
  originalId: string,
  step: ProcessingStep,
  work: (original: OriginalRecord) => Promise<JobOutcome>,
): Promise<JobOutcome> {
  const original = await findOriginal(bench, originalId);
  const done = await bench.database.read.getRepository(ProcessingRecord).findOneBy({ originalId, step, state: 'done' });
  if (done) return { outcome: 'skipped', because: `${step} is done` };
  await markProcessing(bench, originalId, step, 'running', { attempt: true });
  const started = performance.now();
  try {
    const outcome = await work(original);
    await markProcessing(bench, originalId, step, 'done', { seconds: (performance.now() - started) / 1000 });
    return outcome;
  } catch (error) {
    const fault = asRefusal(error);
    if (errorTable[fault.code].retry === 'later') {
      await markProcessing(bench, originalId, step, 'waiting', { fault });
      throw fault;
    }
    await markProcessing(bench, originalId, step, 'failed', { fault });
    await bench.database.change(actor, async (change) =>
      change.record({
        action: 'original.processing-failed',
        subject: originalId,
        item: original.itemId,
        after: { step, code: fault.code, detail: fault.message },
      }),
    );
    throw fault;
  }
}
