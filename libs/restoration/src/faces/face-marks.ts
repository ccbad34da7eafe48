import type { FaceFound } from '@albumen/domain';
import type { InstalledModel } from '../models.js';
import { eachLookedAt, landmarksOf, openOnCrops, type CropNet } from './face-crops.js';
import type { GreyPicture } from './grey-picture.js';

/** Side of the square around a box that becomes its crop, in square roots of the box's area: the face alone. */
const near = 1.4;
/** What the net says of every crop: five landmarks in its pixels. */
const answers = { landmarks: 10 } as const;

/** The net that places landmarks, ready to run. */
export type FaceMarks = CropNet<keyof typeof answers>;

/** Loads the installed net; refuses as `openOnCrops` does. */
export function openFaceMarks(model: InstalledModel, threads = 1): Promise<FaceMarks> {
  return openOnCrops(model, answers, threads);
}

/** The faces with their landmarks placed anew. `levels`: the picture and its halves; faces are in pixels of the first. */
export function withMarks(
  marks: FaceMarks,
  levels: readonly GreyPicture[],
  faces: readonly FaceFound[],
): Promise<FaceFound[]> {
  return eachLookedAt(marks, 'face-marks', levels, faces, near, (face, answered) => ({
    ...face,
    landmarks: landmarksOf('landmarks', answered),
  }));
}
