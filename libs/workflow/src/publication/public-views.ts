import type { PhotographView, PictureView } from '@albumen/contracts';
import { PublicationRecord } from '@albumen/database';
import { findRights, foldForSearch, refuse, type LocalText } from '@albumen/domain';
import { readPeople } from '../person/person-names.js';
import { cutPage, likePatterns, matches, readCursor } from '../page-cursor.js';
import type { Workbench } from '../workbench.js';
import { changeSentence } from './change-sentence.js';
import type { Release, ReleasePicture } from './release.js';

const image = (picture: ReleasePicture): PictureView => ({
  url: `/iiif/image/${picture.id}`,
  width: picture.width,
  height: picture.height,
});
const thumbnail = (release: Release): PictureView => {
  const first = release.originals[0];
  if (!first?.thumbnail) return first ? image(first.picture) : { url: '', width: 0, height: 0 };
  return {
    url: `/api/files/thumbnail/${first.thumbnail.id}`,
    width: first.thumbnail.width,
    height: first.thumbnail.height,
  };
};

/** The newest release of an item; refuses with `publication.not-found`, or `publication.withdrawn` once it was withdrawn. */
export async function readCurrentRelease(
  bench: Workbench,
  itemId: string,
): Promise<{ row: PublicationRecord; release: Release }> {
  const [row] = await bench.database.read
    .getRepository(PublicationRecord)
    .find({ where: { itemId }, order: { number: 'DESC' }, take: 1 });
  if (!row) throw refuse('publication.not-found', { itemId });
  if (row.withdrawnAt) throw refuse('publication.withdrawn', { itemId, reason: row.withdrawalReason ?? '' });
  return { row, release: row.view as unknown as Release };
}

/** `GET /api/public/photographs/:itemId`. */
export async function readPhotograph(bench: Workbench, itemId: string): Promise<PhotographView> {
  const { row, release } = await readCurrentRelease(bench, itemId);
  const first = release.originals[0];
  const rights = findRights(release.rights);
  if (!first || !rights) throw new Error(`Expected release ${row.id} to hold a picture and known rights`);
  const { treatment } = first;
  const person = await readPeople(bench, [treatment?.approvedBy]);
  return {
    id: itemId,
    number: row.number,
    publishedAt: row.publishedAt.toISOString(),
    manifestUrl: `${bench.publicUrl}/iiif/manifest/${itemId}`,
    manifestSha256: row.manifestSha256,
    description: release.description,
    rights: { uri: rights.uri, label: rights.label, plain: rights.plain },
    collection: { ...release.collection },
    original: image(first.picture),
    restored: treatment ? image(treatment.picture) : null,
    thumbnail: thumbnail(release).url,
    changes: treatment && {
      sentence: changeSentence(treatment, person(treatment.approvedBy).name),
      replacedShare: treatment.replacedShare,
      regionCount: treatment.regionCount,
      meanDeltaE: treatment.meanDeltaE,
      operations: [...treatment.operations],
      broughtIn: [...(treatment.broughtIn ?? [])],
      approvedBy: person(treatment.approvedBy).name,
      approvedAt: treatment.approvedAt,
      changeMap: {
        url: `/api/files/derivative/${treatment.changeMap.id}`,
        width: treatment.changeMap.width,
        height: treatment.changeMap.height,
        deltaEPerLevel: treatment.changeMap.deltaEPerLevel,
      },
      receipt: `/api/files/receipt/${treatment.restorationId}`,
      level: treatment.level,
    },
    proof: await readProofPlace(bench, row.id),
    downloads: {
      original: { url: `/api/files/original/${first.id}`, mediaType: first.mediaType, bytes: first.bytes },
      restored: treatment?.master
        ? {
            url: `/api/files/master/${treatment.master.id}`,
            mediaType: treatment.master.mediaType,
            bytes: treatment.master.bytes,
          }
        : null,
    },
    neighbours: await readPublicNeighbours(bench, itemId),
  };
}

async function readProofPlace(bench: Workbench, publicationId: string): Promise<PhotographView['proof']> {
  const [entry] = (await bench.database.read.query(
    `select seq::int from audit_entry where subject_id = $1 and action = 'publication.published'`,
    [publicationId],
  )) as { seq: number }[];
  if (!entry) throw new Error(`Expected an audit entry of publication ${publicationId} but found none`);
  return { seq: entry.seq, url: `/audit/proof/${entry.seq}`, checkpointUrl: '/audit/checkpoint' };
}

