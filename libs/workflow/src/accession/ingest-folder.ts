import { stat, realpath } from 'node:fs/promises';
import { AccessionFileRecord, AccessionRecord } from '@albumen/database';
import { refuse, requirePermission, type Actor, type PersonActor } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { CloseAccession } from './close-accession.js';
import type { FileAnswer } from './file-outcome.js';
import { addFiles, PlanAccession } from './plan-accession.js';
import { ReceiveOriginal } from './receive-original.js';
import { walkFolder, type FoundFile } from './walk-folder.js';

/** How far an ingest is, after each file. */
export interface IngestProgress {
  /** Files with an outcome, of all files of the accession. */
  readonly done: number;
  readonly total: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** The file that just got its outcome. */
  readonly path: string;
  readonly answer: FileAnswer;
}

export interface IngestOrder {
  readonly folder: string;
  readonly collectionId: string;
  readonly note?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
}

/** What became of an ingest; outcomes are those of this run. `interrupted` leaves the accession open, to be continued. */
export interface IngestResult {
  readonly accessionId: string;
  readonly resumed: boolean;
  readonly interrupted: boolean;
  readonly answers: readonly { readonly path: string; readonly answer: FileAnswer }[];
}

/**
 * Takes in a folder on the server: plan first, then one file after the other in natural order of their names, then
 * close. The same folder for the same collection continues its open accession, with files that came since at its end.
 */
export class IngestFolder {
  constructor(private readonly bench: Workbench) {}

  /** Errors: `accession.folder-missing`, `accession.no-files`, `collection.not-found`, and what may pass (`storage.full`). */
  async execute(actor: Actor, order: IngestOrder): Promise<IngestResult> {
    const person = requirePermission(actor, 'accession.create');
    const folder = await usableFolder(order.folder);
    const found = await walkFolder(folder);
    if (found.length === 0) throw refuse('accession.no-files');
    const open = await this.#openAccession(folder, order.collectionId);
    const accessionId = open
      ? await this.#continue(person, open, found)
      : await this.#plan(person, folder, order, found);
    const answers = await this.#receiveWaiting(person, accessionId, order, found);
    const interrupted = order.signal?.aborted ?? false;
    if (!interrupted) await new CloseAccession(this.bench).execute(person, accessionId);
    return { accessionId, resumed: open !== null, interrupted, answers };
  }

  async #plan(
    person: PersonActor,
    folder: string,
    { collectionId, note }: IngestOrder,
    found: readonly FoundFile[],
  ): Promise<string> {
    const files = found.map(({ name, path, bytes }) => ({ name, path, bytes }));
    const plan = { collectionId, note: note ?? '', files, source: folder };
    return (await new PlanAccession(this.bench).execute(person, plan)).accessionId;
  }

  async #openAccession(source: string, collectionId: string): Promise<AccessionRecord | null> {
    const accessions = this.bench.database.read.getRepository(AccessionRecord);
    return accessions.findOne({
      where: { source, collectionId, status: 'receiving', door: 'command-line' },
      order: { createdAt: 'DESC' },
    });
  }

  /** Files that were not there when the plan was written get their rows behind the others. */
  async #continue(person: PersonActor, open: AccessionRecord, found: readonly FoundFile[]): Promise<string> {
    const planned = await this.#filesOf(open.id);
    const known = new Set(planned.map((file) => file.path.normalize('NFC')));
    const added = found.filter((file) => !known.has(file.path.toWellFormed().normalize('NFC')));
    if (added.length > 0) {
      const last = planned.at(-1)?.position ?? 0;
      await this.bench.database.change(person, async (change) => {
        const files = added.map(({ name, path, bytes }) => ({ name, path, bytes }));
        await addFiles(change, open.id, files, last + 1);
        change.record({ action: 'accession.planned', subject: open.id, after: { added: files.length } });
      });
    }
    return open.id;
  }

  async #receiveWaiting(
    person: PersonActor,
    accessionId: string,
    order: IngestOrder,
    found: readonly FoundFile[],
  ): Promise<{ path: string; answer: FileAnswer }[]> {
    const locations = new Map(found.map((file) => [file.path, file.location.toString('utf8')]));
    const files = await this.#filesOf(accessionId);
    const bytesTotal = files.reduce((sum, file) => sum + file.bytes, 0);
    const settled = files.filter((file) => file.outcome !== 'waiting');
    let done = settled.length;
    let bytesDone = settled.reduce((sum, file) => sum + file.bytes, 0);
    const receive = new ReceiveOriginal(this.bench);
    const answers: { path: string; answer: FileAnswer }[] = [];
    for (const file of files) {
      if (file.outcome !== 'waiting') continue;
      if (order.signal?.aborted) break;
      const path = locations.get(file.path) ?? `${order.folder}/${file.path}`;
      const answer = await receiveUntilAborted(receive, person, { fileId: file.id, path }, order.signal);
      if (!answer) break;
      done += 1;
      bytesDone += file.bytes;
      answers.push({ path: file.path, answer });
      order.onProgress?.({ done, total: files.length, bytesDone, bytesTotal, path: file.path, answer });
    }
    return answers;
  }

  async #filesOf(accessionId: string): Promise<AccessionFileRecord[]> {
    const files = this.bench.database.read.getRepository(AccessionFileRecord);
    return files.find({ where: { accessionId }, order: { position: 'ASC' } });
  }
}

/** The answer, or undefined where the signal cut the file short: it waits for the next run. */
async function receiveUntilAborted(
  receive: ReceiveOriginal,
  person: PersonActor,
  incoming: { readonly fileId: string; readonly path: string },
  signal: AbortSignal | undefined,
): Promise<FileAnswer | undefined> {
  try {
    return await receive.execute(person, signal ? { ...incoming, signal } : incoming);
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}

/** The folder's real path, so that the same folder is known again by any name; throws `accession.folder-missing`. */
async function usableFolder(folder: string): Promise<string> {
  try {
    const real = await realpath(folder);
    if (!(await stat(real)).isDirectory()) throw refuse('accession.folder-missing', { folder });
    return real;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw refuse('accession.folder-missing', { folder }, { cause: error });
  }
}
