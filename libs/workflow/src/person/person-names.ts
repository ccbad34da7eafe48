import { In } from 'typeorm';
import { PersonRecord } from '@albumen/database';
import type { PersonView } from '@albumen/contracts';
import type { Workbench } from '../workbench.js';

/** Names of people by id, read in one query. An erased person keeps the id and loses the name. */
export async function readPeople(
  bench: Workbench,
  ids: Iterable<string | null | undefined>,
): Promise<(id: string) => PersonView> {
  const wanted = [...new Set([...ids].filter((id): id is string => Boolean(id)))];
  const rows = wanted.length
    ? await bench.database.read.getRepository(PersonRecord).find({ where: { id: In(wanted) } })
    : [];
  const names = new Map(rows.map((row) => [row.id, row.name]));
  return (id) => ({ id, name: names.get(id) ?? '' });
}
