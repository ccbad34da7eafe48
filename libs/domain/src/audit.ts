import type { Json } from './canonical-json.js';

/** Every act that changes the catalogue. The subject's type is the word before the dot. */
export const auditActions = [
  'person.first-seen',
  'collection.created',
  'collection.changed',
  'accession.planned',
  'accession.closed',
  'accession.cancelled',
  'file.refused',
  'file.duplicate',
  'original.received',
  'original.characterised',
  'original.derivatives-made',
  'original.damage-assessed',
  'original.treatment-not-needed',
  'original.processing-failed',
  'original.processing-retried',
  'item.described',
  'restoration.requested',
  'restoration.started',
  'restoration.proposed',
  'restoration.failed',
  'restoration.cancelled',
  'restoration.acceptance-changed',
  'restoration.preview-asked',
  'restoration.preview-made',
  'restoration.approved',
  'restoration.composed',
  'review.claimed',
  'review.released',
  'review.approved',
  'review.rejected',
  'review.rework-asked',
  'review.decision-undone',
  'publication.published',
  'publication.withdrawn',
  'model.accepted',
  'model.removed',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Kinds of thing an entry can be about. For `original.*` the subject id is the original's, and so on. */
export type SubjectType =
  | 'person'
  | 'collection'
  | 'accession'
  | 'file'
  | 'original'
  | 'item'
  | 'restoration'
  | 'review'
  | 'publication'
  | 'model';

/**
 * The hashed shape of an audit entry, frozen: its canonical JSON (RFC 8785) is the leaf of the Merkle log.
 * Persons stand by their pseudonymous id. `before` and `after` hold only what changed; personal values are salted digests.
 */
export interface AuditLeaf {
  readonly v: 1;
  /** 0-based index in the log. */
  readonly seq: number;
  /** UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  readonly actor: { readonly kind: 'person' | 'job' | 'system'; readonly id: string; readonly door?: string };
  readonly software: { readonly name: string; readonly version: string };
  readonly action: AuditAction;
  readonly subject: { readonly type: SubjectType; readonly id: string };
  /** The item it belongs to, so that an item's journal can be read; null where there is none. */
  readonly item: string | null;
  readonly before: Json;
  readonly after: Json;
}
