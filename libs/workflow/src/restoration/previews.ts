import { In, type EntityManager } from 'typeorm';
import { DerivativeRecord, PreviewRecord } from '@albumen/database';

/** Previews that are kept of one restoration; an older one is dropped for a new one. */
export const mostPreviews = 8;

/** Variant of the derivatives of a preview. */
export const previewVariant = (acceptedSha256: string): string => `preview-${acceptedSha256.slice(0, 24)}`;

/** True for the derivatives of a proposal itself: neither a preview nor the composite. */
export const isProposalFile = (file: Pick<DerivativeRecord, 'variant'>): boolean =>
  file.variant !== 'composite' && !file.variant.startsWith('preview-');

/** Drops previews with their derivatives; answers the keys of stored files that may be named by nobody any more. */
export async function dropPreviews(manager: EntityManager, previews: readonly PreviewRecord[]): Promise<string[]> {
  const keys: string[] = [];
  for (const { restorationId, acceptedSha256 } of previews) {
    const of = { restorationId, variant: previewVariant(acceptedSha256) };
    keys.push(...(await manager.findBy(DerivativeRecord, of)).map((file) => file.storageKey));
    await manager.delete(DerivativeRecord, of);
  }
  const restorations = [...new Set(previews.map((preview) => preview.restorationId))];
  for (const restorationId of restorations) {
    const acceptedSha256 = In(
      previews.filter((row) => row.restorationId === restorationId).map((row) => row.acceptedSha256),
    );
    await manager.delete(PreviewRecord, { restorationId, acceptedSha256 });
  }
  return keys;
}

/** Drops every preview of a restoration, since it was decided. */
export async function dropAllPreviews(manager: EntityManager, restorationId: string): Promise<string[]> {
  return dropPreviews(manager, await manager.findBy(PreviewRecord, { restorationId }));
}
