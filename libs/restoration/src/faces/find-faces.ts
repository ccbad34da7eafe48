import { refuse, type FaceFound } from '@albumen/domain';
import type { Strips } from '../picture/strips.js';
import { checkGrey, halved, reducedGrey, type GreyPicture } from './grey-picture.js';
import type { FaceMaps, FaceNet } from './face-net.js';

/** A level of the pyramid whose shorter side is less than this is not searched. */
const leastSide = 24;
/** Width of a face, in pixels of its level, that a level is trusted with. */
const trusted = { least: 7, most: 92 };
/** Intersection over union, and share of the smaller box inside the larger, from which two findings are one. */
const sameOverlap = 0.4;
const sameInside = 0.7;

/**
 * Faces of a picture, most certain first, in its own pixels. It is searched in a grey copy of at most 2048 px along the
 * longer side and in halves of that copy, so that one net finds small and large faces.
 *
 * `threshold` 0..1: score from which a finding counts (see `faceThreshold`).
 * Refuses `restoration.output-not-sane` where the net answers something that is no number.
 */
export async function findFaces(picture: Strips, net: FaceNet, threshold: number): Promise<readonly FaceFound[]> {
  const reduced = await reducedGrey(picture);
  const found = await findFacesInGrey(reduced, net, threshold);
  return found.map((face) => scaled(face, reduced.factorX, reduced.factorY));
}

/** As `findFaces`, on a grey picture as it is. Throws `RangeError` for a picture without pixels. */
export async function findFacesInGrey(
  picture: GreyPicture,
  net: FaceNet,
  threshold: number,
): Promise<readonly FaceFound[]> {
  checkGrey(picture);
  if (!(threshold > 0 && threshold <= 1))
    throw new RangeError(`Expected a threshold above 0 and at most 1 but received ${threshold}`);
  const found: FaceFound[] = [];
  let factor = 1;
  for (let level = picture; Math.min(level.width, level.height) >= leastSide; level = halved(level), factor *= 2) {
    const maps = await net.run(level.data, level.width, level.height);
    for (const face of facesOf(maps, level, threshold)) found.push(scaled(face, factor, factor));
  }
  return withoutDoubles(found);
}

function facesOf(maps: FaceMaps, level: GreyPicture, threshold: number): FaceFound[] {
  const found: FaceFound[] = [];
  for (let cell = 0; cell < maps.heat.length; cell++) {
    const score = maps.heat[cell] as number;
    if (Number.isNaN(score)) throw notSane('a score that is no number');
    if (score < threshold) continue;
    const [x, y, width, height] = maps.boxes.subarray(cell * 4, cell * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const points = maps.landmarks.subarray(cell * 10, cell * 10 + 10);
    if (![x, y, width, height, ...points].every(Number.isFinite)) throw notSane('a box or landmark that is no number');
    const [middleX, middleY] = [x + width / 2, y + height / 2];
    if (width < trusted.least || width > trusted.most) continue;
    if (middleX < 0 || middleY < 0 || middleX >= level.width || middleY >= level.height) continue;
    const landmarks = Array.from(
      { length: 5 },
      (_, point) => [points[2 * point] as number, points[2 * point + 1] as number] as const,
    );
    found.push({ box: { x, y, width, height }, landmarks, score });
  }
  return found;
}

function notSane(detail: string): Error {
  return refuse('restoration.output-not-sane', { operation: 'faces', detail });
}

function scaled({ box, landmarks, score }: FaceFound, x: number, y: number): FaceFound {
  return {
    box: { x: box.x * x, y: box.y * y, width: box.width * x, height: box.height * y },
    landmarks: landmarks.map(([atX, atY]) => [atX * x, atY * y] as const),
    score,
  };
}

/** The most certain of every group of findings that are one. */
function withoutDoubles(found: readonly FaceFound[]): FaceFound[] {
  const kept: FaceFound[] = [];
  for (const face of [...found].sort((a, b) => b.score - a.score))
    if (!kept.some((other) => isSame(face.box, other.box))) kept.push(face);
  return kept;
}

function isSame(a: FaceFound['box'], b: FaceFound['box']): boolean {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (across <= 0 || down <= 0) return false;
  const both = across * down;
  const [first, second] = [a.width * a.height, b.width * b.height];
  return both >= sameOverlap * (first + second - both) || both >= sameInside * Math.min(first, second);
}
