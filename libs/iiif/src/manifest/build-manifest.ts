import { refuse } from '@albumen/domain';
import type { Annotation, ChoiceBody, ContentResource, ImageService, InternationalString } from '@iiif/presentation-3';
import { IIIFBuilder } from 'iiif-builder';
import { checkManifest } from '../check/check-manifest.js';
import type { ManifestCanvas, ManifestFacts, ManifestPicture } from './manifest-facts.js';
import {
  bothLanguages,
  canvasLabel,
  choiceWords,
  homepageWords,
  languageMap,
  manifestLabel,
  metadataPairs,
  navDateOf,
  plainValue,
  receiptWords,
  treatmentStatement,
} from './manifest-words.js';

/** A manifest as JSON, members in reading order. */
export type ManifestJson = Record<string, unknown>;

/** Address of the JSON-LD context of Presentation API 3.0. */
export const presentationContext = 'http://iiif.io/api/presentation/3/context.json';
/** Media type of a manifest. */
export const manifestMediaType = `application/ld+json;profile="${presentationContext}"`;

/** Longer side of the thumbnail that a manifest names. */
const thumbnailSide = 400;

/**
 * Builds the Presentation 3.0 manifest of an item: one canvas per original, painted by a Choice (untouched scan first,
 * then the restoration) where one was approved. The same facts give the same JSON. Throws
 * `publication.manifest-invalid` where the facts make a manifest that breaks our own rules.
 */
export function buildManifest(facts: ManifestFacts): ManifestJson {
  const builder = new IIIFBuilder();
  builder.createManifest(facts.id, (manifest) => {
    manifest.setLabel(manifestLabel(facts));
    manifest.setMetadata(metadataPairs(facts));
    const summary = languageMap(facts.description.description, plainValue);
    if (summary) manifest.setSummary(summary);
    manifest.setRequiredStatement(treatmentStatement(facts));
    manifest.setRights(facts.rights);
    for (const [index, canvas] of facts.canvases.entries()) {
      const id = `${facts.id}/canvas/${index + 1}`;
      manifest.createCanvas(id, (made) => {
        made.setLabel(canvasLabel(facts, index));
        made.setWidth(canvas.original.width);
        made.setHeight(canvas.original.height);
        made.createAnnotation(`${id}/painting`, painting(id, canvas));
      });
    }
  });
  const built = builder.toPresentation3({ id: facts.id, type: 'Manifest' }) as ManifestJson;
  const finished = finish(built, facts);
  const faults = checkManifest(finished);
  if (faults.length > 0) {
    const detail = faults
      .slice(0, 5)
      .map((fault) => `${fault.path}: ${fault.detail}`)
      .join('; ');
    throw refuse('publication.manifest-invalid', { detail });
  }
  return finished;
}

function painting(canvasId: string, canvas: ManifestCanvas): Annotation {
  const original = imageBody(canvas.original, canvas.restoration ? bothLanguages(choiceWords.original) : undefined);
  const items = canvas.restoration
    ? [original, imageBody(canvas.restoration, bothLanguages(choiceWords.restoration))]
    : [];
  // The types refuse `label` on the items of a Choice; Presentation 3.0, 3.1 asks for it there.
  const choice = { id: `${canvasId}/choice`, type: 'Choice', items } as unknown as ChoiceBody;
  return {
    id: `${canvasId}/painting`,
    type: 'Annotation',
    motivation: 'painting',
    body: canvas.restoration ? choice : original,
    target: canvasId,
  } as Annotation;
}

function imageBody(picture: ManifestPicture, label: InternationalString | undefined): ContentResource {
  return {
    id: `${picture.service}/full/max/0/default.jpg`,
    type: 'Image',
    format: 'image/jpeg',
    width: picture.width,
    height: picture.height,
    ...(label ? { label } : {}),
    service: [imageService(picture)],
  } as unknown as ContentResource;
}

function imageService(picture: ManifestPicture): ImageService {
  return { id: picture.service, type: 'ImageService3', profile: 'level2' } as ImageService;
}

function thumbnail(picture: ManifestPicture): Record<string, unknown> {
  const fitting = picture.sizes.filter((size) => Math.max(size.width, size.height) <= thumbnailSide);
  const chosen = fitting.reduce<{ width: number; height: number } | undefined>(
    (best, size) => (!best || size.width > best.width ? size : best),
    undefined,
  );
  const scale = Math.min(1, thumbnailSide / Math.max(picture.width, picture.height));
  const size = chosen ?? {
    width: Math.max(1, Math.round(picture.width * scale)),
    height: Math.max(1, Math.round(picture.height * scale)),
  };
  return {
    id: `${picture.service}/full/${size.width},${size.height}/0/default.jpg`,
    type: 'Image',
    format: 'image/jpeg',
    width: size.width,
    height: size.height,
    service: [imageService(picture)],
  };
}

/**
 * Adds what the builder's vault would drop or mix (navDate, provider, links, thumbnails with services) and puts the
 * members in reading order with `@context` first.
 */
function finish(built: ManifestJson, facts: ManifestFacts): ManifestJson {
  const [first] = facts.canvases;
  const receipts = facts.canvases.flatMap((canvas) => canvas.restoration?.treatment.receipt ?? []);
  const navDate = navDateOf(facts.description.edtf);
  const canvases = (built['items'] as ManifestJson[]).map((canvas, index) => {
    const { items, ...rest } = canvas;
    const picture = facts.canvases[index]?.original;
    return { ...rest, ...(picture ? { thumbnail: [thumbnail(picture)] } : {}), items };
  });
  return {
    '@context': presentationContext,
    id: facts.id,
    type: 'Manifest',
    label: built['label'],
    metadata: built['metadata'],
    ...(built['summary'] ? { summary: built['summary'] } : {}),
    requiredStatement: built['requiredStatement'],
    rights: built['rights'],
    ...(facts.provider ? { provider: [provider(facts.provider)] } : {}),
    ...(first ? { thumbnail: [thumbnail(first.original)] } : {}),
    ...(navDate ? { navDate } : {}),
    homepage: [
      {
        id: facts.homepage,
        type: 'Text',
        label: bothLanguages(homepageWords),
        format: 'text/html',
        language: ['vi', 'en'],
      },
    ],
    ...(facts.downloads.length > 0 ? { rendering: facts.downloads.map(download) } : {}),
    ...(receipts.length > 0
      ? {
          seeAlso: receipts.map((id) => ({
            id,
            type: 'Dataset',
            label: bothLanguages(receiptWords),
            format: 'application/json',
          })),
        }
      : {}),
    items: canvases,
  };
}

function provider(facts: NonNullable<ManifestFacts['provider']>): ManifestJson {
  const label = languageMap(facts.label) ?? { none: [facts.id] };
  return {
    id: facts.id,
    type: 'Agent',
    label,
    homepage: [{ id: facts.homepage, type: 'Text', label, format: 'text/html' }],
  };
}

function download(file: ManifestFacts['downloads'][number]): ManifestJson {
  return {
    id: file.url,
    type: file.mediaType.startsWith('image/') ? 'Image' : 'Dataset',
    label: languageMap(file.label) ?? { none: [file.url.split('/').at(-1) ?? file.url] },
    format: file.mediaType,
  };
}
