import { refuse, type FaceFound } from '@albumen/domain';
import type { Strips } from '../picture/strips.js';
import { checkGrey, halved, reducedGrey, shrunk, type GreyPicture } from './grey-picture.js';
import { lookedClosely, type FaceLook } from './face-look.js';
import { withMarks, type FaceMarks } from './face-marks.js';
import type { FaceMaps, FaceNet } from './face-net.js';

/** A level of the pyramid whose shorter side is less than this is not searched. */
const leastSide = 24;
/** Width of a face, in pixels of its level, that a level is trusted with. */
const trusted = { least: 7, most: 92 };
/** Side of the picture of a second look and width of the face in it; largest enlargement on the way there. */
const look = { side: 128, width: 40, enlarged: 2.5 };
/** What a second look must show to be believed: score, distance of the middles and change of width in widths of the face. */
const believed = { score: 0.05, away: 0.35, least: 0.6, most: 1.6 };
/** Most proposals of a picture that are looked at closely. */
const mostProposals = 400;
/** A level between two halves is smaller than the larger of them by this. */
const between = Math.SQRT2;
/** Score of a look at one size under which a proposal is not looked at in the others. */
const glance = 0.3;
/** Intersection over union, and share of the smaller box inside the larger, from which two findings are one. */
const sameOverlap = 0.4;
const sameInside = 0.7;

/** The net of the second look, the score from which the first net's findings are shown to it, and the net that places landmarks. */
export interface CloserLook {
  readonly net: FaceLook;
  readonly proposal: number;
  /** Where it is absent, the second look places them. */
  readonly marks?: FaceMarks | undefined;
}

/**
 * Faces of a picture, most certain first, in its own pixels. It is searched in a grey copy of at most 2048 px along the
 * longer side and in halves of that copy, so that one net finds small and large faces; a second look at each, at the size
 * the net sees best, places the landmarks. With `closer`, it is searched between the halves too, and another net looks at everything
 * the first one proposes, decides, and places box and landmarks; where there is a net for the latter, that places them.
 *
 * `threshold` 0..1: score from which a finding counts (see `faceThreshold`, `lookThresholds`).
 * Refuses `restoration.output-not-sane` where the net answers something that is no number.
 */
export async function findFaces(
  picture: Strips,
  net: FaceNet,
  threshold: number,
  closer?: CloserLook,
): Promise<readonly FaceFound[]> {
  const reduced = await reducedGrey(picture);
  const found = await findFacesInGrey(reduced, net, threshold, closer);
  return found.map((face) => scaled(face, reduced.factorX, reduced.factorY));
}

/** As `findFaces`, on a grey picture as it is. Throws `RangeError` for a picture without pixels. */
export async function findFacesInGrey(
  picture: GreyPicture,
  net: FaceNet,
  threshold: number,
  closer?: CloserLook,
): Promise<readonly FaceFound[]> {
  checkGrey(picture);
  const least = closer?.proposal ?? threshold;
  for (const score of [threshold, least])
    if (!(score > 0 && score <= 1))
      throw new RangeError(`Expected a threshold above 0 and at most 1 but received ${score}`);
  const levels = pyramidOf(picture);
  if (closer !== undefined) return decided(closer, levels, await proposed(levels, net, least), threshold);
  const faces: FaceFound[] = [];
  for (const face of await seenIn(levels, false, net, threshold)) faces.push(await lookedAgain(face, levels, net));
  return faces;
}

/** What the first net shows to a closer look, most certain first: what it sees at `least` (0..1) or above. */
export function proposalsInGrey(picture: GreyPicture, net: FaceNet, least: number): Promise<readonly FaceFound[]> {
  checkGrey(picture);
  return proposed(pyramidOf(picture), net, least);
}

/** The picture and its halves. */
function pyramidOf(picture: GreyPicture): readonly GreyPicture[] {
  const levels = [picture];
  for (let level = picture; Math.min(level.width, level.height) >= 2 * leastSide;) {
    level = halved(level);
    levels.push(level);
  }
  return levels;
}

async function proposed(levels: readonly GreyPicture[], net: FaceNet, least: number): Promise<readonly FaceFound[]> {
  return (await seenIn(levels, true, net, least)).slice(0, mostProposals);
}

/**
 * What the net sees in the picture and its halves, and where `betweenToo` in the levels between them, in pixels of the picture,
 * doubles removed, most certain first.
 */
