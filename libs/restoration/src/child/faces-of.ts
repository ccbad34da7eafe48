import type { FaceFound, ModelPin } from '@albumen/domain';
import { faceThreshold, openFaceNet } from '../faces/face-net.js';
import { lookThresholds, openFaceLook } from '../faces/face-look.js';
import { openFaceMarks } from '../faces/face-marks.js';
import { findFaces } from '../faces/find-faces.js';
import { pinOf, type InstalledModel } from '../models.js';
import type { Strips } from '../picture/strips.js';

/** The installed nets for it: the one that finds, or proposes, and the one that looks again. */
export interface FaceModels {
  readonly finding: InstalledModel | undefined;
  /** Where it is absent, the first net decides alone. */
  readonly looking?: InstalledModel | undefined;
  /** Places the landmarks of what the second look found; where it is absent, that look places them. */
  readonly placing?: InstalledModel | undefined;
}

/** Faces of a picture and the models that found them; `faces` is absent where none is installed: they were not looked for. */
export interface FacesLookedFor {
  readonly faces?: readonly FaceFound[];
  readonly pins: readonly ModelPin[];
}

/**
 * Looks for faces where a model for it is installed. Boxes and landmarks in pixels of the oriented original, to a tenth;
 * boxes end at the picture's edges. Refuses what `openFaceNet`, `openFaceLook`, `openFaceMarks` and `findFaces` refuse.
 */
export async function facesOf(
  picture: Strips,
  { finding, looking, placing }: FaceModels,
  threads: number,
): Promise<FacesLookedFor> {
  if (finding === undefined) return { pins: [] };
  const net = await openFaceNet(finding, threads);
  const within = (faces: readonly FaceFound[]): readonly FaceFound[] => faces.map((face) => inside(face, picture.work));
  if (looking === undefined)
    return { faces: within(await findFaces(picture, net, faceThreshold(finding))), pins: [pinOf(finding)] };
  const { proposal, face } = lookThresholds(looking);
  const marks = placing === undefined ? undefined : await openFaceMarks(placing, threads);
  const closer = { net: await openFaceLook(looking, threads), proposal, marks };
  const found = await findFaces(picture, net, face, closer);
  return {
    faces: within(found),
    pins: [finding, looking, ...(placing === undefined ? [] : [placing])].map((model) => pinOf(model)),
  };
}

function inside(
  { box, landmarks, score }: FaceFound,
  picture: { readonly width: number; readonly height: number },
): FaceFound {
  const [left, top] = [Math.max(0, box.x), Math.max(0, box.y)];
  const [right, bottom] = [Math.min(picture.width, box.x + box.width), Math.min(picture.height, box.y + box.height)];
  return {
    box: { x: tenth(left), y: tenth(top), width: tenth(right - left), height: tenth(bottom - top) },
    landmarks: landmarks.map(([x, y]) => [tenth(x), tenth(y)] as const),
    score: Math.round(score * 1000) / 1000,
  };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
