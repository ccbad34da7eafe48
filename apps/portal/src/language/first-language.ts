import type { Language as LanguageCode } from '@albumen/domain';

/** What was chosen before, else Vietnamese where the browser asks for it before English, else English. */
export function firstLanguage(remembered: string | null, preferred: readonly string[]): LanguageCode {
  if (remembered === 'en' || remembered === 'vi') return remembered;
  const first = preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'en' || tag === 'vi');
  return first === 'vi' ? 'vi' : 'en';
}
