import * as z from 'zod';
import { publicationRules } from '@albumen/domain';
import { id, instant, localText, pageOf } from './local-text.contract.js';
import { descriptionBody, pictureView } from './item.contract.js';

/** `GET /api/items/:id/publication`: may it go out, and what would go out? */
export const publicationCheck = z.object({
  rules: z.array(z.object({ rule: z.enum(publicationRules), met: z.boolean() })),
  ready: z.boolean(),
  /** The manifest as it would be published now, or null while rules are not met. */
  preview: z.unknown().nullable(),
  releases: z.array(
    z.object({
      id,
      number: z.number().int(),
      publishedAt: instant,
      publishedBy: z.string(),
      manifestSha256: z.string(),
      withdrawnAt: instant.nullable(),
      withdrawnBy: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
});
export type PublicationCheck = z.infer<typeof publicationCheck>;

/** Body of `POST /api/items/:id/withdrawal`. */
export const withdrawPublication = z.strictObject({ reason: z.string().trim().min(1).max(2000) });

/** One clause of "What was changed", in both languages, made by the server from measurements only. */
export const changeStatement = z.object({ en: z.string(), vi: z.string() });

/** `GET /api/public/photographs/:itemId`: the public page. A withdrawn one answers 410 `publication.withdrawn`. */
export const photographView = z.object({
  id,
  number: z.number().int(),
  publishedAt: instant,
  manifestUrl: z.string(),
  manifestSha256: z.string(),
  description: descriptionBody.omit({ custody: true }),
  rights: z.object({ uri: z.string(), label: localText, plain: localText }),
  collection: z.object({ id, title: localText }),
  original: pictureView,
  restored: pictureView.nullable(),
  thumbnail: z.string(),
  changes: z
    .object({
      sentence: changeStatement,
      replacedShare: z.number(),
      regionCount: z.number().int(),
      meanDeltaE: z.number(),
      operations: z.array(z.string()),
      /** Those of them that a model of the institution's own did. */
      broughtIn: z.array(z.string()).optional(),
      approvedBy: z.string(),
      approvedAt: instant,
      changeMap: z.object({
        url: z.string(),
        width: z.number().int(),
        height: z.number().int(),
        deltaEPerLevel: z.number(),
      }),
      receipt: z.string(),
      level: z.number().int(),
    })
    .nullable(),
  /** Where the proof lies: audit entry of the publication. */
  proof: z.object({ seq: z.number().int(), url: z.string(), checkpointUrl: z.string() }),
  downloads: z.object({
    original: z.object({ url: z.string(), mediaType: z.string(), bytes: z.number() }),
    restored: z.object({ url: z.string(), mediaType: z.string(), bytes: z.number() }).nullable(),
  }),
  neighbours: z.object({ previous: id.nullable(), next: id.nullable() }),
});
export type PhotographView = z.infer<typeof photographView>;

/** `GET /api/public/photographs?q&collectionId&cursor`. */
export const publicRow = z.object({
  id,
  title: localText,
  dateAsWritten: z.string(),
  thumbnail: pictureView,
  restored: z.boolean(),
  collectionId: id,
  collectionTitle: localText,
});
export type PublicRow = z.infer<typeof publicRow>;
export const publicPage = pageOf(publicRow);
/** `GET /api/public/collections`. */
export const publicCollections = z.object({
  rows: z.array(
    z.object({ id, title: localText, description: localText, count: z.number().int(), cover: pictureView.nullable() }),
  ),
});
