/** A colour in CIELAB, D65. */
export interface Lab {
  readonly L: number;
  readonly a: number;
  readonly b: number;
}

const degrees = Math.PI / 180;
const pow25to7 = 25 ** 7;
const [cos30, sin30] = [Math.cos(30 * degrees), Math.sin(30 * degrees)];
const [cos6, sin6] = [Math.cos(6 * degrees), Math.sin(6 * degrees)];
const [cos63, sin63] = [Math.cos(63 * degrees), Math.sin(63 * degrees)];
/** Direction of the blues that are turned, and the cosine beyond which the turn is below 2e-6. */
const [cos275, sin275] = [Math.cos(275 * degrees), Math.sin(275 * degrees)];
const turnEnds = Math.cos(95 * degrees);

/**
 * CIEDE2000 with kL = kC = kH = 1, after Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula: Implementation
 * Notes, Supplementary Test Data, and Mathematical Observations" (2005). Hue angles are never computed where vectors
 * serve: the mean hue is the direction between both, its multiples follow from its sine and cosine.
 */
export function deltaE2000(L1: number, a1: number, b1: number, L2: number, a2: number, b2: number): number {
  pair[0] = L1;
  pair[1] = a1;
  pair[2] = b1;
  pair[3] = L2;
  pair[4] = a2;
  pair[5] = b2;
  differenceOf(pair, answer, 0);
  return answer[0] as number;
}

const [pair, answer] = [new Float64Array(6), new Float64Array(1)];

/**
 * The same of two colours that lie one after the other in `labs` (L, a, b, L, a, b), written to `out[at]`: numbers that are handed over
 * one by one, and one that is answered, are each put into an object of its own, which for a picture are gigabytes.
 */
export function differenceOf(labs: Float64Array, out: Float64Array, at: number): void {
  const L1 = labs[0] as number;
  const a1 = labs[1] as number;
  const b1 = labs[2] as number;
  const L2 = labs[3] as number;
  const a2 = labs[4] as number;
  const b2 = labs[5] as number;
  const lightness = (L1 + L2) / 2 - 50;
  const fromFifty = lightness * lightness;
  const dL = (L2 - L1) / (1 + (0.015 * fromFifty) / Math.sqrt(20 + fromFifty));
  if (a1 === 0 && b1 === 0 && a2 === 0 && b2 === 0) {
    out[at] = Math.abs(dL);
    return;
  }
  const cBar = (Math.sqrt(a1 * a1 + b1 * b1) + Math.sqrt(a2 * a2 + b2 * b2)) / 2;
  const g = 1.5 - 0.5 * Math.sqrt(chromaShare(cBar));
  const a1p = g * a1;
  const a2p = g * a2;
  const c1p = Math.sqrt(a1p * a1p + b1 * b1);
  const c2p = Math.sqrt(a2p * a2p + b2 * b2);
  const product = c1p * c2p;
  const cBarP = (c1p + c2p) / 2;
  let dH = 0;
  let cosine: number;
  let sine: number;
  if (product === 0) {
    // One of both is grey: the hue is that of the other.
    cosine = (a1p + a2p) / (c1p + c2p);
    sine = (b1 + b2) / (c1p + c2p);
  } else {
    // 2 √(c1 c2) sin(Δh / 2), with the sign of the turn: what is left of the distance without the chromas'.
    const da = a2p - a1p;
    const db = b2 - b1;
    const dC = c2p - c1p;
    const apart = da * da + db * db - dC * dC;
    const cross = a1p * b2 - a2p * b1;
    dH = apart <= 0 ? 0 : Math.sqrt(apart);
    if (cross < 0) dH = -dH;
    const x = a1p * c2p + a2p * c1p;
    const y = b1 * c2p + b2 * c1p;
    const length = Math.sqrt(x * x + y * y);
    if (length > product * 1e-7) {
      cosine = x / length;
      sine = y / length;
    } else {
      // Opposite hues: the mean of the angles themselves, as the paper has it.
      const middle = (hue(a1p, b1) + hue(a2p, b2)) / 2;
      cosine = Math.cos(middle);
      sine = Math.sin(middle);
    }
  }
  const cosine2 = cosine * cosine - sine * sine;
  const sine2 = 2 * cosine * sine;
  const cosine3 = cosine2 * cosine - sine2 * sine;
  const sine3 = sine2 * cosine + cosine2 * sine;
  const cosine4 = cosine2 * cosine2 - sine2 * sine2;
  const sine4 = 2 * cosine2 * sine2;
  const t =
    1 -
    0.17 * (cosine * cos30 + sine * sin30) +
    0.24 * cosine2 +
    0.32 * (cosine3 * cos6 - sine3 * sin6) -
    0.2 * (cosine4 * cos63 + sine4 * sin63);
  const c = (c2p - c1p) / (1 + 0.045 * cBarP);
  const h = dH / (1 + 0.015 * cBarP * t);
  const sum = dL * dL + c * c + h * h;
  if (cosine * cos275 + sine * sin275 < turnEnds) {
    out[at] = Math.sqrt(sum);
    return;
  }
  const turn = (hue(cosine, sine) / degrees - 275) / 25;
  const rT = -2 * Math.sqrt(chromaShare(cBarP)) * Math.sin(60 * degrees * Math.exp(-turn * turn));
  out[at] = Math.sqrt(Math.max(0, sum + rT * c * h));
}

