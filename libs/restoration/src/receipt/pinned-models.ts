import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from '@albumen/domain';
import { pinsOf } from './compare-receipts.js';

/** A folder of models for one run; disposing of it removes what was made for it. */
export interface PinnedModels extends AsyncDisposable {
  readonly modelsDir: string;
}

/**
 * A folder in which every model that the recipe pins is the pinned version, as far as some version with those bytes is
 * installed: the engine takes the newest version of a model, and a receipt may name an older one. Where the newest are the
 * pinned ones it is the folder itself, else a folder of copies.
 */
export async function modelsAsPinned(modelsDir: string, recipe: Recipe): Promise<PinnedModels> {
  const chosen = new Map<string, string>();
  let older = false;
  for (const id of await foldersIn(modelsDir)) {
    const versions = await describedVersions(join(modelsDir, id));
    const newest = versions.at(-1);
    if (newest === undefined) continue;
    const pinned = pinsOf(recipe).find((pin) => pin.id === id);
    const wanted = versions.findLast(({ sha256 }) => sha256 === pinned?.sha256) ?? newest;
    if (wanted !== newest) older = true;
    chosen.set(id, wanted.version);
  }
  if (!older) return { modelsDir, [Symbol.asyncDispose]: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'albumen-models-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    for (const [id, version] of chosen)
      await cp(join(modelsDir, id, version), join(folder, id, version), { recursive: true });
  } catch (error) {
    await dispose();
    throw error;
  }
  return { modelsDir: folder, [Symbol.asyncDispose]: dispose };
}

interface DescribedVersion {
  readonly version: string;
  /** Digest that stands for it in recipes: of its 8-bit file, or of its float file where it has no other. */
  readonly sha256: string | undefined;
}

/**
 * Versions with a `model.json`, oldest first. One whose text is no description is left to the engine, which says so; a file
 * that is there and cannot be read is an error.
 */
async function describedVersions(folder: string): Promise<DescribedVersion[]> {
  const found: DescribedVersion[] = [];
  const versions = (await foldersIn(folder)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  for (const version of versions) {
    const text = await textOrNothing(join(folder, version, 'model.json'));
    if (text !== undefined) found.push({ version, sha256: digestIn(text) });
  }
  return found;
}

async function textOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function digestIn(text: string): string | undefined {
  try {
    const { files } = JSON.parse(text) as { files?: Readonly<Record<string, { sha256?: string } | undefined>> };
    return files?.['u8']?.sha256 ?? files?.['f32']?.sha256;
  } catch {
    return undefined;
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
