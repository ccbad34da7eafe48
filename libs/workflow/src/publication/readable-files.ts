import { receiptBody, type ReceiptFile } from '@albumen/contracts';
import { refuse, type DerivativeUse, type ReceiptBody } from '@albumen/domain';
import { DerivativeRecord, PublicationRecord, RestorationRecord } from '@albumen/database';
import { compositeVariant } from '../restoration/compose-accepted.js';
import { signReceipt } from '../restoration/compose-picture.js';
import { tellsTooMuch } from '../restoration/told-recipe.js';
import type { Workbench } from '../workbench.js';

/** Who may read a file: anybody while its release stands, nobody outside once it was withdrawn, else staff only. */
export type FileAccess =
  { readonly to: 'public' } | { readonly to: 'staff' } | { readonly to: 'withdrawn'; readonly reason: string };

/** A stored file with who may read it. */
export interface ReadableFile {
  readonly id: string;
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly access: FileAccess;
}

/** A derivative with its size in pixels. `rights` is the release's statement, or null. */
export interface ReadableDerivative extends ReadableFile {
  readonly use: DerivativeUse;
  readonly width: number;
  readonly height: number;
  readonly rights: string | null;
}

interface Listed {
  listed: boolean;
  withdrawn_at: Date | null;
  reason: string | null;
}

const newest = (item: string): string => `left join lateral (
  select p.view, p.withdrawn_at, p.withdrawal_reason from publication p where p.item_id = ${item} order by p.number desc limit 1) release on true`;

function access(row: Listed): FileAccess {
  if (!row.listed) return { to: 'staff' };
  return row.withdrawn_at === null ? { to: 'public' } : { to: 'withdrawn', reason: row.reason ?? '' };
}

/** A derivative by id; refuses with `image.not-found`. */
export async function readDerivative(bench: Workbench, id: string): Promise<ReadableDerivative> {
  const [row] = (await bench.database.read.query(
    `select d.id, d.storage_key as key, d.sha256, d.bytes::float8 as bytes, d.media_type as "mediaType", d.use, d.width, d.height,
            coalesce(release.view->'open'->'derivatives' ? d.id::text, false) as listed, release.withdrawn_at,
            release.withdrawal_reason as reason, release.view->>'rights' as rights
       from derivative d join original o on o.id = d.original_id ${newest('o.item_id')} where d.id = $1`,
    [id],
  )) as (Omit<ReadableDerivative, 'access'> & Listed)[];
  if (!row) throw refuse('image.not-found', { id });
  const { listed: _listed, withdrawn_at: _at, reason: _reason, ...file } = row;
  return { ...file, access: access(row) };
}

/** An original's bytes by id, with the name they came with; refuses with `original.not-found`. */
export async function readOriginalFile(
  bench: Workbench,
  id: string,
): Promise<ReadableFile & { readonly fileName: string }> {
  const [row] = (await bench.database.read.query(
    `select o.id, o.storage_key as key, o.sha256, o.bytes::float8 as bytes, o.media_type as "mediaType", o.file_name as "fileName",
            coalesce(release.view->'open'->'originals' ? o.id::text, false) as listed, release.withdrawn_at,
            release.withdrawal_reason as reason
       from original o ${newest('o.item_id')} where o.id = $1`,
    [id],
  )) as (Omit<ReadableFile, 'access'> & { fileName: string } & Listed)[];
  if (!row) throw refuse('original.not-found', { id });
  const { listed: _listed, withdrawn_at: _at, reason: _reason, ...file } = row;
  return { ...file, access: access(row) };
}

/** Which receipt of a restoration: of what was proposed, or of what was accepted of it. */
export type ReceiptOf = 'proposal' | 'composite';

/**
 * A signed receipt of a restoration with the key that checks it: of the composite where there is one, unless the other is
 * asked for. Refuses with `restoration.not-found`.
 */
export async function readReceipt(
  bench: Workbench,
  restorationId: string,
  of?: ReceiptOf,
): Promise<{ readonly file: ReceiptFile; readonly access: FileAccess }> {
  const { manager } = bench.database.read;
  const row = await manager.findOneBy(RestorationRecord, { id: restorationId });
  const composite = of === undefined ? Boolean(row?.composedReceipt) : of === 'composite';
  const text = composite ? row?.composedReceipt : row?.receipt;
  const signature = composite ? row?.composedReceiptSignature : row?.receiptSignature;
  if (!text || !signature) throw refuse('restoration.not-found', { id: restorationId });
  const master = await manager.findOneBy(DerivativeRecord, {
    restorationId,
    use: 'master',
    variant: composite ? compositeVariant : 'proposal',
  });
  const stored = JSON.parse(text) as ReceiptBody;
  // One that was signed before notes could be kept back is told, and signed, without them.
  const shown = tellsTooMuch(stored, (value) => bench.database.veil(value))
    ? signReceipt(bench, stored)
    : { text, signature };
  const receipt = receiptBody.parse(JSON.parse(shown.text));
  const [listed] = (await bench.database.read.query(
    `select coalesce(release.view->'open'->'restorations' ? r.id::text, false) as listed, release.withdrawn_at,
            release.withdrawal_reason as reason
       from restoration r ${newest('r.item_id')} where r.id = $1`,
    [restorationId],
  )) as Listed[];
  return {
    access: listed ? access(listed) : { to: 'staff' },
    file: {
      receipt,
      signature: {
        algorithm: 'Ed25519',
        over: 'canonical JSON (RFC 8785) of receipt, UTF-8',
        value: shown.signature,
        key: bench.database.signer.verifierKey,
      },
      output: {
        url: master ? `${bench.publicUrl}/api/files/master/${master.id}` : null,
        mediaType: receipt.output.mediaType,
      },
    },
  };
}

/** The stored manifest of the item's standing release; refuses with `publication.not-found`, `publication.withdrawn`. */
export async function readManifestFile(
  bench: Workbench,
  itemId: string,
): Promise<{ readonly key: string; readonly sha256: string; readonly publishedAt: Date }> {
  const [row] = await bench.database.read
    .getRepository(PublicationRecord)
    .find({ where: { itemId }, order: { number: 'DESC' }, take: 1 });
  if (!row) throw refuse('publication.not-found', { itemId });
  if (row.withdrawnAt) throw refuse('publication.withdrawn', { itemId, reason: row.withdrawalReason ?? '' });
  return { key: row.manifestKey, sha256: row.manifestSha256, publishedAt: row.publishedAt };
}
