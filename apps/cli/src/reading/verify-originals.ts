import { Refusal } from '@albumen/domain';
import type { Workbench } from '@albumen/workflow';

/** An original whose stored bytes are not what was recorded. */
export interface OriginalFault {
  readonly originalId: string;
  readonly fileName: string;
  readonly storageKey: string;
  readonly fault: string;
}

interface Row {
  readonly id: string;
  readonly file_name: string;
  readonly storage_key: string;
  readonly sha256: string;
  readonly sha512: string;
  readonly bytes: string;
}

/** Reads every byte of every original and compares digests and length with the catalogue. */
export async function verifyOriginals(
  bench: Workbench,
  onProgress: (done: number, total: number) => void,
): Promise<{ readonly checked: number; readonly faults: readonly OriginalFault[] }> {
  const rows = (await bench.database.read.query(
    'select id, file_name, storage_key, sha256, sha512, bytes from original order by received_at, id',
  )) as Row[];
  const faults: OriginalFault[] = [];
  let done = 0;
  for (const row of rows) {
    const fault = await compare(bench, row);
    if (fault !== undefined) {
      faults.push({ originalId: row.id, fileName: row.file_name, storageKey: row.storage_key, fault });
    }
    onProgress((done += 1), rows.length);
  }
  return { checked: rows.length, faults };
}

async function compare(bench: Workbench, row: Row): Promise<string | undefined> {
  try {
    const stored = await bench.store.originals.digest(row.storage_key);
    if (stored.bytes !== Number(row.bytes)) return `${stored.bytes} bytes are stored and ${row.bytes} were received`;
    if (stored.sha256 !== row.sha256) return 'its sha256 differs';
    if (stored.sha512 !== row.sha512) return 'its sha512 differs';
    return undefined;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'storage.missing') return 'its bytes are missing';
    throw error;
  }
}
