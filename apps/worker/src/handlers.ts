import { queuePlan, refuse, type Actor, type JobName, type JobOutcome, type JobPayloads } from '@albumen/domain';
import {
  AssessDamage,
  CharacteriseOriginal,
  ComposeAccepted,
  MakeDerivatives,
  PreviewAccepted,
  ProposeRestoration,
  RestoreOriginal,
  type Workbench,
} from '@albumen/workflow';

/** Does one job; a repeat answers `skipped`. Long work stops when the signal fires. */
export type Handler<N extends JobName = JobName> = (
  actor: Actor,
  payload: JobPayloads[N],
  signal: AbortSignal,
) => Promise<JobOutcome>;

export type Handlers = { readonly [N in JobName]: Handler<N> };

/** One handler per job of the system: a new job does not compile until somebody handles it. */
export function handlersFor(bench: Workbench): Handlers {
  const characterise = new CharacteriseOriginal(bench);
  const derive = new MakeDerivatives(bench);
  const assess = new AssessDamage(bench);
  const propose = new ProposeRestoration(bench);
  const restore = new RestoreOriginal(bench);
  const compose = new ComposeAccepted(bench);
  const preview = new PreviewAccepted(bench);
  return {
    'characterise-original': (actor, payload) => characterise.execute(actor, payload),
    'make-derivatives': (actor, payload) => derive.execute(actor, payload),
    'assess-damage': (actor, payload, signal) => assess.execute(actor, payload, signal),
    'propose-restoration': (actor, payload) => propose.execute(actor, payload),
    'restore-original': (actor, payload, signal) => restore.execute(actor, payload, signal),
    'compose-accepted': (actor, payload, signal) => compose.execute(actor, payload, signal),
    'preview-accepted': (actor, payload, signal) => preview.execute(actor, payload, signal),
    'sign-checkpoint': async () => {
      await bench.database.audit.sign();
      return { outcome: 'done' };
    },
  } satisfies Handlers;
}

/** Refuses to start where a job of the plan has no handler, or a handler no job. */
export function requireHandlers(handlers: object): void {
  const planned = Object.keys(queuePlan).sort();
  const handled = Object.keys(handlers).sort();
  const missing = planned.filter((name) => !handled.includes(name));
  const unknown = handled.filter((name) => !planned.includes(name));
  if (missing.length + unknown.length === 0) return;
  const detail = [
    missing.length > 0 ? `no handler for ${missing.join(', ')}` : '',
    unknown.length > 0 ? `no job named ${unknown.join(', ')}` : '',
  ];
  throw refuse('configuration.invalid', { detail: `The worker has ${detail.filter(Boolean).join(' and ')}.` });
}
