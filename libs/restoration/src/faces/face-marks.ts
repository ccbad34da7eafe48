import { Tensor } from 'onnxruntime-node';
import { refuse, type FaceFound } from '@albumen/domain';
import type { InstalledModel } from '../models.js';
import { openOnProcessor } from '../processor-session.js';
import { cropInto, cropSide, squareOf } from './face-look.js';
import type { GreyPicture } from './grey-picture.js';

/** Side of the square around a box that becomes its crop, in square roots of the box's area: the face alone. */
const near = 1.4;
/** Crops looked at in one run. */
const together = 32;

/** The net that places landmarks, ready to run on `count` grey crops of 64×64 one after the other: ten numbers each, in pixels of the crop. */
export interface FaceMarks {
  run(crops: Uint8Array, count: number): Promise<Float32Array>;
}

/**
 * Loads the installed net. Refuses `model.missing`, `model.digest-differs`, `restoration.engine-failed`; a run refuses
 * `restoration.output-not-sane` where the net answers another shape than it should.
 */
export async function openFaceMarks(model: InstalledModel, threads = 1): Promise<FaceMarks> {
  const session = await openOnProcessor(model, threads);
  return {
    async run(crops, count) {
      const input = new Tensor('uint8', crops, [count, cropSide, cropSide, 1]);
      const made = (await session.run({ [model.input]: input }))[model.output];
      if (!(made?.data instanceof Float32Array) || made.data.length !== count * 10)
        throw refuse('restoration.output-not-sane', {
          operation: model.id,
          detail: `${made === undefined ? 'nothing' : `${made.type} ${made.dims.join('×')}`} for ${count} crops`,
        });
      return made.data;
    },
  };
}

/** The faces with their landmarks placed anew. `levels`: the picture and its halves; faces are in pixels of the first. */
export async function withMarks(
  marks: FaceMarks,
  levels: readonly GreyPicture[],
  faces: readonly FaceFound[],
): Promise<FaceFound[]> {
  const out: FaceFound[] = [];
  for (let start = 0; start < faces.length; start += together) {
    const part = faces.slice(start, start + together);
    const crops = new Uint8Array(part.length * cropSide * cropSide);
    const squares = part.map(({ box }) => squareOf(box, near));
    squares.forEach((square, at) => cropInto(levels, square, crops, at * cropSide * cropSide));
    const placed = await marks.run(crops, part.length);
    part.forEach((face, at) => {
      const { x, y, side } = squares[at] as (typeof squares)[number];
      const points = placed.subarray(at * 10, at * 10 + 10);
      if (!points.every(Number.isFinite))
        throw refuse('restoration.output-not-sane', {
          operation: 'face-marks',
          detail: 'a landmark that is no number',
        });
      const inPicture = (value: number, middle: number): number => middle + (value / cropSide - 0.5) * side;
      const landmarks = Array.from(
        { length: 5 },
        (_, k) => [inPicture(points[2 * k] as number, x), inPicture(points[2 * k + 1] as number, y)] as const,
      );
      out.push({ ...face, landmarks });
    });
  }
  return out;
}