/** c⁷ / (c⁷ + 25⁷). */
function chromaShare(c: number): number {
  const c2 = c * c;
  const c7 = c2 * c2 * c2 * c;
  return c7 / (c7 + pow25to7);
}

/** Angle in radians, 0..2π. */
function hue(a: number, b: number): number {
  const angle = Math.atan2(b, a);
  return angle < 0 ? angle + 2 * Math.PI : angle;
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

/** White of D65: sums of the rows of the matrix for X and Z. */
const [whiteX, whiteZ] = [0.9504559, 1.0890578];
const [xr, xg, xb] = [0.4123908 / whiteX, 0.3575843 / whiteX, 0.1804808 / whiteX];
const [zr, zg, zb] = [0.0193308 / whiteZ, 0.1191948 / whiteZ, 0.9505322 / whiteZ];

/**
 * CIELAB of encoded RGB in levels of 255 (fractions allowed), read as sRGB whatever profile the picture carries; written
 * to `out[at..at+2]`.
 */
export function labOf(r: number, g: number, b: number, out: Float32Array | Float64Array, at: number): void {
  labOfLinear(decoded(r), decoded(g), decoded(b), out, at);
}

/** The same of samples of a depth, which `light` (`linearLevels`) makes linear. */
export function labOfSamples(
  light: Float64Array,
  r: number,
  g: number,
  b: number,
  out: Float64Array,
  at: number,
): void {
  labOfLinear(light[r] as number, light[g] as number, light[b] as number, out, at);
}

/** The same of linear light 0..1. */
function labOfLinear(rl: number, gl: number, bl: number, out: Float32Array | Float64Array, at: number): void {
  const x = curve(xr * rl + xg * gl + xb * bl);
  const y = curve(0.212639 * rl + 0.7151687 * gl + 0.0721923 * bl);
  const z = curve(zr * rl + zg * gl + zb * bl);
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

const linearByDepth = new Map<8 | 16, Float64Array>();

/** Linear light 0..1 of every sample of a depth, as `labOf` reads it; made once, 0.5 MB for 16 bits. */
export function linearLevels(depth: 8 | 16): Float64Array {
  let table = linearByDepth.get(depth);
  if (table === undefined) {
    const scale = depth === 8 ? 1 : 255 / 65535;
    table = Float64Array.from({ length: depth === 8 ? 256 : 65536 }, (_, sample) => decoded(sample * scale));
    linearByDepth.set(depth, table);
  }
  return table;
}

/** L* of a grey level of 255 (fractions allowed). */
export function lightnessOf(level: number): number {
  return 116 * curve(decoded(level)) - 16;
}
