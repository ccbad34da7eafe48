import { DOCUMENT, Injectable, inject, signal } from '@angular/core';
import { TranslocoService, type TranslocoLoader } from '@jsverse/transloco';
import { inLanguage, languages, type Language as LanguageCode, type LocalText } from '@albumen/domain';
import { of, type Observable } from 'rxjs';
import { firstLanguage } from './first-language';
import { tableOf, type WordKey } from './words';

const rememberedAt = 'albumen.language';

/** Hands Transloco the tables that were bundled: a switch needs no network. */
@Injectable()
export class BundledWords implements TranslocoLoader {
  getTranslation(language: string): Observable<Record<string, string>> {
    return of(tableOf(language === 'vi' ? 'vi' : 'en'));
  }
}

/** The language of the screens: chosen, remembered, switched at once. `t` is reactive: a template that calls it follows the switch. */
@Injectable({ providedIn: 'root' })
export class Language {
  private readonly transloco = inject(TranslocoService);
  private readonly document = inject(DOCUMENT);
  private readonly chosen = signal<LanguageCode>('en');
  readonly current = this.chosen.asReadonly();

  constructor() {
    for (const language of languages) this.transloco.load(language).subscribe();
    this.use(firstLanguage(readRemembered(), navigator.languages));
  }

  /** Switches every screen and remembers the choice on this device. */
  choose(language: LanguageCode): void {
    this.use(language);
    try {
      localStorage.setItem(rememberedAt, language);
    } catch (fault) {
      console.warn('The language could not be remembered', fault);
    }
  }

  /** The words of a key in the current language, filled with the parameters. */
  readonly t = (key: WordKey, params?: Record<string, unknown>): string => {
    this.chosen();
    return this.transloco.translate<string>(key, params ?? {});
  };

  /** The text of a value that is written in both languages. */
  readonly text = (value: LocalText | null | undefined): string => inLanguage(value, this.chosen());

  private use(language: LanguageCode): void {
    this.transloco.setActiveLang(language);
    this.document.documentElement.lang = language;
    // The server writes titles and texts of public pages in this language before any script runs.
    this.document.cookie = `albumen-language=${language};path=/;max-age=31536000;samesite=lax`;
    this.chosen.set(language);
  }
}

function readRemembered(): string | null {
  try {
    return localStorage.getItem(rememberedAt);
  } catch {
    return null;
  }
}
