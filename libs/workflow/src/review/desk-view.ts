import type { DamageReportView, DeskView, LayerView } from '@albumen/contracts';
import {
  CollectionRecord,
  DamageReportRecord,
  DerivativeRecord,
  LayerRecord,
  OriginalFactsRecord,
  OriginalRecord,
  PublicationRecord,
  RegionRecord,
  RestorationRecord,
  ReviewRecord,
} from '@albumen/database';
import {
  broughtInOf,
  factsOfStep,
  levelOfStep,
  operationNames,
  presets,
  refuse,
  type Operation,
  type PersonActor,
  type Recipe,
} from '@albumen/domain';
import { standingOf } from '../restoration/accepted-set.js';
import { compositeVariant } from '../restoration/compose-accepted.js';
import { isProposalFile } from '../restoration/previews.js';
import { imageView } from '../item/item-view.js';
import { summariseRestoration } from '../item/restoration-summaries.js';
import { readPeople } from '../person/person-names.js';
import type { Workbench } from '../workbench.js';
import { requestersOf } from './four-eyes.js';
import { readReviewRow } from './review-rows.js';
import { shownDigest } from './shown-state.js';
import { undoEnd } from './undo-decision.js';

/** Everything the desk shows of one review; refuses with `review.not-found`. */
export async function readDesk(bench: Workbench, reader: PersonActor, id: string): Promise<DeskView> {
  const { manager } = bench.database.read;
  const row = await readReviewRow(bench, reader, id);
  const review = await manager.findOneByOrFail(ReviewRecord, { id });
  const restoration = await manager.findOneByOrFail(RestorationRecord, { id: review.restorationId });
  const { originalId } = restoration;
  const [original, facts, collection, derivatives, regions, layers, report, queue] = await Promise.all([
    manager.findOneByOrFail(OriginalRecord, { id: originalId }),
    manager.findOneBy(OriginalFactsRecord, { originalId }),
    manager.findOneByOrFail(CollectionRecord, { id: review.collectionId }),
    manager.find(DerivativeRecord, { where: { originalId } }),
    manager.find(RegionRecord, { where: { restorationId: restoration.id }, order: { ordinal: 'ASC' } }),
    manager.find(LayerRecord, { where: { restorationId: restoration.id }, order: { operation: 'ASC' } }),
    manager.findOneBy(DamageReportRecord, { originalId }),
    readPlace(bench, review),
  ]);
  const person = await readPeople(bench, [
    ...requestersOf(restoration),
    review.decidedBy,
    ...regions.map((region) => region.decidedBy),
    ...layers.map((layer) => layer.decidedBy),
  ]);
  const own = derivatives.filter((entry) => entry.restorationId === restoration.id);
  const pyramid = derivatives.find((entry) => entry.restorationId === null && entry.use === 'pyramid');
  const changeMap = own.find((entry) => entry.use === 'change-map' && isProposalFile(entry));
  if (!facts || !pyramid || !changeMap || !report || !restoration.numbers)
    throw refuse('restoration.not-proposed', { status: restoration.status });
  const composite = own.find((entry) => entry.use === 'pyramid' && entry.variant === compositeVariant);
  const labels = own.find((entry) => entry.use === 'region-labels');
  const pixels = facts.width * facts.height;
  return {
    review: row,
    restoration: summariseRestoration(restoration, review, person),
    shown: shownDigest(restoration.id, own, standingOf(regions, layers).accepted),
    original: {
      id: originalId,
      fileName: original.fileName,
      picture: imageView(pyramid),
      depth: facts.depth,
      bytes: original.bytes,
    },
    variants: own
      .filter((entry) => entry.use === 'pyramid' && isProposalFile(entry))
      .map((entry) => ({ variant: entry.variant, picture: imageView(entry) })),
    composite: composite && restoration.composedAt ? imageView(composite) : null,
    regionLabels: labels ? `/api/files/derivative/${labels.id}` : null,
    changeMap: changeMapView(changeMap),
    numbers: { ...restoration.numbers },
    grainFloor: collection.grainFloor ?? presets[collection.preset].grainFloor,
    markUp: markUpOf(restoration.recipe),
    stepMaps: own.filter((entry) => entry.use === 'step-map').flatMap(stepMapView),
    regions: regions.map((region) => ({
      ordinal: region.ordinal,
      operation: region.operation,
      kind: region.kind,
      box: { x: region.x, y: region.y, width: region.width, height: region.height },
      area: region.area,
      share: region.area / pixels,
      confidence: region.confidence,
      meanDeltaE: region.meanDeltaE,
      acceptance: region.acceptance,
      decidedBy: region.decidedBy ? person(region.decidedBy) : null,
    })),
    layers: [...layers]
      .sort((a, b) => operationNames.indexOf(a.operation) - operationNames.indexOf(b.operation))
      .map((layer) => ({
        operation: layer.operation,
        strength: layer.strength,
        acceptedStrength: layer.acceptedStrength,
        acceptance: layer.acceptance,
        meanDeltaE: layer.meanDeltaE,
        maxDeltaE: layer.maxDeltaE,
        shareMoved: layer.shareMoved,
        decidedBy: layer.decidedBy ? person(layer.decidedBy) : null,
        ...stepFacts(restoration.recipe, layer.operation),
      })),
    damage: report.body as unknown as DamageReportView,
    recipe: {
      sha256: restoration.recipeSha256,
      level: restoration.level,
      collectionAllows: collection.treatmentLevel,
    },
    requestedBy: requestersOf(restoration).map(person),
    decision: await readDecision(bench, review, person),
    receipt: `/api/files/receipt/${restoration.id}`,
    queue,
  };
}

