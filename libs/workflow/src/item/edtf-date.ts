import edtf from 'edtf';
import { refuse } from '@albumen/domain';

/** Extended Date/Time Format (ISO 8601-2): '' or the date as it was given. Refuses with `description.date-unreadable`. */
export function readEdtf(text: string): string {
  const date = text.trim();
  if (date === '') return '';
  if (!isEdtf(date)) throw refuse('description.date-unreadable', { edtf: text });
  return date;
}

function isEdtf(date: string): boolean {
  // Photographs are dated by the day at most; the parser also lets 29 February of a common year roll over to March.
  if (date.length > 100 || date.includes('T') || hasFalseLeapDay(date)) return false;
  try {
    edtf(date);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

function hasFalseLeapDay(date: string): boolean {
  return [...date.matchAll(/(-?\d{4})[?~%]?-[?~%]?02[?~%]?-[?~%]?29/g)].some(([, year]) => {
    const y = Number(year);
    return !(y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0));
  });
}
