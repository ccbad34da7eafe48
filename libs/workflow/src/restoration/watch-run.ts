import type { EntityManager } from 'typeorm';
import type { Cancellation, EngineProgress } from '@albumen/domain';
import { PreviewRecord, RestorationRecord } from '@albumen/database';
import type { Workbench } from '../workbench.js';

/** Milliseconds between two looks at the row: progress is written and a cancellation is noticed this often. */
const lookEvery = 1000;

/** Writes progress to the row of a run, where there is any, and answers whether the run is still wanted. */
type Look = (manager: EntityManager, progress: EngineProgress | null) => Promise<boolean>;

/** A watched run. Call `stop` when it has ended; `cancelled` tells whether it was no longer wanted. */
export interface Watch {
  readonly signal: Cancellation;
  readonly onProgress: (progress: EngineProgress) => void;
  readonly cancelled: boolean;
  stop(): Promise<void>;
}

/** Watches the run of a restoration: it is aborted when the row was cancelled or the caller gives up. */
export function watchRun(bench: Workbench, restorationId: string, outer?: Cancellation): Watch {
  return watch(bench, `restoration ${restorationId}`, outer, async (manager, progress) => {
    if (progress) await manager.update(RestorationRecord, { id: restorationId, status: 'running' }, { progress });
    const row = await manager.findOne(RestorationRecord, {
      where: { id: restorationId },
      select: { id: true, status: true },
    });
    return row?.status !== 'cancelled';
  });
}

/** Watches the computation of a preview: it is aborted when nobody waits for this combination any more. */
export function watchPreview(
  bench: Workbench,
  { restorationId, acceptedSha256 }: { readonly restorationId: string; readonly acceptedSha256: string },
  outer?: Cancellation,
): Watch {
  const key = { restorationId, acceptedSha256, state: 'waiting' as const };
  return watch(bench, `preview ${acceptedSha256}`, outer, async (manager, progress) => {
    if (progress) await manager.update(PreviewRecord, key, { progress });
    return manager.existsBy(PreviewRecord, key);
  });
}

function watch(bench: Workbench, name: string, outer: Cancellation | undefined, look: Look): Watch {
  const controller = new AbortController();
  let latest: EngineProgress | null = null;
  let cancelled = false;
  let looking = Promise.resolve();
  const giveUp = (): void => controller.abort();
  if (outer?.aborted) controller.abort();
  outer?.addEventListener('abort', giveUp, { once: true });

  const lookOnce = async (): Promise<void> => {
    if (await bench.database.keepBooks((manager) => look(manager, latest))) return;
    cancelled = true;
    controller.abort();
  };
  // A look that fails costs one progress line, never the run: the next one tries again.
  const timer = setInterval(() => {
    looking = looking.then(lookOnce).catch((error: unknown) => {
      process.emitWarning(`The progress of ${name} could not be written: ${String(error)}`);
    });
  }, lookEvery);

  return {
    signal: controller.signal as Cancellation,
    onProgress: (progress) => {
      latest = progress;
    },
    get cancelled() {
      return cancelled;
    },
    async stop() {
      clearInterval(timer);
      outer?.removeEventListener('abort', giveUp);
      await looking;
    },
  };
}
