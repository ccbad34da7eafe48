import type { LocalFile } from '@albumen/domain';
import { readDerivative, type ReadableDerivative, type Workbench } from '@albumen/workflow';

/** A picture at hand: its row and the local path of its pyramid. */
export interface ShelvedImage {
  readonly row: ReadableDerivative;
  readonly path: string;
}

interface Kept {
  readonly image: Promise<ShelvedImage & { readonly file: LocalFile }>;
  readonly until: number;
}

const most = 512;

/**
 * Remembers for a moment what the database says of a picture, so that the tiles of one look cost one question. A
 * publication or withdrawal through this process is felt at once, one through another within a second.
 */
export class ImageShelf {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly bench: Workbench,
    private readonly lastsMs = 1_000,
  ) {}

  /** The picture of that id; refuses with `image.not-found`. */
  async take(id: string): Promise<ShelvedImage> {
    const known = this.#kept.get(id);
    if (known && known.until > Date.now()) return known.image;
    const image = this.#read(id);
    this.#kept.delete(id);
    this.#kept.set(id, { image, until: Date.now() + this.lastsMs });
    image.catch(() => this.#kept.delete(id));
    for (const [old] of this.#kept) {
      if (this.#kept.size <= most) break;
      this.#kept.delete(old);
    }
    return image;
  }

  /** Forgets everything: who may read has changed. */
  forget(): void {
    this.#kept.clear();
  }

  async #read(id: string): Promise<ShelvedImage & { readonly file: LocalFile }> {
    const row = await readDerivative(this.bench, id);
    const file = await this.bench.store.derivatives.local(row.key);
    return { row, path: file.path, file };
  }
}
