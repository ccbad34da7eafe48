import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { queuePlan, refuse, type JobName, type JobOutcome } from '@albumen/domain';
import type { Workbench } from '@albumen/workflow';
import { handlersFor, requireHandlers, type Handlers } from './handlers.js';
import { JobRunner, type TakenJob } from './job-runner.js';

const log = pino({ level: 'silent' });
const nobody = {} as Workbench;

function job(name: JobName, change: Partial<TakenJob> = {}): TakenJob & { moved: string[] } {
  const moved: string[] = [];
  return {
    id: 'job-1',
    name,
    data: { originalId: 'original-1' },
    attemptsMade: 0,
    opts: { attempts: 3 },
    moved,
    async moveToWait(token) {
      moved.push(token ?? '');
      return 1;
    },
    ...change,
  };
}

function runner(work: (signal: AbortSignal) => Promise<JobOutcome>, bench: Workbench = nobody): JobRunner {
  const handlers = {
    ...handlersFor(nobody),
    'make-derivatives': async (_: unknown, __: unknown, signal: AbortSignal) => work(signal),
  };
  return new JobRunner(bench, log, handlers as Handlers);
}

describe('Handlers', () => {
  it('are there for every job of the plan', () => {
    expect(Object.keys(handlersFor(nobody)).sort()).toEqual(Object.keys(queuePlan).sort());
    expect(() => requireHandlers(handlersFor(nobody))).not.toThrow();
  });

  it('are asked for at the start: none missing, none too many', () => {
    const { 'make-derivatives': _, ...fewer } = handlersFor(nobody);
    expect(() => requireHandlers(fewer)).toThrow('no handler for make-derivatives');
    expect(() => requireHandlers({ ...handlersFor(nobody), 'make-coffee': 1 })).toThrow('no job named make-coffee');
  });
});

describe('The job runner', () => {
  it('answers what the handler answers', async () => {
    const done = runner(async () => ({ outcome: 'skipped', because: 'done before' }));
    expect(await done.run(job('make-derivatives'), 't')).toEqual({ outcome: 'skipped', because: 'done before' });
  });

  it('ends a job at once for what never passes, and lets the others be tried again', async () => {
    const never = runner(() => Promise.reject(refuse('original.digest-differs')));
    await expect(never.run(job('make-derivatives'), 't')).rejects.toMatchObject({ name: 'UnrecoverableError' });
    const later = runner(() => Promise.reject(refuse('storage.full')));
    await expect(later.run(job('make-derivatives'), 't')).rejects.toMatchObject({ code: 'storage.full' });
  });

  it('writes down what it gives up after the last attempt, and only then', async () => {
    const asked: string[] = [];
    const bench = {
      database: {
        read: {
          getRepository: () => {
            asked.push('looked up');
            throw new Error('no database here');
          },
        },
      },
    } as unknown as Workbench;
    const full = runner(() => Promise.reject(refuse('storage.full')), bench);
    await expect(full.run(job('make-derivatives', { attemptsMade: 1 }), 't')).rejects.toThrow();
    expect(asked).toEqual([]);
    await expect(full.run(job('make-derivatives', { attemptsMade: 2 }), 't')).rejects.toMatchObject({
      name: 'UnrecoverableError',
    });
    expect(asked).toEqual(['looked up']);
  });

  it('puts back what it had to stop, and takes nothing new', async () => {
    const begun = Promise.withResolvers<void>();
    const stopped = runner(
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(refuse('restoration.engine-killed')));
          begun.resolve();
        }),
    );
    const under = job('make-derivatives');
    const running = stopped.run(under, 'token');
    await begun.promise;
    stopped.stop();
    await expect(running).rejects.toMatchObject({ name: 'WaitingError' });
    expect(under.moved).toEqual(['token']);
    const next = job('make-derivatives');
    await expect(stopped.run(next, 'token')).rejects.toMatchObject({ name: 'WaitingError' });
    expect(next.moved).toEqual(['token']);
  });
});
