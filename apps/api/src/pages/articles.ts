import type { PhotographView } from '@albumen/contracts';
import { inLanguage, type Language } from '@albumen/domain';
import type { PublicCollection, PublicLine } from '@albumen/workflow';
import { escapeHtml } from './escape.js';
import type { PageWords } from './shell.js';

const words = {
  site: { en: 'Albumen', vi: 'Albumen' },
  about: {
    en: 'Photographs kept as they were received, restored in the open, with the proof of every change.',
    vi: 'Ảnh được giữ nguyên như khi nhận, phục chế công khai, mọi thay đổi đều có bằng chứng.',
  },
  untitled: { en: 'Untitled photograph', vi: 'Ảnh chưa có nhan đề' },
  changed: { en: 'What was changed', vi: 'Đã thay đổi những gì' },
  rights: { en: 'Rights', vi: 'Quyền sử dụng' },
  collection: { en: 'Collection', vi: 'Bộ sưu tập' },
  date: { en: 'Date', vi: 'Thời gian' },
  places: { en: 'Places', vi: 'Địa điểm' },
  people: { en: 'People', vi: 'Người trong ảnh' },
  original: { en: 'The scan as received', vi: 'Bản quét như khi nhận' },
  restored: { en: 'The restored picture', vi: 'Bản phục chế' },
  manifest: { en: 'IIIF manifest', vi: 'Bản kê IIIF' },
  gone: { en: 'This photograph was withdrawn', vi: 'Ảnh này đã được rút lại' },
  nothing: { en: 'Nothing is at this address', vi: 'Không có gì ở địa chỉ này' },
} as const satisfies Record<string, Record<Language, string>>;

/** Where a page is and in which language it speaks. */
export interface PagePlace {
  readonly publicUrl: string;
  readonly path: string;
  readonly language: Language;
}

const picture = (image: { url: string; width: number; height: number }, alternative: string): string =>
  `<img src="${escapeHtml(image.url)}" width="${image.width}" height="${image.height}" alt="${escapeHtml(alternative)}">`;

/** The page of a photograph: picture, title, description, what was changed, rights. */
export function photographWords(place: PagePlace, view: PhotographView): PageWords {
  const { language } = place;
  const text = (name: keyof typeof words): string => words[name][language];
  const title = inLanguage(view.description.title, language) || text('untitled');
  const description = inLanguage(view.description.description, language);
  const alternative = inLanguage(view.description.alternativeText, language) || title;
  const shown = view.restored ?? view.original;
  const large = { ...shown, url: `${shown.url}/full/!1200,1200/0/default.jpg` };
  const scale = Math.min(1, 1200 / Math.max(shown.width, shown.height));
  const facts = [
    [text('date'), view.description.dateAsWritten],
    [text('places'), view.description.places.join(', ')],
    [text('people'), view.description.people.join(', ')],
    [text('collection'), inLanguage(view.collection.title, language)],
  ].filter(([, value]) => value);
  const rights = inLanguage(view.rights.plain, language);
  const article = [
    '<article>',
    `<h1>${escapeHtml(title)}</h1>`,
    picture(
      { url: large.url, width: Math.round(shown.width * scale), height: Math.round(shown.height * scale) },
      alternative,
    ),
    description && `<p>${escapeHtml(description)}</p>`,
    `<dl>${facts.map(([name, value]) => `<dt>${escapeHtml(name ?? '')}</dt><dd>${escapeHtml(value ?? '')}</dd>`).join('')}</dl>`,
    view.changes && `<h2>${escapeHtml(text('changed'))}</h2><p>${escapeHtml(view.changes.sentence[language])}</p>`,
    `<h2>${escapeHtml(text('rights'))}</h2><p>${escapeHtml(rights)} <a href="${escapeHtml(view.rights.uri)}">${escapeHtml(inLanguage(view.rights.label, language))}</a></p>`,
    `<p><a href="${escapeHtml(view.downloads.original.url)}">${escapeHtml(text('original'))}</a>`,
    view.downloads.restored &&
      ` <a href="${escapeHtml(view.downloads.restored.url)}">${escapeHtml(text('restored'))}</a>`,
    ` <a href="${escapeHtml(view.manifestUrl)}">${escapeHtml(text('manifest'))}</a></p>`,
    '</article>',
  ]
    .filter(Boolean)
    .join('\n');
  const address = `${place.publicUrl}${place.path}`;
  return {
    language,
    title: `${title} – ${words.site[language]}`,
    description: description || alternative,
    address,
    picture: `${place.publicUrl}${large.url}`,
    data: {
      '@context': 'https://schema.org',
      '@type': 'Photograph',
      '@id': address,
      name: title,
      ...(description ? { description } : {}),
      image: `${place.publicUrl}${large.url}`,
      thumbnailUrl: `${place.publicUrl}${view.thumbnail}`,
      ...(view.description.creator ? { creator: { '@type': 'Person', name: view.description.creator } } : {}),
      ...(view.description.edtf ? { temporalCoverage: view.description.edtf } : {}),
      ...(view.description.places.length ? { contentLocation: view.description.places } : {}),
      license: view.rights.uri,
      datePublished: view.publishedAt,
      isPartOf: {
        '@type': 'Collection',
        name: inLanguage(view.collection.title, language),
        url: `${place.publicUrl}/collections/${view.collection.id}`,
      },
    },
    article,
  };
}

/** A page with a list of photographs: the home page or a collection's. */
export function listWords(
  place: PagePlace,
  list: {
    readonly heading: string;
    readonly description: string;
    readonly photographs: readonly PublicLine[];
    readonly collections?: readonly PublicCollection[];
  },
): PageWords {
  const { language } = place;
  const first = list.photographs[0];
  const collections = (list.collections ?? []).map(
    (row) =>
      `<li><a href="/collections/${row.id}">${escapeHtml(inLanguage(row.title, language))}</a> (${row.count})</li>`,
  );
  const photographs = list.photographs.map((row) => {
    const title = inLanguage(row.title, language) || words.untitled[language];
    return `<li><a href="/photographs/${row.id}">${picture(row.thumbnail, '')} ${escapeHtml(title)}</a></li>`;
  });
  return {
    language,
    title: list.heading === words.site[language] ? list.heading : `${list.heading} – ${words.site[language]}`,
    description: list.description || words.about[language],
    address: `${place.publicUrl}${place.path}`,
    ...(first ? { picture: `${place.publicUrl}${first.thumbnail.url}` } : {}),
    article: [
      `<article><h1>${escapeHtml(list.heading)}</h1><p>${escapeHtml(list.description || words.about[language])}</p>`,
      collections.length > 0 ? `<ul>${collections.join('')}</ul>` : '',
      `<ul>${photographs.join('')}</ul></article>`,
    ].join('\n'),
  };
}

/** The home page. */
export const homeWords = (
  place: PagePlace,
  photographs: readonly PublicLine[],
  collections: readonly PublicCollection[],
): PageWords =>
  listWords(place, {
    heading: words.site[place.language],
    description: words.about[place.language],
    photographs,
    collections,
  });

/** The page that stands where a photograph was withdrawn, or where nothing is. */
export function absentWords(place: PagePlace, why: 'gone' | 'nothing', reason: string): PageWords {
  const title = words[why][place.language];
  return {
    language: place.language,
    title: `${title} – ${words.site[place.language]}`,
    description: reason || title,
    address: `${place.publicUrl}${place.path}`,
    article: `<article><h1>${escapeHtml(title)}</h1>${reason ? `<p>${escapeHtml(reason)}</p>` : ''}</article>`,
  };
}