/** A release that stands: nothing newer exists, and a withdrawal takes all of an item's releases. */
const current = `p.withdrawn_at is null and not exists
  (select 1 from publication newer where newer.item_id = p.item_id and newer.number > p.number)`;

async function readPublicNeighbours(bench: Workbench, itemId: string): Promise<PhotographView['neighbours']> {
  const side = (sign: string, order: string): string => `(
    select i.id from item i where i.collection_id = me.collection_id and i.ordinal ${sign} me.ordinal
       and exists (select 1 from publication p where p.item_id = i.id and p.withdrawn_at is null)
     order by i.ordinal ${order} limit 1)`;
  const [row] = (await bench.database.read.query(
    `select ${side('<', 'desc')} as previous, ${side('>', 'asc')} as next from item me where me.id = $1`,
    [itemId],
  )) as PhotographView['neighbours'][];
  return row ?? { previous: null, next: null };
}

/** One line of a public list. */
export interface PublicLine {
  id: string;
  title: LocalText;
  dateAsWritten: string;
  thumbnail: PictureView;
  restored: boolean;
  collectionId: string;
  collectionTitle: LocalText;
}

/** `GET /api/public/photographs`: what is published now, newest first; searches only what is public. */
export async function readPublicPhotographs(
  bench: Workbench,
  query: {
    q?: string | undefined;
    collectionId?: string | undefined;
    cursor?: string | undefined;
    limit: number;
  },
): Promise<{ rows: PublicLine[]; next: string | null; total: number | null }> {
  const before = readCursor(query.cursor, 'instant', 'uuid');
  const patterns = likePatterns(foldForSearch(query.q ?? ''));
  const where = `${current} and ($1::uuid is null or i.collection_id = $1) and ${matches("(p.view->>'search')", 2, patterns)}`;
  const from = `publication p join item i on i.id = p.item_id join collection c on c.id = i.collection_id`;
  const values = [query.collectionId ?? null, ...patterns];
  const [instant, id, limit] = [1, 2, 3].map((place) => `$${values.length + place}`);
  const rows = (await bench.database.read.query(
    `select p.id, p.item_id, p.view, p.published_at, c.id as collection_id, c.title as collection_title from ${from}
      where ${where} and (${instant}::timestamptz is null or (p.published_at, p.id) < (${instant}::timestamptz, ${id}::uuid))
      order by p.published_at desc, p.id desc limit ${limit}`,
    [...values, before?.[0] ?? null, before?.[1] ?? null, query.limit + 1],
  )) as {
    id: string;
    item_id: string;
    view: Release;
    published_at: Date;
    collection_id: string;
    collection_title: LocalText;
  }[];
  const [count] = before
    ? []
    : ((await bench.database.read.query(`select count(*)::int as n from ${from} where ${where}`, values)) as {
        n: number;
      }[]);
  const page = cutPage(rows, query.limit, (row) => [row.published_at.toISOString(), row.id]);
  return {
    rows: page.rows.map((row) => ({
      id: row.item_id,
      title: row.view.description.title,
      dateAsWritten: row.view.description.dateAsWritten,
      thumbnail: thumbnail(row.view),
      restored: row.view.originals[0]?.treatment != null,
      collectionId: row.collection_id,
      collectionTitle: row.collection_title,
    })),
    next: page.next,
    total: count?.n ?? null,
  };
}

/** A collection with something published in it. */
export interface PublicCollection {
  id: string;
  title: LocalText;
  description: LocalText;
  count: number;
  cover: PictureView | null;
}

/** `GET /api/public/collections`, with the first photograph of each as its cover. */
export async function readPublicCollections(bench: Workbench): Promise<{ rows: PublicCollection[] }> {
  const rows = (await bench.database.read.query(
    `select c.id, c.title, c.description, count(*)::int as count,
            (array_agg(p.view->'originals'->0 order by i.ordinal))[1] as face
       from publication p join item i on i.id = p.item_id join collection c on c.id = i.collection_id
      where ${current} group by c.id order by c.created_at, c.id limit 500`,
  )) as (Omit<PublicCollection, 'cover'> & { face: Release['originals'][number] | null })[];
  return {
    rows: rows.map(({ face, ...row }) => ({
      ...row,
      cover: face?.thumbnail ? { ...image(face.thumbnail), url: `/api/files/thumbnail/${face.thumbnail.id}` } : null,
    })),
  };
}
