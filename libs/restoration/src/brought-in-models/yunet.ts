import { InferenceSession, Tensor } from 'onnxruntime-node';
import { modelKey, refuse, type FaceFound, type ModelPin } from '@albumen/domain';
import { pinOf, type InstalledModel } from '../models.js';
import { openOnProcessor } from '../processor-session.js';
import { detectorOutputs, detectorStrides, detectorWidths } from '../models-add/detector.js';
import type { Strips } from '../picture/strips.js';
import { floatWindow, workingSize, type Window } from './float-window.js';

/** Score from which a finding of a detector counts. */
const threshold = 0.8;
/** Intersection over union, and share of the smaller box inside the larger, from which two findings are one. */
const sameOverlap = 0.3;
const sameInside = 0.7;

/** A detector of the YuNet family, ready to run. */
export interface FaceDetector {
  readonly model: InstalledModel;
  /** Faces of a picture in its own pixels, most certain first. Refuses `restoration.output-not-sane`. */
  find(picture: Strips): Promise<readonly FaceFound[]>;
}

/** Loads a detector. Refuses `model.missing`, `model.digest-differs`, `restoration.engine-failed`. */
export async function openDetector(model: InstalledModel, threads: number): Promise<FaceDetector> {
  const session = await openOnProcessor(model, threads);
  return { model, find: (picture) => found(session, model, picture) };
}

/**
 * Looked for at two sizes: the whole picture in the detector's square, and, where it is larger than that, four squares that
 * overlap in a copy of twice the size, for smaller faces.
 */
async function found(session: InferenceSession, model: InstalledModel, picture: Strips): Promise<readonly FaceFound[]> {
  const side = model.broughtIn?.fixed ?? { width: 640, height: 640 };
  const { width, height } = picture.work;
  const whole: Window = { x: 0, y: 0, width, height };
  const windows = [whole];
  if (width > side.width || height > side.height) {
    const [across, down] = [Math.ceil(width * 0.6), Math.ceil(height * 0.6)];
    for (const y of [0, height - down])
      for (const x of [0, width - across]) windows.push({ x, y, width: across, height: down });
  }
  const faces: FaceFound[] = [];
  for (const window of windows) faces.push(...(await foundIn(session, model, picture, window, side)));
  const kept: FaceFound[] = [];
  for (const face of faces.sort((a, b) => b.score - a.score))
    if (!kept.some((other) => isSame(face.box, other.box))) kept.push(face);
  return kept;
}

async function foundIn(
  session: InferenceSession,
  model: InstalledModel,
  picture: Strips,
  window: Window,
  side: { readonly width: number; readonly height: number },
): Promise<readonly FaceFound[]> {
  const size = workingSize(window, side.width * side.height, side);
  const copy = floatWindow(picture, window, size);
  const pixels = side.width * side.height;
  // Blue, green, red in levels of 255; beyond the copy it is black, as in the detector's own programs.
  const planes = new Float32Array(pixels * 3);
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++)
      for (let channel = 0; channel < 3; channel++)
        planes[channel * pixels + y * side.width + x] =
          255 * (copy.data[(y * size.width + x) * 3 + 2 - channel] as number);
  const made = await session.run({ [model.input]: new Tensor('float32', planes, [1, 3, side.height, side.width]) }, [
    ...detectorOutputs,
  ]);
  const [stretchX, stretchY] = [window.width / size.width, window.height / size.height];
  return decoded(made, side, model)
    .map((face) => placed(face, window, stretchX, stretchY))
    .filter(({ box }) => isIn(window, box.x + box.width / 2, box.y + box.height / 2));
}

