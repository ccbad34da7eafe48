import { crc32, deflate } from 'node:zlib';
import { promisify } from 'node:util';
import { writeFile } from 'node:fs/promises';

const deflateAsync = promisify(deflate);
const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/** An 8-bit colour with optional opacity (255 opaque). */
export type PaletteColour = readonly [red: number, green: number, blue: number, alpha?: number];

/**
 * Writes one grey band as PNG, losslessly: `Uint8Array` gives 8 bits, `Uint16Array` 16 bits a sample, rows from the top.
 * Nothing is scaled: the numbers read back are the numbers given.
 */
export async function encodeGreyPng(
  samples: Uint8Array | Uint16Array,
  width: number,
  height: number,
  outPath: string,
): Promise<void> {
  expectSamples(samples.length, width, height);
  const wide = samples instanceof Uint16Array;
  const rowBytes = width * (wide ? 2 : 1);
  const rows = Buffer.alloc((rowBytes + 1) * height);
  for (let y = 0; y < height; y++) {
    const at = y * (rowBytes + 1) + 1;
    if (!wide) rows.set(samples.subarray(y * width, (y + 1) * width), at);
    else for (let x = 0; x < width; x++) rows.writeUInt16BE(samples[y * width + x] as number, at + x * 2);
  }
  await writePng({ width, height, bits: wide ? 16 : 8, colourType: 0 }, [], rows, outPath);
}

/** Writes one byte per pixel as a palette PNG; the value is the index. Every index must have a colour. */
export async function encodePalettePng(
  classes: Uint8Array,
  width: number,
  height: number,
  palette: readonly PaletteColour[],
  outPath: string,
): Promise<void> {
  expectSamples(classes.length, width, height);
  if (palette.length === 0 || palette.length > 256)
    throw new RangeError(`Expected 1 to 256 colours for the palette but received ${palette.length}`);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(classes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const largest = classes.reduce((most, value) => (value > most ? value : most), 0);
  if (largest >= palette.length)
    throw new RangeError(`Expected classes below ${palette.length} for the palette but received ${largest}`);
  const colours = Buffer.from(palette.flatMap(([red, green, blue]) => [red, green, blue]));
  const opacities = Buffer.from(palette.map(([, , , alpha]) => alpha ?? 255));
  await writePng(
    { width, height, bits: 8, colourType: 3 },
    [chunk('PLTE', colours), chunk('tRNS', opacities)],
    rows,
    outPath,
  );
}

interface PngHead {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16;
  readonly colourType: 0 | 3;
}

async function writePng(head: PngHead, extra: readonly Buffer[], rows: Buffer, outPath: string): Promise<void> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(head.width, 0);
  header.writeUInt32BE(head.height, 4);
  header[8] = head.bits;
  header[9] = head.colourType;
  const data = await deflateAsync(rows, { level: 6 });
  await writeFile(
    outPath,
    Buffer.concat([signature, chunk('IHDR', header), ...extra, chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]),
  );
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(named));
  return Buffer.concat([head, named, tail]);
}

function expectSamples(received: number, width: number, height: number): void {
  if (received !== width * height)
    throw new RangeError(`Expected ${width * height} samples for ${width}×${height} but received ${received}`);
}
