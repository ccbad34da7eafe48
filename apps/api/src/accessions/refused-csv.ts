import type { AccessionFileView } from '@albumen/contracts';
import { isErrorCode, sentence } from '@albumen/domain';

/** Refused files as CSV with a byte order mark, so that spreadsheets read its UTF-8. */
export function refusedAsCsv(rows: readonly AccessionFileView[]): string {
  const lines = rows.map((row) => {
    const { code, details } = row.reason ?? { code: '', details: {} };
    const words = (language: 'en' | 'vi'): string => (isErrorCode(code) ? sentence(code, details, language) : code);
    return [row.position, row.name, row.path, row.bytes, code, words('en'), words('vi')].map(cell).join(',');
  });
  return `\uFEFF${['position,name,path,bytes,code,reason_en,reason_vi', ...lines].join('\r\n')}\r\n`;
}

/** A cell that no spreadsheet takes for a formula: one that begins with = + - @ gets an apostrophe before it. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}
