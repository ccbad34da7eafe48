import { refuse, type FaceFound } from '@albumen/domain';
import { faceThreshold, openFaceNet } from '../faces/face-net.js';
import { findFacesInGrey } from '../faces/find-faces.js';
import type { GreyPicture } from '../faces/grey-picture.js';
import type { InstalledModel } from '../models.js';

/** Finds faces in a grey picture by the installed net. Refuses `model.missing`. */
export async function faceFinder(
  models: ReadonlyMap<string, InstalledModel>,
  threads: number,
): Promise<(picture: GreyPicture) => Promise<readonly FaceFound[]>> {
  const model = models.get('faces');
  if (model === undefined) throw refuse('model.missing', { model: 'faces' });
  const net = await openFaceNet(model, threads);
  return (picture) => findFacesInGrey(picture, net, faceThreshold(model));
}
