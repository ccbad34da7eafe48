/** Whether a job that met this error should be tried again. */
export type Retry = 'never' | 'later';

/** One line of the table. */
export interface Fault {
  /** HTTP status of the RFC 9457 problem. */
  readonly status: number;
  readonly retry: Retry;
  /** Sentence for a person; `{name}` is filled from the details. Says what happened and what to do. */
  readonly en: string;
  readonly vi: string;
}

/** Makes a line of the table. */
export const fault = (status: number, retry: Retry, en: string, vi: string): Fault => ({ status, retry, en, vi });
