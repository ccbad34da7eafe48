import { emptyDescription } from '@albumen/domain';
import { buildManifest, type ManifestJson } from '../manifest/build-manifest.js';
import type { ManifestFacts, ManifestPicture } from '../manifest/manifest-facts.js';

const site = 'https://archive.example';

function picture(name: string, width = 4000, height = 3000): ManifestPicture {
  const sizes = [4, 8, 16].map((factor) => ({ width: Math.ceil(width / factor), height: Math.ceil(height / factor) }));
  return { service: `${site}/iiif/image/${name}`, width, height, sizes };
}

/** Facts of an item with a restored front and an untouched back, every optional member filled. */
export const fullFacts: ManifestFacts = {
  id: `${site}/iiif/manifest/1`,
  description: {
    ...emptyDescription,
    title: { en: 'House by the river', vi: 'Ngôi nhà bên sông' },
    referenceCode: 'ALB-1921-004',
    creator: 'Nguyễn Văn A',
    dateAsWritten: '3 tháng 5 năm 1921',
    edtf: '1921-05-03',
    extentAndTechnique: 'Albumen print, 9 × 13 cm',
    people: ['Lan', 'Hòa'],
    places: ['Huế'],
    description: { en: 'A house & a boat, 3 < 4', vi: 'Một ngôi nhà và chiếc thuyền' },
  },
  rights: 'http://creativecommons.org/publicdomain/mark/1.0/',
  collection: { vi: 'Ảnh gia đình' },
  homepage: `${site}/photographs/1`,
  downloads: [
    {
      url: `${site}/api/files/original/1`,
      mediaType: 'image/tiff',
      label: { en: 'Original scan', vi: 'Bản quét gốc' },
    },
  ],
  provider: { id: `${site}/`, label: { en: 'Archive', vi: 'Lưu trữ' }, homepage: `${site}/` },
  canvases: [
    {
      side: 'front',
      fileName: 'scan_001.tif',
      original: picture('original-1'),
      restoration: {
        ...picture('restored-1'),
        treatment: {
          level: 1,
          operations: ['repair-damage', 'correct-tone'],
          approvedBy: 'Trần Minh',
          approvedAt: '2026-11-21T02:00:00.000Z',
          receipt: `${site}/api/files/receipt/1`,
        },
      },
    },
    { side: 'back', fileName: 'scan_001b.tif', original: picture('original-2'), restoration: null },
  ],
};

/** Facts with as little as possible. */
export const leastFacts: ManifestFacts = {
  id: `${site}/iiif/manifest/2`,
  description: emptyDescription,
  rights: 'http://rightsstatements.org/vocab/CNE/1.0/',
  collection: {},
  homepage: `${site}/photographs/2`,
  downloads: [],
  canvases: [{ side: 'front', fileName: 'a.jpg', original: picture('o', 1, 1), restoration: null }],
};

/** A manifest that uses what ours do not: ranges, start, behaviors, comments, a placeholder, older services, HTML. */
function richManifest(): ManifestJson {
  const manifest = structuredClone(buildManifest(fullFacts));
  const [front, back] = manifest['items'] as ManifestJson[];
  if (!front || !back) throw new Error('Expected two canvases in the fixture but received fewer');
  const canvas = String(front['id']);
  const base = String(manifest['id']);
  return {
    ...manifest,
    '@context': ['http://www.w3.org/ns/anno.jsonld', 'http://iiif.io/api/presentation/3/context.json'],
    label: { 'es-419': ['Casa'], 'vi-Latn-VN': ['Nhà'], none: ['1'] },
    summary: { en: ['<p>A <b>house</b>, <a href="https://archive.example/a?b=1&amp;c=2">more</a><br/></p>'] },
    behavior: ['individuals', 'no-auto-advance'],
    viewingDirection: 'right-to-left',
    start: { id: `${base}/start`, type: 'SpecificResource', source: canvas, selector: { type: 'PointSelector', t: 1 } },
    services: [{ id: `${base}/search`, type: 'SearchService2' }],
    partOf: [{ id: `${base}/collection`, type: 'Collection' }],
    items: [
      {
        ...front,
        behavior: ['facing-pages'],
        placeholderCanvas: {
          id: `${base}/placeholder`,
          type: 'Canvas',
          width: 100,
          height: 100,
          items: [
            {
              id: `${base}/placeholder/page`,
              type: 'AnnotationPage',
              items: [
                {
                  id: `${base}/placeholder/painting`,
                  type: 'Annotation',
                  motivation: 'painting',
                  target: `${base}/placeholder#xywh=0,0,50,50`,
                  body: {
                    id: `${site}/p.jpg`,
                    type: 'Image',
                    format: 'image/jpeg',
                    service: [
                      {
                        '@id': `${site}/iiif/2/p`,
                        '@type': 'ImageService2',
                        profile: 'http://iiif.io/api/image/2/level2.json',
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
        annotations: [
          {
            id: `${base}/comments`,
            type: 'AnnotationPage',
            items: [
              {
                id: `${base}/comments/1`,
                type: 'Annotation',
                motivation: ['commenting'],
                target: {
                  type: 'SpecificResource',
                  source: canvas,
                  selector: { type: 'FragmentSelector', value: 'xywh=1,1,5,5' },
                },
                body: { type: 'TextualBody', value: 'Lan', language: 'vi', format: 'text/plain' },
              },
            ],
          },
        ],
      },
      back,
    ],
    structures: [
      {
        id: `${base}/range/1`,
        type: 'Range',
        label: { en: ['Album'] },
        behavior: ['sequence'],
        items: [
          { id: canvas, type: 'Canvas' },
          {
            id: `${base}/range/2`,
            type: 'Range',
            label: { en: ['Back'] },
            items: [{ type: 'SpecificResource', source: { id: back['id'], type: 'Canvas' } }],
          },
        ],
      },
    ],
  };
}

/** Manifests that our rules must let pass, by name; each call gives fresh copies. */
export function okManifests(): Record<string, ManifestJson> {
  return { full: buildManifest(fullFacts), least: buildManifest(leastFacts), rich: richManifest() };
}
