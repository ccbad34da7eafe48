import type { AuditAction } from './audit.js';

/** Every job of the system with its payload: ids only, the worker loads the rows again. */
export interface JobPayloads {
  'characterise-original': { readonly originalId: string };
  'make-derivatives': { readonly originalId: string };
  'assess-damage': { readonly originalId: string };
  'propose-restoration': { readonly originalId: string };
  'restore-original': { readonly restorationId: string };
  'compose-accepted': { readonly restorationId: string };
  /** Every preview of the restoration that waits. */
  'preview-accepted': { readonly restorationId: string };
  'sign-checkpoint': Readonly<Record<string, never>>;
}
export type JobName = keyof JobPayloads;
export type Job = { [N in JobName]: { readonly name: N; readonly payload: JobPayloads[N] } }[JobName];

/** One queue per kind of cost. */
export const queueNames = ['interactive', 'imaging', 'restoration'] as const;
export type QueueName = (typeof queueNames)[number];

/** Which queue a job goes to. */
export const queuePlan: Readonly<Record<JobName, QueueName>> = {
  'characterise-original': 'imaging',
  'make-derivatives': 'imaging',
  'assess-damage': 'restoration',
  'propose-restoration': 'interactive',
  'restore-original': 'restoration',
  'compose-accepted': 'restoration',
  // Somebody waits for it at the desk: after the run under way, before the rest of the queue.
  'preview-accepted': 'interactive',
  'sign-checkpoint': 'interactive',
};

/** What a handler answers: a repeat answers `skipped` and changes nothing. */
export type JobOutcome = { readonly outcome: 'done' } | { readonly outcome: 'skipped'; readonly because: string };

/** A job that follows from an audit entry. The subject's id is all it may use. */
export type NextStep = (subjectId: string) => Job;

/** Which jobs follow which audit action; exhaustive, so a new action does not compile until someone has decided. */
export type NextSteps = Readonly<Record<AuditAction, readonly NextStep[]>>;
