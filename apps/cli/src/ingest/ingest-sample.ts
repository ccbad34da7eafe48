import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { descriptionBody, type DescriptionBody } from '@albumen/contracts';
import { emptyDescription } from '@albumen/domain';
import { ChangeCollection, DescribeItem, readCollection, type Workbench } from '@albumen/workflow';
import { CommandFault, exitCodes } from '../command-fault.js';
import type { Terminal } from '../terminal.js';
import { ingestFolder } from './ingest-folder.js';
import { namedPerson } from './named-person.js';

interface SampleList {
  readonly collection: {
    readonly title: { readonly en: string; readonly vi: string };
    readonly description?: { readonly en?: string; readonly vi?: string };
    readonly referenceCode?: string;
    readonly rights?: string;
  };
  /** Each with its file's name in the folder of aged pictures and any fields of a description. */
  readonly items: readonly ({ readonly file: string } & Record<string, unknown>)[];
}

/** What came of bringing the samples in. */
export interface SampleSummary {
  readonly accessions: readonly string[];
  readonly words: string;
}

/**
 * Brings in the project's own sample collection with its descriptions, through the same use cases as anybody's. Doing it
 * again changes nothing: the same bytes are duplicates, and a description that somebody has changed is left alone.
 */
export async function ingestSample(
  bench: Workbench,
  terminal: Terminal,
  wish: { readonly root: string; readonly localSignIn: boolean; readonly signal: AbortSignal },
): Promise<SampleSummary> {
  const folder = join(wish.root, 'samples', 'aged');
  const list = readList(join(wish.root, 'samples', 'samples.json'));
  const summary = await ingestFolder(bench, terminal, {
    folder,
    collection: list.collection.title.vi,
    account: 'operator',
    localSignIn: wish.localSignIn,
    signal: wish.signal,
  });
  await settleCollection(bench, summary.collectionId, list, wish.localSignIn);
  const operator = await namedPerson(bench, 'operator', wish.localSignIn);
  const rows = (await bench.database.read.query(
    'select id, file_name, description_version from item where accession_id = $1',
    [summary.accessionId],
  )) as { id: string; file_name: string; description_version: number }[];
  let described = 0;
  for (const row of rows) {
    const entry = list.items.find((item) => basename(item.file) === row.file_name);
    if (entry === undefined || row.description_version > 1) continue;
    await new DescribeItem(bench).execute(operator.actor, row.id, {
      fromVersion: row.description_version,
      body: bodyOf(entry),
    });
    described += 1;
  }
  const words =
    summary.received === 0
      ? 'The sample collection is already here.'
      : `The sample collection is in: ${summary.received} photographs, ${described} with descriptions.`;
  return { accessions: summary.received === 0 ? [] : [summary.accessionId], words };
}

/** Title in both languages, words and rights, set once by the archivist right after the collection was made. */
async function settleCollection(bench: Workbench, id: string, list: SampleList, localSignIn: boolean): Promise<void> {
  const collection = await readCollection(bench, id);
  if (collection.version > 1) return;
  const archivist = await namedPerson(bench, 'archivist', localSignIn);
  const { title, description, referenceCode, rights } = list.collection;
  await new ChangeCollection(bench).execute(archivist.actor, id, {
    version: collection.version,
    title,
    ...(description === undefined ? {} : { description }),
    ...(referenceCode === undefined ? {} : { referenceCode }),
    ...(rights === undefined ? {} : { rights }),
  });
}

function readList(path: string): SampleList {
  if (!existsSync(path)) {
    throw new CommandFault(
      exitCodes.cannotStart,
      `The sample collection is not part of this copy: ${path} is missing.`,
    );
  }
  return JSON.parse(readFileSync(path, 'utf8')) as SampleList;
}

/** The fields of a description among the entry's; what it does not name stays empty. */
function bodyOf(entry: Readonly<Record<string, unknown>>): DescriptionBody {
  const named = Object.fromEntries(
    Object.entries(entry).filter(([name, value]) => value !== null && Object.hasOwn(emptyDescription, name)),
  );
  return descriptionBody.parse({ ...emptyDescription, ...named });
}
