import {
  canonicalJson,
  refuse,
  type AcceptedSet,
  type Actor,
  type Cancellation,
  type ChangeNumbers,
  type JobOutcome,
  type Json,
  type ReceiptBody,
} from '@albumen/domain';
import { DerivativeRecord, NothingToChange, PreviewRecord, RestorationRecord } from '@albumen/database';
import { addDerivative, type KeptFile } from '../original/make-derivatives.js';
import { asRefusal, markProcessing } from '../original/processing-step.js';
import type { Workbench } from '../workbench.js';
import { acceptedDigest, readStanding } from './accepted-set.js';
import { acceptedForLog } from './accepted-for-log.js';
import { composePicture, signReceipt, type ComposedPicture } from './compose-picture.js';
import { removeUnnamed, requireKept } from './kept-pictures.js';
import { dropAllPreviews, isProposalFile, previewVariant } from './previews.js';

/** Name of the derivatives that hold what a person accepted. */
export const compositeVariant = 'composite';

/**
 * Makes the picture of exactly what was accepted, once an approval was given. Where all was accepted, the proposal's own
 * files serve; where the same set was computed to be looked at, those files do.
 */
export class ComposeAccepted {
  constructor(private readonly bench: Workbench) {}

  async execute(
    actor: Actor,
    { restorationId }: { readonly restorationId: string },
    signal?: Cancellation,
  ): Promise<JobOutcome> {
    const { manager } = this.bench.database.read;
    const row = await manager.findOneBy(RestorationRecord, { id: restorationId });
    if (!row) throw refuse('restoration.not-found');
    if (row.status !== 'approved') return { outcome: 'skipped', because: 'the restoration is not approved' };
    const { accepted, everything } = await readStanding(manager, restorationId);
    if (row.composed && canonicalJson(row.composed.accepted) === canonicalJson(accepted)) {
      return { outcome: 'skipped', because: 'this set is composed' };
    }
    await markProcessing(this.bench, row.originalId, 'compose', 'running', { attempt: true });
    try {
      const made =
        (everything ? await this.#fromProposal(row, accepted) : await this.#fromPreview(row, accepted)) ??
        (await composePicture(this.bench, row, accepted, { variant: compositeVariant, signal }));
      const outcome = await this.#write(actor, row, accepted, made);
      await markProcessing(this.bench, row.originalId, 'compose', 'done');
      return outcome;
    } catch (error) {
      const cutOff = signal?.aborted === true;
      const fault = cutOff ? refuse('restoration.engine-killed', {}, { cause: error }) : asRefusal(error);
      await markProcessing(this.bench, row.originalId, 'compose', fault.retry === 'later' ? 'waiting' : 'failed', {
        fault,
      });
      throw fault;
    }
  }

  /** The proposal's files under the composite's name: the same bytes, since all of it was accepted. */
  async #fromProposal(row: RestorationRecord, accepted: AcceptedSet): Promise<ComposedPicture | null> {
    if (!row.numbers || row.receipt === null) return null;
    const rows = await this.bench.database.read.manager.findBy(DerivativeRecord, { restorationId: row.id });
    const whole = rows
      .filter((file) => file.use === 'pyramid' && isProposalFile(file))
      .sort((a, b) => b.variant.length - a.variant.length)[0];
    const files = [whole, ...rows.filter((file) => file.variant === 'proposal')].filter((file) => file !== undefined);
    return composed(files, row.numbers, { ...(JSON.parse(row.receipt) as ReceiptBody), accepted });
  }

  /** The files of the preview of the same set, where somebody looked at it before deciding. */
  async #fromPreview(row: RestorationRecord, accepted: AcceptedSet): Promise<ComposedPicture | null> {
    const { manager } = this.bench.database.read;
    const acceptedSha256 = acceptedDigest(accepted);
    const preview = await manager.findOneBy(PreviewRecord, { restorationId: row.id, acceptedSha256, state: 'done' });
    if (!preview?.numbers || !preview.receipt) return null;
    const files = await manager.findBy(DerivativeRecord, {
      restorationId: row.id,
      variant: previewVariant(acceptedSha256),
    });
    for (const file of files) if (!(await this.bench.store.derivatives.has(file.storageKey))) return null;
    return files.length === 0 ? null : composed(files, preview.numbers, preview.receipt);
  }

  async #write(
    actor: Actor,
    row: RestorationRecord,
    accepted: AcceptedSet,
    made: ComposedPicture,
  ): Promise<JobOutcome> {
    const receipt = signReceipt(this.bench, made.receipt);
    let unnamed: string[] = [];
    const outcome = await this.bench.database.change<JobOutcome>(actor, async (change) => {
      const now = await change.manager.findOne(RestorationRecord, {
        where: { id: row.id },
        lock: { mode: 'pessimistic_write' },
      });
      if (now?.status !== 'approved')
        throw new NothingToChange<JobOutcome>({ outcome: 'skipped', because: 'the approval was undone' });
      await requireKept(this.bench, change, made.files);
      await change.manager.delete(DerivativeRecord, { restorationId: row.id, variant: compositeVariant });
      for (const file of made.files)
        await addDerivative(change, { originalId: row.originalId, restorationId: row.id }, file);
      unnamed = await dropAllPreviews(change.manager, row.id);
      await change.manager.update(
        RestorationRecord,
        { id: row.id },
        {
          composed: { accepted, numbers: made.numbers },
          composedReceipt: receipt.text,
          composedReceiptSignature: receipt.signature,
          composedAt: change.now,
        },
      );
      change.record({
        action: 'restoration.composed',
        subject: row.id,
        item: row.itemId,
        after: {
          accepted: acceptedForLog(accepted),
          numbers: made.numbers,
          files: made.files.map((file) => ({ use: file.use, sha256: file.kept.sha256 })),
        } as unknown as Json,
      });
      return { outcome: 'done' };
    });
    await removeUnnamed(this.bench, unnamed);
    return outcome;
  }
}

/** Stored derivatives as the files of a composite. */
function composed(files: readonly DerivativeRecord[], numbers: ChangeNumbers, receipt: ReceiptBody): ComposedPicture {
  return {
    numbers,
    receipt,
    files: files.map((file): KeptFile => ({
      use: file.use,
      variant: compositeVariant,
      kept: { key: file.storageKey, sha256: file.sha256, bytes: file.bytes },
      mediaType: file.mediaType,
      width: file.width,
      height: file.height,
      facts: file.facts,
    })),
  };
}
