import { writeFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';

/** Shape of a drawn picture. */
export interface DrawnShape {
  readonly width: number;
  readonly height: number;
  readonly bands: 1 | 3;
  readonly depth: 8 | 16;
}

/** Draws a scene of soft hills with grain as PNG; the same seed draws the same bytes. */
export async function drawPicture(path: string, shape: DrawnShape, seed: number): Promise<void> {
  const { width, height, bands, depth } = shape;
  const random = numbersFrom(seed);
  const bytes = depth / 8;
  const row = width * bands * bytes + 1;
  const data = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let band = 0; band < bands; band++) {
        const hills = 110 + 50 * Math.sin(x / 17 + band) * Math.cos(y / 23) + (40 * y) / height;
        const level = Math.min(250, Math.max(5, hills + 30 * (random() - 0.5)));
        const at = y * row + 1 + (x * bands + band) * bytes;
        if (depth === 8) data[at] = Math.round(level);
        else data.writeUInt16BE(Math.round(level * 257), at);
      }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = depth;
  head[9] = bands === 1 ? 0 : 2;
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  await writeFile(
    path,
    Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(data)), chunk('IEND', Buffer.alloc(0))]),
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

/** Random numbers 0..1 that are the same in every run (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
