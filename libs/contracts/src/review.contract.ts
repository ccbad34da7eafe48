import * as z from 'zod';
import {
  operationNames,
  regionKinds,
  reasonCodes,
  treatmentLevels,
  type Operation,
  type ReasonCode,
} from '@albumen/domain';
import { acceptance, damageReportView, pictureView, restorationSummary } from './item.contract.js';
import { id, instant, localText, pageOf } from './local-text.contract.js';
import { colourHint, protectedArea, stroke } from './mark-up.contract.js';
import { personView } from './person.contract.js';

const operation = z.enum(operationNames as [Operation, ...Operation[]]);
const reasonCode = z.enum(reasonCodes as [ReasonCode, ...ReasonCode[]]);

/** Names what a desk shows: files of the proposal and what is accepted of it. SHA-256, hex, as the desk's view gives it. */
const shown = z.string().regex(/^[0-9a-f]{64}$/);

/** A row of the review queue (`GET /api/reviews?collectionId&state=open|decided`). The order is fixed: oldest first, it keeps while someone works. */
export const reviewRow = z.object({
  id,
  itemId: id,
  restorationId: id,
  collectionId: id,
  collectionTitle: localText,
  title: localText,
  fileName: z.string(),
  state: z.enum(['open', 'approved', 'rejected', 'rework']),
  thumbnail: pictureView.nullable(),
  proposedAt: instant,
  claim: z.object({ by: personView, until: instant, mine: z.boolean() }).nullable(),
  /** False where the four-eyes rule excludes the reader. */
  mayDecide: z.boolean(),
  replacedShare: z.number(),
  meanDeltaE: z.number(),
});
export type ReviewRow = z.infer<typeof reviewRow>;
export const reviewPage = pageOf(reviewRow);

export const regionView = z.object({
  ordinal: z.number().int(),
  operation,
  kind: z.enum(regionKinds),
  box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  area: z.number().int(),
  share: z.number(),
  confidence: z.number(),
  meanDeltaE: z.number(),
  acceptance,
  decidedBy: personView.nullable(),
});
export type RegionView = z.infer<typeof regionView>;
export const layerView = z.object({
  operation,
  strength: z.number(),
  acceptedStrength: z.number(),
  acceptance,
  meanDeltaE: z.number(),
  maxDeltaE: z.number(),
  shareMoved: z.number(),
  decidedBy: personView.nullable(),
  /** Treatment level of the step, and whether it can add what was not in the scan; both follow the model it used. */
  level: z.literal(treatmentLevels),
  canInvent: z.boolean(),
  /** The model of the institution's own that computed it; absent where Albumen's own way did. */
  broughtIn: z.object({ id: z.string(), version: z.string() }).optional(),
});
export type LayerView = z.infer<typeof layerView>;

const pictureTones = z.object({
  blackPoint: z.number(),
  whitePoint: z.number(),
  castA: z.number(),
  castB: z.number(),
});

/** `GET /api/reviews/:id`: everything the desk shows. */
export const deskView = z.object({
  review: reviewRow,
  restoration: restorationSummary,
  /** Names exactly this state of the proposal; a decision and a word on regions and layers carry it. */
  shown,
  original: z.object({ id, fileName: z.string(), picture: pictureView, depth: z.number().int(), bytes: z.number() }),
  /** Stored variants by name (see `variantName` in the domain): 'rnt' is the whole proposal. */
  variants: z.array(z.object({ variant: z.string(), picture: pictureView })),
  /** The composite of what was accepted, once composed. */
  composite: pictureView.nullable(),
  /** PNG addresses; labels: 16-bit, pixel = region ordinal; change map: ΔE × deltaEPerLevel, reduced. */
  regionLabels: z.string().nullable(),
  changeMap: z.object({
    url: z.string(),
    width: z.number().int(),
    height: z.number().int(),
    deltaEPerLevel: z.number(),
  }),
  numbers: z.object({
    replacedShare: z.number(),
    regionCount: z.number().int(),
    meanDeltaE: z.number(),
    maxDeltaE: z.number(),
    shareMoved: z.number(),
    texture: z
      .object({
        grainBefore: z.number(),
        grainAfter: z.number(),
        grainKept: z.number(),
        rangeBefore: z.number(),
        rangeAfter: z.number(),
      })
      .optional(),
    /** Ends of the scale (L*) and cast (a*, b*) before and after. */
    tones: z.object({ before: pictureTones, after: pictureTones }).optional(),
    facesDeltaE: z.number().optional(),
  }),
  /** Least share of the grain that the collection wants kept; the desk warns where `texture.grainKept` is below it. */
  grainFloor: z.number(),
  /** What stands in the recipe beyond its layers: drawn marks, colours with their evidence, protected areas. */
  markUp: z.object({
    strokes: z.array(stroke),
    hints: z.array(colourHint),
    protect: z.array(protectedArea),
  }),
  /** Maps of single steps: what each changed (ΔE = level × perLevel), how sure replaced pixels are ((level − 1) × perLevel, 0: not replaced). */
  stepMaps: z.array(
    z.object({
      kind: z.enum(['change', 'confidence']),
      operation,
      url: z.string(),
      width: z.number().int(),
      height: z.number().int(),
      perLevel: z.number(),
    }),
  ),
  regions: z.array(regionView),
  layers: z.array(layerView),
  damage: damageReportView,
  recipe: z.object({ sha256: z.string(), level: z.number().int(), collectionAllows: z.number().int() }),
  requestedBy: z.array(personView),
  decision: z
    .object({
      state: z.enum(['approved', 'rejected', 'rework']),
      by: personView,
      at: instant,
      reason: reasonCode.nullable(),
      note: z.string(),
      undoUntil: instant.nullable(),
    })
    .nullable(),
  receipt: z.string(),
  queue: z.object({ position: z.number().int(), open: z.number().int(), previous: id.nullable(), next: id.nullable() }),
});
export type DeskView = z.infer<typeof deskView>;

/** Body of `PATCH /api/restorations/:id/acceptance`; answers the desk's numbers again. Needs the claim. */
export const changeAcceptance = z.strictObject({
  /** `shown` of the desk on which this was decided; refused with `review.shown-differs` where it is no longer so. */
  shown,
  regions: z
    .array(z.strictObject({ ordinal: z.number().int(), acceptance }))
    .max(5000)
    .default([]),
  layers: z
    .array(z.strictObject({ operation, acceptance, strength: z.number().min(0).max(1).optional() }))
    .max(20)
    .default([]),
});
export type ChangeAcceptance = z.infer<typeof changeAcceptance>;

/** Body of `POST /api/reviews/:id/decision`. On approval what is undecided counts as accepted and is written down as such. */
export const decideReview = z.strictObject({
  /** `shown` of the desk that was decided about; refused with `review.shown-differs` where it is no longer so. */
  shown,
  decision: z.enum(['approve', 'reject', 'rework']),
  reason: reasonCode.optional(),
  note: z.string().max(5000).default(''),
});
export type DecideReview = z.infer<typeof decideReview>;
export type DecideReviewInput = z.input<typeof decideReview>;

/**
 * Answer of `POST /api/restorations/:id/previews`: the picture of what is accepted now (undecided counts as accepted), for
 * combinations that are not stored. `ready` false: it is being computed, ask again after a second.
 */
export const previewView = z.object({
  ready: z.boolean(),
  picture: pictureView.nullable(),
  progress: z.object({ share: z.number(), secondsLeft: z.number().nullable() }).nullable(),
});
export type PreviewView = z.infer<typeof previewView>;
