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
  let text: string;
  try {
    text = await readFile(join(model.folder, folderName, 'captions.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const { reading, pictures } = JSON.parse(text) as Record<string, unknown>;
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

/** The bytes (JPEG) of one of those pictures. Refuses `model.picture-not-found` for every name that is not among them. */
export async function failurePicture(model: InstalledModel, file: string): Promise<Uint8Array> {
  const known = (await failuresOf(model))?.pictures.some((picture) => picture.file === file) ?? false;
  if (!known) throw refuse('model.picture-not-found', { model: model.id, file });
  return readFile(join(model.folder, folderName, file));
}

function bothLanguages(value: unknown): Required<LocalText> {
  const { en, vi } = (value ?? {}) as Record<string, unknown>;
  if (typeof en !== 'string' || typeof vi !== 'string')
    throw new TypeError('Expected words in English and Vietnamese in captions.json');
  return { en, vi };
}
