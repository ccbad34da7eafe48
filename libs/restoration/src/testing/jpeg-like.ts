/** Quantisation tables of ITU-T T.81, Annex K.1 and K.2, row by row. */
const lumaTable = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];
const chromaTable = [
  17,
  18,
  24,
  47,
  99,
  99,
  99,
  99,
  18,
  21,
  26,
  66,
  99,
  99,
  99,
  99,
  24,
  26,
  56,
  99,
  99,
  99,
  99,
  99,
  47,
  66,
  99,
  99,
  99,
  99,
  99,
  99,
  ...Array.from({ length: 32 }, () => 99),
];
const cosines = Float64Array.from(
  { length: 64 },
  (_, at) => (at < 8 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos((((at & 7) * 2 + 1) * Math.floor(at / 8) * Math.PI) / 16),
);

/**
 * What JPEG at a quality (1..100, as libjpeg counts) does to RGB levels: Y'CbCr, colour at half size, 8×8 cosine blocks
 * rounded to the tables. Sides must be multiples of 16.
 */
export function jpegLike(rgb: Float32Array, width: number, height: number, quality: number): Float32Array {
  const scale = quality < 50 ? 50 / quality : 2 - quality / 50;
  const planes = [0, 1, 2].map((plane) => new Float32Array(plane === 0 ? width * height : (width * height) / 4));
  const [luma, blue, red] = planes as [Float32Array, Float32Array, Float32Array];
  for (let at = 0; at < width * height; at++) {
    const [r, g, b] = [0, 1, 2].map((band) => Math.min(255, Math.max(0, Math.round(rgb[at * 3 + band] as number)))) as [
      number,
      number,
      number,
    ];
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    luma[at] = y;
    const half = Math.floor(Math.floor(at / width) / 2) * (width / 2) + Math.floor((at % width) / 2);
    blue[half] = (blue[half] as number) + ((b - y) * 0.564) / 4;
    red[half] = (red[half] as number) + ((r - y) * 0.713) / 4;
  }
  rounded(luma, width, height, lumaTable, scale);
  rounded(blue, width / 2, height / 2, chromaTable, scale);
  rounded(red, width / 2, height / 2, chromaTable, scale);
  return rgb.map((_, sample) => {
    const at = Math.floor(sample / 3);
    const half = Math.floor(Math.floor(at / width) / 2) * (width / 2) + Math.floor((at % width) / 2);
    const [y, cb, cr] = [luma[at] as number, (blue[half] as number) / 0.564, (red[half] as number) / 0.713];
    const level = sample % 3 === 0 ? y + cr : sample % 3 === 2 ? y + cb : y - (0.299 * cr + 0.114 * cb) / 0.587;
    return Math.min(255, Math.max(0, Math.round(level)));
  });
}

function rounded(plane: Float32Array, width: number, height: number, table: readonly number[], scale: number): void {
  const block = new Float64Array(64);
  for (let top = 0; top < height; top += 8)
    for (let left = 0; left < width; left += 8) {
      for (let at = 0; at < 64; at++) block[at] = plane[(top + (at >> 3)) * width + left + (at & 7)] as number;
      const found = transformed(block, false);
      for (let at = 0; at < 64; at++) {
        const step = Math.max(1, Math.round((table[at] as number) * scale));
        found[at] = Math.round((found[at] as number) / step) * step;
      }
      const back = transformed(found, true);
      for (let at = 0; at < 64; at++) plane[(top + (at >> 3)) * width + left + (at & 7)] = back[at] as number;
    }
}

function transformed(block: Float64Array, back: boolean): Float64Array {
  let from = block;
  for (let pass = 0; pass < 2; pass++) {
    const to = new Float64Array(64);
    for (let row = 0; row < 8; row++)
      for (let out = 0; out < 8; out++) {
        let sum = 0;
        for (let at = 0; at < 8; at++)
          sum += (from[row * 8 + at] as number) * (cosines[back ? at * 8 + out : out * 8 + at] as number);
        to[out * 8 + row] = sum;
      }
    from = to;
  }
  return from;
}
