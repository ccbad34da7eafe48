import { createHash, randomUUID } from 'node:crypto';
import {
  canonicalJson,
  errorTable,
  refuse,
  type Actor,
  type Cancellation,
  type JobOutcome,
  type Json,
  type ReceiptBody,
  type RestorationResult,
} from '@albumen/domain';
import {
  DamageReportRecord,
  DerivativeRecord,
  ItemRecord,
  LayerRecord,
  NothingToChange,
  RegionRecord,
  RestorationRecord,
  ReviewRecord,
  type Change,
  type OriginalRecord,
} from '@albumen/database';
import { addDerivative, type KeptFile } from '../original/make-derivatives.js';
import { asRefusal, findOriginal, markProcessing, verifyStored } from '../original/processing-step.js';
import type { Workbench } from '../workbench.js';
import { failRestoration } from './fail-restoration.js';
import { requireKept } from './kept-pictures.js';
import { toldReceipt } from './told-recipe.js';
import { watchRun, type Watch } from './watch-run.js';

const skipped = (because: string): JobOutcome => ({ outcome: 'skipped', because });

/**
 * Runs a requested restoration in three parts, so that no transaction is open while pixels are computed: mark it running;
 * verify the original and compute in a child process; then write derivatives, regions, layers, receipt and review in one
 * change. A repeat of any part does no harm.
 */
export class RestoreOriginal {
  constructor(private readonly bench: Workbench) {}

  async execute(
    actor: Actor,
    { restorationId }: { readonly restorationId: string },
    signal?: Cancellation,
  ): Promise<JobOutcome> {
    const row = await this.#start(actor, restorationId);
    if (!row) return skipped('the restoration is neither requested nor running');
    const original = await findOriginal(this.bench, row.originalId);
    await markProcessing(this.bench, original.id, 'restore', 'running', { attempt: true });
    const watch = watchRun(this.bench, restorationId, signal);
    const started = performance.now();
    try {
      await verifyStored(this.bench, original);
      const outcome = await this.#compute(actor, row, original, watch);
      await markProcessing(this.bench, original.id, 'restore', 'done', {
        seconds: (performance.now() - started) / 1000,
      });
      return outcome;
    } catch (error) {
      if (watch.cancelled) {
        await markProcessing(this.bench, original.id, 'restore', 'done');
        return skipped('the restoration was cancelled');
      }
      if (signal?.aborted) throw refuse('restoration.engine-killed', {}, { cause: error });
      const fault = asRefusal(error);
      if (errorTable[fault.code].retry === 'later') {
        await markProcessing(this.bench, original.id, 'restore', 'waiting', { fault });
        throw fault;
      }
      await failRestoration(this.bench, actor, restorationId, fault);
      throw fault;
    } finally {
      await watch.stop();
    }
  }

