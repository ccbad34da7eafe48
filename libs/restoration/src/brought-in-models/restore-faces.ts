import { refuse, type FaceFound } from '@albumen/domain';
import { matchFace } from '../faces/face-match.js';
import type { GreyPicture } from '../faces/grey-picture.js';
import { smoothStep } from '../operations/field.js';
import { colourBands, type Strips } from '../picture/strips.js';
import type { AdaptedNet, FloatPicture } from './adapted-net.js';
import { floatWindow, type Window } from './float-window.js';
import { similarityBetween, type Place, type Similarity } from './similarity.js';

/** How faces are rebuilt, and when a rebuilt one is not believed. */
export const faceRules = {
  /** Side of the square that the nets of this kind work at. */
  side: 512,
  /** Where the five points (left eye, right eye, nose, corners of the mouth) lie in that square: the FFHQ alignment. */
  places: [
    [192.98, 239.95],
    [318.9, 240.19],
    [256.63, 314.02],
    [201.26, 371.41],
    [313.09, 371.15],
  ],
  /** The ellipse in the square that is pasted back, and the part of its radii over which it fades out. */
  middle: [256, 292],
  radii: [172, 220],
  feather: 0.3,
  /** Width (pixels) below which nothing is left of a face that could be rebuilt without making up another. */
  leastWidth: 16,
  /**
   * Similarity to the face before (`matchFace`) below which it goes back to the original: of faces treated without
   * inventing 98 % lie above 0.52, of other persons' faces 98 % below 0.28.
   */
  guard: 0.4,
} as const;

/** Longer side of the copy of a face's surroundings that is sampled and compared, pixels. */
const lookedAt = 1024;

/** Everything that rebuilding faces needs. */
export interface FaceRebuilding {
  readonly source: Strips;
  /** A copy of the source; what is pasted is written here. */
  readonly target: Strips;
  readonly faces: readonly FaceFound[];
  readonly net: AdaptedNet;
  /** Finds faces, for the guard. */
  readonly find: (picture: GreyPicture) => Promise<readonly FaceFound[]>;
  readonly strength: number;
  /** How closely a net that can be told so keeps to what it is given, 0..1; where nothing is said, what it was tried with. */
  readonly fidelity: number | undefined;
  /** Share (0..1) that a pixel may take: 0 inside protected areas. */
  readonly allowed: (x: number, y: number) => number;
  readonly advance: (done: number, of: number) => void;
}

/**
 * Rebuilds faces by a generative net, one by one: each is turned upright into the net's square, and what the net changed
 * there is laid back inside an ellipse that fades out. A face that is not like the one before stays as it was. Answers
 * facts for the receipt: faces seen, rebuilt and gone back, and the similarity of each. Refuses
 * `restoration.output-not-sane`.
 */
export async function rebuildFaces(work: FaceRebuilding): Promise<Readonly<Record<string, number>>> {
  const { faces, advance } = work;
  const usable = faces.filter(({ box, landmarks }) => box.width >= faceRules.leastWidth && landmarks.length === 5);
  const facts: Record<string, number> = { faces: usable.length, rebuilt: 0, 'gone.back': 0 };
  for (const [number, face] of usable.entries()) {
    const similarity = await rebuildOne(work, face);
    facts[`similarity.${number + 1}`] = Math.round(similarity * 1000) / 1000;
    const outcome = similarity >= faceRules.guard ? 'rebuilt' : 'gone.back';
    facts[outcome] = (facts[outcome] ?? 0) + 1;
    advance(number + 1, usable.length);
  }
  return facts;
}

async function rebuildOne(work: FaceRebuilding, face: FaceFound): Promise<number> {
  const toPicture = similarityBetween(faceRules.places, face.landmarks);
  const window = windowOf(toPicture, work.source.work);
  const shrink = Math.min(1, lookedAt / Math.max(window.width, window.height));
  const size = {
    width: Math.max(1, Math.round(window.width * shrink)),
    height: Math.max(1, Math.round(window.height * shrink)),
  };
  const around = floatWindow(work.source, window, size);
  const square = squareOf(around, window, toPicture);
  const made = await work.net.runPicture(square, null, work.fidelity === undefined ? {} : { fidelity: work.fidelity });
  judge(square, made);
  const residual = { ...square, data: made.map((value, at) => value - (square.data[at] as number)) };
  const after = laidOver(around, window, toPicture, residual);
  const similarity = await similarityOf(work, { around, after }, window, face);
  if (similarity >= faceRules.guard) paste(work, window, toPicture, residual);
  return similarity;
}

