import { glob, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemCode } from '../command-fault.js';

/** A file that a command was asked to treat. */
export interface PictureAsked {
  /** Absolute path. */
  readonly path: string;
  /** How it was asked for: by its own name, or as one of the files of a folder or pattern. */
  readonly named: boolean;
}

/** What the words of a command stand for. */
export interface PicturesFound {
  readonly pictures: readonly PictureAsked[];
  /** Words behind which there is nothing, with the reason. */
  readonly missing: readonly { readonly word: string; readonly why: string }[];
}

/** Folders that a restoration wrote; they are never treated again by accident. */
export const resultFolder = /\.albumen(-\d+)?$/;

/**
 * Files, folders (with everything below them) and patterns (`*`, `**`, `?`, `[…]`, `{a,b}`) as files, each once, in the
 * order of the words and by name within a word. Hidden files, hidden folders and results of earlier runs are passed over
 * in folders and patterns.
 */
export async function findPictures(words: readonly string[]): Promise<PicturesFound> {
  const pictures = new Map<string, PictureAsked>();
  const missing: { word: string; why: string }[] = [];
  const take = async (path: string, named: boolean): Promise<void> => {
    const real = await realpath(path);
    const known = pictures.get(real);
    if (known === undefined || (named && !known.named)) pictures.set(real, { path: resolve(path), named });
  };
  for (const word of words) {
    const kind = await kindOf(word);
    if (kind === 'file') await take(word, true);
    else if (kind === 'folder') {
      const files = await filesBelow(word);
      if (files.length === 0) missing.push({ word, why: 'the folder holds no files' });
      for (const file of files) await take(file, false);
    } else {
      const files = kind === 'nothing' ? await filesLike(word) : [];
      if (files.length === 0) missing.push({ word, why: reasonWords(kind) });
      for (const file of files) await take(file, false);
    }
  }
  return { pictures: [...pictures.values()], missing };
}

function reasonWords(kind: string): string {
  if (kind === 'nothing') return 'there is no such file, and nothing fits it as a pattern';
  return kind === 'other' ? 'it is neither a file nor a folder' : `it cannot be read (${kind})`;
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing' | 'other' | string> {
  try {
    const found = await stat(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    const code = systemCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'nothing' : (code ?? 'other');
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => byName(a.name, b.name))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await kindOf(path) : entry.isDirectory() ? 'folder' : 'file';
    if (kind === 'file') found.push(path);
    // A linked folder is not followed: it may lead back to where it came from.
    else if (kind === 'folder' && !entry.isSymbolicLink() && !resultFolder.test(entry.name))
      found.push(...(await filesBelow(path)));
  }
  return found;
}

async function filesLike(pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(pattern)) {
    const parts = path.split(/[\\/]/);
    if (parts.some((part) => resultFolder.test(part) || (part.startsWith('.') && part !== '.' && part !== '..')))
      continue;
    if ((await kindOf(path)) === 'file') found.push(path);
  }
  return found.sort(byName);
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
