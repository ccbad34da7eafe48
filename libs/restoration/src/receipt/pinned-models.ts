import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelPin, Recipe } from '@albumen/domain';
import { filesOf, type ModelFiles } from '../models.js';
import { pinsOf } from './compare-receipts.js';

/** A folder of models for one run; disposing of it removes what was made for it. */
export interface PinnedModels extends AsyncDisposable {
  readonly modelsDir: string;
  /** Pins whose file is kept no longer, with the digest of the file that is used instead: it has the same weights. */
  readonly replaced: readonly { readonly pin: ModelPin; readonly by: string }[];
}

/**
 * A folder in which every model that the recipe pins is the pinned version, as far as some version with those bytes, or
 * those weights in another file, is installed: the engine takes the newest version of a model, and a receipt may name an
 * older one. Where the newest are the pinned ones it is the folder itself, else a folder of copies.
 */
export async function modelsAsPinned(modelsDir: string, recipe: Recipe): Promise<PinnedModels> {
  const chosen = new Map<string, string>();
  const replaced: { pin: ModelPin; by: string }[] = [];
  let older = false;
  for (const id of await foldersIn(modelsDir)) {
    const versions = await describedVersions(join(modelsDir, id));
    const newest = versions.at(-1);
    if (newest === undefined) continue;
    const pin = pinsOf(recipe).find((pinned) => pinned.id === id && pinned.adapter === undefined);
    const wanted =
      versions.findLast(({ model }) => pin !== undefined && model?.file.sha256 === pin.sha256) ??
      versions.findLast(({ model }) => pin !== undefined && model?.formerly.includes(pin.sha256)) ??
      newest;
    if (wanted !== newest) older = true;
    if (pin !== undefined && wanted.model?.formerly.includes(pin.sha256))
      replaced.push({ pin, by: wanted.model.file.sha256 });
    chosen.set(id, wanted.version);
  }
  if (!older) return { modelsDir, replaced, [Symbol.asyncDispose]: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'albumen-models-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    for (const [id, version] of chosen)
      await cp(join(modelsDir, id, version), join(folder, id, version), { recursive: true });
  } catch (error) {
    await dispose();
    throw error;
  }
  return { modelsDir: folder, replaced, [Symbol.asyncDispose]: dispose };
}

interface DescribedVersion {
  readonly version: string;
  /** Its files; null where its text is no description. */
  readonly model: ModelFiles | null;
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
    if (text !== undefined) found.push({ version, model: filesIn(text) });
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

function filesIn(text: string): ModelFiles | null {
  try {
    return filesOf(JSON.parse(text) as Record<string, unknown>);
  } catch {
    return null;
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