/** What stands in a recipe beyond strengths: drawn marks, colours with their evidence, protected areas. */
function markUpOf(recipe: Recipe): DeskView['markUp'] {
  return structuredClone({
    strokes: recipe.steps.flatMap((step) => step.strokes ?? []),
    hints: recipe.steps.flatMap((step) => step.hints ?? []),
    protect: recipe.protect ?? [],
  }) as DeskView['markUp'];
}

/** A map of one step with its scale; one that does not say what it is of is left out. */
function stepMapView(row: DerivativeRecord): DeskView['stepMaps'] {
  const { kind, perLevel } = row.facts;
  const operation = operationNames.find((name) => name === row.facts['operation']);
  if ((kind !== 'change' && kind !== 'confidence') || typeof perLevel !== 'number' || !operation) return [];
  const { width, height } = row;
  return [{ kind, operation, url: `/api/files/derivative/${row.id}`, width, height, perLevel }];
}

/** A change map with the scale of its pixels. */
export function changeMapView(row: DerivativeRecord): DeskView['changeMap'] {
  const perLevel = row.facts['deltaEPerLevel'];
  return {
    url: `/api/files/derivative/${row.id}`,
    width: row.width,
    height: row.height,
    deltaEPerLevel: typeof perLevel === 'number' ? perLevel : 0.1,
  };
}

async function readDecision(
  bench: Workbench,
  review: ReviewRecord,
  person: (id: string) => { id: string; name: string },
): Promise<DeskView['decision']> {
  if (review.state === 'open' || !review.decidedBy || !review.decidedAt) return null;
  const until = undoEnd(review.decidedAt);
  const published = await bench.database.read
    .getRepository(PublicationRecord)
    .createQueryBuilder('publication')
    .where('publication.itemId = :itemId and publication.publishedAt >= :decidedAt', {
      itemId: review.itemId,
      decidedAt: review.decidedAt,
    })
    .getExists();
  return {
    state: review.state,
    by: person(review.decidedBy),
    at: review.decidedAt.toISOString(),
    reason: review.reason,
    note: review.note,
    undoUntil: !published && until > bench.clock.now() ? until.toISOString() : null,
  };
}

/** Where a review stands among the open ones; a decided one keeps its neighbours, so that the next picture is known. */
async function readPlace(bench: Workbench, review: ReviewRecord): Promise<DeskView['queue']> {
  const [row] = (await bench.database.read.query(
    `select (select count(*)::int from review where state = 'open') as open,
            (select count(*)::int from review where state = 'open' and (created_at, id) < ($1, $2)) + 1 as position,
            (select id from review where state = 'open' and (created_at, id) < ($1, $2) order by created_at desc, id desc limit 1) as previous,
            (select id from review where state = 'open' and (created_at, id) > ($1, $2) order by created_at, id limit 1) as next`,
    [review.createdAt, review.id],
  )) as DeskView['queue'][];
  return row ?? { position: 1, open: 0, previous: null, next: null };
}

/** What the step of a layer may do: that of the model that was brought in for it, where there is one. */
function stepFacts(recipe: Recipe, operation: Operation): Pick<LayerView, 'level' | 'canInvent' | 'broughtIn'> {
  const step = recipe.steps.find((each) => each.operation === operation) ?? { operation, model: null };
  const pin = broughtInOf(step);
  return {
    level: levelOfStep(step),
    canInvent: factsOfStep(step).canInvent,
    ...(pin === null ? {} : { broughtIn: { id: pin.id, version: pin.version } }),
  };
}
