import { open } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { crc32, createDeflate, createInflate, type Deflate } from 'node:zlib';
import { once } from 'node:events';
import { refuse } from '@albumen/domain';
import { LaterOutcome } from '../later-outcome.js';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/** Kind of PNG written: one byte per pixel with a palette, or one 16-bit grey sample. */
export type IndexPngKind = { readonly palette: readonly (readonly [number, number, number, number])[] } | 'grey16';

/**
 * Writes a PNG row by row, losslessly, so that memory does not grow with the picture (the imaging library's encoders
 * take whole pictures). Rows must be given in order and all of them.
 */
export class IndexPngWriter {
  #handle;
  #deflate: Deflate;
  #pending: Promise<void> = Promise.resolve();
  #at = 0;
  private constructor(
    handle: Awaited<ReturnType<typeof open>>,
    private readonly width: number,
    private readonly wide: boolean,
  ) {
    this.#handle = handle;
    this.#deflate = createDeflate({ level: 6 });
    this.#deflate.on('data', (data: Buffer) => {
      this.#pending = this.#pending.then(() => this.#write(chunk('IDAT', data)));
    });
  }

  /** Begins a PNG. `notes` is kept in an own private chunk and read back by `readIndexPng`. */
  static async create(
    path: string,
    size: { readonly width: number; readonly height: number },
    kind: IndexPngKind,
    notes: Uint8Array | null = null,
  ): Promise<IndexPngWriter> {
    const wide = kind === 'grey16';
    const writer = new IndexPngWriter(await open(path, 'w'), size.width, wide);
    const head = Buffer.alloc(13);
    head.writeUInt32BE(size.width, 0);
    head.writeUInt32BE(size.height, 4);
    head[8] = wide ? 16 : 8;
    head[9] = wide ? 0 : 3;
    await writer.#write(Buffer.concat([signature, chunk('IHDR', head)]));
    if (kind !== 'grey16') {
      await writer.#write(chunk('PLTE', Buffer.from(kind.palette.flatMap(([r, g, b]) => [r, g, b]))));
      await writer.#write(chunk('tRNS', Buffer.from(kind.palette.map(([, , , opacity]) => opacity))));
    }
    if (notes !== null) await writer.#write(chunk(notesChunk, Buffer.from(notes)));
    return writer;
  }

  /** Adds rows of indices (`Uint8Array`) or labels (`Uint16Array`). */
  async rows(samples: Uint8Array | Uint16Array): Promise<void> {
    const count = samples.length / this.width;
    const rowBytes = this.width * (this.wide ? 2 : 1);
    const bytes = Buffer.alloc((rowBytes + 1) * count);
    for (let row = 0; row < count; row++) {
      const to = row * (rowBytes + 1) + 1;
      const line = samples.subarray(row * this.width, (row + 1) * this.width);
      if (!this.wide) bytes.set(line, to);
      else for (let x = 0; x < this.width; x++) bytes.writeUInt16BE(line[x] as number, to + x * 2);
    }
    if (!this.#deflate.write(bytes)) await once(this.#deflate, 'drain');
  }

  async end(): Promise<void> {
    this.#deflate.end();
    await once(this.#deflate, 'end');
    await this.#pending;
    await this.#write(chunk('IEND', Buffer.alloc(0)));
    await this.#handle.close();
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#handle.write(bytes, 0, bytes.length, this.#at);
    this.#at += bytes.length;
  }
}

const notesChunk = 'prBb';

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}

/** What `readIndexPng` tells before its rows. */
export interface IndexPngHead {
  readonly width: number;
  readonly height: number;
  readonly notes: Uint8Array | null;
}

/**
 * Reads an 8-bit palette or grey PNG, or a 16-bit grey one, calling `row` with the raw indices of each row. Memory stays
 * flat. Refuses `file.damaged` for anything else. `head` is called once, before the first row.
 */
