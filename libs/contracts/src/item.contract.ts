import * as z from 'zod';
import { acceptanceValues } from './acceptance.js';
import { damageClasses, markUpLimits, presetNames, processingSteps, restorationStatuses, sides } from '@albumen/domain';
import { id, instant, localText, pageOf } from './local-text.contract.js';
import { protectedArea, requestedStep } from './mark-up.contract.js';
import { personView } from './person.contract.js';

/** The description of an item, all fields. */
export const descriptionBody = z.strictObject({
  side: z.enum(sides).default('front'),
  title: localText,
  referenceCode: z.string().max(200),
  creator: z.string().max(500),
  dateAsWritten: z.string().max(300),
  edtf: z.string().max(100),
  extentAndTechnique: z.string().max(500),
  people: z.array(z.string().max(300)).max(200),
  places: z.array(z.string().max(300)).max(50),
  description: localText,
  alternativeText: localText,
  rights: z.string().max(300),
  custody: z.string().max(20_000),
});
export type DescriptionBody = z.infer<typeof descriptionBody>;

/** Body of `PUT /api/items/:id/description`: the whole description and the version it was made from. 409 `item.changed-meanwhile` otherwise. */
export const describeItem = z.strictObject({ fromVersion: z.number().int().min(0), body: descriptionBody });
export type DescribeItem = z.infer<typeof describeItem>;
export const descriptionVersion = z.object({
  version: z.number().int(),
  body: descriptionBody,
  savedAt: instant.nullable(),
  savedBy: personView.nullable(),
});
export type DescriptionVersion = z.infer<typeof descriptionVersion>;
/** Answer of `GET /api/items/:id/descriptions`, newest first. */
export const descriptionHistory = z.object({ rows: z.array(descriptionVersion) });

/** Reduced words for where an item stands; derived from rows. */
export const itemStates = [
  'processing',
  'failed',
  'untreated',
  'no-treatment-needed',
  'to-review',
  'approved',
  'rejected',
  'ready',
  'published',
  'withdrawn',
] as const;

/** A row of a collection's grid. Pictures have their pixel size so that nothing jumps. */
export const itemRow = z.object({
  id,
  collectionId: id,
  ordinal: z.number().int(),
  title: localText,
  referenceCode: z.string(),
  fileName: z.string(),
  state: z.enum(itemStates),
  thumbnail: z.object({ url: z.string(), width: z.number().int(), height: z.number().int() }).nullable(),
  side: z.enum(sides),
  createdAt: instant,
  described: z.boolean(),
  openReviewId: id.nullable(),
});
export type ItemRow = z.infer<typeof itemRow>;
export const itemPage = pageOf(itemRow);

/** A picture that the IIIF image service serves: `${url}/info.json`. */
export const pictureView = z.object({ url: z.string(), width: z.number().int(), height: z.number().int() });
export type PictureView = z.infer<typeof pictureView>;

const measured = z.object({ value: z.number(), confidence: z.number() });
const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const credible = z.object({ share: z.number(), count: z.number() });
const masked = z.object({
  share: z.number(),
  count: z.number(),
  confidence: z.number(),
  credible: credible.optional(),
});

/** The damage report as in `@albumen/domain`, passed through. What is optional was not measured by older versions. */
export const damageReportView = z.object({
  version: z.union([z.literal(1), z.literal(2)]),
  width: z.number(),
  height: z.number(),
  masks: z.record(z.enum(damageClasses), masked),
  noise: measured.extend({ fine: z.number().optional() }),
  fading: z.object({ value: z.number(), confidence: z.number(), blackPoint: z.number(), whitePoint: z.number() }),
  cast: z.object({ value: z.number(), confidence: z.number(), a: z.number(), b: z.number() }),
  blur: measured,
  lowLight: measured.optional(),
  capture: z
    .object({ clippedShadows: measured, clippedHighlights: measured, skew: measured, border: measured })
    .optional(),
  faces: z
    .array(z.object({ box, landmarks: z.array(z.tuple([z.number(), z.number()])), score: z.number() }))
    .optional(),
  losses: z
    .array(z.object({ kind: z.enum(['corner', 'tear']), box, share: z.number(), confidence: z.number() }))
    .optional(),
  lettering: z.array(z.object({ box, confidence: z.number() })).optional(),
  marksOnLettering: z.number().optional(),
  tonality: z.object({ value: z.enum(['black-and-white', 'toned', 'colour']), confidence: z.number() }),
  notMeasured: z.array(z.string()),
  models: z.array(z.object({ id: z.string(), version: z.string(), sha256: z.string() })),
});
export type DamageReportView = z.infer<typeof damageReportView>;

