import type { Language as LanguageCode } from '@albumen/domain';
import { accessionWords } from './accession-words';
import { auditWords } from './audit-words';
import { catalogueWords } from './catalogue-words';
import { deskWords } from './desk-words';
import { itemWords } from './item-words';
import { modelWords } from './model-words';
import { publicWords } from './public-words';
import { shellWords } from './shell-words';
import { treatmentWords } from './treatment-words';

/** Every sentence of the screens: key → [English, Vietnamese], side by side so that neither is forgotten. */
export const words = {
  ...shellWords,
  ...accessionWords,
  ...catalogueWords,
  ...itemWords,
  ...deskWords,
  ...treatmentWords,
  ...modelWords,
  ...auditWords,
  ...publicWords,
} as const satisfies Words;

/** Shape of a table of words. */
export type Words = Record<string, readonly [en: string, vi: string]>;
export type WordKey = keyof typeof words;

/** The table of one language, flat, as Transloco takes it. */
export function tableOf(language: LanguageCode): Record<string, string> {
  const place = language === 'en' ? 0 : 1;
  return Object.fromEntries(Object.entries(words).map(([key, pair]) => [key, pair[place]]));
}
