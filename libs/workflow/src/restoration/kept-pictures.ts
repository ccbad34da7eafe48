import { refuse } from '@albumen/domain';
import { DerivativeRecord, type Change } from '@albumen/database';
import type { KeptFile } from '../original/make-derivatives.js';
import type { Workbench } from '../workbench.js';

/** Advisory lock between writing rows for stored files (shared) and removing files that no row names (alone). */
const storedFilesLock = 4_711_020;

/**
 * Makes sure inside a change that the files it is about to name are there: until it ends nothing is removed. Refuses
 * `storage.unavailable` (tried again, and computed anew) where one was removed meanwhile.
 */
export async function requireKept(bench: Workbench, change: Change, files: readonly KeptFile[]): Promise<void> {
  await change.manager.query('select pg_advisory_xact_lock_shared($1)', [storedFilesLock]);
  for (const { kept } of files) {
    if (!(await bench.store.derivatives.has(kept.key))) throw refuse('storage.unavailable', { key: kept.key });
  }
}

/** Removes stored files of a derivative store that no row names any more; the others stay. */
export async function removeUnnamed(bench: Workbench, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await bench.database.keepBooks(async (manager) => {
    await manager.query('select pg_advisory_xact_lock($1)', [storedFilesLock]);
    for (const key of new Set(keys)) {
      const named = await manager.existsBy(DerivativeRecord, { storageKey: key });
      if (!named && (await bench.store.derivatives.has(key))) await bench.store.derivatives.remove(key);
    }
  });
}
