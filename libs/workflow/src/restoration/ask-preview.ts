import type { EntityManager } from 'typeorm';
import type { PreviewView } from '@albumen/contracts';
import { DerivativeRecord, NothingToChange, PreviewRecord, RestorationRecord, ReviewRecord } from '@albumen/database';
import { refuse, requirePermission, type Actor, type ErrorDetails, type PersonActor } from '@albumen/domain';
import { imageView } from '../item/item-view.js';
import { requireOtherEyes } from '../review/four-eyes.js';
import { requireClaim } from '../review/review-lock.js';
import type { Workbench } from '../workbench.js';
import { acceptedForLog } from './accepted-for-log.js';
import { acceptedDigest, readStanding, type Standing } from './accepted-set.js';
import { removeUnnamed } from './kept-pictures.js';
import { dropPreviews, isProposalFile, mostPreviews, previewVariant } from './previews.js';

/**
 * Shows the picture of what is accepted now (undecided counts as accepted): a stored one where there is one, else it is
 * computed. Asking again while it is computed answers how far it is; asking for the same combination later answers it at
 * once. Only the newest combination is computed: what was asked before and has not been made yet is let go.
 */
export class AskPreview {
  constructor(private readonly bench: Workbench) {}

  /**
   * Errors: `restoration.not-found`, `restoration.not-proposed`, `review.own-request`, `review.claim-needed`,
   * `review.claimed-by-other`, and the reason where this combination could not be computed; asking once more tries again.
   */
  async execute(actor: Actor, { restorationId }: { readonly restorationId: string }): Promise<PreviewView> {
    const person = requirePermission(actor, 'review.decide');
    const { manager } = this.bench.database.read;
    await this.#admit(manager, person, restorationId);
    const standing = await readStanding(manager, restorationId);
    const stored = await storedPicture(manager, restorationId, standing);
    if (stored) return { ready: true, picture: imageView(stored), progress: null };
    const acceptedSha256 = acceptedDigest(standing.accepted);
    const preview = await manager.findOneBy(PreviewRecord, { restorationId, acceptedSha256 });
    if (preview?.state === 'waiting') return { ready: false, picture: null, progress: progressOf(preview) };
    if (preview?.state === 'failed') {
      await this.bench.database.keepBooks((books) =>
        books.delete(PreviewRecord, { restorationId, acceptedSha256, state: 'failed' }),
      );
      const details = JSON.parse(preview.failureDetail ?? '{}') as ErrorDetails;
      throw refuse(preview.failureCode ?? 'restoration.engine-failed', details);
    }
    await this.#ask(person, restorationId, standing, acceptedSha256);
    return { ready: false, picture: null, progress: null };
  }

  async #admit(manager: EntityManager, person: PersonActor, restorationId: string): Promise<RestorationRecord> {
    const restoration = await manager.findOneBy(RestorationRecord, { id: restorationId });
    if (!restoration) throw refuse('restoration.not-found', { id: restorationId });
    const review = await manager.findOneBy(ReviewRecord, { restorationId });
    if (!review || review.state !== 'open' || restoration.status !== 'proposed')
      throw refuse('restoration.not-proposed', { status: restoration.status });
    requireOtherEyes(restoration, person.id);
    await requireClaim(manager, review, person.id, this.bench.clock.now());
    return restoration;
  }

  async #ask(
    person: PersonActor,
    restorationId: string,
    { accepted }: Standing,
    acceptedSha256: string,
  ): Promise<void> {
    const unnamed = await this.bench.database.change<string[]>(person, async ({ manager, now, record }) => {
      const restoration = await manager.findOne(RestorationRecord, {
        where: { id: restorationId },
        lock: { mode: 'pessimistic_write' },
      });
      if (restoration?.status !== 'proposed') throw refuse('restoration.not-proposed');
      const others = await manager.find(PreviewRecord, { where: { restorationId }, order: { requestedAt: 'DESC' } });
      if (others.some((row) => row.acceptedSha256 === acceptedSha256)) throw new NothingToChange<string[]>([]);
      const made = others.filter((row) => row.state === 'done');
      const left = others.filter((row) => row.state !== 'done');
      const keys = await dropPreviews(manager, [...left, ...made.slice(mostPreviews - 1)]);
      await manager.insert(PreviewRecord, {
        restorationId,
        acceptedSha256,
        accepted: accepted as never,
        state: 'waiting',
        requestedBy: person.id,
        requestedAt: now,
      });
      record({
        action: 'restoration.preview-asked',
        subject: restorationId,
        item: restoration.itemId,
        after: { acceptedSha256, accepted: acceptedForLog(accepted) },
      });
      return keys;
    });
    await removeUnnamed(this.bench, unnamed);
  }
}

/** The pyramid that already shows exactly this set: the original, a stored variant or a preview that was made. */
async function storedPicture(
  manager: EntityManager,
  restorationId: string,
  { accepted, variant }: Standing,
): Promise<DerivativeRecord | null> {
  const own = await manager.findBy(DerivativeRecord, { restorationId, use: 'pyramid' });
  const preview = own.find((file) => file.variant === previewVariant(acceptedDigest(accepted)));
  if (preview) return preview;
  if (variant === null) return null;
  if (variant !== '') return own.find((file) => isProposalFile(file) && file.variant === variant) ?? null;
  const { originalId } = await manager.findOneByOrFail(RestorationRecord, { id: restorationId });
  const [original] = await manager
    .createQueryBuilder(DerivativeRecord, 'file')
    .where('file.originalId = :originalId and file.restorationId is null and file.use = :use', {
      originalId,
      use: 'pyramid',
    })
    .getMany();
  return original ?? null;
}

const progressOf = ({ progress }: PreviewRecord): PreviewView['progress'] =>
  progress ? { share: progress.share, secondsLeft: progress.secondsLeft } : null;
