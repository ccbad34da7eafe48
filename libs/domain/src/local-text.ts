/** The languages of the screens and of descriptions. */
export const languages = ['en', 'vi'] as const;
export type Language = (typeof languages)[number];

/** A text in one or both languages; empty strings are left out. */
export type LocalText = Readonly<Partial<Record<Language, string>>>;

/** The text in the wanted language, else in the other one, else ''. */
export function inLanguage(text: LocalText | null | undefined, language: Language): string {
  if (!text) return '';
  const other = language === 'en' ? 'vi' : 'en';
  return text[language] || text[other] || '';
}

/** True where at least one language holds more than blanks. */
export function hasText(text: LocalText | null | undefined): boolean {
  return languages.some((language) => Boolean(text?.[language]?.trim()));
}

/** NFC at the edge, blanks trimmed, empty languages left out. */
export function tidyText(text: LocalText): LocalText {
  const tidy: Partial<Record<Language, string>> = {};
  for (const language of languages) {
    const value = text[language]?.normalize('NFC').trim();
    if (value) tidy[language] = value;
  }
  return tidy;
}

/**
 * Folds a text for searching: NFD, marks removed, đ → d (it does not decompose), lower case.
 * "Nguyễn" and "nguyen" fold to the same.
 */
export function foldForSearch(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase();
}