/** The box of the ellipse in the picture, with some surroundings, inside the picture. */
function windowOf(toPicture: Similarity, picture: { readonly width: number; readonly height: number }): Window {
  const corners = [
    [0, 0],
    [faceRules.side, 0],
    [0, faceRules.side],
    [faceRules.side, faceRules.side],
  ].map(([u, v]) => toPicture.apply(u as number, v as number));
  const left = Math.max(0, Math.floor(Math.min(...corners.map(([x]) => x))));
  const top = Math.max(0, Math.floor(Math.min(...corners.map(([, y]) => y))));
  const right = Math.min(picture.width, Math.ceil(Math.max(...corners.map(([x]) => x))) + 1);
  const bottom = Math.min(picture.height, Math.ceil(Math.max(...corners.map(([, y]) => y))) + 1);
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

/** The face upright in the net's square, bilinear; the edge of the window is repeated. */
function squareOf(around: FloatPicture, window: Window, toPicture: Similarity): FloatPicture {
  const { side } = faceRules;
  const data = new Float32Array(side * side * 3);
  const values = [0, 0, 0];
  for (let v = 0; v < side; v++)
    for (let u = 0; u < side; u++) {
      const [x, y] = toPicture.apply(u, v);
      sampleInto(
        around,
        inCopy(x, window.x, window.width, around.width),
        inCopy(y, window.y, window.height, around.height),
        values,
      );
      data.set(values, (v * side + u) * 3);
    }
  return { width: side, height: side, data };
}

/** Place of a pixel's middle of the picture in the reduced copy of its window. */
function inCopy(at: number, begin: number, length: number, cells: number): number {
  return ((at - begin + 0.5) * cells) / length - 0.5;
}

function sampleInto({ width, height, data }: FloatPicture, x: number, y: number, into: number[]): void {
  const atX = Math.min(width - 1, Math.max(0, x));
  const atY = Math.min(height - 1, Math.max(0, y));
  const [left, top] = [Math.floor(atX), Math.floor(atY)];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const [beside, below] = [atX - left, atY - top];
  for (let channel = 0; channel < 3; channel++) {
    const at = (row: number, column: number): number => data[(row * width + column) * 3 + channel] as number;
    const upper = at(top, left) * (1 - beside) + at(top, right) * beside;
    const lower = at(bottom, left) * (1 - beside) + at(bottom, right) * beside;
    into[channel] = upper * (1 - below) + lower * below;
  }
}

/** What of the residual a place of the square gives: 1 inside the ellipse, 0 outside, fading between. */
function weightAt(u: number, v: number): number {
  const far = Math.hypot(
    (u - faceRules.middle[0]) / faceRules.radii[0],
    (v - faceRules.middle[1]) / faceRules.radii[1],
  );
  return 1 - smoothStep(1 - faceRules.feather, 1, far);
}

/** Adds the weighted residual at a place of the picture to `into`; `grain` samples a side, so that small faces do not alias. */
function residualAt(
  x: number,
  y: number,
  toSquare: Similarity,
  residual: FloatPicture,
  grain: number,
  into: number[],
): number {
  into.fill(0);
  const one = [0, 0, 0];
  let whole = 0;
  for (let part = 0; part < grain * grain; part++) {
    const atX = x + ((part % grain) + 0.5) / grain - 0.5;
    const atY = y + (Math.floor(part / grain) + 0.5) / grain - 0.5;
    const [u, v] = toSquare.apply(atX, atY);
    const weight = weightAt(u, v);
    if (weight <= 0) continue;
    sampleInto(residual, u, v, one);
    whole += weight;
    for (let channel = 0; channel < 3; channel++)
      into[channel] = (into[channel] as number) + weight * (one[channel] as number);
  }
  const all = grain * grain;
  for (let channel = 0; channel < 3; channel++) into[channel] = (into[channel] as number) / all;
  return whole / all;
}

function grainOf(toSquare: Similarity): number {
  return Math.max(1, Math.min(8, Math.round(toSquare.scale)));
}

/** The copy of the window with the rebuilt face in it, at full strength: what the guard looks at. */
function laidOver(around: FloatPicture, window: Window, toPicture: Similarity, residual: FloatPicture): FloatPicture {
  const data = around.data.slice();
  const toSquare = toPicture.inverse();
  const [stepX, stepY] = [window.width / around.width, window.height / around.height];
  const grain = Math.max(1, Math.min(8, Math.round(toSquare.scale * Math.max(stepX, stepY))));
  const values = [0, 0, 0];
  for (let row = 0; row < around.height; row++)
    for (let column = 0; column < around.width; column++) {
      const x = window.x + (column + 0.5) * stepX - 0.5;
      const y = window.y + (row + 0.5) * stepY - 0.5;
      if (residualAt(x, y, toSquare, residual, grain, values) <= 0) continue;
      const at = (row * around.width + column) * 3;
      for (let channel = 0; channel < 3; channel++)
        data[at + channel] = Math.min(1, Math.max(0, (data[at + channel] as number) + (values[channel] as number)));
    }
  return { ...around, data };
}

function paste(
  { source, target, strength, allowed }: FaceRebuilding,
  window: Window,
  toPicture: Similarity,
  residual: FloatPicture,
): void {
  const { bands, depth } = target.work;
  const full = depth === 8 ? 255 : 65535;
  const colours = colourBands(source.work);
  const toSquare = toPicture.inverse();
  const grain = grainOf(toSquare);
  const values = [0, 0, 0];
  const rowsAtOnce = 64;
  for (let y = window.y; y < window.y + window.height; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, window.y + window.height - y);
    const out = target.readTile(window.x, y, window.width, rows);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < window.width; column++) {
        const share = strength * allowed(window.x + column, y + row);
        if (share <= 0) continue;
        if (residualAt(window.x + column, y + row, toSquare, residual, grain, values) <= 0) continue;
        if (colours === 1) values[0] = ((values[0] as number) + (values[1] as number) + (values[2] as number)) / 3;
        const at = (row * window.width + column) * bands;
        for (let band = 0; band < colours; band++) {
          const value = (out[at + band] as number) + share * (values[band] as number) * full;
          out[at + band] = value <= 0 ? 0 : value >= full ? full : Math.round(value);
        }
      }
    target.writeTile(window.x, y, window.width, out);
  }
}