async function seenIn(
  levels: readonly GreyPicture[],
  betweenToo: boolean,
  net: FaceNet,
  least: number,
): Promise<FaceFound[]> {
  const found: FaceFound[] = [];
  for (const [number, level] of levels.entries())
    for (const seen of betweenToo ? [level, smaller(level)] : [level]) {
      if (Math.min(seen.width, seen.height) < leastSide) continue;
      const [across, down] = [level.width / seen.width, level.height / seen.height];
      const maps = await net.run(seen.data, seen.width, seen.height);
      for (const face of facesOf(maps, seen, least)) found.push(scaled(face, 2 ** number * across, 2 ** number * down));
    }
  return withoutDoubles(found);
}

/** The level between a level and its half. */
function smaller(level: GreyPicture): GreyPicture {
  const side = (length: number): number => Math.max(1, Math.round(length / between));
  return shrunk(level, side(level.width), side(level.height));
}

/** The proposals that a closer look takes for faces, looked at once more where it put them; the score is the first look's. */
async function decided(
  { net, marks }: CloserLook,
  levels: readonly GreyPicture[],
  proposals: readonly FaceFound[],
  threshold: number,
): Promise<FaceFound[]> {
  const glanced = await lookedClosely(net, levels, proposals, [1]);
  const likely = proposals.filter((_, at) => (glanced[at] as FaceFound).score >= Math.min(glance, threshold));
  const looked = await lookedClosely(net, levels, likely);
  const kept = withoutDoubles(looked.filter(({ score }) => score >= threshold));
  const placed = await lookedClosely(net, levels, kept);
  const found = placed.map((face, at) => ({ ...face, score: (kept[at] as FaceFound).score }));
  return marks === undefined ? found : withMarks(marks, levels, found);
}

/**
 * The face with the landmarks that a second look shows; unchanged where it shows no face there. `levels`: the picture and
 * its halves; the face is in pixels of the first.
 */
async function lookedAgain(face: FaceFound, levels: readonly GreyPicture[], net: FaceNet): Promise<FaceFound> {
  const { x, y, width, height } = face.box;
  let number = 0;
  while (number + 1 < levels.length && width / 2 ** number > 2 * look.width) number++;
  const factor = 2 ** number;
  const inLevel = width / factor;
  const scale = Math.min(look.width / inLevel, look.enlarged);
  const [middleX, middleY] = [(x + width / 2) / factor, (y + height / 2) / factor];
  const level = levels[number] as GreyPicture;
  const close = enlarged(level, middleX - look.side / 2 / scale, middleY - look.side / 2 / scale, scale);
  const middle = look.side / 2;
  const here = inLevel * scale;
  let best: FaceFound | null = null;
  for (const seen of facesOf(await net.run(close.data, close.width, close.height), close, believed.score)) {
    const away = Math.max(
      Math.abs(seen.box.x + seen.box.width / 2 - middle),
      Math.abs(seen.box.y + seen.box.height / 2 - middle),
    );
    const size = seen.box.width / here;
    if (away > believed.away * here || size < believed.least || size > believed.most) continue;
    if (best === null || seen.score > best.score) best = seen;
  }
  if (best === null) return face;
  const landmarks = best.landmarks.map(
    ([u, v]) => [((u - middle) / scale + middleX) * factor, ((v - middle) / scale + middleY) * factor] as const,
  );
  return { ...face, landmarks };
}

/** A square of the picture from (left, top), `scale` times as large, bilinear, the edge repeated. */
function enlarged({ width, height, data }: GreyPicture, left: number, top: number, scale: number): GreyPicture {
  const out = new Uint8Array(look.side * look.side);
  const inside = (at: number, length: number): number => Math.max(0, Math.min(length - 1, at));
  for (let row = 0; row < look.side; row++) {
    const y = inside((row + 0.5) / scale - 0.5 + top, height);
    const [upper, shareY] = [Math.floor(y), y - Math.floor(y)];
    const lower = Math.min(height - 1, upper + 1);
    for (let column = 0; column < look.side; column++) {
      const x = inside((column + 0.5) / scale - 0.5 + left, width);
      const [first, shareX] = [Math.floor(x), x - Math.floor(x)];
      const second = Math.min(width - 1, first + 1);
      const line = (at: number): number =>
        (data[at * width + first] as number) * (1 - shareX) + (data[at * width + second] as number) * shareX;
      out[row * look.side + column] = Math.round(line(upper) * (1 - shareY) + line(lower) * shareY);
    }
  }
  return { width: look.side, height: look.side, data: out };
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
