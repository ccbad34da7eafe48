import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { resultFolder } from '../treat/find-pictures.js';

/** Largest number of neighbours whose digest is taken in search of an original. */
const mostNeighbours = 2000;

/**
 * The original of a receipt near it: the file that the result's folder is named after, else any file beside the receipt or
 * its folder that has the digest. Undefined where none has.
 */
export async function findOriginal(
  receiptPath: string,
  sha256: string,
  digestOf: (path: string) => Promise<string>,
): Promise<string | undefined> {
  const folder = dirname(receiptPath);
  const around = resultFolder.test(folder) ? dirname(folder) : folder;
  const named = join(around, basename(folder).replace(resultFolder, ''));
  const candidates = [...(named === around ? [] : [named]), ...(await filesOf(around))];
  for (const path of [...new Set(candidates)].slice(0, mostNeighbours))
    if ((await isFile(path)) && (await digestOf(path)) === sha256) return path;
  return undefined;
}

/** The result beside a receipt, where `albumen restore` put it; undefined where there is none. */
export async function findResult(receiptPath: string): Promise<string | undefined> {
  const path = join(dirname(receiptPath), 'proposal.tif');
  return (await isFile(path)) ? path : undefined;
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.json'))
    .map((entry) => join(folder, entry.name));
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
