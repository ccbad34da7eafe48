/** Both ends inclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A single byte range of RFC 9110 §14; undefined asks for the whole, also for several ranges and for other units. */
export function readRange(header: string | undefined, bytes: number): Range | 'unsatisfiable' | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!found || (found[1] === '' && found[2] === '')) return undefined;
  const [, first = '', last = ''] = found;
  // "If the selected representation is shorter than the specified suffix-length, the entire representation is used."
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start >= bytes || start > end ? 'unsatisfiable' : { start, end };
}
