import { createHash } from 'node:crypto';
import { buildManifest, type ManifestFacts } from '@albumen/iiif';
import { levelSizes } from '@albumen/imaging';
import { inLanguage } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import type { Release, ReleasePicture } from './release.js';

/** A manifest as it is stored and served: these bytes are the ones that are hashed. */
export interface ReleaseManifest {
  readonly json: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/**
 * The manifest of a release with absolute addresses under the public URL; `nameOf` answers the name of who approved.
 * Throws `publication.manifest-invalid` where our own rules find a fault.
 */
export function makeManifest(
  bench: Pick<Workbench, 'publicUrl'>,
  itemId: string,
  release: Release,
  nameOf: (personId: string) => string,
): ReleaseManifest {
  const json = buildManifest(manifestFacts(bench.publicUrl, itemId, release, nameOf));
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  return { json, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function manifestFacts(
  publicUrl: string,
  itemId: string,
  release: Release,
  nameOf: (personId: string) => string,
): ManifestFacts {
  const picture = (p: ReleasePicture) => ({
    service: `${publicUrl}/iiif/image/${p.id}`,
    width: p.width,
    height: p.height,
    sizes: levelSizes(p.width, p.height),
  });
  return {
    id: `${publicUrl}/iiif/manifest/${itemId}`,
    description: { ...release.description, custody: '' },
    rights: release.rights,
    collection: release.collection.title,
    homepage: `${publicUrl}/photographs/${itemId}`,
    provider: {
      id: publicUrl,
      label: release.collection.title,
      homepage: `${publicUrl}/collections/${release.collection.id}`,
    },
    canvases: release.originals.map((original) => ({
      side: original.side,
      fileName: original.fileName,
      original: picture(original.picture),
      restoration: original.treatment && {
        ...picture(original.treatment.picture),
        treatment: {
          level: original.treatment.level,
          operations: original.treatment.operations,
          approvedBy: nameOf(original.treatment.approvedBy),
          approvedAt: original.treatment.approvedAt,
          receipt: `${publicUrl}/api/files/receipt/${original.treatment.restorationId}`,
        },
      },
    })),
    downloads: release.originals.flatMap((original) => [
      {
        url: `${publicUrl}/api/files/original/${original.id}`,
        mediaType: original.mediaType,
        label: {
          en: `The scan as received (${original.fileName})`,
          vi: `Bản quét như khi nhận (${original.fileName})`,
        },
      },
      ...(original.treatment?.master
        ? [
            {
              url: `${publicUrl}/api/files/master/${original.treatment.master.id}`,
              mediaType: original.treatment.master.mediaType,
              label: { en: 'The restored picture, full depth', vi: 'Bản phục chế, đủ độ sâu màu' },
            },
          ]
        : []),
    ]),
  };
}

/** The title of a release in one language, or its other one. */
export const releaseTitle = (release: Release, language: 'en' | 'vi'): string =>
  inLanguage(release.description.title, language);
