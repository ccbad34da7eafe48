import type { ManifestRule } from '../check/faults.js';
import { okManifests } from './ok-manifests.js';

/** Any member of a fixture may be overwritten, so it is walked without types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

/** One planted fault: the rich fixture with one thing broken, and the rule that must name it. */
export interface PlantedFault {
  readonly name: string;
  readonly rule: ManifestRule;
  readonly manifest: unknown;
}

type Spoil = (
  manifest: Loose,
  parts: {
    canvas: Loose;
    back: Loose;
    page: Loose;
    annotation: Loose;
    choice: Loose;
    image: Loose;
    comment: Loose;
    range: Loose;
  },
) => unknown;

const faults: readonly (readonly [name: string, rule: ManifestRule, spoil: Spoil])[] = [
  ['no context', 'context', (m) => delete m['@context']],
  ['context of Presentation 2', 'context', (m) => (m['@context'] = 'http://iiif.io/api/presentation/2/context.json')],
  ['context with https', 'context', (m) => (m['@context'] = 'https://iiif.io/api/presentation/3/context.json')],
  ['context not last', 'context', (m) => (m['@context'] = [...m['@context']].reverse())],
  [
    'context on a canvas',
    'context',
    (_, { canvas }) => (canvas['@context'] = 'http://iiif.io/api/presentation/3/context.json'),
  ],
  ['context named twice', 'context', (m) => m['@context'].push(m['@context'][1])],
  ['manifest without id', 'id', (m) => delete m.id],
  ['manifest id with fragment', 'id', (m) => (m.id += '#1')],
  ['manifest id relative', 'id', (m) => (m.id = '/iiif/manifest/1')],
  ['manifest id as urn', 'id', (m) => (m.id = 'urn:uuid:1')],
  ['canvas without id', 'id', (_, { canvas }) => delete canvas.id],
  ['canvas id with fragment', 'id', (_, { canvas }) => (canvas.id += '#xywh=0,0,1,1')],
  ['page without id', 'id', (_, { page }) => delete page.id],
  ['annotation without id', 'id', (_, { annotation }) => delete annotation.id],
  ['image without id', 'id', (_, { image }) => delete image.id],
  ['image id with a blank', 'id', (_, { image }) => (image.id = 'https://archive.example/a b.jpg')],
  ['two canvases with one id', 'duplicate-id', (_, { canvas, back }) => (back.id = canvas.id)],
  [
    'two annotations with one id',
    'duplicate-id',
    (_, { annotation, back }) => (back.items[0].items[0].id = annotation.id),
  ],
  ['page with the canvas id', 'duplicate-id', (_, { canvas, page }) => (page.id = canvas.id)],
  ['range with the manifest id', 'duplicate-id', (m, { range }) => (range.id = m.id)],
  ['manifest of type sc:Manifest', 'type', (m) => (m.type = 'sc:Manifest')],
  ['collection instead of manifest', 'type', (m) => (m.type = 'Collection')],
  ['canvas of another type', 'type', (_, { canvas }) => (canvas.type = 'Range')],
  ['page of another type', 'type', (_, { page }) => (page.type = 'AnnotationList')],
  ['annotation of another type', 'type', (_, { annotation }) => (annotation.type = 'oa:Annotation')],
  ['member of Presentation 2', 'property', (m) => (m.license = 'http://creativecommons.org/publicdomain/mark/1.0/')],
  ['viewingHint', 'property', (_, { canvas }) => (canvas.viewingHint = 'paged')],
  ['sequences', 'property', (m) => (m.sequences = [])],
  ['no label', 'label', (m) => delete m.label],
  ['label as text', 'language-map', (m) => (m.label = 'House')],
  ['label with a bare text', 'language-map', (m) => (m.label = { en: 'House' })],
  ['label without language', 'language-map', (m) => (m.label = {})],
  ['label with an empty list', 'language-map', (m) => (m.label = { en: [] })],
  ['label with an empty text', 'language-map', (m) => (m.label = { en: [' '] })],
  ['label with a number', 'language-map', (m) => (m.label = { en: [1] })],
  ['label in Presentation 2 form', 'language-tag', (m) => (m.label = { '@value': ['House'], '@language': ['en'] })],
  ['language that is no tag', 'language-tag', (m) => (m.label = { english_language: ['House'] })],
  ['HTML in a label', 'html', (m) => (m.label = { en: ['<b>House</b>'] })],
  ['script in the summary', 'html', (m) => (m.summary = { en: ['<p>x<script>alert(1)</script></p>'] })],
  ['event handler in the summary', 'html', (m) => (m.summary = { en: ['<p onclick="x()">x</p>'] })],
  ['javascript address', 'html', (m) => (m.summary = { en: ['<a href="javascript:x()">x</a>'] })],
  ['image with a data address', 'html', (m) => (m.summary = { en: ['<img src="data:image/png;base64,AA" alt=""/>'] })],
  ['comment in the summary', 'html', (m) => (m.summary = { en: ['<p>x<!-- y --></p>'] })],
  ['HTML that is not closed', 'html', (m) => (m.summary = { en: ['<p>x<br/>'] })],
  ['HTML closed in the wrong order', 'html', (m) => (m.summary = { en: ['<p><b>x</p></b>'] })],
  ['bare ampersand in HTML', 'html', (m) => (m.summary = { en: ['<p>a & b</p>'] })],
  ['iframe in metadata', 'html', (m) => (m.metadata[0].value = { en: ['<iframe src="https://x.example/"></iframe>'] })],
  [
    'style in the required statement',
    'html',
    (m) => (m.requiredStatement.value = { en: ['<span style="color:red">x</span>'] }),
  ],
  ['summary as text', 'summary', (m) => (m.summary = 'x')],
  ['metadata as object', 'metadata', (m) => (m.metadata = { label: 'x' })],
  ['metadata pair without value', 'metadata', (m) => delete m.metadata[0].value],
  ['metadata pair without label', 'metadata', (m) => delete m.metadata[0].label],
  ['metadata pair with more', 'metadata', (m) => (m.metadata[0].id = 'x')],
  ['required statement as text', 'required-statement', (m) => (m.requiredStatement = 'x')],
  ['required statement without label', 'required-statement', (m) => delete m.requiredStatement.label],
  ['rights with https', 'rights', (m) => (m.rights = 'https://creativecommons.org/publicdomain/mark/1.0/')],
  ['rights without last slash', 'rights', (m) => (m.rights = 'http://creativecommons.org/publicdomain/mark/1.0')],
  ['rights of the page, not the statement', 'rights', (m) => (m.rights = 'http://rightsstatements.org/page/InC/1.0/')],
  ['rights in words', 'rights', (m) => (m.rights = 'Public domain')],
  ['rights as list', 'rights', (m) => (m.rights = ['http://creativecommons.org/publicdomain/mark/1.0/'])],
  ['unknown rights statement', 'rights', (m) => (m.rights = 'http://rightsstatements.org/vocab/InC-XX/1.0/')],
  ['provider as object', 'provider', (m) => (m.provider = m.provider[0])],
  ['provider without label', 'provider', (m) => delete m.provider[0].label],
  ['provider of another type', 'provider', (m) => (m.provider[0].type = 'Organization')],
  ['homepage as object', 'homepage', (m) => (m.homepage = m.homepage[0])],
  ['homepage without label', 'homepage', (m) => delete m.homepage[0].label],
  ['homepage without type', 'homepage', (m) => delete m.homepage[0].type],
  ['rendering without label', 'rendering', (m) => delete m.rendering[0].label],
  ['rendering empty', 'rendering', (m) => (m.rendering = [])],
  ['seeAlso without type', 'see-also', (m) => delete m.seeAlso[0].type],
  ['seeAlso as address', 'see-also', (m) => (m.seeAlso = ['https://archive.example/x.json'])],
  ['partOf without type', 'part-of', (m) => delete m.partOf[0].type],
  ['thumbnail as address', 'thumbnail', (m) => (m.thumbnail = 'https://archive.example/t.jpg')],
  ['thumbnail of another type', 'thumbnail', (m) => (m.thumbnail[0].type = 'Dataset')],
  ['service as object', 'service', (_, { image }) => (image.service = image.service[0])],
  ['image service of unknown type', 'service', (_, { image }) => (image.service[0].type = 'ImageService4')],
  ['image service without profile', 'service', (_, { image }) => delete image.service[0].profile],
  [
    'image service with the profile of 2',
    'service',
    (_, { image }) => (image.service[0].profile = 'http://iiif.io/api/image/2/level2.json'),
  ],
  ['image service without id', 'service', (_, { image }) => delete image.service[0].id],
  [
    'search service on an image',
    'service',
    (_, { image }) => (image.service = [{ id: 'https://archive.example/s', type: 'SearchService2' }]),
  ],
  ['navDate without time', 'nav-date', (m) => (m.navDate = '1921-05-03')],
  ['navDate with an offset', 'nav-date', (m) => (m.navDate = '1921-05-03T00:00:00+07:00')],
  ['navDate that is no day', 'nav-date', (m) => (m.navDate = '1921-02-30T00:00:00Z')],
  ['navDate in words', 'nav-date', (m) => (m.navDate = 'circa 1921')],
  ['behavior as text', 'behavior', (m) => (m.behavior = 'paged')],
  ['behavior unknown', 'behavior', (m) => (m.behavior = ['zoomable'])],
  ['behaviors that contradict', 'behavior', (m) => (m.behavior = ['paged', 'continuous'])],
  ['behavior of a canvas on a manifest', 'behavior', (m) => (m.behavior = ['facing-pages'])],
  ['behavior of a collection on a manifest', 'behavior', (m) => (m.behavior = ['multi-part'])],
  ['unknown viewing direction', 'viewing-direction', (m) => (m.viewingDirection = 'ltr')],
  ['no items', 'items', (m) => delete m.items],
  ['empty items', 'items', (m) => (m.items = [])],
  ['items as object', 'items', (m) => (m.items = m.items[0])],
  ['canvas without items', 'items', (_, { canvas }) => delete canvas.items],
  ['canvas with empty items', 'items', (_, { canvas }) => (canvas.items = [])],
  ['canvas without height', 'size', (_, { canvas }) => delete canvas.height],
  ['canvas without size', 'size', (_, { canvas }) => (delete canvas.height, delete canvas.width)],
  ['canvas with width zero', 'size', (_, { canvas }) => (canvas.width = 0)],
  ['canvas width as text', 'size', (_, { canvas }) => (canvas.width = '4000')],
  ['canvas width with a fraction', 'size', (_, { canvas }) => (canvas.width = 40.5)],
  ['canvas with duration zero', 'size', (_, { canvas }) => (canvas.duration = 0)],
  ['image with negative width', 'size', (_, { image }) => (image.width = -1)],
  ['image with width only', 'size', (_, { back }) => delete back.items[0].items[0].body.height],
  ['painting page without annotations', 'annotation-page', (_, { page }) => (page.items = [])],
  ['painting page without items', 'annotation-page', (_, { page }) => delete page.items],
  ['no motivation', 'motivation', (_, { annotation }) => delete annotation.motivation],
  ['comment among the paintings', 'motivation', (_, { annotation }) => (annotation.motivation = 'commenting')],
  ['motivation sc:painting', 'motivation', (_, { annotation }) => (annotation.motivation = 'sc:painting')],
  ['no body', 'body', (_, { annotation }) => delete annotation.body],
  ['body as address', 'body', (_, { annotation }) => (annotation.body = 'https://archive.example/a.jpg')],
  ['empty list of bodies', 'body', (_, { annotation }) => (annotation.body = [])],
  ['body of type dctypes:Image', 'body', (_, { image }) => (image.type = 'dctypes:Image')],
  ['body that is a dataset', 'body', (_, { image }) => (image.type = 'Dataset')],
  ['Choice without items', 'choice', (_, { choice }) => delete choice.items],
  ['Choice with empty items', 'choice', (_, { choice }) => (choice.items = [])],
  ['Choice item without label', 'choice', (_, { image }) => delete image.label],
  ['Choice in a Choice', 'choice', (_, { choice }) => (choice.items[1] = structuredClone(choice))],
  [
    'Choice with the same item twice',
    'choice',
    (_, { choice }) => (choice.items[1] = structuredClone(choice.items[0])),
  ],
  ['no target', 'target', (_, { annotation }) => delete annotation.target],
  ['target is another canvas', 'target', (_, { annotation, back }) => (annotation.target = back.id)],
  [
    'target is a specific part of another canvas',
    'target',
    (_, { annotation, back }) => (annotation.target = { type: 'SpecificResource', source: back.id }),
  ],
  ['target with a strange fragment', 'target', (_, { annotation }) => (annotation.target += '#top')],
  ['painting under annotations', 'annotations', (_, { comment }) => (comment.motivation = 'painting')],
  ['annotations as object', 'annotations', (_, { canvas }) => (canvas.annotations = canvas.annotations[0])],
  ['comment without body', 'body', (_, { comment }) => delete comment.body],
  ['range that points nowhere', 'range', (_, { range }) => (range.items[0].id += 'x')],
  ['range without items', 'range', (_, { range }) => delete range.items],
  ['range with empty items', 'range', (_, { range }) => (range.items = [])],
  ['range that holds an image', 'range', (_, { range }) => (range.items[0].type = 'Image')],
  [
    'range part that points nowhere',
    'range',
    (_, { range }) => (range.items[1].items[0].source.id = 'https://archive.example/none'),
  ],
  ['start that points nowhere', 'start', (m) => (m.start = { id: 'https://archive.example/none', type: 'Canvas' })],
  ['start as address', 'start', (m, { canvas }) => (m.start = canvas.id)],
  ['format that is no media type', 'format', (_, { image }) => (image.format = 'jpeg')],
  ['format of another type', 'format', (_, { image }) => (image.format = 'video/mp4')],
  [
    'placeholder in a placeholder',
    'canvas-link',
    (_, { canvas }) => (canvas.placeholderCanvas.placeholderCanvas = structuredClone(canvas.placeholderCanvas)),
  ],
  [
    'placeholder as address',
    'canvas-link',
    (_, { canvas }) => (canvas.placeholderCanvas = 'https://archive.example/p'),
  ],
  ['language that is no tag on a homepage', 'language-tag', (m) => (m.homepage[0].language = ['vietnamese language'])],
];

/** The rich fixture, once per planted fault. */
export function notOkManifests(): PlantedFault[] {
  const planted = faults.map(([name, rule, spoil]) => {
    const manifest: Loose = structuredClone(okManifests()['rich']);
    const [canvas, back] = manifest.items;
    const [page] = canvas.items;
    const [annotation] = page.items;
    const choice = annotation.body;
    spoil(manifest, {
      canvas,
      back,
      page,
      annotation,
      choice,
      image: choice.items[0],
      comment: canvas.annotations[0].items[0],
      range: manifest.structures[0],
    });
    return { name, rule, manifest: manifest as unknown };
  });
  const list: PlantedFault = { name: 'a list instead of a manifest', rule: 'json', manifest: [] };
  const full: Loose = okManifests()['full'];
  return [
    ...planted,
    list,
    { name: 'unknown member without a context for it', rule: 'property', manifest: { ...full, colour: 'red' } },
  ];
}