/** Boxes, points and scores of the three maps, in pixels of the detector's square. */
function decoded(
  made: Readonly<Record<string, Tensor>>,
  side: { readonly width: number; readonly height: number },
  model: InstalledModel,
): FaceFound[] {
  const faces: FaceFound[] = [];
  for (const stride of detectorStrides) {
    const columns = side.width / stride;
    const cells = columns * (side.height / stride);
    const plane = (name: keyof typeof detectorWidths): Float32Array => {
      const data = made[`${name}_${stride}`]?.data;
      if (!(data instanceof Float32Array) || data.length !== cells * detectorWidths[name])
        throw notSane(model, `${name}_${stride} with ${data?.length ?? 'no'} numbers`);
      return data;
    };
    const [sure, object, boxes, points] = [plane('cls'), plane('obj'), plane('bbox'), plane('kps')];
    for (let cell = 0; cell < cells; cell++) {
      const both = (sure[cell] as number) * (object[cell] as number);
      if (!(both >= -0.02 && both <= 1.02)) throw notSane(model, `a score of ${both}`);
      const score = Math.sqrt(Math.max(0, both));
      if (score < threshold) continue;
      const [column, row] = [cell % columns, Math.floor(cell / columns)];
      const at = (index: number): number => boxes[cell * 4 + index] as number;
      const [width, height] = [Math.exp(at(2)) * stride, Math.exp(at(3)) * stride];
      const [x, y] = [(column + at(0)) * stride - width / 2, (row + at(1)) * stride - height / 2];
      const landmarks = Array.from({ length: 5 }, (_, point) => {
        const from = cell * 10 + 2 * point;
        return [((points[from] as number) + column) * stride, ((points[from + 1] as number) + row) * stride] as const;
      });
      if (![x, y, width, height, ...landmarks.flat()].every(Number.isFinite))
        throw notSane(model, 'a box or point that is no number');
      faces.push({ box: { x, y, width, height }, landmarks, score: Math.min(1, score) });
    }
  }
  return faces;
}

function isIn(window: Window, x: number, y: number): boolean {
  return x >= window.x && y >= window.y && x < window.x + window.width && y < window.y + window.height;
}

function placed({ box, landmarks, score }: FaceFound, window: Window, x: number, y: number): FaceFound {
  return {
    box: { x: window.x + box.x * x, y: window.y + box.y * y, width: box.width * x, height: box.height * y },
    landmarks: landmarks.map(([atX, atY]) => [window.x + atX * x, window.y + atY * y] as const),
    score,
  };
}

/** Faces with the models that looked for them; `faces` is absent where nobody looked. */
interface LookedFor {
  readonly faces?: readonly FaceFound[];
  readonly pins: readonly ModelPin[];
}

/**
 * Adds what accepted detectors find beside Albumen's own net. Boxes and points to a tenth of a pixel; boxes end at the
 * picture's edges.
 */
export async function withDetectors(
  own: LookedFor,
  picture: Strips,
  models: ReadonlyMap<string, InstalledModel>,
  threads: number,
): Promise<LookedFor> {
  let { faces, pins } = own;
  for (const model of models.values()) {
    if (model.broughtIn?.adapter !== 'detector-yunet') continue;
    const second = await (await openDetector(model, threads)).find(picture);
    faces = withSecondOpinion(
      faces ?? [],
      second.map((face) => inside(face, picture.work)),
    );
    pins = [...pins, pinOf(model)];
  }
  return faces === undefined ? { pins } : { faces, pins };
}

function inside(
  { box, landmarks, score }: FaceFound,
  picture: { readonly width: number; readonly height: number },
): FaceFound {
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  const [left, top] = [Math.max(0, box.x), Math.max(0, box.y)];
  const [right, bottom] = [Math.min(picture.width, box.x + box.width), Math.min(picture.height, box.y + box.height)];
  return {
    box: { x: tenth(left), y: tenth(top), width: tenth(right - left), height: tenth(bottom - top) },
    landmarks: landmarks.map(([x, y]) => [tenth(x), tenth(y)] as const),
    score: Math.round(score * 1000) / 1000,
  };
}

/** Findings of Albumen's own net, and those of a second opinion that it does not have. */
export function withSecondOpinion(own: readonly FaceFound[], second: readonly FaceFound[]): readonly FaceFound[] {
  return [...own, ...second.filter(({ box }) => !own.some((face) => isSame(face.box, box)))];
}

function isSame(a: FaceFound['box'], b: FaceFound['box']): boolean {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (across <= 0 || down <= 0) return false;
  const both = across * down;
  const [first, other] = [a.width * a.height, b.width * b.height];
  return both >= sameOverlap * (first + other - both) || both >= sameInside * Math.min(first, other);
}

function notSane(model: InstalledModel, detail: string): Error {
  return refuse('restoration.output-not-sane', { operation: modelKey(model), detail });
}
