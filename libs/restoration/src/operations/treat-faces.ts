import type { FaceFound, ProtectedArea } from '@albumen/domain';
import { deltaE2000, labOf } from '../delta-e.js';
import { lumaOf } from '../measure/luma.js';
import { rounded } from '../measure/statistics.js';
import { mirrored, type Samples, type Shape } from '../picture/strips.js';
import { smoothStep } from './field.js';
import { addLuma, blurRows, fullScale, gaussianKernel, reachOf, type HalfKernel } from './planes.js';
import { designUnblur, unblur, type Unblur } from './sharpen.js';
import type { LayerFilter, LayerPlanner } from './layer-filter.js';

/** How gentle "gently" is. */
export const faceLimits = {
  /** Width (pixels) below which a face holds nothing that could be made clearer. */
  leastWidth: 20,
  /** Share of the grain that is taken from the skin at most, and the noise (levels of 255) from which it is. */
  smoothing: 0.65,
  fullNoise: 5,
  /** Times the noise that counts as an edge and is kept. */
  edge: 1.6,
  /** Gain of the local contrast, and its widest sigma in pixels. */
  contrast: 0.12,
  widest: 8,
  /** Share of the blur's correction that eyes and mouth get. */
  features: 0.8,
  /** Sigma (pixels) of blur below which nothing is sharpened. */
  leastBlur: 0.6,
  /**
   * Levels of 255 by which a pixel's luma may move. One level is at most half a unit of L*, so no pixel, and no face's
   * mean, moves by more than a ΔE2000 of 6.
   */
  most: 10,
  /** Part of the ellipse's radius over which the treatment fades out. */
  feather: 0.3,
} as const;

/**
 * Clears the faces of the report a little, and invents nothing: grain on the skin is smoothed by a guided filter that
 * keeps edges above the noise, local contrast is raised a touch, and around eyes and mouth the measured blur is undone.
 * Everything fades out inside an ellipse about the face; outside it every sample is bit-equal, and so is chroma inside.
 * Protected faces and those too small are left out. Facts: `faces` treated and, once the strips have been applied, the mean
 * ΔE2000 at the step's strength inside each (`face.1` …). Null where no face is left.
 */
export const planTreatFaces: LayerPlanner = ({ step, shape, faces, protect, noise, blur }) => {
  const kept = protect.map((area) => rectangleOf(area, shape));
  const treated = faces
    .filter((face) => isUsable(face, shape) && !kept.some((area) => covers(area, face)))
    .map((face) => planFace(face, shape, noise, blur));
  if (treated.length === 0) return null;
  const facts = { faces: treated.length };
  treated.forEach((face, at) =>
    Object.defineProperty(facts, `face.${at + 1}`, { enumerable: true, get: () => meanOf(face) }),
  );
  return {
    halo: treated.reduce((most, face) => Math.max(most, face.halo), 0),
    facts,
    apply: (strip, y, rows) => treat(strip, y, rows, { shape, treated, kept, strength: step.strength }),
  } satisfies LayerFilter;
};

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A face as it is treated; pixels of the picture. */
interface Face extends Rectangle {
  readonly centre: readonly [number, number];
  readonly radii: readonly [number, number];
  /** Middles of eyes and mouth with the sigma of their surroundings. */
  readonly features: readonly (readonly [number, number, number])[];
  readonly halo: number;
  readonly box: HalfKernel;
  readonly eps: number;
  readonly smoothing: number;
  readonly wide: HalfKernel;
  readonly unblur: Unblur | null;
  /** Sum of ΔE2000 and number of pixels for each row from `top`: written again where a row is applied again. */
  readonly differences: Float64Array;
  readonly counts: Uint32Array;
}

function rectangleOf(area: ProtectedArea, { width, height }: Pick<Shape, 'width' | 'height'>): Rectangle {
  return {
    left: Math.floor(area.x * width),
    top: Math.floor(area.y * height),
    right: Math.ceil((area.x + area.width) * width),
    bottom: Math.ceil((area.y + area.height) * height),
  };
}

function isUsable({ box }: FaceFound, { width, height }: Pick<Shape, 'width' | 'height'>): boolean {
  const inside = box.x < width && box.y < height && box.x + box.width > 0 && box.y + box.height > 0;
  return inside && box.width >= faceLimits.leastWidth && box.height >= faceLimits.leastWidth;
}

/** Whether a protected area holds a quarter of a face or more. */
function covers(area: Rectangle, { box }: FaceFound): boolean {
  const across = Math.min(area.right, box.x + box.width) - Math.max(area.left, box.x);
  const down = Math.min(area.bottom, box.y + box.height) - Math.max(area.top, box.y);
  return across > 0 && down > 0 && across * down >= 0.25 * box.width * box.height;
}

