import type { Cancellation, EngineProgress } from '@albumen/domain';
import { RestorationRecord } from '@albumen/database';
import type { Workbench } from '../workbench.js';

/** Milliseconds between two looks at the row: progress is written and a cancellation is noticed this often. */
const lookEvery = 1000;

/**
 * Writes the progress of a running restoration to its row and aborts the run when the row was cancelled or the caller
 * gives up. Call `stop` when the run has ended; `cancelled` tells which of the two it was.
 */
export function watchRun(bench: Workbench, restorationId: string, outer?: Cancellation) {
  const controller = new AbortController();
  let latest: EngineProgress | null = null;
  let cancelled = false;
  let looking = Promise.resolve();
  const giveUp = (): void => controller.abort();
  if (outer?.aborted) controller.abort();
  outer?.addEventListener('abort', giveUp, { once: true });

  const look = async (): Promise<void> => {
    const progress = latest;
    const status = await bench.database.keepBooks(async (manager) => {
      if (progress) await manager.update(RestorationRecord, { id: restorationId, status: 'running' }, { progress });
      return (
        await manager.findOne(RestorationRecord, { where: { id: restorationId }, select: { id: true, status: true } })
      )?.status;
    });
    if (status === 'cancelled') {
      cancelled = true;
      controller.abort();
    }
  };
  // A look that fails costs one progress line, never the run: the next one tries again.
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => {
      process.emitWarning(`The progress of restoration ${restorationId} could not be written: ${String(error)}`);
    });
  }, lookEvery);

  return {
    signal: controller.signal as Cancellation,
    onProgress: (progress: EngineProgress): void => {
      latest = progress;
    },
    get cancelled(): boolean {
      return cancelled;
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      outer?.removeEventListener('abort', giveUp);
      await looking;
    },
  };
}
