import { errorTable, type Retry } from './error-table.js';

export { errorTable, type Retry } from './error-table.js';

export type ErrorCode = keyof typeof errorTable;
export const errorCodes = Object.keys(errorTable) as ErrorCode[];
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** A refusal with its code and details; the only error class product code throws on purpose. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(sentence(code, details, 'en'), options);
  }
  get status(): number {
    return errorTable[this.code].status;
  }
  get retry(): Retry {
    return errorTable[this.code].retry;
  }
}

/** Makes the refusal of that code; write `throw refuse('review.own-request')`. */
export function refuse(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }): Refusal {
  return new Refusal(code, details, options);
}

/** The sentence of a code in one language, its `{names}` filled from the details; a name without a value stays as it is. */
export function sentence(code: ErrorCode, details: ErrorDetails, language: 'en' | 'vi'): string {
  return errorTable[code][language].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = details[name];
    return value === undefined || value === null ? whole : String(value);
  });
}

/** True for a code of the table; use it on text that came over a wire or out of a row. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTable, text);
}

/**
 * A stored English sentence of a code, told in another language: its details are read back out of it. What does not look
 * like a sentence of that code is taken for the detail itself.
 */
export function retell(code: ErrorCode, told: string, language: 'en' | 'vi'): string {
  const names: string[] = [];
  const pattern = errorTable[code].en
    .split(/\{(\w+)\}/)
    .map((part, place) => {
      if (place % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(part);
      return '(.*)';
    })
    .join('');
  const found = new RegExp(`^${pattern}$`, 's').exec(told);
  if (!found) return sentence(code, { detail: told, reference: told, operation: told }, language);
  return sentence(code, Object.fromEntries(names.map((name, place) => [name, found[place + 1] ?? ''])), language);
}
