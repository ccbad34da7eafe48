import type { Logger } from 'pino';
import { Refusal, refuse, type Actor, type JobName, type JobOutcome, type JobPayloads } from '@albumen/domain';
import { asJobError, failureOf, putBack } from '@albumen/runtime';
import { GiveUpStep, type Workbench } from '@albumen/workflow';
import { handlersFor, requireHandlers, type Handler, type Handlers } from './handlers.js';

/** What the runner reads of a BullMQ job. */
export interface TakenJob {
  readonly id?: string | undefined;
  readonly name: string;
  readonly data: unknown;
  readonly attemptsMade: number;
  readonly opts: { readonly attempts?: number | undefined };
  moveToWait(token?: string): Promise<number>;
}

/** Runs jobs by their handlers, decides what a failure means, and lets go of work when the worker must stop. */
export class JobRunner {
  readonly #handlers: Handlers;
  readonly #stopping = new AbortController();
  readonly #giveUp: GiveUpStep;

  constructor(
    bench: Workbench,
    private readonly log: Logger,
    handlers: Handlers = handlersFor(bench),
  ) {
    requireHandlers(handlers);
    this.#handlers = handlers;
    this.#giveUp = new GiveUpStep(bench);
  }

  /** Answers the outcome, or throws what BullMQ must know: tried again, failed for good, or put back untouched. */
  async run(job: TakenJob, token: string | undefined): Promise<JobOutcome> {
    const log = this.log.child({ job: job.name, jobId: job.id, attempt: job.attemptsMade + 1 });
    if (this.#stopping.signal.aborted) return putBack(job as never, token);
    const started = performance.now();
    try {
      const handler = this.#handlers[job.name as JobName] as Handler | undefined;
      if (!handler) throw refuse('configuration.invalid', { detail: `No handler for the job ${job.name}.` });
      const payload = job.data as JobPayloads[JobName];
      const outcome = await handler(actorOf(job), payload, this.#stopping.signal);
      log.info({ ...outcome, seconds: (performance.now() - started) / 1000 }, 'job done');
      return outcome;
    } catch (error) {
      if (this.#stopping.signal.aborted) {
        log.info('job put back, the worker stops');
        return putBack(job as never, token);
      }
      const failure = failureOf(error, job.attemptsMade + 1, job.opts.attempts);
      log[failure.final ? 'error' : 'warn']({ err: error, code: failure.code, final: failure.final }, 'job failed');
      if (failure.final && !writtenDown(error)) await this.#writeDown(job, error);
      throw asJobError(error, failure);
    }
  }

  /** A job that took its worker down too often: the queue gave it up, so the catalogue must say so. */
  async lost(job: TakenJob, error: Error): Promise<void> {
    this.log.error({ job: job.name, jobId: job.id, err: error }, 'job lost');
    await this.#writeDown(job, refuse('internal.unexpected', { reference: job.id ?? job.name }, { cause: error }));
  }

  /** Stops the work under way; every job of it is put back and runs again later. */
  stop(): void {
    this.#stopping.abort();
  }

  async #writeDown(job: TakenJob, error: unknown): Promise<void> {
    const [subjectId] = Object.values(job.data as Record<string, string>);
    if (subjectId === undefined) return;
    const reference = job.id ?? job.name;
    const fault = error instanceof Refusal ? error : refuse('internal.unexpected', { reference }, { cause: error });
    try {
      await this.#giveUp.execute(actorOf(job), { name: job.name as JobName, subjectId, fault });
    } catch (cause) {
      this.log.error({ err: cause, job: job.name, jobId: job.id }, 'the failure could not be written down');
    }
  }
}

/** Use cases write down by themselves what trying again cannot mend; what might pass is written down when it is given up. */
function writtenDown(error: unknown): boolean {
  return error instanceof Refusal && error.retry === 'never';
}

function actorOf(job: TakenJob): Actor {
  return { kind: 'job', name: job.name, id: job.id ?? 'unknown' };
}
