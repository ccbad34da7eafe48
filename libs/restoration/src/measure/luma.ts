import type { Samples } from '../picture/strips.js';

/** Luma after Rec. 601 (as JPEG has it) in levels of 255, fractions kept for 16-bit pictures; one value per pixel. */
export function lumaOf(strip: Samples, bands: number, out: Float32Array): void {
  const scale = strip instanceof Uint8Array ? 1 : 255 / 65535;
  const pixels = strip.length / bands;
  if (bands < 3) {
    for (let pixel = 0; pixel < pixels; pixel++) out[pixel] = (strip[pixel * bands] as number) * scale;
    return;
  }
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += bands)
    out[pixel] =
      (0.299 * (strip[at] as number) + 0.587 * (strip[at + 1] as number) + 0.114 * (strip[at + 2] as number)) * scale;
}