function planFace(
  found: FaceFound,
  { width, height }: Pick<Shape, 'width' | 'height'>,
  noise: number,
  blur: number,
): Face {
  const { box } = found;
  const centre = [box.x + box.width / 2, box.y + box.height / 2] as const;
  const radii = [0.62 * box.width, 0.68 * box.height] as const;
  const top = Math.max(0, Math.floor(centre[1] - radii[1]));
  const bottom = Math.min(height, Math.ceil(centre[1] + radii[1]) + 1);
  const reach = Math.min(5, Math.max(2, Math.round(box.width / 60)));
  const wide = gaussianKernel(Math.min(faceLimits.widest, Math.max(1.5, box.width / 24)), 2.2);
  const design = blur >= faceLimits.leastBlur ? designUnblur(blur, noise) : null;
  return {
    left: Math.max(0, Math.floor(centre[0] - radii[0])),
    right: Math.min(width, Math.ceil(centre[0] + radii[0]) + 1),
    top,
    bottom,
    centre,
    radii,
    features: featuresOf(found),
    halo: Math.max(2 * reach + reachOf(wide), design?.halo ?? 0),
    box: new Float64Array(reach + 1).fill(1 / (2 * reach + 1)),
    eps: (faceLimits.edge * Math.max(0.5, noise)) ** 2,
    smoothing: faceLimits.smoothing * Math.min(1, noise / faceLimits.fullNoise),
    wide,
    unblur: design,
    differences: new Float64Array(bottom - top),
    counts: new Uint32Array(bottom - top),
  };
}

/** Eyes and mouth of a face: from its landmarks or, where it has none, where they usually lie in its box. */
function featuresOf({ box, landmarks }: FaceFound): readonly (readonly [number, number, number])[] {
  const at = (index: number, x: number, y: number): readonly [number, number] =>
    landmarks[index] ?? [box.x + x * box.width, box.y + y * box.height];
  const leftEye = at(0, 0.32, 0.42);
  const rightEye = at(1, 0.68, 0.42);
  const [leftCorner, rightCorner] = [at(3, 0.36, 0.76), at(4, 0.64, 0.76)];
  const mouth = [(leftCorner[0] + rightCorner[0]) / 2, (leftCorner[1] + rightCorner[1]) / 2] as const;
  return [leftEye, rightEye, mouth].map(([x, y]) => [x, y, 0.13 * box.width]);
}

function meanOf({ differences, counts }: Face): number {
  const pixels = counts.reduce((sum, count) => sum + count, 0);
  return pixels === 0 ? 0 : rounded(differences.reduce((sum, row) => sum + row, 0) / pixels);
}

interface Plan {
  readonly shape: Shape;
  readonly treated: readonly Face[];
  readonly kept: readonly Rectangle[];
  readonly strength: number;
}

function treat(strip: Samples, y: number, rows: number, plan: Plan): Samples {
  const { treated, kept, strength } = plan;
  const { width, bands } = plan.shape;
  const halo = treated.reduce((most, face) => Math.max(most, face.halo), 0);
  const before = strip.subarray(halo * width * bands, (halo + rows) * width * bands);
  const out = before.slice();
  const here = treated.filter((face) => face.top < y + rows && face.bottom > y);
  if (here.length === 0) return out;
  const added = new Float32Array(width * rows);
  for (const face of here) addFace(strip, y, rows, face, halo, plan.shape, added);
  for (const { left, top, right, bottom } of kept)
    for (let row = Math.max(0, top - y); row < Math.min(rows, bottom - y); row++)
      added.fill(0, row * width + Math.max(0, left), row * width + Math.max(0, Math.min(width, right)));
  const { most } = faceLimits;
  for (let at = 0; at < added.length; at++) {
    const amount = added[at] as number;
    if (amount > most) added[at] = most;
    else if (amount < -most) added[at] = -most;
  }
  addLuma(out, bands, added);
  for (const face of here) measureFace(face, y, rows, before, out, plan.shape, strength);
  return out;
}

