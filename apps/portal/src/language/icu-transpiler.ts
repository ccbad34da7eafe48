import { Injectable } from '@angular/core';
import type { TranslocoTranspiler } from '@jsverse/transloco';
import { IntlMessageFormat } from 'intl-messageformat';

/**
 * Fills ICU messages (plurals, selects, numbers) for Transloco without compiling code at run time, so that a strict
 * content security policy holds. A message is parsed once per language. Parameters that are missing throw.
 */
@Injectable()
export class IcuTranspiler implements TranslocoTranspiler {
  private language = 'en';
  private readonly parsed = new Map<string, IntlMessageFormat>();

  onLangChanged(language: string): void {
    this.language = language;
  }

  transpile({ value, params }: { value: unknown; params?: Record<string, unknown> }): unknown {
    if (typeof value !== 'string' || !value.includes('{')) return value;
    return this.messageOf(value).format((params ?? {}) as Record<string, string | number | boolean>);
  }

  private messageOf(text: string): IntlMessageFormat {
    const key = `${this.language}|${text}`;
    let message = this.parsed.get(key);
    if (!message) {
      message = new IntlMessageFormat(text, this.language, undefined, { ignoreTag: true });
      this.parsed.set(key, message);
    }
    return message;
  }
}
