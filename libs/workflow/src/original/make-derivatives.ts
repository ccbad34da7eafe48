import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Actor, DerivativeUse, JobOutcome } from '@albumen/domain';
import { DerivativeRecord, NothingToChange, type Change } from '@albumen/database';
import { dominantColour, encodePyramid, encodeThumbnail } from '@albumen/imaging';
import type { Workbench } from '../workbench.js';
import { runStep } from './processing-step.js';

/** Longer side of a thumbnail, in pixels. */
export const thumbnailSide = 480;

/** A file that a derivative row is made for. */
export interface KeptFile {
  readonly use: DerivativeUse;
  readonly variant?: string;
  readonly kept: { readonly key: string; readonly sha256: string; readonly bytes: number };
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  readonly facts?: Record<string, unknown>;
}

/** Writes the row of a derivative inside a change; answers its id. */
export async function addDerivative(
  change: Change,
  of: { readonly originalId: string; readonly restorationId: string | null },
  file: KeptFile,
): Promise<string> {
  const id = randomUUID();
  await change.manager.insert(DerivativeRecord, {
    id,
    ...of,
    use: file.use,
    variant: file.variant ?? '',
    storageKey: file.kept.key,
    sha256: file.kept.sha256,
    bytes: file.kept.bytes,
    mediaType: file.mediaType,
    width: file.width,
    height: file.height,
    facts: (file.facts ?? {}) as never,
    createdAt: change.now,
  });
  return id;
}

/** Makes the access pyramid and the thumbnail of an original. */
export class MakeDerivatives {
  constructor(private readonly bench: Workbench) {}

  async execute(actor: Actor, { originalId }: { readonly originalId: string }): Promise<JobOutcome> {
    const { bench } = this;
    return runStep(bench, actor, originalId, 'derive', async (original) => {
      await using file = await bench.store.originals.local(original.storageKey);
      await using scratch = await bench.store.staging.scratch(`derive-${originalId}`);
      const pyramid = await encodePyramid(file.path, join(scratch.path, 'pyramid.tif'));
      const thumbnailPath = join(scratch.path, 'thumbnail.jpg');
      const thumbnail = await encodeThumbnail(file.path, thumbnailPath, { longSide: thumbnailSide });
      const colour = await dominantColour(thumbnailPath);
      const keptPyramid = await bench.store.derivatives.keepFile(join(scratch.path, 'pyramid.tif'), 'tif');
      const keptThumbnail = await bench.store.derivatives.keepFile(thumbnailPath, 'jpg');
      return bench.database.change<JobOutcome>(actor, async (change) => {
        if (await change.manager.existsBy(DerivativeRecord, { originalId, use: 'pyramid' })) {
          throw new NothingToChange<JobOutcome>({ outcome: 'skipped', because: 'the pyramid is there' });
        }
        const of = { originalId, restorationId: null };
        await addDerivative(change, of, {
          use: 'pyramid',
          kept: keptPyramid,
          mediaType: 'image/tiff',
          width: pyramid.width,
          height: pyramid.height,
        });
        await addDerivative(change, of, {
          use: 'thumbnail',
          kept: keptThumbnail,
          mediaType: 'image/jpeg',
          width: thumbnail.width,
          height: thumbnail.height,
          facts: { colour },
        });
        change.record({
          action: 'original.derivatives-made',
          subject: originalId,
          item: original.itemId,
          after: { pyramid: keptPyramid.sha256, thumbnail: keptThumbnail.sha256 },
        });
        return { outcome: 'done' };
      });
    });
  }
}
