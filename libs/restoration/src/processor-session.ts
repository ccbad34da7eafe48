import { InferenceSession } from 'onnxruntime-node';
import { modelKey, refuse } from '@albumen/domain';
import { modelBytes, type InstalledModel } from './models.js';

/** Sessions that were opened and not yet let go. */
const opened = new Set<InferenceSession>();

/** Lets go of every session that `openOnProcessor` gave out, with the memory it keeps: they serve one step, and no run after it. */
export async function closeOnProcessor(): Promise<void> {
  const sessions = [...opened];
  opened.clear();
  for (const session of sessions) await session.release();
}

/**
 * Loads an installed net on the processor, in the calling thread: for nets that look at small pictures. Refuses
 * `model.missing`, `model.digest-differs`, `restoration.engine-failed`.
 */
export async function openOnProcessor(model: InstalledModel, threads: number): Promise<InferenceSession> {
  const bytes = await modelBytes(model);
  try {
    const session = await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    opened.add(session);
    return session;
  } catch (error) {
    const detail = `the model ${modelKey(model)} could not be loaded (${String(error)})`;
    throw refuse('restoration.engine-failed', { detail }, { cause: error });
  }
}
