import type { DescriptionVersion } from '@albumen/contracts';
import { DescriptionRecord, ItemRecord } from '@albumen/database';
import { emptyDescription, refuse, type Description } from '@albumen/domain';
import { readPeople } from '../person/person-names.js';
import type { Workbench } from '../workbench.js';

type Body = DescriptionVersion['body'];

/** A description as its message: a copy that may be changed, with every field, also those younger than the version. */
export const shapeDescription = (description: Description): Body => ({
  ...emptyDescription,
  ...description,
  people: [...description.people],
  places: [...description.places],
});

/** Version 0 of every item: nothing has been said yet. */
export const undescribed: DescriptionVersion = {
  version: 0,
  body: shapeDescription(emptyDescription),
  savedAt: null,
  savedBy: null,
};

/** Every saved version of an item's description, newest first; refuses with `item.not-found`. */
export async function readDescriptions(bench: Workbench, itemId: string): Promise<{ rows: DescriptionVersion[] }> {
  const { read } = bench.database;
  const rows = await read
    .getRepository(DescriptionRecord)
    .find({ where: { itemId }, order: { version: 'DESC' }, take: 500 });
  if (rows.length === 0 && !(await read.getRepository(ItemRecord).existsBy({ id: itemId })))
    throw refuse('item.not-found', { id: itemId });
  const person = await readPeople(
    bench,
    rows.map((row) => row.savedBy),
  );
  return {
    rows: rows.map((row) => ({
      version: row.version,
      body: shapeDescription(row.body),
      savedAt: row.savedAt.toISOString(),
      savedBy: person(row.savedBy),
    })),
  };
}

/** One version of an item's description, or `undescribed` for version 0. */
export async function readDescription(bench: Workbench, itemId: string, version: number): Promise<DescriptionVersion> {
  if (version === 0) return undescribed;
  const row = await bench.database.read.getRepository(DescriptionRecord).findOneBy({ itemId, version });
  if (!row) throw new Error(`Expected version ${version} of the description of item ${itemId} but found none`);
  const person = await readPeople(bench, [row.savedBy]);
  return {
    version: row.version,
    body: shapeDescription(row.body),
    savedAt: row.savedAt.toISOString(),
    savedBy: person(row.savedBy),
  };
}
