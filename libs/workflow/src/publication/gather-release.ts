import { In, type EntityManager } from 'typeorm';
import {
  CollectionRecord,
  DerivativeRecord,
  DescriptionRecord,
  ItemRecord,
  OriginalRecord,
  RegionRecord,
  RestorationRecord,
  ReviewRecord,
} from '@albumen/database';
import {
  checkPublication,
  emptyDescription,
  broughtInOf,
  levelOf,
  operationNames,
  refuse,
  regionKinds,
  type Operation,
  type PublicationRule,
  type RegionKind,
} from '@albumen/domain';
import { shapeDescription } from '../item/description-history.js';
import { searchText } from '../item/describe-item.js';
import { compositeVariant } from '../restoration/compose-accepted.js';
import type { Release, ReleaseOriginal, ReleasePicture, ReleaseTreatment } from './release.js';

/** The rules of a publication and, where all are met, what would go out. */
export interface Candidate {
  readonly item: ItemRecord;
  readonly rules: readonly { readonly rule: PublicationRule; readonly met: boolean }[];
  readonly release: Release | null;
}

/** Reads what a release of the item would hold now; refuses with `item.not-found`. */
export async function gatherRelease(manager: EntityManager, itemId: string): Promise<Candidate> {
  const item = await manager.findOneBy(ItemRecord, { id: itemId });
  if (!item) throw refuse('item.not-found', { id: itemId });
  const collection = await manager.findOneByOrFail(CollectionRecord, { id: item.collectionId });
  const saved = await manager.findOneBy(DescriptionRecord, { itemId, version: item.descriptionVersion });
  const description = saved?.body ?? emptyDescription;
  const originals = await manager.find(OriginalRecord, { where: { itemId }, order: { position: 'ASC', id: 'ASC' } });
  const derivatives = await manager.find(DerivativeRecord, { where: { originalId: In(originals.map((o) => o.id)) } });
  const approved = await manager.find(RestorationRecord, { where: { itemId, status: 'approved' } });
  const reviews = await manager.find(ReviewRecord, { where: { itemId } });
  const isReady = (original: OriginalRecord): boolean => pictureOf(derivatives, original.id, 'pyramid') !== null;
  const rules = checkPublication({
    description,
    collectionRights: collection.rights,
    originalReady: originals.length > 0 && originals.every(isReady),
    openReviews: reviews.filter((review) => review.state === 'open').length,
    approved: approved.length > 0,
    compositeReady: approved.every((row) => row.composed !== null && compositeOf(derivatives, row.id) !== undefined),
  });
  const rights = description.rights || collection.rights;
  if (rules.some((rule) => !rule.met) || rights === null) return { item, rules, release: null };

  const shown: ReleaseOriginal[] = [];
  for (const original of originals) {
    const picture = pictureOf(derivatives, original.id, 'pyramid');
    if (!picture) continue;
    const last = approved
      .filter((row) => row.originalId === original.id)
      .map((row) => ({ row, review: reviews.find((review) => review.restorationId === row.id) }))
      .sort((a, b) => (b.review?.decidedAt?.getTime() ?? 0) - (a.review?.decidedAt?.getTime() ?? 0))[0];
    shown.push({
      id: original.id,
      // The describer's word stands for the first picture; others keep the side they were received with.
      side: original === originals[0] ? description.side : original.side,
      fileName: original.fileName,
      mediaType: original.mediaType,
      bytes: original.bytes,
      picture,
      thumbnail: pictureOf(derivatives, original.id, 'thumbnail'),
      treatment: last?.review ? await gatherTreatment(manager, last.row, last.review, derivatives) : null,
    });
  }
  const { custody: _custody, ...open } = shapeDescription(description);
  return {
    item,
    rules,
    release: {
      version: 1,
      description: open,
      rights,
      collection: { id: collection.id, title: collection.title },
      originals: shown,
      open: openTo(shown),
      search: searchText({ ...description, custody: '' }, ''),
    },
  };
}

