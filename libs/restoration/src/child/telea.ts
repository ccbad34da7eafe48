import { createRequire } from 'node:module';
import type { Samples } from '../picture/strips.js';

/** The part of opencv-js that is used here. */
interface OpenCv {
  readonly Mat: {
    new (rows: number, columns: number, type: number): CvMat;
    new (): CvMat;
  };
  readonly CV_8UC1: number;
  readonly CV_8UC3: number;
  readonly CV_16UC1: number;
  readonly INPAINT_TELEA: number;
  inpaint(source: CvMat, mask: CvMat, target: CvMat, radius: number, method: number): void;
  getBuildInformation(): string;
  onRuntimeInitialized?: () => void;
}

interface CvMat {
  readonly data: Uint8Array;
  readonly data16U: Uint16Array;
  delete(): void;
}

/** Pixels around a hole that Telea's method weighs. */
const radius = 4;

/** Version of the library, for receipts; it is loaded only where something is filled. */
export const opencvVersion = '4.12.0';

let loading: Promise<{ readonly cv: OpenCv }> | undefined;

/** The module has a `then` of its own that answers itself, so it is handed on inside an object, never awaited bare. */
function openCv(): Promise<{ readonly cv: OpenCv }> {
  loading ??= new Promise((resolve) => {
    const cv = createRequire(import.meta.url)('@techstark/opencv-js') as OpenCv;
    cv.onRuntimeInitialized = () => resolve({ cv });
  });
  return loading;
}

/** Loads the library, which the first fill would wait for. */
export async function loadFilling(): Promise<void> {
  await openCv();
}

/** A rectangle of interleaved samples with 1 (grey) or 3 (colour) bands. */
export interface Patch {
  readonly width: number;
  readonly height: number;
  readonly bands: 1 | 3;
  readonly samples: Samples;
}

/**
 * Fills the pixels whose `holes` value is not 0 from their surroundings (A. Telea, "An Image Inpainting Technique Based on
 * the Fast Marching Method", 2004), at the patch's own depth. All other samples come back as they were.
 */
export async function fillHoles(patch: Patch, holes: Uint8Array): Promise<Samples> {
  const { cv } = await openCv();
  const { width, height, bands, samples } = patch;
  const filled = samples.slice();
  const mask = new cv.Mat(height, width, cv.CV_8UC1);
  try {
    mask.data.set(holes);
    if (samples instanceof Uint8Array) {
      const made = inpaint(
        cv,
        bands === 3 ? cv.CV_8UC3 : cv.CV_8UC1,
        width,
        height,
        mask,
        (mat) => mat.data.set(samples),
        (mat) => mat.data.slice(),
      );
      copyHoles(holes, filled, made, bands, 0, bands);
    } else {
      for (let band = 0; band < bands; band++) {
        const plane = Uint16Array.from({ length: width * height }, (_, at) => samples[at * bands + band] as number);
        const made = inpaint(
          cv,
          cv.CV_16UC1,
          width,
          height,
          mask,
          (mat) => mat.data16U.set(plane),
          (mat) => mat.data16U.slice(),
        );
        copyHoles(holes, filled, made, bands, band, 1);
      }
    }
  } finally {
    mask.delete();
  }
  return filled;
}

function inpaint<T extends Samples>(
  cv: OpenCv,
  type: number,
  width: number,
  height: number,
  mask: CvMat,
  put: (mat: CvMat) => void,
  take: (mat: CvMat) => T,
): T {
  const source = new cv.Mat(height, width, type);
  const target = new cv.Mat();
  try {
    put(source);
    cv.inpaint(source, mask, target, radius, cv.INPAINT_TELEA);
    return take(target);
  } finally {
    source.delete();
    target.delete();
  }
}

function copyHoles(
  holes: Uint8Array,
  into: Samples,
  from: Samples,
  bands: number,
  band: number,
  fromBands: number,
): void {
  for (let pixel = 0; pixel < holes.length; pixel++) {
    if (holes[pixel] === 0) continue;
    for (let at = 0; at < fromBands; at++) into[pixel * bands + band + at] = from[pixel * fromBands + at] as number;
  }
}
