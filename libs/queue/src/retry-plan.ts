import { UnrecoverableError, WaitingError, type Job as BullJob, type JobsOptions } from 'bullmq';
import { Refusal, type ErrorCode } from '@albumen/domain';

/** Tries of a job whose error may pass: waits of 1, 2, 4 … 64 seconds between them. Finished jobs are kept for a while only. */
export const retryPlan = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: { age: 24 * 3600, count: 1000 },
  removeOnFail: { age: 14 * 24 * 3600, count: 5000 },
} as const satisfies JobsOptions;

/** What is known of a failed try: its code and sentence, and whether the job is tried again. */
export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly final: boolean;
}

/** Reads an error by the error table: `never` ends the job at once; `later`, and what nobody foresaw, ends it with its last attempt. */
export function failureOf(error: unknown, attempt: number, attempts: number = retryPlan.attempts): Failure {
  const last = attempt >= attempts;
  if (error instanceof Refusal) {
    return { code: error.code, detail: error.message, final: error.retry === 'never' || last };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'internal.unexpected', detail, final: last };
}

/** The error to throw out of a processor: BullMQ's own unrecoverable one where the failure is final, else the error itself. */
export function asJobError(error: unknown, failure: Failure): Error {
  if (failure.final) return new UnrecoverableError(`${failure.code}: ${failure.detail}`);
  return error instanceof Error ? error : new Error(String(error));
}

/** Puts a job back untouched, as if nobody had taken it: a worker that stops does so with what it could not end. Always throws. */
export async function putBack(job: BullJob, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}
