import * as z from 'zod';
import { accessionStatuses, fileOutcomes } from '@albumen/domain';
import { id, instant, localText, pageOf } from './local-text.contract.js';
import { personView } from './person.contract.js';

/** Body of `POST /api/accessions`: the plan, written first, a row per file. `Idempotency-Key` header makes a repeat answer the same accession. */
export const planAccession = z.strictObject({
  collectionId: id,
  note: z.string().max(2000).default(''),
  files: z
    .array(
      z.strictObject({
        /** File name exactly as it is on the disk it came from (no normalisation). */
        name: z.string().min(1).max(1024),
        /** Path inside the folder, '/'-separated, or the name alone. */
        path: z.string().max(4096),
        bytes: z.number().int().min(0),
      }),
    )
    .min(1)
    .max(20_000),
});
export type PlanAccession = z.infer<typeof planAccession>;
export type PlanAccessionInput = z.input<typeof planAccession>;

/** Totals, always counted from rows. */
export const accessionTotals = z.object({
  total: z.number().int(),
  waiting: z.number().int(),
  received: z.number().int(),
  duplicate: z.number().int(),
  refused: z.number().int(),
  bytes: z.number(),
  bytesReceived: z.number(),
});
export type AccessionTotals = z.infer<typeof accessionTotals>;

export const accessionView = z.object({
  id,
  collectionId: id,
  collectionTitle: localText,
  note: z.string(),
  door: z.enum(['web', 'command-line']),
  status: z.enum(accessionStatuses),
  createdAt: instant,
  createdBy: personView,
  closedAt: instant.nullable(),
  totals: accessionTotals,
});
export type AccessionView = z.infer<typeof accessionView>;
export const accessionPage = pageOf(accessionView);

/** One file and its outcome for ever. `POST /api/accessions` answers `{accession, files}` with every row's id for the uploads. */
export const accessionFileView = z.object({
  id,
  position: z.number().int(),
  name: z.string(),
  path: z.string(),
  bytes: z.number(),
  /** Bytes that arrived so far. */
  bytesReceived: z.number(),
  outcome: z.enum(fileOutcomes),
  /** Code of `errorTable` with its details where refused or duplicate notes; null otherwise. */
  reason: z
    .object({
      code: z.string(),
      details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    })
    .nullable(),
  itemId: id.nullable(),
  originalId: id.nullable(),
  /** The item that already holds the same bytes: of the same collection for `duplicate`, of another one as a note for `received`. */
  sameBytesAs: z.object({ itemId: id, collectionId: id, title: localText, since: instant }).nullable(),
  sha256: z.string().nullable(),
  thumbnail: z.string().nullable(),
  outcomeAt: instant.nullable(),
});
export type AccessionFileView = z.infer<typeof accessionFileView>;
export const accessionFilePage = pageOf(accessionFileView);
export const plannedAccession = z.object({ accession: accessionView, files: z.array(accessionFileView) });
export type PlannedAccession = z.infer<typeof plannedAccession>;