export async function readIndexPng(
  path: string,
  head: (head: IndexPngHead) => void,
  row: (y: number, indices: Uint8Array | Uint16Array) => void,
): Promise<void> {
  const damaged = (detail: string): Error => refuse('file.damaged', { detail });
  let size = { width: 0, height: 0, bits: 0 };
  let notes: Uint8Array | null = null;
  let announced = false;
  const inflate = createInflate();
  let rest = Buffer.alloc(0);
  let y = 0;
  let previous = new Uint8Array(0);
  const consume = (data: Buffer): void => {
    const rowBytes = (size.width * size.bits) / 8;
    let bytes = rest.length === 0 ? data : Buffer.concat([rest, data]);
    while (bytes.length > rowBytes && y < size.height) {
      const line = new Uint8Array(bytes.subarray(1, rowBytes + 1));
      unfilter(bytes[0] as number, line, previous, size.bits / 8);
      previous = line;
      row(
        y,
        size.bits === 8
          ? line
          : Uint16Array.from(
              { length: size.width },
              (_, x) => ((line[2 * x] as number) << 8) | (line[2 * x + 1] as number),
            ),
      );
      y += 1;
      bytes = bytes.subarray(rowBytes + 1);
    }
    rest = Buffer.from(bytes);
  };
  const inflated = new LaterOutcome(
    (async () => {
      for await (const data of inflate) consume(data as Buffer);
    })(),
  );
  const onChunk = (name: string, body: Buffer): void => {
    if (name === 'IHDR') {
      size = { width: body.readUInt32BE(0), height: body.readUInt32BE(4), bits: body[8] ?? 0 };
      const palette = body[9] === 3 && size.bits === 8;
      const grey = body[9] === 0 && (size.bits === 8 || size.bits === 16);
      if (!(palette || grey) || body[12] !== 0) throw damaged('the mask is no 8-bit palette or grey PNG');
      previous = new Uint8Array((size.width * size.bits) / 8);
    } else if (name === notesChunk) notes = new Uint8Array(body);
    else if (name === 'IDAT') {
      if (!announced) head({ width: size.width, height: size.height, notes });
      announced = true;
      inflate.write(body);
    }
  };
  await eachChunk(path, onChunk, damaged);
  inflate.end();
  try {
    await inflated.outcome();
  } catch (error) {
    throw refuse('file.damaged', { detail: 'the mask cannot be read' }, { cause: error });
  }
  if (y !== size.height || size.height === 0) throw damaged('the mask is cut off');
}

async function eachChunk(
  path: string,
  onChunk: (name: string, body: Buffer) => void,
  damaged: (detail: string) => Error,
): Promise<void> {
  let bytes = Buffer.alloc(0);
  let begun = false;
  for await (const data of createReadStream(path, { highWaterMark: 1 << 18 })) {
    bytes = Buffer.concat([bytes, data as Buffer]);
    if (!begun) {
      if (bytes.length < 8) continue;
      if (!bytes.subarray(0, 8).equals(signature)) throw damaged('the mask is no PNG');
      bytes = bytes.subarray(8);
      begun = true;
    }
    while (bytes.length >= 12) {
      const length = bytes.readUInt32BE(0);
      if (length > 64_000_000) throw damaged('the mask has a chunk that is too large');
      if (bytes.length < length + 12) break;
      onChunk(bytes.toString('latin1', 4, 8), bytes.subarray(8, 8 + length));
      bytes = bytes.subarray(length + 12);
    }
  }
}

/** PNG 1.2, 6: "Filter algorithms". `step` is the bytes of a pixel. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  if (filter === 0) return;
  for (let at = 0; at < line.length; at++) {
    const left = at >= step ? (line[at - step] as number) : 0;
    const up = above[at] ?? 0;
    const corner = at >= step ? (above[at - step] ?? 0) : 0;
    const add = filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    line[at] = ((line[at] as number) + add) & 255;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const byLeft = Math.abs(guess - left);
  const byUp = Math.abs(guess - up);
  const byCorner = Math.abs(guess - corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
