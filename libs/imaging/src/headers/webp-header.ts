import { HeaderFault, type PictureHeader } from './picture-header.js';
import type { RandomBytes } from './random-bytes.js';

const maxChunks = 10_000;

/** Reads the chunks of a WebP; animations have as many pages as frames. WebP is always held whole. */
export async function readWebpHeader(file: RandomBytes): Promise<PictureHeader> {
  let offset = 12;
  let frames = 0;
  let size: { width: number; height: number; bands: number } | undefined;
  for (let count = 0; count < maxChunks; count++) {
    const head = await file.at(offset, 18);
    if (head.length < 8) break;
    const name = head.toString('latin1', 0, 4);
    const length = head.readUInt32LE(4);
    if (name === 'ANMF') frames++;
    if (size === undefined) size = sizeOf(name, head);
    if (name === 'VP8 ' || name === 'VP8L') break;
    offset += 8 + length + (length & 1);
  }
  if (size === undefined) throw new HeaderFault('its first chunk is missing');
  return { ...size, pages: Math.max(1, frames), sequential: false, bitsPerSample: 8 };
}

function sizeOf(name: string, head: Buffer): { width: number; height: number; bands: number } | undefined {
  if (head.length < 18) return undefined;
  if (name === 'VP8X') {
    const alpha = ((head[8] as number) & 0x10) !== 0;
    return { width: 1 + head.readUIntLE(12, 3), height: 1 + head.readUIntLE(15, 3), bands: alpha ? 4 : 3 };
  }
  if (name === 'VP8 ') {
    return { width: head.readUInt16LE(14) & 0x3fff, height: head.readUInt16LE(16) & 0x3fff, bands: 3 };
  }
  if (name === 'VP8L') {
    const bits = head.readUInt32LE(9);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff), bands: (bits >>> 28) & 1 ? 4 : 3 };
  }
  return undefined;
}
