import {
  canonicalJson,
  refuse,
  type AcceptedSet,
  type Actor,
  type Cancellation,
  type ChangeNumbers,
  type JobOutcome,
  type Json,
} from '@albumen/domain';
import { DerivativeRecord, LayerRecord, NothingToChange, RegionRecord, RestorationRecord } from '@albumen/database';
import { addDerivative, type KeptFile } from '../original/make-derivatives.js';
import { asRefusal, findOriginal, markProcessing, verifyStored } from '../original/processing-step.js';
import type { Workbench } from '../workbench.js';

/** Name of the derivatives that hold what a person accepted. */
export const compositeVariant = 'composite';

/** Makes the picture of exactly what was accepted, once an approval was given. Where all was accepted, the proposal's own files serve. */
export class ComposeAccepted {
  constructor(private readonly bench: Workbench) {}

  async execute(
    actor: Actor,
    { restorationId }: { readonly restorationId: string },
    signal?: Cancellation,
  ): Promise<JobOutcome> {
    const { read } = this.bench.database;
    const row = await read.getRepository(RestorationRecord).findOneBy({ id: restorationId });
    if (!row) throw refuse('restoration.not-found');
    if (row.status !== 'approved') return { outcome: 'skipped', because: 'the restoration is not approved' };
    const { accepted, everything } = await this.#acceptedOf(restorationId);
    if (row.composed && canonicalJson(row.composed.accepted) === canonicalJson(accepted)) {
      return { outcome: 'skipped', because: 'this set is composed' };
    }
    await markProcessing(this.bench, row.originalId, 'compose', 'running', { attempt: true });
    try {
      const made =
        everything && row.numbers
          ? await this.#fromProposal(row, row.numbers)
          : await this.#compute(row, accepted, signal);
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

  /** What stands in the rows; regions and layers that nobody rejected explicitly were settled by the approval. */
  async #acceptedOf(restorationId: string): Promise<{ accepted: AcceptedSet; everything: boolean }> {
    const { read } = this.bench.database;
    const regions = await read
      .getRepository(RegionRecord)
      .find({ where: { restorationId }, order: { ordinal: 'ASC' } });
    const layers = await read
      .getRepository(LayerRecord)
      .find({ where: { restorationId }, order: { operation: 'ASC' } });
    const takenRegions = regions.filter((region) => region.acceptance === 'accepted');
    const takenLayers = layers.filter((layer) => layer.acceptance === 'accepted');
    return {
      accepted: {
        regions: takenRegions.map((region) => region.ordinal),
        layers: takenLayers.map((layer) => ({ operation: layer.operation, strength: layer.acceptedStrength })),
      },
      everything:
        takenRegions.length === regions.length &&
        takenLayers.length === layers.length &&
        layers.every((layer) => layer.acceptedStrength === layer.strength),
    };
  }

  /** The proposal's files under the composite's name: the same bytes, since all of it was accepted. */
  async #fromProposal(
    row: RestorationRecord,
    numbers: ChangeNumbers,
  ): Promise<{ files: KeptFile[]; numbers: ChangeNumbers }> {
    const rows = await this.bench.database.read.getRepository(DerivativeRecord).findBy({ restorationId: row.id });
    const whole = rows
      .filter((file) => file.use === 'pyramid' && file.variant !== compositeVariant)
      .sort((a, b) => b.variant.length - a.variant.length)[0];
    const wanted = [whole, ...rows.filter((file) => file.variant === 'proposal')].filter((file) => file !== undefined);
    return {
      numbers,
      files: wanted.map((file) => ({
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

  async #compute(
    row: RestorationRecord,
    accepted: AcceptedSet,
    signal?: Cancellation,
  ): Promise<{ files: KeptFile[]; numbers: ChangeNumbers }> {
    const { store, engine, database } = this.bench;
    const original = await findOriginal(this.bench, row.originalId);
    await verifyStored(this.bench, original);
    const derivatives = await database.read.getRepository(DerivativeRecord).findBy({ originalId: original.id });
    const mask = derivatives.find((file) => file.use === 'damage-mask');
    const map = derivatives.find((file) => file.use === 'change-map' && file.restorationId === row.id);
    if (!mask || !map) throw refuse('storage.missing', { key: `damage mask of ${original.id}` });
    await using input = await store.originals.local(original.storageKey);
    await using maskFile = await store.derivatives.local(mask.storageKey);
    await using scratch = await store.staging.scratch(`compose-${row.id}`);
    const made = await engine.compose({
      input: input.path,
      into: scratch.path,
      recipe: row.recipe,
      maskPath: maskFile.path,
      accepted,
      ...(signal ? { signal } : {}),
    });
    const size = { width: made.width, height: made.height };
    const kept = async (path: string, extension: string) => store.derivatives.keepFile(path, extension);
    return {
      numbers: made.numbers,
      files: [
        {
          use: 'pyramid',
          variant: compositeVariant,
          kept: await kept(made.pyramidPath, 'tif'),
          mediaType: 'image/tiff',
          ...size,
        },
        {
          use: 'master',
          variant: compositeVariant,
          kept: await kept(made.masterPath, 'tif'),
          mediaType: 'image/tiff',
          ...size,
        },
        {
          use: 'change-map',
          variant: compositeVariant,
          kept: await kept(made.changeMapPath, 'png'),
          mediaType: 'image/png',
          width: map.width,
          height: map.height,
          facts: map.facts,
        },
      ],
    };
  }

  async #write(
    actor: Actor,
    row: RestorationRecord,
    accepted: AcceptedSet,
    made: { files: KeptFile[]; numbers: ChangeNumbers },
  ): Promise<JobOutcome> {
    return this.bench.database.change<JobOutcome>(actor, async (change) => {
      const now = await change.manager.findOne(RestorationRecord, {
        where: { id: row.id },
        lock: { mode: 'pessimistic_write' },
      });
      if (now?.status !== 'approved')
        throw new NothingToChange<JobOutcome>({ outcome: 'skipped', because: 'the approval was undone' });
      await change.manager.delete(DerivativeRecord, { restorationId: row.id, variant: compositeVariant });
      for (const file of made.files)
        await addDerivative(change, { originalId: row.originalId, restorationId: row.id }, file);
      await change.manager.update(
        RestorationRecord,
        { id: row.id },
        { composed: { accepted, numbers: made.numbers }, composedAt: change.now },
      );
      change.record({
        action: 'restoration.composed',
        subject: row.id,
        item: row.itemId,
        after: {
          accepted,
          numbers: made.numbers,
          files: made.files.map((file) => ({ use: file.use, sha256: file.kept.sha256 })),
        } as unknown as Json,
      });
      return { outcome: 'done' };
    });
  }
}