/** Largest believable shift of a face's mean (0..1); a net that gives no face at all moves it further, or is all black. */
const largestMeanShift = 0.2;

function judge(square: FloatPicture, made: Float32Array): void {
  const mean = (data: Float32Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
  const [before, after] = [mean(square.data), mean(made)];
  if (Math.abs(after - before) > largestMeanShift)
    throw refuse('restoration.output-not-sane', {
      operation: 'treat-faces',
      detail: `the mean of a face moved from ${before.toFixed(3)} to ${after.toFixed(3)}`,
    });
}

/** How alike the face is to the one before, 0..1; 0 where no face is found in its place any more. */
async function similarityOf(
  { find }: FaceRebuilding,
  { around, after }: { readonly around: FloatPicture; readonly after: FloatPicture },
  window: Window,
  face: FaceFound,
): Promise<number> {
  const before = inWindow(face, window, around);
  const [was, is] = [greyOf(around), greyOf(after)];
  const found = await find(is);
  const centre = (box: FaceFound['box']): Place => [box.x + box.width / 2, box.y + box.height / 2];
  const [cx, cy] = centre(before.box);
  const near = found
    .map((candidate) => ({ candidate, away: Math.hypot(centre(candidate.box)[0] - cx, centre(candidate.box)[1] - cy) }))
    .filter(({ away }) => away < before.box.width / 2)
    .sort((a, b) => a.away - b.away)[0];
  return matchFace({ picture: was, face: before }, { picture: is, face: near?.candidate ?? null }).similarity;
}

function inWindow({ box, landmarks, score }: FaceFound, window: Window, copy: FloatPicture): FaceFound {
  const [x, y] = [copy.width / window.width, copy.height / window.height];
  return {
    box: { x: (box.x - window.x) * x, y: (box.y - window.y) * y, width: box.width * x, height: box.height * y },
    landmarks: landmarks.map(([u, v]) => [(u - window.x) * x, (v - window.y) * y] as const),
    score,
  };
}

function greyOf({ width, height, data }: FloatPicture): GreyPicture {
  const grey = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3)
    grey[pixel] = Math.round(
      255 * (0.299 * (data[at] as number) + 0.587 * (data[at + 1] as number) + 0.114 * (data[at + 2] as number)),
    );
  return { width, height, data: grey };
}
