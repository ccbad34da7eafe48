import * as z from 'zod';
import { auditActions } from '@albumen/domain';
import { id, instant, pageOf } from './local-text.contract.js';

/** A row of the journal. `actorName` is looked up for reading; the leaf holds the pseudonymous id only. */
export const auditRow = z.object({
  seq: z.number().int(),
  at: instant,
  actorKind: z.enum(['person', 'job', 'system']),
  actorId: z.string(),
  actorName: z.string(),
  door: z.string().nullable(),
  software: z.string(),
  action: z.enum(auditActions),
  subjectType: z.string(),
  subjectId: z.string(),
  itemId: id.nullable(),
  before: z.unknown(),
  after: z.unknown(),
  leafHash: z.string(),
  anchored: z.boolean(),
});
export type AuditRow = z.infer<typeof auditRow>;
export const auditPage = pageOf(auditRow);

/** `GET /api/audit/:seq/proof` and the public `GET /audit/proof/:seq`: enough for an outsider to check inclusion. Hashes are base64. */
export const auditProof = z.object({
  seq: z.number().int(),
  leaf: z.string(),
  leafHash: z.string(),
  treeSize: z.number().int(),
  path: z.array(z.string()),
  checkpoint: z.string(),
  publicKey: z.string(),
});
export type AuditProof = z.infer<typeof auditProof>;

/** `POST /api/audit/verification`: the whole log, recomputed. */
export const auditVerdict = z.object({
  entries: z.number().int(),
  ok: z.boolean(),
  /** The first bad entry and what is wrong with it, in words. */
  firstBad: z.object({ seq: z.number().int(), fault: z.string() }).nullable(),
  checkpoint: z
    .object({ size: z.number().int(), root: z.string(), at: instant, signatureValid: z.boolean() })
    .nullable(),
  anchored: z.number().int(),
  seconds: z.number(),
});
export type AuditVerdict = z.infer<typeof auditVerdict>;
