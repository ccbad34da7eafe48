import { createHash } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type TreatmentLevel } from '@albumen/domain';
import type { BroughtInReport, ReceiptKey, receipts, ReceiptSignature } from '@albumen/runtime';

/** One act on a shelf of models that no server looks after. `previous` is the sha256 of the file before it. */
export interface AcceptanceEntry {
  readonly type: 'albumen-acceptance';
  readonly version: 1;
  readonly number: number;
  readonly at: string;
  /** The person, by the name they gave: nobody signed in. */
  readonly by: string;
  readonly action: 'model.accepted' | 'model.removed';
  readonly model: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly adapter: string;
  readonly licence: string;
  readonly level: TreatmentLevel | null;
  readonly previous: string | null;
}

/** An acceptance record as it was read: its entries as far as they hold, and the first thing that does not. */
export interface AcceptanceRecord {
  readonly entries: readonly AcceptanceEntry[];
  /** sha256 of the last file; null where there is none. */
  readonly head: string | null;
  /** Null where all of it holds. */
  readonly fault: string | null;
}

/** Folder of the record inside the folder of models. */
export const recordFolder = '.acceptances';
const entryName = /^(\d{6})\.json$/;
const over = 'canonical JSON (RFC 8785) of entry, UTF-8';

/**
 * Reads the record of a shelf and checks numbers, chain and signatures. What was cut off its end is not seen here: the
 * model that it accepted then stands without an entry.
 */
export async function readAcceptances(shelf: string, tools: typeof receipts): Promise<AcceptanceRecord> {
  const entries: AcceptanceEntry[] = [];
  let head: string | null = null;
  const faulty = (file: string, why: string): AcceptanceRecord => ({ entries, head, fault: `${file}: ${why}` });
  for (const [at, file] of (await entryFiles(shelf)).entries()) {
    if (Number(entryName.exec(file)?.[1]) !== at + 1) return faulty(file, `expected entry ${at + 1}`);
    const bytes = await readFile(join(shelf, recordFolder, file), 'utf8');
    let read: { readonly entry?: AcceptanceEntry; readonly signature?: ReceiptSignature };
    try {
      read = JSON.parse(bytes) as typeof read;
    } catch {
      return faulty(file, 'it is not JSON');
    }
    const { entry, signature } = read ?? {};
    const isSigned = typeof signature?.key === 'string' && typeof signature.value === 'string';
    if (entry?.type !== 'albumen-acceptance' || !isSigned) return faulty(file, 'it is no signed entry');
    const verdict = tools.checkTextSignature(canonicalJson(entry), signature, []);
    if (verdict.state === 'does-not-hold') return faulty(file, verdict.why);
    if (entry.number !== at + 1 || entry.previous !== head)
      return faulty(file, 'it does not follow the entry before it');
    entries.push(entry);
    head = createHash('sha256').update(bytes).digest('hex');
  }
  return { entries, head, fault: null };
}

/**
 * Writes the next entry of a record: a file of its own, signed, with the digest of the one before, never written over.
 * Throws what the file system throws, `EEXIST` where somebody else wrote an entry at the same time.
 */
export async function writeAcceptance(
  shelf: string,
  record: AcceptanceRecord,
  key: ReceiptKey,
  act: Pick<AcceptanceEntry, 'by' | 'action'> & { readonly report: BroughtInReport },
): Promise<AcceptanceEntry> {
  const { by, action, report } = act;
  const entry: AcceptanceEntry = {
    type: 'albumen-acceptance',
    version: 1,
    number: record.entries.length + 1,
    at: (action === 'model.accepted' ? report.accepted?.at : report.removedAt) ?? new Date().toISOString(),
    by,
    action,
    model: { id: report.id, version: report.modelVersion, sha256: report.sha256 },
    adapter: report.adapter,
    licence: report.licence,
    level: action === 'model.accepted' ? (report.accepted?.level ?? null) : null,
    previous: record.head,
  };
  const folder = join(shelf, recordFolder);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${String(entry.number).padStart(6, '0')}.json`);
  const draft = `${path}.${process.pid}.new`;
  try {
    const file = await open(draft, 'wx', 0o444);
    try {
      await file.writeFile(canonicalJson({ entry, signature: key.signText(canonicalJson(entry), over) }));
      await file.sync();
    } finally {
      await file.close();
    }
    // A link is made whole or not at all, and never over another entry.
    await link(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return entry;
}

/** Who a model was last accepted by; null where the record does not say so. */
export function acceptedBy(record: AcceptanceRecord, report: BroughtInReport): string | null {
  const last = record.entries.findLast(
    ({ model }) => model.id === report.id && model.version === report.modelVersion && model.sha256 === report.sha256,
  );
  return last?.action === 'model.accepted' ? last.by : null;
}

async function entryFiles(shelf: string): Promise<string[]> {
  try {
    return (await readdir(join(shelf, recordFolder))).filter((name) => entryName.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
