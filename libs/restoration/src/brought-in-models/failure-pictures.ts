import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refuse, type LocalText, type ModelFailures } from '@albumen/domain';
import type { InstalledModel } from '../models.js';

const folderName = 'failures';
/** Names that can be part of an address and of a path: no slash, no dot but the one before the ending. */
const plainPicture = /^[a-z0-9-]+\.jpg$/;

/**
 * The pictures of known failures in a model's folder, as `failures/captions.json` names them; null where it has none. Throws
 * `TypeError` where that file is not as it should be.
 */
export async function failuresOf(model: InstalledModel): Promise<ModelFailures | null> {
  const captions = await bytesOrNone(join(model.folder, folderName, 'captions.json'));
  if (captions === null) return null;
  const { reading, pictures } = JSON.parse(captions.toString('utf8')) as Record<string, unknown>;
  if (!Array.isArray(pictures)) throw new TypeError(`Expected pictures in captions.json of ${model.id}`);
  return {
    reading: bothLanguages(reading),
    pictures: pictures.map((entry: Record<string, unknown>) => {
      const { file, caption } = entry;
      if (typeof file !== 'string' || !plainPicture.test(file))
        throw new TypeError(`Expected the name of a .jpg in captions.json of ${model.id} but received ${String(file)}`);
      return { file, caption: bothLanguages(caption) };
    }),
  };
}

/** The bytes (JPEG) of one of those pictures. Refuses `model.picture-not-found` for a name that is not among them, and where its file is gone. */
export async function failurePicture(model: InstalledModel, file: string): Promise<Uint8Array> {
  const known = (await failuresOf(model))?.pictures.some((picture) => picture.file === file) ?? false;
  const bytes = known ? await bytesOrNone(join(model.folder, folderName, file)) : null;
  if (bytes === null) throw refuse('model.picture-not-found', { model: model.id, file });
  return bytes;
}

async function bytesOrNone(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function bothLanguages(value: unknown): Required<LocalText> {
  const { en, vi } = (value ?? {}) as Record<string, unknown>;
  if (typeof en !== 'string' || typeof vi !== 'string')
    throw new TypeError('Expected words in English and Vietnamese in captions.json');
  return { en, vi };
}
