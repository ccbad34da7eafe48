import { createHash } from 'node:crypto';
import { canonicalJson, type Digests } from '@albumen/domain';
import { layoutConfig, layoutExtension } from './storage-keys.js';

/** The files every OCFL 1.1 storage root begins with, by path inside the root. */
export const rootFiles: Readonly<Record<string, string>> = {
  '0=ocfl_1.1': 'ocfl_1.1\n',
  'ocfl_layout.json': `${JSON.stringify(
    {
      extension: layoutExtension,
      description: 'Tuples of the sha256 of the object id, then the percent-encoded object id.',
    },
    null,
    2,
  )}\n`,
  [`extensions/${layoutExtension}/config.json`]: `${JSON.stringify(layoutConfig, null, 2)}\n`,
};

/** The conformance declaration of an object. */
export const objectDeclaration = { name: '0=ocfl_object_1.1', text: 'ocfl_object_1.1\n' } as const;

/** One stored file of version 1: its content path and logical path share one name. */
export interface VersionFile {
  readonly name: string;
  readonly digests: Digests;
}

/** What is read of an inventory again. */
export interface Inventory {
  readonly id: string;
  readonly manifest: Readonly<Record<string, readonly string[]>>;
}

/** The inventory of an object with one version: sha512 in the manifest, sha256 in the fixity block, and its sidecar. */
export function inventoryOf(version: {
  readonly objectId: string;
  readonly files: readonly VersionFile[];
  readonly created: string;
  readonly message: string;
  readonly user: { readonly name: string; readonly address: string };
}): { readonly inventory: Buffer; readonly sidecar: Buffer } {
  const byDigest = (
    algorithm: 'sha256' | 'sha512',
    path: (name: string) => string,
  ): Readonly<Record<string, readonly string[]>> => {
    const grouped: Record<string, string[]> = {};
    for (const { name, digests } of version.files) (grouped[digests[algorithm]] ??= []).push(path(name));
    return grouped;
  };
  const contentPath = (name: string): string => `v1/content/${name}`;
  const inventory = Buffer.from(
    `${canonicalJson({
      id: version.objectId,
      type: 'https://ocfl.io/1.1/spec/#inventory',
      digestAlgorithm: 'sha512',
      head: 'v1',
      manifest: byDigest('sha512', contentPath),
      fixity: { sha256: byDigest('sha256', contentPath) },
      versions: {
        v1: {
          created: version.created,
          message: version.message,
          user: version.user,
          state: byDigest('sha512', (name) => name),
        },
      },
    })}\n`,
    'utf8',
  );
  const digest = createHash('sha512').update(inventory).digest('hex');
  return { inventory, sidecar: Buffer.from(`${digest} inventory.json\n`, 'utf8') };
}
