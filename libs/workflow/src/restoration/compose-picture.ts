import {
  canonicalJson,
  refuse,
  type AcceptedSet,
  type Cancellation,
  type ChangeNumbers,
  type EngineProgress,
  type ReceiptBody,
} from '@albumen/domain';
import { DamageReportRecord, DerivativeRecord, type RestorationRecord } from '@albumen/database';
import type { KeptFile } from '../original/make-derivatives.js';
import { findOriginal, verifyStored } from '../original/processing-step.js';
import type { Workbench } from '../workbench.js';
import { toldReceipt } from './told-recipe.js';

/** The picture of an accepted set: stored files, numbers and the receipt that says how it was made. */
export interface ComposedPicture {
  readonly files: readonly KeptFile[];
  readonly numbers: ChangeNumbers;
  readonly receipt: ReceiptBody;
}

/**
 * Computes the picture of an accepted set and stores its files as one variant. The stored original is verified first.
 * Errors: those of the engine, `original.digest-differs`, `storage.missing`.
 */
export async function composePicture(
  bench: Workbench,
  row: RestorationRecord,
  accepted: AcceptedSet,
  how: {
    readonly variant: string;
    readonly signal?: Cancellation | undefined;
    readonly onProgress?: (progress: EngineProgress) => void;
  },
): Promise<ComposedPicture> {
  const { store, engine, database } = bench;
  const { variant, signal, onProgress } = how;
  const original = await findOriginal(bench, row.originalId);
  await verifyStored(bench, original);
  const { manager } = database.read;
  const derivatives = await manager.findBy(DerivativeRecord, { originalId: original.id });
  const report = await manager.findOneBy(DamageReportRecord, { originalId: original.id });
  const mask = derivatives.find((file) => file.use === 'damage-mask');
  const map = derivatives.find(
    (file) => file.use === 'change-map' && file.restorationId === row.id && file.variant === 'proposal',
  );
  if (!mask || !map) throw refuse('storage.missing', { key: `damage mask of ${original.id}` });
  await using input = await store.originals.local(original.storageKey);
  await using maskFile = await store.derivatives.local(mask.storageKey);
  await using scratch = await store.staging.scratch(`compose-${row.id}-${variant}`);
  const made = await engine.compose({
    input: input.path,
    into: scratch.path,
    recipe: row.recipe,
    maskPath: maskFile.path,
    accepted,
    ...(report ? { report: report.body } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  const size = { width: made.width, height: made.height };
  const keep = async (path: string, extension: string) => store.derivatives.keepFile(path, extension);
  return {
    numbers: made.numbers,
    receipt: {
      ...made.receipt,
      restorationId: row.id,
      originalId: row.originalId,
      recipeSha256: row.recipeSha256,
      software: bench.software,
      accepted,
    },
    files: [
      { use: 'pyramid', variant, kept: await keep(made.pyramidPath, 'tif'), mediaType: 'image/tiff', ...size },
      { use: 'master', variant, kept: await keep(made.masterPath, 'tif'), mediaType: 'image/tiff', ...size },
      {
        use: 'change-map',
        variant,
        kept: await keep(made.changeMapPath, 'png'),
        mediaType: 'image/png',
        width: map.width,
        height: map.height,
        facts: map.facts,
      },
    ],
  };
}

/** A receipt as it may be told outside, as text, and its signature by the installation's key. */
export function signReceipt(
  bench: Workbench,
  receipt: ReceiptBody,
): { readonly text: string; readonly signature: string } {
  const text = canonicalJson(toldReceipt(receipt, (value) => bench.database.veil(value)));
  return { text, signature: bench.database.signer.signText(text) };
}
