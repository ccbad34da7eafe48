import { readSync, writeSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { createWorkFile, workBytes, type WorkFile } from '@albumen/imaging';

/** Interleaved samples of a strip; 8-bit pictures give `Uint8Array`, 16-bit ones `Uint16Array`. */
export type Samples = Uint8Array | Uint16Array;

/** Size, bands and depth of a work file. */
export type Shape = Pick<WorkFile, 'width' | 'height' | 'bands' | 'depth'>;

/** Makes an array of samples of the given depth, all zero. */
export function samplesOf(depth: 8 | 16, length: number): Samples {
  return depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
}

/** Colour bands of a picture: 1 or 3; alpha is not one of them. */
export function colourBands(shape: Pick<Shape, 'bands'>): 1 | 3 {
  return shape.bands < 3 ? 1 : 3;
}

/** Reads and writes rows of one work file; memory is the strip's, never the picture's. Close it after use. */
export class Strips {
  readonly #handle: FileHandle;
  readonly #rowBytes: number;
  private constructor(
    readonly work: WorkFile,
    handle: FileHandle,
  ) {
    this.#handle = handle;
    this.#rowBytes = workBytes(work).row;
  }

  static async open(work: WorkFile): Promise<Strips> {
    return new Strips(work, await open(work.path, 'r+'));
  }

  /** Makes an empty work file of that shape and opens it. */
  static async create(path: string, shape: Shape & Partial<Pick<WorkFile, 'icc' | 'density'>>): Promise<Strips> {
    return Strips.open(await createWorkFile(path, shape));
  }

  /**
   * Samples of `rows` rows from row `y`; both must lie inside the picture. `into` is written over where it has room, so that
   * a walk through the picture does not leave one strip after another behind.
   */
  async read(y: number, rows: number, into?: Samples): Promise<Samples> {
    const { width, bands, depth, height, headerBytes } = this.work;
    if (y < 0 || rows < 0 || y + rows > height)
      throw new RangeError(`Expected rows inside 0..${height} but received ${y}..${y + rows}`);
    const length = width * bands * rows;
    const strip = into !== undefined && into.length >= length ? into.subarray(0, length) : samplesOf(depth, length);
    const bytes = new Uint8Array(strip.buffer, strip.byteOffset, strip.byteLength);
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await this.#handle.read(
        bytes,
        done,
        bytes.length - done,
        headerBytes + y * this.#rowBytes + done,
      );
      if (bytesRead === 0) throw new RangeError(`Expected ${bytes.length} bytes of strip but received ${done}`);
      done += bytesRead;
    }
    return strip;
  }

  /** Rows `y`.. where rows outside the picture are mirrored at its edges (the edge row is not repeated). */
  async readMirrored(y: number, rows: number): Promise<Samples> {
    const { width, bands, depth, height } = this.work;
    if (y >= 0 && y + rows <= height) return this.read(y, rows);
    const rowLength = width * bands;
    const wanted = Array.from({ length: rows }, (_, at) => mirrored(y + at, height));
    const first = wanted.reduce((a, b) => Math.min(a, b), height - 1);
    const last = wanted.reduce((a, b) => Math.max(a, b), 0);
    const have = await this.read(first, last - first + 1);
    const strip = samplesOf(depth, rowLength * rows);
    wanted.forEach((row, at) =>
      strip.set(have.subarray((row - first) * rowLength, (row - first + 1) * rowLength), at * rowLength),
    );
    return strip;
  }

  /** Writes samples of whole rows at row `y`. */
  async write(y: number, strip: Samples): Promise<void> {
    const bytes = new Uint8Array(strip.buffer, strip.byteOffset, strip.byteLength);
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#handle.write(
        bytes,
        done,
        bytes.length - done,
        this.work.headerBytes + y * this.#rowBytes + done,
      );
      done += bytesWritten;
    }
  }

  /**
   * A rectangle that may reach beyond the picture, where it is mirrored. Read row by row in the calling thread: meant for
   * tiles, while the net is at work on another thread.
   */
  readTile(x: number, y: number, width: number, height: number): Samples {
    const { bands, depth, headerBytes } = this.work;
    const out = samplesOf(depth, width * height * bands);
    const straight = x >= 0 && x + width <= this.work.width;
    const columns = Int32Array.from({ length: straight ? 0 : width }, (_, at) => mirrored(x + at, this.work.width));
    const from = straight ? x : columns.reduce((a, b) => Math.min(a, b), this.work.width);
    const to = straight ? x + width : columns.reduce((a, b) => Math.max(a, b), 0) + 1;
    const line = samplesOf(depth, (to - from) * bands);
    const bytes = new Uint8Array(line.buffer);
    let last = -1;
    for (let row = 0; row < height; row++) {
      const source = mirrored(y + row, this.work.height);
      if (source !== last) {
        const at = headerBytes + source * this.#rowBytes + (from * bands * depth) / 8;
        let done = 0;
        while (done < bytes.length) {
          const read = readSync(this.#handle.fd, bytes, done, bytes.length - done, at + done);
          if (read === 0) throw new RangeError(`Expected ${bytes.length} bytes of a row but received ${done}`);
          done += read;
        }
        last = source;
      }
      const begin = row * width * bands;
      if (straight) out.set(line, begin);
      else
        for (let column = 0; column < width; column++) {
          const at = ((columns[column] as number) - from) * bands;
          for (let band = 0; band < bands; band++) out[begin + column * bands + band] = line[at + band] as number;
        }
    }
    return out;
  }

  /** Writes a rectangle that lies inside the picture; see `readTile`. */
  writeTile(x: number, y: number, width: number, samples: Samples): void {
    const { bands, depth, headerBytes } = this.work;
    const rowBytes = (width * bands * depth) / 8;
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const rows = bytes.length / rowBytes;
    if (x < 0 || y < 0 || x + width > this.work.width || y + rows > this.work.height)
      throw new RangeError(`Expected a tile inside the picture but received ${width}×${rows} at ${x},${y}`);
    for (let row = 0; row < rows; row++) {
      const at = headerBytes + (y + row) * this.#rowBytes + (x * bands * depth) / 8;
      let done = 0;
      while (done < rowBytes)
        done += writeSync(this.#handle.fd, bytes, row * rowBytes + done, rowBytes - done, at + done);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Row or column `at` reflected into 0..length−1 without repeating the edge. */
export function mirrored(at: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const inside = ((at % period) + period) % period;
  return inside < length ? inside : period - inside;
}

/** Walks a picture in strips of `rows` rows, from the top. A strip is written over by the next one. */
export async function* stripsOf(
  picture: Strips,
  rows: number,
): AsyncGenerator<{ readonly y: number; readonly rows: number; readonly strip: Samples }> {
  const { height } = picture.work;
  let last: Samples | undefined;
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    const strip = await picture.read(y, count, last);
    last ??= strip;
    yield { y, rows: count, strip };
  }
}

/** sha256 (hexadecimal) over the decoded interleaved samples, rows from the top, 16-bit samples little-endian. */
export async function pixelSha256(picture: Strips): Promise<string> {
  const hash = createHash('sha256');
  for await (const { strip } of stripsOf(picture, rowsPerStrip(picture.work)))
    hash.update(new Uint8Array(strip.buffer, strip.byteOffset, strip.byteLength));
  return hash.digest('hex');
}

/** Rows that make a strip of about 8 MB. */
export function rowsPerStrip(shape: Shape): number {
  return Math.max(16, Math.min(shape.height, Math.floor(8_000_000 / workBytes(shape).row)));
}
