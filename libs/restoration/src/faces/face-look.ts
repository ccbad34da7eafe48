import type { FaceFound } from '@albumen/domain';
import { thresholdOf, type InstalledModel } from '../models.js';
import {
  allSizes,
  cropSide,
  eachLookedAt,
  landmarksOf,
  leftOf,
  meanOf,
  openOnCrops,
  topOf,
  type Answered,
  type CropNet,
} from './face-crops.js';
import type { GreyPicture } from './grey-picture.js';

/** Side of the square around a box that becomes its crop, in square roots of the box's area, as the net was trained. */
const reach = 1.8;
/** Weight of this net's score against that of the net that proposes, both in logits. */
const weight = 0.5;
/** What the net says of every crop: score 0..1; box (x, y, width, height) and five landmarks in pixels of the crop. */
const answers = { score: 1, boxes: 4, landmarks: 10 } as const;

/** The net of the second look, ready to run. */
export type FaceLook = CropNet<keyof typeof answers>;

/** Scores of the pair of nets: from which the first proposes, and from which a finding counts. */
export interface LookThresholds {
  readonly proposal: number;
  readonly face: number;
}

/** What was chosen on validation scenes when the net was released. Refuses `model.missing` where its description has none. */
export function lookThresholds(model: InstalledModel): LookThresholds {
  return { proposal: thresholdOf(model, 'proposal'), face: thresholdOf(model, 'face') };
}

/** Loads the installed net; refuses as `openOnCrops` does. */
export function openFaceLook(model: InstalledModel, threads = 1): Promise<FaceLook> {
  return openOnCrops(model, answers, threads);
}

/**
 * Every finding with the mean of the boxes and landmarks that the look answers for its crops; its score is the mean of both nets', in
 * logits. `levels`: the picture and its halves; findings are in pixels of the first, as is what comes back.
 */
export function lookedClosely(
  look: FaceLook,
  levels: readonly GreyPicture[],
  found: readonly FaceFound[],
  sizes = allSizes,
): Promise<FaceFound[]> {
  const faceOf = (face: FaceFound, answered: readonly Answered<keyof typeof answers>[]): FaceFound => {
    const inPicture = (k: number): number =>
      meanOf(answered, ({ square, of }) => (of('boxes', k) * square.side) / cropSide);
    return {
      box: {
        x: meanOf(answered, ({ square }) => leftOf(square)) + inPicture(0),
        y: meanOf(answered, ({ square }) => topOf(square)) + inPicture(1),
        width: inPicture(2),
        height: inPicture(3),
      },
      landmarks: landmarksOf('landmarks', answered),
      score: joined(
        face.score,
        meanOf(answered, ({ of }) => logit(of('score', 0))),
      ),
    };
  };
  return eachLookedAt(look, 'face-look', levels, found, reach, faceOf, sizes);
}

function logit(share: number): number {
  const inside = Math.max(1e-6, Math.min(1 - 1e-6, share));
  return Math.log(inside / (1 - inside));
}

function joined(first: number, second: number): number {
  return 1 / (1 + Math.exp(-(logit(first) + weight * second) / (1 + weight)));
}
