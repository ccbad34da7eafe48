import { Tensor } from 'onnxruntime-node';
import { refuse, type FaceFound } from '@albumen/domain';
import { thresholdOf, type InstalledModel } from '../models.js';
import { openOnProcessor } from '../processor-session.js';
import type { GreyPicture } from './grey-picture.js';

/** Side of a crop in pixels. */
export const cropSide = 64;
/** Side of the square around a box that becomes its crop, in square roots of the box's area. */
const reach = 1.8;
/** Crops looked at in one run. */
const together = 32;
/** Weight of this net's score against that of the net that proposes, both in logits. */
const weight = 0.5;

/** What the net says of every crop: score 0..1; box (x, y, width, height) and five landmarks in pixels of the crop. */
export interface LookAnswers {
  readonly scores: Float32Array;
  readonly boxes: Float32Array;
  readonly landmarks: Float32Array;
}

/** The net of the second look, ready to run on `count` grey crops of 64×64 one after the other. */
export interface FaceLook {
  run(crops: Uint8Array, count: number): Promise<LookAnswers>;
}

/** Scores of the pair of nets: from which the first proposes, and from which a finding counts. */
export interface LookThresholds {
  readonly proposal: number;
  readonly face: number;
}

/** What was chosen on validation scenes when the net was released. Refuses `model.missing` where its description has none. */
export function lookThresholds(model: InstalledModel): LookThresholds {
  return { proposal: thresholdOf(model, 'proposal'), face: thresholdOf(model, 'face') };
}

/**
 * Loads the installed net. Refuses `model.missing`, `model.digest-differs`, `restoration.engine-failed`; a run refuses
 * `restoration.output-not-sane` where the net answers other shapes than it should.
 */
export async function openFaceLook(model: InstalledModel, threads = 1): Promise<FaceLook> {
  const session = await openOnProcessor(model, threads);
  return {
    async run(crops, count) {
      const made = await session.run({
        [model.input]: new Tensor('uint8', crops, [count, cropSide, cropSide, 1]),
      });
      const plane = (name: string, each: number): Float32Array => {
        const tensor = made[name];
        if (tensor === undefined || !(tensor.data instanceof Float32Array) || tensor.data.length !== count * each)
          throw refuse('restoration.output-not-sane', {
            operation: model.id,
            detail: `${name}: ${tensor === undefined ? 'nothing' : `${tensor.type} ${tensor.dims.join('×')}`} for ${count} crops`,
          });
        return tensor.data;
      };
      return { scores: plane('score', 1), boxes: plane('boxes', 4), landmarks: plane('landmarks', 10) };
    },
  };
}

/**
 * Every finding with the box and landmarks of the look; its score is the mean of both nets', in logits. `levels`: the
 * picture and its halves; findings are in pixels of the first, as is what comes back.
 */
export async function lookedClosely(
  look: FaceLook,
  levels: readonly GreyPicture[],
  found: readonly FaceFound[],
): Promise<FaceFound[]> {
  const out: FaceFound[] = [];
  for (let start = 0; start < found.length; start += together) {
    const part = found.slice(start, start + together);
    const crops = new Uint8Array(part.length * cropSide * cropSide);
    const squares = part.map(({ box }) => squareOf(box, reach));
    squares.forEach((square, at) => cropInto(levels, square, crops, at * cropSide * cropSide));
    const { scores, boxes, landmarks } = await look.run(crops, part.length);
    part.forEach(({ score }, at) => {
      const { x, y, side } = squares[at] as Square;
      const scale = side / cropSide;
      const [left, top] = [x - side / 2, y - side / 2];
      const [boxX, boxY, width, height] = boxes.subarray(at * 4, at * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const points = landmarks.subarray(at * 10, at * 10 + 10);
      const own = scores[at] as number;
      if (![own, boxX, boxY, width, height, ...points].every(Number.isFinite))
        throw refuse('restoration.output-not-sane', {
          operation: 'face-look',
          detail: 'a score, box or landmark that is no number',
        });
      out.push({
        box: { x: left + boxX * scale, y: top + boxY * scale, width: width * scale, height: height * scale },
        landmarks: Array.from(
          { length: 5 },
          (_, k) => [(points[2 * k] as number) * scale + left, (points[2 * k + 1] as number) * scale + top] as const,
        ),
        score: joined(score, own),
      });
    });
  }
  return out;
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

function joined(first: number, second: number): number {
  const logit = (share: number): number => {
    const inside = Math.max(1e-6, Math.min(1 - 1e-6, share));
    return Math.log(inside / (1 - inside));
  };
  return 1 / (1 + Math.exp(-(logit(first) + weight * logit(second)) / (1 + weight)));
}

/** The square, bilinear from the smallest level that has at least as many pixels as a crop, the edge repeated. */
export function cropInto(levels: readonly GreyPicture[], square: Square, into: Uint8Array, start: number): void {
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
