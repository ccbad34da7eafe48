import { In } from 'typeorm';
import type { DamageReportView, ItemView, OriginalView, PictureView } from '@albumen/contracts';
import {
  CollectionRecord,
  DamageReportRecord,
  DerivativeRecord,
  ItemRecord,
  OriginalFactsRecord,
  OriginalRecord,
  ProcessingRecord,
  PublicationRecord,
  RestorationRecord,
} from '@albumen/database';
import { processingSteps, refuse, type LocalText } from '@albumen/domain';
import { readPeople } from '../person/person-names.js';
import type { Workbench } from '../workbench.js';
import { readDescription } from './description-history.js';
import { readItemState } from './item-rows.js';
import { readReviewsOf, summariseRestoration } from './restoration-summaries.js';

/** The address of a picture at the image service of this server. */
export const imageView = (row: DerivativeRecord): PictureView => ({
  url: `/iiif/image/${row.id}`,
  width: row.width,
  height: row.height,
});

/** The address of a thumbnail, an ordinary picture file. */
export const thumbnailView = (row: DerivativeRecord): PictureView => ({
  url: `/api/files/thumbnail/${row.id}`,
  width: row.width,
  height: row.height,
});

/** `GET /api/items/:id`; refuses with `item.not-found`. A fixed number of queries, whatever the item holds. */
export async function readItem(bench: Workbench, id: string): Promise<ItemView> {
  const { read } = bench.database;
  const item = await read.getRepository(ItemRecord).findOneBy({ id });
  if (!item) throw refuse('item.not-found', { id });
  const collection = await read.getRepository(CollectionRecord).findOneByOrFail({ id: item.collectionId });
  const [release] = await read
    .getRepository(PublicationRecord)
    .find({ where: { itemId: id }, order: { number: 'DESC' }, take: 1 });
  const people = await readPeople(bench, [release?.publishedBy, release?.withdrawnBy]);
  const description = await readDescription(bench, id, item.descriptionVersion);
  const originals = await readOriginals(bench, id);
  return {
    id,
    collection: {
      id: collection.id,
      title: collection.title,
      treatmentLevel: collection.treatmentLevel,
      rights: collection.rights,
    },
    accessionId: item.accessionId,
    ordinal: item.ordinal,
    createdAt: item.createdAt.toISOString(),
    state: (await readItemState(bench, id)) ?? 'processing',
    description,
    // The describer's word stands for the first picture; others keep the side they were received with.
    originals: originals.map((row, place) => (place === 0 ? { ...row, side: description.body.side } : row)),
    sameBytes: await readSameBytes(bench, id),
    publication: release
      ? {
          id: release.id,
          number: release.number,
          publishedAt: release.publishedAt.toISOString(),
          publishedBy: people(release.publishedBy),
          manifestUrl: `${bench.publicUrl}/iiif/manifest/${id}`,
          publicUrl: `${bench.publicUrl}/photographs/${id}`,
          manifestSha256: release.manifestSha256,
          withdrawn:
            release.withdrawnAt && release.withdrawnBy
              ? {
                  at: release.withdrawnAt.toISOString(),
                  by: people(release.withdrawnBy),
                  reason: release.withdrawalReason ?? '',
                }
              : null,
        }
      : null,
    neighbours: await readNeighbours(bench, item),
  };
}

async function readOriginals(bench: Workbench, itemId: string): Promise<OriginalView[]> {
  const { manager } = bench.database.read;
  const rows = await manager.find(OriginalRecord, { where: { itemId }, order: { position: 'ASC', id: 'ASC' } });
  const originalId = In(rows.map((row) => row.id));
  const [facts, derivatives, reports, processing, restorations] = await Promise.all([
    manager.find(OriginalFactsRecord, { where: { originalId } }),
    manager.find(DerivativeRecord, { where: { originalId, use: In(['pyramid', 'thumbnail', 'damage-mask']) } }),
    manager.find(DamageReportRecord, { where: { originalId } }),
    manager.find(ProcessingRecord, { where: { originalId } }),
    manager.find(RestorationRecord, { where: { originalId }, order: { requestedAt: 'DESC' } }),
  ]);
  const reviews = await readReviewsOf(
    bench,
    restorations.map((row) => row.id),
  );
  const person = await readPeople(bench, [
    ...rows.map((row) => row.receivedBy),
    ...restorations.map((row) => row.requestedBy),
    ...[...reviews.values()].map((row) => row.decidedBy),
  ]);
  return rows.map((row): OriginalView => {
    const fact = facts.find((entry) => entry.originalId === row.id);
    const report = reports.find((entry) => entry.originalId === row.id);
    const own = (use: string): DerivativeRecord | undefined =>
      derivatives.find((entry) => entry.originalId === row.id && entry.restorationId === null && entry.use === use);
    const pyramid = own('pyramid');
    const thumbnail = own('thumbnail');
    return {
      id: row.id,
      side: row.side,
      fileName: row.fileName,
      mediaType: row.mediaType,
      bytes: row.bytes,
      sha256: row.sha256,
      sha512: row.sha512,
      receivedAt: row.receivedAt.toISOString(),
      receivedBy: person(row.receivedBy),
      storageKey: row.storageKey,
      facts: fact
        ? {
            width: fact.width,
            height: fact.height,
            depth: fact.depth,
            bands: fact.bands,
            colourSpace: fact.colourSpace,
            profile: fact.profile,
            dotsPerInch: fact.dotsPerInch,
            orientation: fact.orientation,
            pages: fact.pages,
            embedded: fact.embedded,
          }
        : null,
      picture: pyramid ? imageView(pyramid) : null,
      thumbnail: thumbnail ? thumbnailView(thumbnail) : null,
      damage: report ? (report.body as unknown as DamageReportView) : null,
      damageMask: report ? `/api/files/derivative/${report.maskDerivativeId}` : null,
      treatmentNotNeeded: report?.treatmentNeeded === false,
      processing: processing
        .filter((entry) => entry.originalId === row.id)
        .sort((a, b) => processingSteps.indexOf(a.step) - processingSteps.indexOf(b.step))
        .map((entry) => ({
          step: entry.step,
          state: entry.state,
          code: entry.code,
          detail: entry.detail,
          at: entry.changedAt.toISOString(),
        })),
      restorations: restorations
        .filter((entry) => entry.originalId === row.id)
        .map((entry) => summariseRestoration(entry, reviews.get(entry.id), person)),
    };
  });
}

async function readSameBytes(bench: Workbench, itemId: string): Promise<ItemView['sameBytes']> {
  const rows = (await bench.database.read.query(
    `select distinct i.id as "itemId", c.id as "collectionId", c.title as "collectionTitle", i.title as "title"
       from original mine join original other on other.sha256 = mine.sha256 and other.item_id <> mine.item_id
       join item i on i.id = other.item_id join collection c on c.id = i.collection_id
      where mine.item_id = $1 limit 50`,
    [itemId],
  )) as { itemId: string; collectionId: string; collectionTitle: LocalText; title: LocalText }[];
  return rows;
}

async function readNeighbours(bench: Workbench, item: ItemRecord): Promise<ItemView['neighbours']> {
  const [row] = (await bench.database.read.query(
    `select (select id from item where collection_id = $1 and ordinal < $2 order by ordinal desc limit 1) as previous,
            (select id from item where collection_id = $1 and ordinal > $2 order by ordinal limit 1) as next`,
    [item.collectionId, item.ordinal],
  )) as { previous: string | null; next: string | null }[];
  return row ?? { previous: null, next: null };
}
