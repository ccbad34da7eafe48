import { canonicalJson, type Actor, type AuditLeaf, type Json, type SubjectType } from '@albumen/domain';
import type { AuditEntryRecord } from '../records/index.js';
import { hashLeaf, type Hash } from './merkle.js';

/** The leaf of a row: what is hashed is made from the row's own columns, so an edited column shows. */
export function leafOf(row: AuditEntryRecord): AuditLeaf {
  return {
    v: 1,
    seq: row.seq,
    at: row.at.toISOString(),
    actor: { kind: row.actorKind, id: row.actorId, ...(row.door === null ? {} : { door: row.door }) },
    software: { name: row.softwareName, version: row.softwareVersion },
    action: row.action,
    subject: { type: row.subjectType, id: row.subjectId },
    item: row.itemId,
    before: (row.before ?? null) as Json,
    after: (row.after ?? null) as Json,
  };
}

/** The leaf's bytes: canonical JSON (RFC 8785) in UTF-8. */
export const leafBytes = (leaf: AuditLeaf): Uint8Array => new TextEncoder().encode(canonicalJson(leaf));

/** RFC 6962 hash of a row's leaf. */
export const hashOfRow = (row: AuditEntryRecord): Hash => hashLeaf(leafBytes(leafOf(row)));

/** The pseudonymous id an actor has in the log. */
export function actorId(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.id;
    case 'job':
      return `${actor.name}:${actor.id}`;
    case 'system':
      return actor.name;
  }
}

/** The kind of thing an action is about: the word before the dot. */
export const subjectTypeOf = (action: string): SubjectType => action.slice(0, action.indexOf('.')) as SubjectType;
