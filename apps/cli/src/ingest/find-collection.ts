import { createCollection } from '@albumen/contracts';
import type { Actor } from '@albumen/domain';
import { CreateCollection, readCollections, type Workbench } from '@albumen/workflow';

/** The collection of that title in either language, or of that id; made by `maker` where there is none. */
export async function findOrMakeCollection(
  bench: Workbench,
  name: string,
  maker: () => Promise<Actor>,
): Promise<{ readonly id: string; readonly made: boolean }> {
  const wanted = plain(name);
  const { rows } = await readCollections(bench);
  const found = rows.find(
    (row) => row.id === name || [row.title.en, row.title.vi].some((text) => plain(text ?? '') === wanted),
  );
  if (found !== undefined) return { id: found.id, made: false };
  const title = { vi: name.normalize('NFC').trim(), en: name.normalize('NFC').trim() };
  const { id } = await new CreateCollection(bench).execute(await maker(), createCollection.parse({ title }));
  return { id, made: true };
}

function plain(text: string): string {
  return text.normalize('NFC').trim().toLocaleLowerCase('vi');
}
