import { refuse } from '@albumen/domain';

/** Place in an ordered list: the values of the ordering columns of the last row shown. */
export type CursorValues = readonly (string | number)[];

/** The opaque text of a place in a list; only `readCursor` reads it. */
export function writeCursor(values: CursorValues): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The kinds of value a cursor can hold; `instant` is an ISO 8601 UTC time. */
export type CursorKind = 'number' | 'uuid' | 'instant';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const holds: Record<CursorKind, (value: unknown) => boolean> = {
  number: (value) => Number.isSafeInteger(value),
  uuid: (value) => typeof value === 'string' && uuid.test(value),
  instant: (value) => typeof value === 'string' && value.length <= 30 && !Number.isNaN(Date.parse(value)),
};

/** The values of a cursor of those kinds, or null where there is none; refuses a forged one with `request.invalid`. */
export function readCursor(cursor: string | undefined, ...kinds: readonly CursorKind[]): CursorValues | null {
  if (!cursor) return null;
  const values = parse(cursor);
  const right =
    Array.isArray(values) && values.length === kinds.length && kinds.every((kind, i) => holds[kind](values[i]));
  if (!right) throw refuse('request.invalid', { detail: 'cursor' });
  return values as CursorValues;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw refuse('request.invalid', { detail: 'cursor' }, { cause });
  }
}

/** Cuts the rows of a query that asked for one more than `limit` and makes the cursor of the next page. */
export function cutPage<T>(
  rows: readonly T[],
  limit: number,
  place: (row: T) => CursorValues,
): { rows: T[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last ? writeCursor(place(last)) : null };
}

/** The words of a search, folded by the caller, each as a LIKE pattern with its wildcards taken literally. */
export function likePatterns(folded: string): string[] {
  const words = folded.split(/\s+/).filter(Boolean).slice(0, 12);
  return words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}

/**
 * The condition that a column holds every one of these patterns, the parameters of the query from `first` on; 'true' for
 * none. One condition each, since an index serves `like $1` and never `like all ($1)`.
 */
export function matches(column: string, first: number, patterns: readonly string[]): string {
  return patterns.map((_, place) => `${column} like $${first + place}::text`).join(' and ') || 'true';
}