/** Adds what a face gets (levels of 255) to the strip's plane. */
function addFace(
  strip: Samples,
  y: number,
  rows: number,
  face: Face,
  halo: number,
  { width, bands }: Pick<Shape, 'width' | 'bands'>,
  added: Float32Array,
): void {
  const from = Math.max(y, face.top);
  const count = Math.min(y + rows, face.bottom) - from;
  const across = face.right - face.left;
  const wide = across + 2 * face.halo;
  const tall = count + 2 * face.halo;
  const row = new Float32Array(width);
  const luma = new Float32Array(wide * tall);
  for (let line = 0; line < tall; line++) {
    const start = (from - y + halo - face.halo + line) * width * bands;
    lumaOf(strip.subarray(start, start + width * bands), bands, row);
    for (let x = 0; x < wide; x++) luma[line * wide + x] = row[mirrored(face.left - face.halo + x, width)] as number;
  }
  const smooth = guided(luma, wide, tall, face);
  const light = new Float32Array(luma.length);
  blurRows(smooth, wide, face.wide, face.halo, face.halo + count, light);
  const { unblur: design } = face;
  const sharper =
    design === null
      ? null
      : unblur(
          luma.subarray((face.halo - design.halo) * wide, (tall - face.halo + design.halo) * wide),
          wide,
          count,
          design,
        );
  for (let line = 0; line < count; line++)
    for (let x = 0; x < across; x++) {
      const weight = ellipse(face, face.left + x, from + line);
      if (weight <= 0) continue;
      const at = (line + face.halo) * wide + x + face.halo;
      const level = luma[at] as number;
      const near = nearFeatures(face, face.left + x, from + line);
      let amount =
        face.smoothing * (1 - 0.6 * near) * ((smooth[at] as number) - level) +
        faceLimits.contrast * ((smooth[at] as number) - (light[at] as number));
      if (sharper !== null) amount += faceLimits.features * near * (sharper[line * wide + x + face.halo] as number);
      const to = (from - y + line) * width + face.left + x;
      added[to] = (added[to] as number) + weight * amount;
    }
}

/** 1 in the middle of the face, 0 from the ellipse outwards. */
function ellipse({ centre, radii }: Face, x: number, y: number): number {
  const far = Math.hypot((x + 0.5 - centre[0]) / radii[0], (y + 0.5 - centre[1]) / radii[1]);
  return 1 - smoothStep(1 - faceLimits.feather, 1, far);
}

function nearFeatures({ features }: Face, x: number, y: number): number {
  let near = 0;
  for (const [fx, fy, sigma] of features) {
    const off = (x + 0.5 - fx) ** 2 + (y + 0.5 - fy) ** 2;
    const here = Math.exp(-off / (2 * sigma * sigma));
    if (here > near) near = here;
  }
  return near;
}

/** Guided filter of a plane by itself (He, Sun and Tang, 2010); rows within twice the window's reach of the ends are not made. */
function guided(luma: Float32Array, width: number, rows: number, { box, eps }: Face): Float32Array {
  const reach = reachOf(box);
  const mean = new Float32Array(luma.length);
  const square = new Float32Array(luma.length);
  // About the middle of the scale, so that the variance is not lost in the squares of large numbers.
  const centred = luma.map((level) => level - 128);
  blurRows(centred, width, box, reach, rows - reach, mean);
  blurRows(
    centred.map((level) => level * level),
    width,
    box,
    reach,
    rows - reach,
    square,
  );
  const slope = new Float32Array(luma.length);
  const rest = new Float32Array(luma.length);
  for (let at = reach * width; at < (rows - reach) * width; at++) {
    const average = mean[at] as number;
    const variance = Math.max(0, (square[at] as number) - average * average);
    // Only variance beyond the noise is an edge.
    const edge = Math.max(0, variance - eps / 2);
    slope[at] = edge / (edge + eps);
    rest[at] = average * (1 - (slope[at] as number));
  }
  blurRows(slope, width, box, 2 * reach, rows - 2 * reach, mean);
  blurRows(rest, width, box, 2 * reach, rows - 2 * reach, square);
  const out = new Float32Array(luma.length);
  for (let at = 2 * reach * width; at < (rows - 2 * reach) * width; at++)
    out[at] = (mean[at] as number) * (centred[at] as number) + (square[at] as number) + 128;
  return out;
}

/** Writes the rows' ΔE2000 at the step's strength into the face's sums. */
function measureFace(
  face: Face,
  y: number,
  rows: number,
  before: Samples,
  after: Samples,
  { width, bands }: Pick<Shape, 'width' | 'bands'>,
  strength: number,
): void {
  const scale = 255 / fullScale(before);
  const second = bands < 3 ? 0 : 1;
  const third = bands < 3 ? 0 : 2;
  const lab = new Float64Array(6);
  for (let at = Math.max(y, face.top); at < Math.min(y + rows, face.bottom); at++) {
    let sum = 0;
    let count = 0;
    for (let x = face.left; x < face.right; x++) {
      if (ellipse(face, x, at) <= 0) continue;
      count += 1;
      const pixel = ((at - y) * width + x) * bands;
      const was = [pixel, pixel + second, pixel + third].map((sample) => (before[sample] as number) * scale);
      if (before[pixel] === after[pixel]) continue;
      const moved = ((after[pixel] as number) - (before[pixel] as number)) * scale * strength;
      const [r, g, b] = was as [number, number, number];
      labOf(r, g, b, lab, 0);
      labOf(r + moved, g + moved, b + moved, lab, 3);
      sum += deltaE2000(
        lab[0] as number,
        lab[1] as number,
        lab[2] as number,
        lab[3] as number,
        lab[4] as number,
        lab[5] as number,
      );
    }
    face.differences[at - face.top] = sum;
    face.counts[at - face.top] = count;
  }
}
