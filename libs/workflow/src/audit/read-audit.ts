import type { AuditProof, AuditRow, AuditVerdict } from '@albumen/contracts';
import { AuditEntryRecord } from '@albumen/database';
import type { AuditAction } from '@albumen/domain';
import { cutPage, readCursor } from '../page-cursor.js';
import { readPeople } from '../person/person-names.js';
import type { Workbench } from '../workbench.js';

/** Which entries are asked for; all filters hold together. */
export interface AuditQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly action?: AuditAction | undefined;
  readonly actorId?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly itemId?: string | undefined;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Entries of the log, newest first. `anchored` is true where a signed checkpoint covers the entry. */
export async function readAudit(
  bench: Workbench,
  query: AuditQuery,
): Promise<{ rows: AuditRow[]; next: string | null; total: number | null }> {
  const before = readCursor(query.cursor, 'number');
  const find = bench.database.read
    .getRepository(AuditEntryRecord)
    .createQueryBuilder('entry')
    .orderBy('entry.seq', 'DESC')
    .take(query.limit + 1);
  if (before) find.andWhere('entry.seq < :before', { before: before[0] });
  if (query.action) find.andWhere('entry.action = :action', { action: query.action });
  if (query.actorId) find.andWhere('entry.actorId = :actorId', { actorId: query.actorId });
  if (query.subjectId) find.andWhere('entry.subjectId = :subjectId', { subjectId: query.subjectId });
  if (query.itemId) find.andWhere('entry.itemId = :itemId', { itemId: query.itemId });
  const page = cutPage(await find.getMany(), query.limit, (row) => [row.seq]);
  const person = await readPeople(
    bench,
    page.rows.filter((row) => row.actorKind === 'person').map((row) => row.actorId),
  );
  const anchored = (await bench.database.audit.checkpoint())?.size ?? 0;
  return {
    rows: page.rows.map((row) => ({
      seq: row.seq,
      at: row.at.toISOString(),
      actorKind: row.actorKind,
      actorId: row.actorId,
      actorName: row.actorKind === 'person' ? person(row.actorId).name : row.actorId.replace(/:.*$/, ''),
      door: row.door,
      software: `${row.softwareName} ${row.softwareVersion}`,
      action: row.action,
      subjectType: row.subjectType,
      subjectId: row.subjectId,
      itemId: row.itemId,
      before: row.before,
      after: row.after,
      leafHash: base64(row.leafHash),
      anchored: row.seq < anchored,
    })),
    next: page.next,
    total: null,
  };
}

/** Proof that one entry stands in the signed log; refuses with `audit.entry-not-found`. */
export async function readAuditProof(bench: Workbench, seq: number): Promise<AuditProof> {
  const proof = await bench.database.audit.proof(seq);
  return {
    seq,
    leaf: proof.leaf,
    leafHash: base64(proof.leafHash),
    treeSize: proof.treeSize,
    path: proof.path.map(base64),
    checkpoint: proof.checkpoint,
    publicKey: bench.database.signer.verifierKey,
  };
}

/** Recomputes the whole log and answers what was found, in words. */
export async function verifyAudit(
  bench: Workbench,
  onProgress?: (done: number, total: number) => void,
): Promise<AuditVerdict> {
  const started = performance.now();
  const { checkpoint, ...verdict } = await bench.database.audit.verify(onProgress);
  return {
    ...verdict,
    checkpoint: checkpoint && {
      size: checkpoint.size,
      root: base64(checkpoint.root),
      at: checkpoint.signedAt.toISOString(),
      signatureValid: checkpoint.signatureValid,
    },
    seconds: Math.round(performance.now() - started) / 1000,
  };
}
