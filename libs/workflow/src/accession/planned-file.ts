import type { AccessionStatus, FileOutcome } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { findFile } from './file-outcome.js';

/** What a door must know of a file before it takes its bytes. */
export interface PlannedFile {
  readonly id: string;
  readonly bytes: number;
  readonly outcome: FileOutcome;
  readonly accessionStatus: AccessionStatus;
}

/** A file of an accession as it was announced; refuses with `accession.file-not-found`. */
export async function readPlannedFile(bench: Workbench, fileId: string): Promise<PlannedFile> {
  const { file, accession } = await findFile(bench.database.read.manager, fileId);
  return { id: file.id, bytes: file.bytes, outcome: file.outcome, accessionStatus: accession.status };
}