export const restorationSummary = z.object({
  id,
  status: z.enum(restorationStatuses),
  requestedAt: instant,
  requestedBy: personView,
  automatic: z.boolean(),
  operations: z.array(z.string()),
  level: z.number().int(),
  reviewId: id.nullable(),
  progress: z.object({ share: z.number(), doing: z.string(), secondsLeft: z.number().nullable() }).nullable(),
  failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
  decidedBy: personView.nullable(),
  decidedAt: instant.nullable(),
});
export type RestorationSummary = z.infer<typeof restorationSummary>;

export const originalView = z.object({
  id,
  side: z.enum(sides),
  fileName: z.string(),
  mediaType: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  sha512: z.string(),
  receivedAt: instant,
  receivedBy: personView,
  storageKey: z.string(),
  /** null until characterised. Width and height after orientation. */
  facts: z
    .object({
      width: z.number().int(),
      height: z.number().int(),
      depth: z.number().int(),
      bands: z.number().int(),
      colourSpace: z.string(),
      profile: z.string().nullable(),
      dotsPerInch: z.number().nullable(),
      orientation: z.number().int(),
      pages: z.number().int(),
      embedded: z.record(z.string(), z.unknown()),
    })
    .nullable(),
  picture: pictureView.nullable(),
  thumbnail: pictureView.nullable(),
  damage: damageReportView.nullable(),
  /** Address of the palette PNG of the damage mask, or null. */
  damageMask: z.string().nullable(),
  treatmentNotNeeded: z.boolean(),
  processing: z.array(
    z.object({
      step: z.enum(processingSteps),
      state: z.enum(['waiting', 'running', 'done', 'failed']),
      code: z.string().nullable(),
      detail: z.string().nullable(),
      at: instant,
    }),
  ),
  restorations: z.array(restorationSummary),
});
export type OriginalView = z.infer<typeof originalView>;

/** `GET /api/items/:id`. */
export const itemView = z.object({
  id,
  collection: z.object({ id, title: localText, treatmentLevel: z.number().int(), rights: z.string().nullable() }),
  accessionId: id,
  ordinal: z.number().int(),
  createdAt: instant,
  state: z.enum(itemStates),
  description: descriptionVersion,
  originals: z.array(originalView),
  /** Other items with the same bytes in other collections: both contexts are kept. */
  sameBytes: z.array(z.object({ itemId: id, collectionId: id, collectionTitle: localText, title: localText })),
  publication: z
    .object({
      id,
      number: z.number().int(),
      publishedAt: instant,
      publishedBy: personView,
      manifestUrl: z.string(),
      publicUrl: z.string(),
      manifestSha256: z.string(),
      withdrawn: z.object({ at: instant, by: personView, reason: z.string() }).nullable(),
    })
    .nullable(),
  neighbours: z.object({ previous: id.nullable(), next: id.nullable() }),
});
export type ItemView = z.infer<typeof itemView>;

/** Body of `POST /api/originals/:id/restorations`. Steps left out: what the damage report proposes under the preset. */
export const requestRestoration = z.strictObject({
  steps: z.array(requestedStep).max(10).optional(),
  /** Preset for the proposal where steps are left out; the collection's own without it. */
  preset: z.enum(presetNames).optional(),
  /** Areas that no step that can invent may touch. Left out: the lettering that was found; an empty list: nothing. */
  protect: z.array(protectedArea).max(markUpLimits.protect).optional(),
});
export type RequestRestoration = z.infer<typeof requestRestoration>;
export type RequestRestorationInput = z.input<typeof requestRestoration>;
export const acceptance = z.enum(acceptanceValues);
