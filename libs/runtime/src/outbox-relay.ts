import { relayOutbox, type Database } from '@albumen/database';
import type { JobQueue } from '@albumen/domain';

const pollMs = 250;
/** After a fault the relay waits longer, up to this. */
const longestPauseMs = 5_000;
const rowsAtOnce = 100;

/** A relay that goes on until it is stopped. */
export interface Relay {
  /** Ends after the rows under way. */
  stop(): Promise<void>;
}

/** Hands over everything that waits in the outbox now; answers how many jobs went. */
export async function relayAll(database: Database, queue: JobQueue): Promise<number> {
  let total = 0;
  for (;;) {
    const went = await relayOutbox(database, queue, rowsAtOnce);
    total += went;
    if (went < rowsAtOnce) return total;
  }
}

/**
 * Hands over jobs as they come, looking four times a second. A fault is reported and tried again: the rows wait in the
 * outbox, so nothing is lost while the queue is away.
 */
export function keepRelaying(database: Database, queue: JobQueue, report: (error: Error) => void): Relay {
  let stopped = false;
  let wake = (): void => {};
  let pause = pollMs;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        await relayAll(database, queue);
        pause = pollMs;
      } catch (error) {
        report(error instanceof Error ? error : new Error(String(error)));
        pause = Math.min(pause * 2, longestPauseMs);
      }
      if (stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = loop();
  return {
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}
