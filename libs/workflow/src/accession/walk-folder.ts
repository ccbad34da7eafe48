import { readdir, stat } from 'node:fs/promises';
import { refuse } from '@albumen/domain';
import type { AnnouncedFile } from './plan-accession.js';

/** A file found in a folder, with the path that opens it; names that are no text keep their bytes there. */
export interface FoundFile extends AnnouncedFile {
  readonly location: Buffer;
}

const collator = new Intl.Collator('und', { numeric: true, sensitivity: 'variant' });

/** Natural order of '/'-separated paths, compared in NFC: "Scan 2" before "Scan 10", whatever form the disk uses. */
export function compareNaturally(a: string, b: string): number {
  const [left, right] = [a.normalize('NFC').split('/'), b.normalize('NFC').split('/')];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = collator.compare(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * Every plain file below a folder in natural order of its path; hidden ones are left out and links are not followed.
 * Throws `accession.folder-missing`.
 */
export async function walkFolder(folder: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  try {
    await walk(Buffer.from(folder), '', found);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM') {
      throw refuse('accession.folder-missing', { folder }, { cause: error });
    }
    throw error;
  }
  return found.sort((a, b) => compareNaturally(a.path, b.path));
}

async function walk(folder: Buffer, prefix: string, found: FoundFile[]): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const name = textOf(entry.name);
    if (name.startsWith('.')) continue;
    const location = Buffer.concat([folder, Buffer.from('/'), entry.name]);
    if (entry.isDirectory()) await walk(location, `${prefix}${name}/`, found);
    else if (entry.isFile()) {
      found.push({ name, path: `${prefix}${name}`, bytes: (await stat(location)).size, location });
    }
  }
}

/** A name as text. Bytes that are not UTF-8 become lone surrogates, so that the plan refuses the name and loses none. */
function textOf(name: Buffer): string {
  const text = name.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(name)) return text;
  return [...name.toString('latin1')].map((letter) => escapeHigh(letter)).join('');
}

/** As Python's surrogateescape: byte 0x80–0xFF → U+DC80–U+DCFF. */
function escapeHigh(letter: string): string {
  const byte = letter.charCodeAt(0);
  return byte < 0x80 ? letter : String.fromCharCode(0xdc00 + byte);
}
