/** Linear light to XYZ (D65, sRGB primaries), each row divided by the white, so that grey has X = Y = Z. */
const toXyz = [
  [0.4123908 / 0.9504559, 0.3575843 / 0.9504559, 0.1804808 / 0.9504559],
  [0.212639, 0.7151687, 0.0721923],
  [0.0193308 / 1.0890578, 0.1191948 / 1.0890578, 0.9505322 / 1.0890578],
] as const;
const toRgb = inverse(toXyz);

function inverse(m: readonly (readonly [number, number, number])[]): Float64Array {
  const [[a, b, c], [d, e, f], [g, h, i]] = m as readonly [
    readonly [number, number, number],
    readonly [number, number, number],
    readonly [number, number, number],
  ];
  const all = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return Float64Array.of(
    (e * i - f * h) / all,
    (c * h - b * i) / all,
    (b * f - c * e) / all,
    (f * g - d * i) / all,
    (a * i - c * g) / all,
    (c * d - a * f) / all,
    (d * h - e * g) / all,
    (b * g - a * h) / all,
    (a * e - b * d) / all,
  );
}

/** Linear light of every sample of a depth. */
export function linearTable(full: 255 | 65535): Float64Array {
  return Float64Array.from({ length: full + 1 }, (_, sample) => {
    const encoded = sample / full;
    return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
  });
}

/** sRGB encoding against the square root of the light, which it follows nearly in a line. */
const encodeSteps = 4096;
const encodeTable = Float64Array.from({ length: encodeSteps + 2 }, (_, at) => {
  const light = (at / encodeSteps) ** 2;
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
});

/** Encoded value 0..1 of light 0..1; error below a tenth of a 16-bit sample. */
export function encoded(light: number): number {
  const at = Math.sqrt(light) * encodeSteps;
  const low = at | 0;
  const below = encodeTable[low] as number;
  return below + ((encodeTable[low + 1] as number) - below) * (at - low);
}

/** CIELAB's curve. */
const rootSteps = 4096;
const rootTable = Float64Array.from({ length: rootSteps + 2 }, (_, at) => {
  const light = (at / rootSteps) ** 2;
  return light > 216 / 24389 ? Math.cbrt(light) : ((24389 / 27) * light + 16) / 116;
});

function root(light: number): number {
  const at = Math.sqrt(light) * rootSteps;
  const low = at | 0;
  const below = rootTable[low] as number;
  return below + ((rootTable[low + 1] as number) - below) * (at - low);
}

function cube(value: number): number {
  return value > 6 / 29 ? value * value * value : (116 * value - 16) / (24389 / 27);
}

/**
 * Moves the chroma of a pixel (linear light, in place in `rgb`) by `share` (0..1) towards a* and b* and keeps its
 * luminance, so its L*. Where that colour lies outside the gamut the chroma gives way, never the lightness; false where
 * the pixel is too dark or too light to hold any.
 */
export function moveChroma(rgb: Float64Array, a: number, b: number, share: number): boolean {
  const [x0, y0, z0] = toXyz;
  const r = rgb[0] as number;
  const g = rgb[1] as number;
  const bl = rgb[2] as number;
  const y = y0[0] * r + y0[1] * g + y0[2] * bl;
  if (y < darkest || y > lightest) return false;
  const fy = root(y);
  let wantedA = a * share;
  let wantedB = b * share;
  if (share < 1) {
    const x = x0[0] * r + x0[1] * g + x0[2] * bl;
    const z = z0[0] * r + z0[1] * g + z0[2] * bl;
    wantedA += (1 - share) * 500 * (root(x > 1 ? 1 : x) - fy);
    wantedB += (1 - share) * 200 * (fy - root(z > 1 ? 1 : z));
  }
  if (place(rgb, y, fy, wantedA, wantedB)) return true;
  let [inside, outside] = [0, 1];
  for (let turn = 0; turn < 9; turn++) {
    const middle = (inside + outside) / 2;
    if (place(rgb, y, fy, wantedA * middle, wantedB * middle)) inside = middle;
    else outside = middle;
  }
  if (!place(rgb, y, fy, wantedA * inside, wantedB * inside)) rgb.fill(y);
  return true;
}

/** Light of the first and the last but one of 255 levels: what chroma may bring a channel to, so that nothing is cut off. */
const darkest = 1 / 255 / 12.92;
const lightest = ((254 / 255 + 0.055) / 1.055) ** 2.4;

/** Writes the colour of that luminance and chroma; false where it lies outside the gamut, less one level at its ends. */
function place(rgb: Float64Array, y: number, fy: number, a: number, b: number): boolean {
  const x = cube(fy + a / 500);
  const z = cube(fy - b / 200);
  const red = (toRgb[0] as number) * x + (toRgb[1] as number) * y + (toRgb[2] as number) * z;
  const green = (toRgb[3] as number) * x + (toRgb[4] as number) * y + (toRgb[5] as number) * z;
  const blue = (toRgb[6] as number) * x + (toRgb[7] as number) * y + (toRgb[8] as number) * z;
  rgb[0] = red;
  rgb[1] = green;
  rgb[2] = blue;
  return (
    red >= darkest && green >= darkest && blue >= darkest && red <= lightest && green <= lightest && blue <= lightest
  );
}
