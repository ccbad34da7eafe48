import { sentence } from '@albumen/domain';
import { IngestFolder, type FileAnswer, type Workbench } from '@albumen/workflow';
import type { Terminal } from '../terminal.js';
import { findOrMakeCollection } from './find-collection.js';
import { namedPerson } from './named-person.js';

/** What to take in, as whom, and where it can be looked at afterwards. */
export interface IngestWish {
  readonly folder: string;
  readonly collection: string;
  readonly account: string;
  readonly localSignIn: boolean;
  readonly signal?: AbortSignal;
}

/** What became of the files of one run. */
export interface IngestSummary {
  readonly accessionId: string;
  readonly collectionId: string;
  readonly received: number;
  readonly duplicate: number;
  readonly refused: number;
  readonly interrupted: boolean;
  readonly refusals: readonly { readonly path: string; readonly code: string; readonly sentence: string }[];
}

/** Takes in a folder by the same use case as an upload, shows how far it is, and says where it can be reviewed. */
export async function ingestFolder(bench: Workbench, terminal: Terminal, wish: IngestWish): Promise<IngestSummary> {
  const person = await namedPerson(bench, wish.account, wish.localSignIn);
  const maker = wish.localSignIn ? 'archivist' : wish.account;
  const collection = await findOrMakeCollection(
    bench,
    wish.collection,
    async () => (await namedPerson(bench, maker, wish.localSignIn)).actor,
  );
  if (collection.made)
    terminal.say(`Made the collection "${wish.collection}" (by ${maker}; its rights are not set yet).`);
  const result = await new IngestFolder(bench).execute(person.actor, {
    folder: wish.folder,
    collectionId: collection.id,
    ...(wish.signal === undefined ? {} : { signal: wish.signal }),
    onProgress: ({ done, total, bytesDone, bytesTotal, path }) =>
      terminal.progress(bytesTotal === 0 ? done / total : bytesDone / bytesTotal, `${done} of ${total}  ${path}`),
  });
  terminal.endBar();
  if (result.resumed) terminal.say('An earlier run on this folder was cut off; it was continued.');
  const count = (outcome: FileAnswer['outcome']): number =>
    result.answers.filter(({ answer }) => answer.outcome === outcome).length;
  return {
    accessionId: result.accessionId,
    collectionId: collection.id,
    received: count('received'),
    duplicate: count('duplicate'),
    refused: count('refused'),
    interrupted: result.interrupted,
    refusals: result.answers.flatMap(({ path, answer }) =>
      answer.outcome === 'refused' && answer.reason !== null
        ? [{ path, code: answer.reason.code, sentence: sentence(answer.reason.code, answer.reason.details, 'en') }]
        : [],
    ),
  };
}

/** The summary in words, refused files first, with the addresses to go on at. */
export function summaryWords(summary: IngestSummary, address: string): string {
  const lines = summary.refusals.map(({ path, sentence: why }) => `  refused  ${JSON.stringify(path)}: ${why}`);
  lines.push(`Received ${summary.received}, already there ${summary.duplicate}, refused ${summary.refused}.`);
  if (summary.interrupted) lines.push('It was stopped before the end; the same command continues it.');
  lines.push(`Files and reasons: ${address}/desk/accessions/${summary.accessionId}`);
  lines.push(`Review what is proposed: ${address}/desk/reviews`);
  return lines.join('\n');
}
