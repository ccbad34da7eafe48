import { inLanguage, type Language, type LocalText } from '@albumen/domain';

/** What the server writes into the portal's page before it is sent: enough to be read without a script. */
export interface PageWords {
  readonly language: Language;
  readonly title: string;
  readonly description: string;
  /** Absolute address of this page. */
  readonly address: string;
  /** Absolute address of a picture, or null. */
  readonly picture: string | null;
  /** Schema.org data, or null. */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** HTML of the page for readers without a script; made with `escapeHtml`. */
  readonly body: string;
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that can stand in HTML and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign);

/** JSON that can stand inside a script element: nothing in it can close the element. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Puts the words into the portal's `index.html`: title, description, picture, data and the text for readers without a script. */
export function fillShell(shell: string, words: PageWords): string {
  const head = [
    `<title>${escapeHtml(words.title)}</title>`,
    `<meta name="description" content="${escapeHtml(words.description)}">`,
    `<link rel="canonical" href="${escapeHtml(words.address)}">`,
    `<meta property="og:title" content="${escapeHtml(words.title)}">`,
    `<meta property="og:description" content="${escapeHtml(words.description)}">`,
    `<meta property="og:url" content="${escapeHtml(words.address)}">`,
    words.picture ? `<meta property="og:image" content="${escapeHtml(words.picture)}">` : '',
    words.data ? `<script type="application/ld+json">${scriptJson(words.data)}</script>` : '',
  ].join('');
  return shell
    .replace(/<html([^>]*)lang="[^"]*"/i, (_, rest: string) => `<html${rest}lang="${words.language}"`)
    .replace(/<title>[^<]*<\/title>/i, () => head)
    .replace(/<\/body>/i, () => `<noscript><main>${words.body}</main></noscript></body>`);
}

/** The language a reader asks for: the cookie that the portal sets, else the browser's preference, else English. */
export function wantedLanguage(headers: {
  readonly cookie?: string | undefined;
  readonly 'accept-language'?: string | undefined;
}): Language {
  const chosen = /(?:^|;\s*)albumen-language=(en|vi)\b/.exec(headers.cookie ?? '')?.[1];
  if (chosen) return chosen as Language;
  const asked = (headers['accept-language'] ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return asked.find((code): code is Language => code === 'vi' || code === 'en') ?? 'en';
}

/** The text of the wanted language as safe HTML, line breaks kept. */
export const localHtml = (text: LocalText, language: Language): string =>
  escapeHtml(inLanguage(text, language)).replace(/\n/g, '<br>');
