import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Actor, AuditAction, Json, NextSteps, Software } from '@albumen/domain';
import { actorId, leafBytes, leafOf, subjectTypeOf } from './audit/leaf.js';
import { hashLeaf } from './audit/merkle.js';
import { largestLeaf } from './audit/tiles.js';
import { AuditEntryRecord, OutboxRecord } from './records/index.js';

/** One statement for the audit log; `subject` is the id of the thing named by the word before the dot of the action. */
export interface ChangeEntry {
  readonly action: AuditAction;
  readonly subject: string;
  /** The item whose journal shows it. */
  readonly item?: string | null;
  readonly before?: Json;
  readonly after?: Json;
}

/** The open transaction of a change: rows are written by `manager`, and every act is recorded. */
export interface Change {
  readonly manager: EntityManager;
  readonly now: Date;
  record(entry: ChangeEntry): void;
}

/** Thrown inside a change to leave everything as it was and answer a value: a repeat that finds its work done. */
export class NothingToChange<T> extends Error {
  constructor(readonly value: T) {
    super('Nothing to change');
  }
}

/** Advisory lock under which entries get their numbers; held from the append to the end of the transaction. */
export const auditLock = 4_711_001;

/** Appends the entries with their numbers and hashes and writes the jobs that follow them to the outbox. */
export async function appendEntries(
  manager: EntityManager,
  entries: readonly ChangeEntry[],
  by: { actor: Actor; software: Software; now: Date; nextSteps: NextSteps },
): Promise<void> {
  await manager.query('select pg_advisory_xact_lock($1)', [auditLock]);
  const [last] = (await manager.query('select coalesce(max(seq), -1) as seq from audit_entry')) as { seq: string }[];
  let seq = Number(last?.seq ?? -1);
  const rows = entries.map((entry) => {
    seq += 1;
    const row = new AuditEntryRecord();
    row.seq = seq;
    row.at = by.now;
    row.actorKind = by.actor.kind;
    row.actorId = actorId(by.actor);
    row.door = by.actor.kind === 'person' ? by.actor.door : null;
    row.softwareName = by.software.name;
    row.softwareVersion = by.software.version;
    row.action = entry.action;
    row.subjectType = subjectTypeOf(entry.action);
    row.subjectId = entry.subject;
    row.itemId = entry.item ?? null;
    row.before = plain(entry.before);
    row.after = plain(entry.after);
    const leaf = leafBytes(leafOf(row));
    // An entry that fits no bundle would stop every later checkpoint, so the change that says it fails instead.
    if (leaf.length > largestLeaf)
      throw new Error(
        `Expected an audit entry of at most ${largestLeaf} bytes for ${entry.action} but received ${leaf.length}`,
      );
    row.leafHash = Buffer.from(hashLeaf(leaf));
    return row;
  });
  await manager.insert(AuditEntryRecord, rows as never);
  const jobs = entries.flatMap((entry) => by.nextSteps[entry.action].map((next) => next(entry.subject)));
  if (jobs.length === 0) return;
  await manager.insert(
    OutboxRecord,
    jobs.map((job) => ({
      id: randomUUID(),
      job: job.name,
      payload: job.payload,
      createdAt: by.now,
      relayedAt: null,
    })) as never,
  );
  await manager.query(`select pg_notify('albumen_outbox', '')`);
}

/** What JSON makes of the value, so that what is hashed is what the column gives back; null where nothing was said. */
function plain(value: Json | undefined): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}