function openTo(originals: readonly ReleaseOriginal[]): Release['open'] {
  const treatments = originals.flatMap((original) => (original.treatment ? [original.treatment] : []));
  return {
    derivatives: [
      ...originals.flatMap((original) => [original.picture.id, ...(original.thumbnail ? [original.thumbnail.id] : [])]),
      ...treatments.flatMap((t) => [t.picture.id, t.changeMap.id, ...(t.master ? [t.master.id] : [])]),
    ],
    originals: originals.map((original) => original.id),
    restorations: treatments.map((t) => t.restorationId),
  };
}

const asPicture = (row: DerivativeRecord): ReleasePicture => ({ id: row.id, width: row.width, height: row.height });

function pictureOf(
  derivatives: readonly DerivativeRecord[],
  originalId: string,
  use: 'pyramid' | 'thumbnail',
): ReleasePicture | null {
  const row = derivatives.find((d) => d.originalId === originalId && d.restorationId === null && d.use === use);
  return row ? asPicture(row) : null;
}

function compositeOf(
  derivatives: readonly DerivativeRecord[],
  restorationId: string,
  use: DerivativeRecord['use'] = 'pyramid',
): DerivativeRecord | undefined {
  return derivatives.find((d) => d.restorationId === restorationId && d.use === use && d.variant === compositeVariant);
}

/** What was accepted of a restoration, or null where nothing was: then the original alone goes out. */
async function gatherTreatment(
  manager: EntityManager,
  row: RestorationRecord,
  review: ReviewRecord,
  derivatives: readonly DerivativeRecord[],
): Promise<ReleaseTreatment | null> {
  const picture = compositeOf(derivatives, row.id);
  const map = compositeOf(derivatives, row.id, 'change-map');
  const { composed } = row;
  if (!composed || !picture || !map || !review.decidedBy || !review.decidedAt)
    throw refuse('publication.rules-not-met', { detail: 'composite-ready' });
  const { accepted, numbers } = composed;
  const layers = inRecipeOrder(accepted.layers.filter((layer) => layer.strength > 0).map((layer) => layer.operation));
  if (accepted.regions.length === 0 && layers.length === 0) return null;
  const regions = (await manager.query(
    `select kind, operation, count(*)::int as n from restoration_region
      where restoration_id = $1 and acceptance = 'accepted' group by kind, operation`,
    [row.id],
  )) as { kind: RegionKind; operation: RegionRecord['operation']; n: number }[];
  const countOf = (counts: (region: (typeof regions)[number]) => boolean): number =>
    regions.filter(counts).reduce((sum, region) => sum + region.n, 0);
  const marks = Object.fromEntries(
    regionKinds.map((kind) => [kind, countOf((r) => r.kind === kind && r.operation === 'repair-damage')]),
  ) as Record<RegionKind, number>;
  const rebuilt = countOf((r) => r.operation === 'rebuild-area');
  const stainsReduced = countOf((r) => r.operation === 'reduce-stains');
  const operations = inRecipeOrder([...new Set([...regions.map((r) => r.operation), ...layers])]);
  const steps = row.recipe.steps.filter((step) => operations.includes(step.operation));
  const broughtIn = steps.filter((step) => broughtInOf(step) !== null).map((step) => step.operation);
  const master = compositeOf(derivatives, row.id, 'master');
  const perLevel = map.facts['deltaEPerLevel'];
  return {
    restorationId: row.id,
    picture: asPicture(picture),
    master: master ? { id: master.id, mediaType: master.mediaType, bytes: master.bytes } : null,
    changeMap: { ...asPicture(map), deltaEPerLevel: typeof perLevel === 'number' ? perLevel : 0.1 },
    marks,
    layers,
    operations,
    replacedShare: numbers.replacedShare,
    regionCount: accepted.regions.length,
    meanDeltaE: numbers.meanDeltaE,
    level: levelOf({ version: 1, steps }),
    ...(broughtIn.length > 0 ? { broughtIn } : {}),
    ...(rebuilt > 0 ? { rebuilt } : {}),
    ...(stainsReduced > 0 ? { stainsReduced } : {}),
    approvedBy: review.decidedBy,
    approvedAt: review.decidedAt.toISOString(),
  };
}

function inRecipeOrder(operations: readonly Operation[]): Operation[] {
  return [...operations].sort((a, b) => operationNames.indexOf(a) - operationNames.indexOf(b));
}
