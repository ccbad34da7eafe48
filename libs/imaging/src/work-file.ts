import { open } from 'node:fs/promises';
import { refuse } from '@albumen/domain';

/**
 * A picture decoded once, as libvips' own format (`.v`): `headerBytes` of header, then interleaved rows from the top,
 * then an XML trailer. Any strip can be read and written with plain file calls at
 * `headerBytes + row * width * bands * (depth / 8)`; 16-bit samples are in the machine's byte order.
 */
export interface WorkFile {
  readonly path: string;
  /** Pixels, orientation applied. */
  readonly width: number;
  readonly height: number;
  /** Grey 1, grey and alpha 2, RGB 3, RGB and alpha 4. */
  readonly bands: number;
  readonly depth: 8 | 16;
  readonly hasAlpha: boolean;
  /** The original's ICC profile, kept and not applied; null means sRGB (or grey with sRGB's curve). */
  readonly icc: Uint8Array | null;
  /** Dots per inch, or null. */
  readonly density: number | null;
  readonly headerBytes: number;
}

/** Bytes of the header of every work file. */
export const workHeaderBytes = 64;

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const magic = 0x08f2a6b6;
const format = { 8: 0, 16: 2 } as const;
/** VipsInterpretation: b-w 1, srgb 22, rgb16 25, grey16 26. */
const interpretation = (bands: number, depth: 8 | 16): number =>
  bands < 3 ? (depth === 8 ? 1 : 26) : depth === 8 ? 22 : 25;

/** Bytes of the pixels, and of header and pixels together. */
export function workBytes(work: Pick<WorkFile, 'width' | 'height' | 'bands' | 'depth'>): {
  row: number;
  pixels: number;
  end: number;
} {
  const row = work.width * work.bands * (work.depth / 8);
  return { row, pixels: row * work.height, end: workHeaderBytes + row * work.height };
}

/** Makes an empty work file of that shape (all zero) with header and trailer, ready for strips to be written into it. */
export async function createWorkFile(
  path: string,
  shape: Pick<WorkFile, 'width' | 'height' | 'bands' | 'depth'> & Partial<Pick<WorkFile, 'icc' | 'density'>>,
): Promise<WorkFile> {
  const { width, height, bands, depth } = shape;
  const hasAlpha = bands === 2 || bands === 4;
  const work: WorkFile = {
    path,
    width,
    height,
    bands,
    depth,
    hasAlpha,
    icc: shape.icc ?? null,
    density: shape.density ?? null,
    headerBytes: workHeaderBytes,
  };
  const handle = await open(path, 'w');
  try {
    await handle.write(headerOf(work), 0, workHeaderBytes, 0);
    await handle.truncate(workBytes(work).end);
    await handle.write(trailerOf(work), workBytes(work).end);
  } finally {
    await handle.close();
  }
  return work;
}

/** Opens a work file by its header and trailer. Refuses `file.damaged` where the bytes are no complete work file. */
export async function openWorkFile(path: string): Promise<WorkFile> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(workHeaderBytes);
    await handle.read(head, 0, workHeaderBytes, 0);
    const u32 = (at: number): number => (littleEndian ? head.readUInt32LE(at) : head.readUInt32BE(at));
    const float = (at: number): number => (littleEndian ? head.readFloatLE(at) : head.readFloatBE(at));
    const depth = u32(20) === format[8] ? 8 : u32(20) === format[16] ? 16 : undefined;
    if (u32(0) !== magic) throw refuse('file.damaged', { detail: 'it is no work file' });
    if (depth === undefined) throw refuse('file.damaged', { detail: 'its sample format is not 8 or 16 bit' });
    const shape = { width: u32(4), height: u32(8), bands: u32(12), depth } as const;
    const { end } = workBytes(shape);
    const { size } = await handle.stat();
    if (size < end) throw refuse('file.damaged', { detail: 'the work file is cut off' });
    const trailer = Buffer.alloc(Math.min(size - end, 16_000_000));
    await handle.read(trailer, 0, trailer.length, end);
    const density = Math.round(float(32) * 25.4);
    const hasAlpha = shape.bands === 2 || shape.bands === 4;
    return {
      path,
      ...shape,
      hasAlpha,
      icc: iccOf(trailer.toString('latin1')),
      density: density > 26 ? density : null,
      headerBytes: workHeaderBytes,
    };
  } finally {
    await handle.close();
  }
}

/**
 * Writes header and trailer of `work` over what the file holds, where they differ; its pixels are not touched. A file
 * that is sealed already is only read, so that several may encode from it at once.
 */
export async function sealWorkFile(work: WorkFile): Promise<void> {
  const header = headerOf(work);
  const trailer = Buffer.from(trailerOf(work));
  const { end } = workBytes(work);
  const handle = await open(work.path, 'r+');
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(workHeaderBytes);
    const tail = Buffer.alloc(trailer.length);
    await handle.read(head, 0, workHeaderBytes, 0);
    await handle.read(tail, 0, trailer.length, end);
    if (size === end + trailer.length && head.equals(header) && tail.equals(trailer)) return;
    await handle.write(header, 0, workHeaderBytes, 0);
    await handle.truncate(end);
    await handle.write(trailer, 0, trailer.length, end);
  } finally {
    await handle.close();
  }
}

function headerOf(work: WorkFile): Buffer {
  const head = Buffer.alloc(workHeaderBytes);
  const u32 = (value: number, at: number): number =>
    littleEndian ? head.writeUInt32LE(value, at) : head.writeUInt32BE(value, at);
  const float = (value: number, at: number): number =>
    littleEndian ? head.writeFloatLE(value, at) : head.writeFloatBE(value, at);
  u32(magic, 0);
  u32(work.width, 4);
  u32(work.height, 8);
  u32(work.bands, 12);
  u32(work.depth, 16);
  u32(format[work.depth], 20);
  u32(interpretation(work.bands, work.depth), 28);
  const perMillimetre = work.density === null ? 1 : work.density / 25.4;
  float(perMillimetre, 32);
  float(perMillimetre, 36);
  return head;
}

function trailerOf(work: WorkFile): string {
  const icc = work.icc
    ? `<field type="VipsBlob" name="icc-profile-data">${Buffer.from(work.icc).toString('base64')}</field>`
    : '';
  return `<?xml version="1.0"?>\n<root xmlns="http://www.vips.ecs.soton.ac.uk/vips/8.18.7">\n  <header>\n  </header>\n  <meta>\n    ${icc}\n  </meta>\n</root>\n`;
}

function iccOf(trailer: string): Uint8Array | null {
  const found = /name="icc-profile-data">([^<]*)</.exec(trailer);
  return found?.[1] ? new Uint8Array(Buffer.from(found[1], 'base64')) : null;
}
