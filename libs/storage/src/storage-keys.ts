import { createHash } from 'node:crypto';
import { refuse } from '@albumen/domain';

/** The OCFL layout of the originals' root: sha256 of the object id in tuples, then the id itself, percent-encoded. */
export const layoutExtension = '0003-hash-and-id-n-tuple-storage-layout';
export const layoutConfig = {
  extensionName: layoutExtension,
  digestAlgorithm: 'sha256',
  tupleSize: 3,
  numberOfTuples: 3,
} as const;

/** Name of the intake record inside every object, beside the bytes. */
export const intakeName = 'intake.json';

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/tiff': 'tif',
  'image/png': 'png',
  'image/webp': 'webp',
};

/** Safe ASCII name of an original's bytes inside its object; the name it came with stands in the intake record. */
export function contentName(mediaType: string): string {
  return `original.${extensions[mediaType] ?? 'bin'}`;
}

/** Folder of an OCFL object, as a key. The id is any text; what is outside [A-Za-z0-9_-] is percent-encoded in lower case. */
export function objectKey(objectId: string): string {
  const digest = createHash(layoutConfig.digestAlgorithm).update(objectId, 'utf8').digest('hex');
  const tuples = Array.from({ length: layoutConfig.numberOfTuples }, (_, index) =>
    digest.slice(index * layoutConfig.tupleSize, (index + 1) * layoutConfig.tupleSize),
  );
  const encoded = percentEncoded(objectId);
  // "If the length is greater than 100 characters, truncate and append - and the digest."
  const folder = encoded.length > 100 ? `${encoded.slice(0, 100)}-${digest}` : encoded;
  return `originals/${tuples.join('/')}/${folder}`;
}

/** Key of an original: its content path in version 1 of its object. */
export function originalKey(objectId: string, mediaType: string): string {
  return `${objectKey(objectId)}/v1/content/${contentName(mediaType)}`;
}

/** Key of a derivative: named by its own sha256, so the same bytes always lie at the same place. */
export function derivativeKey(sha256: string, extension: string): string {
  return `derivatives/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}.${extension}`;
}

/** Key of the staged bytes of an accession file. */
export function stagingKey(fileId: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(fileId)) {
    throw refuse('request.invalid', { detail: 'Expected the UUID of an accession file.' });
  }
  return `staging/${fileId}`;
}

/** Key of a static file of the audit log; the path is relative, with plain segments only. */
export function logKey(path: string): string {
  const plain = path.split('/').every((segment) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(segment));
  if (!plain) throw refuse('request.invalid', { detail: `Expected a path of plain names but received ${path}.` });
  return `audit/${path}`;
}

const originalKeyShape =
  /^originals(\/[0-9a-f]{3}){3}\/[A-Za-z0-9_%-]+\/v1\/content\/original\.(jpg|tif|png|webp|bin)$/;
const derivativeKeyShape = /^derivatives\/([0-9a-f]{2})\/([0-9a-f]{2})\/\1\2[0-9a-f]{60}\.[a-z0-9]{1,8}$/;

/** True for text that `originalKey` could have made; anything else never reaches a disk. */
export function isOriginalKey(key: string): boolean {
  return originalKeyShape.test(key);
}

/** True for text that `derivativeKey` could have made. */
export function isDerivativeKey(key: string): boolean {
  return derivativeKeyShape.test(key);
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(letter) ? letter : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
