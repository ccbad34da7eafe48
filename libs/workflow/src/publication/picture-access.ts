import { DerivativeRecord, OriginalRecord, PublicationRecord } from '@albumen/database';
import type { Workbench } from '../workbench.js';

/** Who may see a file: everybody, people of the house only, or nobody outside any more since it was withdrawn. */
export type Access = 'public' | 'house' | 'withdrawn';

/** A derivative with who may see it. */
export interface PictureAccess {
  readonly derivative: DerivativeRecord;
  readonly itemId: string;
  readonly access: Access;
}

const identifier = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Derivatives of an original that a publication shows. */
const shownOfOriginal = new Set(['pyramid', 'thumbnail']);
/** Name of a restoration's derivatives that a publication shows. */
const shownVariant = 'composite';

/** Says who may see a derivative, an original's bytes or a receipt, from the newest publication of its item. */
export class PictureAccessRule {
  constructor(private readonly bench: Workbench) {}

  /** The newest release of an item, withdrawn or not; null where it was never published. */
  async publicationOf(itemId: string): Promise<PublicationRecord | null> {
    if (!identifier.test(itemId)) return null;
    return this.bench.database.read
      .getRepository(PublicationRecord)
      .findOne({ where: { itemId }, order: { number: 'DESC' } });
  }

  /** Undefined where there is no such derivative. */
  async ofDerivative(derivativeId: string): Promise<PictureAccess | undefined> {
    if (!identifier.test(derivativeId)) return undefined;
    const { read } = this.bench.database;
    const derivative = await read.getRepository(DerivativeRecord).findOneBy({ id: derivativeId });
    if (!derivative) return undefined;
    const original = await read.getRepository(OriginalRecord).findOneByOrFail({ id: derivative.originalId });
    const publication = await this.publicationOf(original.itemId);
    const shown =
      derivative.restorationId === null
        ? shownOfOriginal.has(derivative.use)
        : derivative.restorationId === publication?.restorationId && derivative.variant === shownVariant;
    return { derivative, itemId: original.itemId, access: shown ? accessOf(publication) : 'house' };
  }

  /** Undefined where there is no such original. */
  async ofOriginal(originalId: string): Promise<{ original: OriginalRecord; access: Access } | undefined> {
    if (!identifier.test(originalId)) return undefined;
    const original = await this.bench.database.read.getRepository(OriginalRecord).findOneBy({ id: originalId });
    if (!original) return undefined;
    return { original, access: accessOf(await this.publicationOf(original.itemId)) };
  }

  /** A restoration's receipt is public with the publication that shows the restoration. */
  async ofRestoration(itemId: string, restorationId: string): Promise<Access> {
    const publication = await this.publicationOf(itemId);
    return publication?.restorationId === restorationId ? accessOf(publication) : 'house';
  }
}

function accessOf(publication: PublicationRecord | null): Access {
  if (!publication) return 'house';
  return publication.withdrawnAt === null ? 'public' : 'withdrawn';
}
