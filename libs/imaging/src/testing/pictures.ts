import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharp } from '../sharp-settings.js';

/** A folder for one spec; call `remove` when done. */
export function scratch(): { path: (name: string) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'albumen-imaging-'));
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Smooth colours with some texture, different in every corner, so that turned and mirrored pictures differ. */
export function rgb8(width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      pixels[at] = Math.round((x / width) * 255);
      pixels[at + 1] = Math.round((y / height) * 255);
      pixels[at + 2] = 128 + Math.round(60 * Math.sin(x / 9) * Math.cos(y / 7));
    }
  }
  return pixels;
}

/** 16-bit samples that use the low byte too. */
export function samples16(count: number): Uint16Array {
  return Uint16Array.from({ length: count }, (_, index) => (index * 7919 + 13) % 65_536);
}

/** The picture of `rgb8` as a sharp pipeline. */
export function picture(width: number, height: number): ReturnType<typeof sharp> {
  return sharp(rgb8(width, height), { raw: { width, height, channels: 3 } });
}

/** Interleaved 8-bit sRGB samples of a picture as sharp reads it, profile not applied. */
export async function pixelsOf(input: string | Uint8Array): Promise<Buffer> {
  return sharp(input, { ignoreIcc: true }).raw().toBuffer();
}

/** Largest difference between two lists of samples. */
export function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < one.length; index++)
    largest = Math.max(largest, Math.abs((one[index] as number) - (other[index] as number)));
  return largest;
}

/** Mean difference between two lists of samples. */
export function meanDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) return Infinity;
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += Math.abs((one[index] as number) - (other[index] as number));
  return sum / one.length;
}
