import { Tensor } from 'onnxruntime-node';
import { refuse, type FaceFound } from '@albumen/domain';
import { openOnProcessor } from '../processor-session.js';
import type { InstalledModel } from '../models.js';
import type { GreyPicture } from './grey-picture.js';

/** Side of a crop in pixels. */
export const cropSide = 64;
/** Crops looked at in one run. */
const together = 32;

/** A net that answers `count` grey crops of 64×64, one after the other, with the named numbers of each. */
export type CropNet<Answer extends string> = (
  crops: Uint8Array,
  count: number,
) => Promise<Readonly<Record<Answer, Float32Array>>>;

/**
 * Loads an installed net of crops; `lengths`: its outputs, and how many numbers each gives for a crop. Refuses
 * `model.missing`, `model.digest-differs`, `restoration.engine-failed`; a run refuses `restoration.output-not-sane` where
 * the net answers other shapes than it should.
 */
export async function openOnCrops<Answer extends string>(
  model: InstalledModel,
  lengths: Readonly<Record<Answer, number>>,
  threads: number,
): Promise<CropNet<Answer>> {
  const session = await openOnProcessor(model, threads);
  return async (crops, count) => {
    const made = await session.run({ [model.input]: new Tensor('uint8', crops, [count, cropSide, cropSide, 1]) });
    const answers = {} as Record<Answer, Float32Array>;
    for (const name of Object.keys(lengths) as Answer[]) {
      const tensor = made[name];
      if (!(tensor?.data instanceof Float32Array) || tensor.data.length !== count * lengths[name])
        throw refuse('restoration.output-not-sane', {
          operation: model.id,
          detail: `${name}: ${tensor === undefined ? 'nothing' : `${tensor.type} ${tensor.dims.join('×')}`} for ${count} crops`,
        });
      answers[name] = tensor.data;
    }
    return answers;
  };
}

/** A square by its middle and side, in pixels. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The square around a box's middle, its side `times` the square root of the box's area. */
export function squareOf({ x, y, width, height }: FaceFound['box'], times: number): Square {
  return { x: x + width / 2, y: y + height / 2, side: times * Math.sqrt(Math.max(1, width * height)) };
}

/** Sides of the crops in which a face is looked at, in the side that the nets were trained with. */
export const allSizes: readonly number[] = [0.88, 1, 1.14];

/** What a net says of one crop: `of(name, k)` is its k-th number, which must be one; `square` is where the crop was. */
export interface Answered<Answer extends string> {
  readonly square: Square;
  of(name: Answer, k: number): number;
}

/**
 * Looks at every finding in squares of each of `sizes` (of `times` its box), and makes a face of the answers. `levels`: the
 * picture and its halves; findings are in pixels of the first. Refuses `restoration.output-not-sane` for an answer that
 * is no number.
 */
export async function eachLookedAt<Answer extends string>(
  net: CropNet<Answer>,
  name: string,
  levels: readonly GreyPicture[],
  found: readonly FaceFound[],
  times: number,
  make: (face: FaceFound, answered: readonly Answered<Answer>[]) => FaceFound,
  sizes = allSizes,
): Promise<FaceFound[]> {
  const ofSizes: Answered<Answer>[][] = [];
  for (const size of sizes) ofSizes.push(await eachInOneSize(net, name, levels, found, times * size));
  return found.map((face, at) =>
    make(
      face,
      ofSizes.map((answered) => answered[at] as Answered<Answer>),
    ),
  );
}

async function eachInOneSize<Answer extends string>(
  net: CropNet<Answer>,
  name: string,
  levels: readonly GreyPicture[],
  found: readonly FaceFound[],
  times: number,
): Promise<Answered<Answer>[]> {
  const out: Answered<Answer>[] = [];
  for (let start = 0; start < found.length; start += together) {
    const part = found.slice(start, start + together);
    const crops = new Uint8Array(part.length * cropSide * cropSide);
    const squares = part.map(({ box }) => squareOf(box, times));
    squares.forEach((square, at) => cropInto(levels, square, crops, at * cropSide * cropSide));
    const answers = await net(crops, part.length);
    squares.forEach((square, at) => {
      const of = (answer: Answer, k: number): number => {
        const numbers = answers[answer];
        const value = numbers[at * (numbers.length / part.length) + k];
        if (value !== undefined && Number.isFinite(value)) return value;
        throw refuse('restoration.output-not-sane', {
          operation: name,
          detail: `${answer}: an answer that is no number`,
        });
      };
      out.push({ square, of });
    });
  }
  return out;
}

/** Mean of five landmarks in pixels of the picture, of answers `name` in pixels of their crops. */
export function landmarksOf<Answer extends string>(
  name: Answer,
  answered: readonly Answered<Answer>[],
): FaceFound['landmarks'] {
  const placed = (k: number, start: (square: Square) => number): number =>
    meanOf(answered, ({ square, of }) => start(square) + (of(name, k) * square.side) / cropSide);
  return Array.from({ length: 5 }, (_, k) => [placed(2 * k, leftOf), placed(2 * k + 1, topOf)] as const);
}

/** Left edge of a square. */
export const leftOf = ({ x, side }: Square): number => x - side / 2;
/** Top edge of a square. */
export const topOf = ({ y, side }: Square): number => y - side / 2;

/** Mean of a number of each. */
export function meanOf<T>(all: readonly T[], numberOf: (one: T) => number): number {
  return all.reduce((sum, one) => sum + numberOf(one), 0) / all.length;
}

/** The square, bilinear from the smallest level that has at least as many pixels as a crop, the edge repeated. */
function cropInto(levels: readonly GreyPicture[], square: Square, into: Uint8Array, start: number): void {
  let number = 0;
  while (number + 1 < levels.length && square.side / 2 ** (number + 1) >= cropSide) number++;
  const { width, height, data } = levels[number] as GreyPicture;
  const scale = square.side / cropSide / 2 ** number;
  const [middleX, middleY] = [square.x / 2 ** number, square.y / 2 ** number];
  const inside = (at: number, length: number): number => Math.max(0, Math.min(length - 1, at));
  for (let row = 0; row < cropSide; row++) {
    const y = inside(middleY + (row + 0.5 - cropSide / 2) * scale - 0.5, height);
    const [upper, shareY] = [Math.floor(y), y - Math.floor(y)];
    const lower = Math.min(height - 1, upper + 1);
    for (let column = 0; column < cropSide; column++) {
      const x = inside(middleX + (column + 0.5 - cropSide / 2) * scale - 0.5, width);
      const [first, shareX] = [Math.floor(x), x - Math.floor(x)];
      const second = Math.min(width - 1, first + 1);
      const line = (at: number): number =>
        (data[at * width + first] as number) * (1 - shareX) + (data[at * width + second] as number) * shareX;
      into[start + row * cropSide + column] = Math.floor(line(upper) * (1 - shareY) + line(lower) * shareY + 0.5);
    }
  }
}
