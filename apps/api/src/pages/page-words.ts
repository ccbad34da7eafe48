import type { PhotographView } from '@albumen/contracts';
import { inLanguage, type Language } from '@albumen/domain';
import { escapeHtml, localHtml, type PageWords } from './page-shell.js';

const words = {
  restored: { en: 'Restored', vi: 'Bản phục chế' },
  original: { en: 'Original', vi: 'Bản gốc' },
  changed: { en: 'What was changed', vi: 'Đã thay đổi những gì' },
  rights: { en: 'Rights', vi: 'Quyền sử dụng' },
  gone: { en: 'This photograph was withdrawn', vi: 'Ảnh này đã được rút lại' },
  home: { en: 'Albumen: photographs with their originals', vi: 'Albumen: ảnh tư liệu cùng bản gốc' },
  homeText: {
    en: 'Old photographs, restored with care. The untouched original is always one step away.',
    vi: 'Ảnh xưa được phục chế cẩn trọng. Bản gốc nguyên vẹn luôn ở ngay bên cạnh.',
  },
} as const;

/** Words of a photograph's public page. */
export function photographWords(view: PhotographView, language: Language, publicUrl: string): PageWords {
  const title = inLanguage(view.description.title, language);
  const description = inLanguage(view.description.description, language) || title;
  const address = `${publicUrl}/photographs/${view.id}`;
  const picture = (of: {
    readonly url: string;
    readonly width: number;
    readonly height: number;
  }): { src: string; width: number; height: number } => {
    const width = Math.min(1200, of.width);
    return {
      src: `${publicUrl}${of.url}/full/${width},/0/default.jpg`,
      width,
      height: Math.round((of.height * width) / of.width),
    };
  };
  const shown = picture(view.original);
  const restored = view.restored ? picture(view.restored) : null;
  const figure = (of: typeof shown, caption: string): string =>
    `<figure><img src="${escapeHtml(of.src)}" width="${of.width}" height="${of.height}" alt="${localHtml(view.description.alternativeText, language) || escapeHtml(title)}"><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
  return {
    language,
    title: `${title} · Albumen`,
    description: description.slice(0, 300),
    address,
    picture: (restored ?? shown).src,
    data: {
      '@context': 'https://schema.org',
      '@type': 'Photograph',
      '@id': address,
      name: title,
      description,
      ...(view.description.creator ? { creator: { '@type': 'Person', name: view.description.creator } } : {}),
      ...(view.description.dateAsWritten
        ? { dateCreated: view.description.edtf || view.description.dateAsWritten }
        : {}),
      ...(view.description.places.length > 0 ? { contentLocation: view.description.places } : {}),
      license: view.rights.uri,
      image: (restored ?? shown).src,
      isPartOf: inLanguage(view.collection.title, language),
    },
    body: [
      `<h1>${escapeHtml(title)}</h1>`,
      view.description.dateAsWritten ? `<p>${escapeHtml(view.description.dateAsWritten)}</p>` : '',
      figure(shown, words.original[language]),
      restored ? figure(restored, words.restored[language]) : '',
      `<p>${localHtml(view.description.description, language)}</p>`,
      view.changes ? `<h2>${words.changed[language]}</h2><p>${escapeHtml(view.changes.sentence[language])}</p>` : '',
      `<h2>${words.rights[language]}</h2><p>${localHtml(view.rights.plain, language)} <a href="${escapeHtml(view.rights.uri)}">${localHtml(view.rights.label, language)}</a></p>`,
      `<p><a href="${escapeHtml(view.manifestUrl)}">IIIF</a></p>`,
    ].join(''),
  };
}

/** Words of the page in place of a withdrawn photograph. */
export function withdrawnWords(itemId: string, reason: string, language: Language, publicUrl: string): PageWords {
  const title = words.gone[language];
  return {
    language,
    title: `${title} · Albumen`,
    description: reason,
    address: `${publicUrl}/photographs/${itemId}`,
    picture: null,
    data: null,
    body: `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(reason)}</p>`,
  };
}

/** Words of every other page: what Albumen shows, in one sentence. */
export function generalWords(path: string, language: Language, publicUrl: string): PageWords {
  const title = words.home[language];
  return {
    language,
    title,
    description: words.homeText[language],
    address: `${publicUrl}${path}`,
    picture: null,
    data: null,
    body: `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(words.homeText[language])}</p>`,
  };
}
