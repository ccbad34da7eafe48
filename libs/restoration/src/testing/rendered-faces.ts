import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeToWorkFile } from '@albumen/imaging';
import { reducedGrey, type GreyPicture } from '../faces/grey-picture.js';
import { Strips } from '../picture/strips.js';
import { scratchFolder } from './pictures.js';

/** Folder of the models that are shipped. */
export const shippedModels = new URL('../../../../models/', import.meta.url).pathname;

const folder = `${shippedModels}evaluation/faces/`;

/** A face of the rendered set: box (x, y, width, height), five landmarks, turn of the head in radians. */
export interface RenderedFace {
  readonly box: readonly [number, number, number, number];
  readonly five: readonly (readonly [number, number])[];
  readonly turn: number;
  /** False where neither finding nor missing it counts. */
  readonly judged: boolean;
}

/** A scene of the rendered set with its picture. */
export interface RenderedScene {
  readonly file: string;
  readonly faces: readonly RenderedFace[];
  readonly picture: GreyPicture;
}

/** The committed scenes with rendered heads, or those named. */
export async function renderedScenes(...names: string[]): Promise<readonly RenderedScene[]> {
  const { scenes } = JSON.parse(await readFile(`${folder}faces.json`, 'utf8')) as {
    scenes: Omit<RenderedScene, 'picture'>[];
  };
  const scratch = await scratchFolder();
  const read: RenderedScene[] = [];
  for (const scene of scenes.filter(({ file }) => names.length === 0 || names.includes(file))) {
    const strips = await Strips.open(
      await decodeToWorkFile(`${folder}${scene.file}`, join(scratch, `${scene.file}.v`)),
    );
    read.push({ ...scene, picture: await reducedGrey(strips) });
    await strips.close();
  }
  return read;
}
