import { open, type FileHandle } from 'node:fs/promises';

const blockSize = 65_536;
const blocksKept = 16;

/** Small reads at any place of a file, through a few kept blocks; `at` answers fewer bytes only at the end of the file. */
export class RandomBytes implements AsyncDisposable {
  private readonly blocks = new Map<number, Buffer>();

  private constructor(
    private readonly handle: FileHandle,
    /** Bytes of the file. */
    readonly size: number,
  ) {}

  static async open(path: string): Promise<RandomBytes> {
    const handle = await open(path, 'r');
    try {
      return new RandomBytes(handle, (await handle.stat()).size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async at(offset: number, length: number): Promise<Buffer> {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset >= this.size || length <= 0) return Buffer.alloc(0);
    const wanted = Math.min(length, this.size - offset);
    const first = Math.floor(offset / blockSize);
    const last = Math.floor((offset + wanted - 1) / blockSize);
    if (last - first > 3) return this.read(offset, wanted);
    const parts: Buffer[] = [];
    for (let index = first; index <= last; index++) parts.push(await this.block(index));
    const joined = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    const start = offset - first * blockSize;
    return joined.subarray(start, start + wanted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }

  private async block(index: number): Promise<Buffer> {
    const kept = this.blocks.get(index);
    if (kept) return kept;
    const offset = index * blockSize;
    const bytes = await this.read(offset, Math.min(blockSize, this.size - offset));
    this.blocks.set(index, bytes);
    const oldest = this.blocks.keys().next();
    if (this.blocks.size > blocksKept && !oldest.done) this.blocks.delete(oldest.value);
    return bytes;
  }

  private async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }
}
