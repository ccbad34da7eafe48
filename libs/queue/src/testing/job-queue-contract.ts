import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job, JobQueue, QueueName } from '@albumen/domain';

/** An adapter with a way to take the next job of a queue as a worker would; undefined where nothing waits. */
export interface QueueUnderTest {
  readonly queue: JobQueue;
  next(queue: QueueName): Promise<{ readonly id: string; readonly job: Job } | undefined>;
  dispose(): Promise<void>;
}

/** What every job queue must do, wherever it keeps its jobs. Call it in a `*.spec.ts`. */
export function jobQueueContract(name: string, open: () => Promise<QueueUnderTest>): void {
  describe(`${name} as a job queue`, () => {
    let place: QueueUnderTest;
    beforeEach(async () => {
      place = await open();
    });
    afterEach(() => place.dispose());

    const characterise = (): Job => ({ name: 'characterise-original', payload: { originalId: randomUUID() } });
    const waiting = async (queue: QueueName): Promise<number | undefined> =>
      (await place.queue.depth()).find((depth) => depth.queue === queue)?.waiting;

    it('hands a job out with its id, name and payload', async () => {
      const id = randomUUID();
      const job = characterise();
      await place.queue.add(id, job);
      expect(await place.next('imaging')).toEqual({ id, job });
      expect(await place.next('imaging')).toBeUndefined();
    });

    it('drops an id that was added before, silently', async () => {
      const id = randomUUID();
      const job = characterise();
      await Promise.all([place.queue.add(id, job), place.queue.add(id, job)]);
      await place.queue.add(id, job);
      expect(await waiting('imaging')).toBe(1);
    });

    it('hands jobs out in the order they came', async () => {
      const ids = [randomUUID(), randomUUID(), randomUUID()];
      for (const id of ids) await place.queue.add(id, characterise());
      for (const id of ids) expect((await place.next('imaging'))?.id).toBe(id);
    });

    it('sends every job to the queue of its cost and counts them there', async () => {
      await place.queue.add(randomUUID(), { name: 'restore-original', payload: { restorationId: randomUUID() } });
      await place.queue.add(randomUUID(), { name: 'sign-checkpoint', payload: {} });
      expect(await waiting('restoration')).toBe(1);
      expect(await waiting('interactive')).toBe(1);
      expect(await waiting('imaging')).toBe(0);
    });
  });
}
