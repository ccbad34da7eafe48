/** A colour in CIELAB, D65. */
export interface Lab {
  readonly L: number;
  readonly a: number;
  readonly b: number;
}

const degrees = Math.PI / 180;
const pow25to7 = 25 ** 7;

/**
 * CIEDE2000 with kL = kC = kH = 1, after Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula: Implementation
 * Notes, Supplementary Test Data, and Mathematical Observations" (2005).
 */
export function deltaE2000(L1: number, a1: number, b1: number, L2: number, a2: number, b2: number): number {
  const c1 = Math.sqrt(a1 * a1 + b1 * b1);
  const c2 = Math.sqrt(a2 * a2 + b2 * b2);
  const lightness = (L1 + L2) / 2;
  const fromFifty = (lightness - 50) * (lightness - 50);
  const sL = 1 + (0.015 * fromFifty) / Math.sqrt(20 + fromFifty);
  const dL = (L2 - L1) / sL;
  if (c1 === 0 && c2 === 0) return Math.abs(dL);
  const cBar7 = ((c1 + c2) / 2) ** 7;
  const g = 0.5 * (1 - Math.sqrt(cBar7 / (cBar7 + pow25to7)));
  const a1p = (1 + g) * a1;
  const a2p = (1 + g) * a2;
  const c1p = Math.sqrt(a1p * a1p + b1 * b1);
  const c2p = Math.sqrt(a2p * a2p + b2 * b2);
  const h1 = hue(a1p, b1);
  const h2 = hue(a2p, b2);
  let dh = 0;
  let hBar = h1 + h2;
  if (c1p * c2p !== 0) {
    dh = h2 - h1;
    if (dh > 180) dh -= 360;
    else if (dh < -180) dh += 360;
    if (Math.abs(h1 - h2) <= 180) hBar = (h1 + h2) / 2;
    else hBar = h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2;
  }
  const dH = 2 * Math.sqrt(c1p * c2p) * Math.sin((dh / 2) * degrees);
  const cBarP = (c1p + c2p) / 2;
  const t =
    1 -
    0.17 * Math.cos((hBar - 30) * degrees) +
    0.24 * Math.cos(2 * hBar * degrees) +
    0.32 * Math.cos((3 * hBar + 6) * degrees) -
    0.2 * Math.cos((4 * hBar - 63) * degrees);
  const cBarP7 = cBarP ** 7;
  const turn = (hBar - 275) / 25;
  const rT = -2 * Math.sqrt(cBarP7 / (cBarP7 + pow25to7)) * Math.sin(60 * Math.exp(-turn * turn) * degrees);
  const sC = 1 + 0.045 * cBarP;
  const sH = 1 + 0.015 * cBarP * t;
  const c = (c2p - c1p) / sC;
  const h = dH / sH;
  return Math.sqrt(Math.max(0, dL * dL + c * c + h * h + rT * c * h));
}

function hue(a: number, b: number): number {
  if (a === 0 && b === 0) return 0;
  const angle = Math.atan2(b, a) / degrees;
  return angle < 0 ? angle + 360 : angle;
}

/** sRGB decoding of an encoded value 0..1. */
function linear(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}

const linearOf8 = Float64Array.from({ length: 256 }, (_, level) => linear(level / 255));
const cubeSteps = 8192;
const cubeRoots = Float64Array.from({ length: cubeSteps + 2 }, (_, at) => labCurve(at / cubeSteps));

function labCurve(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
}

/** CIELAB's curve from a table with linear interpolation; error below 0.01 in L*. Input 0..1. */
function curve(t: number): number {
  const at = (t < 0 ? 0 : t > 1 ? 1 : t) * cubeSteps;
  const low = at | 0;
  const below = cubeRoots[low] as number;
  return below + ((cubeRoots[low + 1] as number) - below) * (at - low);
}

/**
 * CIELAB of encoded RGB in levels of 255 (fractions allowed), read as sRGB whatever profile the picture carries; written
 * to `out[at..at+2]`.
 */
export function labOf(r: number, g: number, b: number, out: Float32Array | Float64Array, at: number): void {
  const rl = decoded(r);
  const gl = decoded(g);
  const bl = decoded(b);
  const x = curve((0.4123908 * rl + 0.3575843 * gl + 0.1804808 * bl) / 0.9504559);
  const y = curve(0.212639 * rl + 0.7151687 * gl + 0.0721923 * bl);
  const z = curve((0.0193308 * rl + 0.1191948 * gl + 0.9505322 * bl) / 1.0890578);
  out[at] = 116 * y - 16;
  out[at + 1] = 500 * (x - y);
  out[at + 2] = 200 * (y - z);
}

function decoded(level: number): number {
  if (level <= 0) return 0;
  if (level >= 255) return 1;
  const low = level | 0;
  const below = linearOf8[low] as number;
  return low === level ? below : below + ((linearOf8[low + 1] as number) - below) * (level - low);
}

/** L* of a grey level of 255 (fractions allowed). */
export function lightnessOf(level: number): number {
  return 116 * curve(decoded(level)) - 16;
}
