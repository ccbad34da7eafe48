import { InferenceSession } from 'onnxruntime-node';
import { modelKey, refuse } from '@albumen/domain';
import { modelBytes, type InstalledModel } from './models.js';

/**
 * Loads an installed net on the processor, in the calling thread: for nets that look at small pictures. Refuses
 * `model.missing`, `model.digest-differs`, `restoration.engine-failed`.
 */
export async function openOnProcessor(model: InstalledModel, threads: number): Promise<InferenceSession> {
  const bytes = await modelBytes(model);
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Nobody waits for these nets: what a look needs is not kept beside the work that follows.
      enableCpuMemArena: false,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    const detail = `the model ${modelKey(model)} could not be loaded (${String(error)})`;
    throw refuse('restoration.engine-failed', { detail }, { cause: error });
  }
}