  /** Part one. Answers the row when there is work, also where a former run was cut off. */
  async #start(actor: Actor, restorationId: string): Promise<RestorationRecord | null> {
    let cutOff = false;
    const started = await this.bench.database.change<RestorationRecord | null>(actor, async (change) => {
      const row = await change.manager.findOne(RestorationRecord, {
        where: { id: restorationId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw refuse('restoration.not-found');
      if (row.status === 'running') {
        cutOff = true;
        throw new NothingToChange(row);
      }
      if (row.status !== 'requested') throw new NothingToChange(null);
      await change.manager.update(
        RestorationRecord,
        { id: restorationId },
        { status: 'running', startedAt: change.now, progress: null },
      );
      change.record({
        action: 'restoration.started',
        subject: restorationId,
        item: row.itemId,
        before: { status: 'requested' },
        after: { status: 'running' },
      });
      return row;
    });
    // A run that was cut off begins again: its time counts from now, so that the queue's estimate stays true.
    if (cutOff)
      await this.bench.database.keepBooks((manager) =>
        manager.update(
          RestorationRecord,
          { id: restorationId, status: 'running' },
          { startedAt: this.bench.clock.now(), progress: null },
        ),
      );
    return started;
  }

  /** Parts two and three. */
  async #compute(actor: Actor, row: RestorationRecord, original: OriginalRecord, watch: Watch): Promise<JobOutcome> {
    const { store, engine, database } = this.bench;
    const { manager } = database.read;
    const mask = await manager.findOneByOrFail(DerivativeRecord, { originalId: original.id, use: 'damage-mask' });
    const report = await manager.findOneBy(DamageReportRecord, { originalId: original.id });
    await using input = await store.originals.local(original.storageKey);
    await using maskFile = await store.derivatives.local(mask.storageKey);
    await using scratch = await store.staging.scratch(`restore-${row.id}`);
    const result = await engine.restore({
      input: input.path,
      into: scratch.path,
      recipe: row.recipe,
      maskPath: maskFile.path,
      ...(report ? { report: report.body } : {}),
      signal: watch.signal,
      onProgress: watch.onProgress,
    });
    const files = await this.#keep(result);
    const receipt = canonicalJson(this.#receipt(row, result));
    const receiptSignature = database.signer.signText(receipt);
    return database.change<JobOutcome>(actor, async (change) => {
      const now = await change.manager.findOne(RestorationRecord, {
        where: { id: row.id },
        lock: { mode: 'pessimistic_write' },
      });
      if (now?.status !== 'running') throw new NothingToChange(skipped('the restoration is no longer running'));
      await requireKept(this.bench, change, files);
      for (const file of files) await addDerivative(change, { originalId: original.id, restorationId: row.id }, file);
      await this.#describe(change, row.id, result);
      await change.manager.update(
        RestorationRecord,
        { id: row.id },
        {
          status: 'proposed',
          finishedAt: change.now,
          progress: null,
          numbers: result.numbers,
          receipt,
          receiptSignature,
        },
      );
      const item = await change.manager.findOneByOrFail(ItemRecord, { id: row.itemId });
      await change.manager.insert(ReviewRecord, {
        id: randomUUID(),
        restorationId: row.id,
        itemId: row.itemId,
        collectionId: item.collectionId,
        state: 'open',
        createdAt: change.now,
      });
      change.record({
        action: 'restoration.proposed',
        subject: row.id,
        item: row.itemId,
        before: { status: 'running' },
        after: {
          status: 'proposed',
          numbers: result.numbers,
          regions: result.regions.length,
          layers: result.layers.map((layer) => layer.operation),
          receiptSha256: createHash('sha256').update(receipt).digest('hex'),
          files: files.map((file) => ({ use: file.use, variant: file.variant ?? '', sha256: file.kept.sha256 })),
        } as unknown as Json,
      });
      return { outcome: 'done' };
    });
  }

  /** Stores everything that the run wrote; content-addressed, so a repeat stores nothing twice. */
  async #keep(result: RestorationResult): Promise<KeptFile[]> {
    const { derivatives } = this.bench.store;
    const { width, height } = result.receipt.input;
    // The master shows the whole proposal, which is larger than the original where it was enlarged.
    const whole = [...result.variants].sort((a, b) => b.variant.length - a.variant.length)[0];
    const files: KeptFile[] = [];
    for (const variant of result.variants) {
      files.push({
        use: 'pyramid',
        variant: variant.variant,
        kept: await derivatives.keepFile(variant.pyramidPath, 'tif'),
        mediaType: 'image/tiff',
        width: variant.width,
        height: variant.height,
      });
    }
    files.push({
      use: 'master',
      variant: 'proposal',
      kept: await derivatives.keepFile(result.masterPath, 'tif'),
      mediaType: result.masterMediaType,
      width: whole?.width ?? width,
      height: whole?.height ?? height,
    });
    files.push({
      use: 'change-map',
      variant: 'proposal',
      kept: await derivatives.keepFile(result.changeMapPath, 'png'),
      mediaType: 'image/png',
      width: result.changeMap.width,
      height: result.changeMap.height,
      facts: { deltaEPerLevel: result.changeMap.deltaEPerLevel },
    });
    for (const map of result.maps ?? []) {
      files.push({
        use: 'step-map',
        variant: `${map.kind} ${map.operation}`,
        kept: await derivatives.keepFile(map.path, 'png'),
        mediaType: 'image/png',
        width: map.width,
        height: map.height,
        facts: { kind: map.kind, operation: map.operation, perLevel: map.perLevel },
      });
    }
    if (result.regionLabelsPath) {
      files.push({
        use: 'region-labels',
        kept: await derivatives.keepFile(result.regionLabelsPath, 'png'),
        mediaType: 'image/png',
        width,
        height,
      });
    }
    return files;
  }

  #receipt(row: RestorationRecord, result: RestorationResult): ReceiptBody {
    const named = { restorationId: row.id, originalId: row.originalId, software: this.bench.software };
    return toldReceipt({ ...result.receipt, ...named }, (value) => this.bench.database.veil(value));
  }

  async #describe(change: Change, restorationId: string, result: RestorationResult): Promise<void> {
    for (let start = 0; start < result.regions.length; start += 500) {
      await change.manager.insert(
        RegionRecord,
        result.regions
          .slice(start, start + 500)
          .map(({ box, ...region }) => ({ restorationId, ...region, ...box, acceptance: 'undecided' as const })),
      );
    }
    for (const layer of result.layers) {
      await change.manager.insert(LayerRecord, {
        restorationId,
        ...layer,
        acceptedStrength: layer.strength,
        acceptance: 'undecided',
      });
    }
  }
}
