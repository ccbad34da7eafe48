import type { Language } from './language';
import { words, type WordKey } from './words';

/** Names of measurements in the current language, joined; one that no table holds is shown as the report names it. */
export function measureWords(names: readonly string[], t: Language['t']): string {
  return names
    .map((name) => (Object.hasOwn(words, `measure.${name}`) ? t(`measure.${name}` as WordKey) : name))
    .join(', ');
}
