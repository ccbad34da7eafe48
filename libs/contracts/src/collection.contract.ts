import * as z from 'zod';
import { presetNames, spreadQuantities } from '@albumen/domain';
import { id, instant, localText } from './local-text.contract.js';
import { requestedStep } from './mark-up.contract.js';
import { personView } from './person.contract.js';

const treatmentLevel = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);

/** Body of `POST /api/collections`. */
export const createCollection = z.strictObject({
  parentId: id.nullable().default(null),
  title: localText,
  description: localText.default({}),
  referenceCode: z.string().max(200).default(''),
  rights: z.string().nullable().default(null),
  treatmentLevel: treatmentLevel.default(1),
  /** Whether restorations are proposed by themselves after analysis. */
  proposals: z.enum(['automatic', 'on-request']).default('automatic'),
  /** What is proposed by itself; refused above the treatment level. Left out: the preset of the treatment level. */
  preset: z.enum(presetNames).optional(),
  /** Least share of the grain that a proposal should keep; left out: the preset's. */
  grainFloor: z.number().min(0).max(1).nullable().default(null),
});
export type CreateCollection = z.infer<typeof createCollection>;
export type CreateCollectionInput = z.input<typeof createCollection>;

/** Body of `PATCH /api/collections/:id`; `version` is the one that was read. */
export const changeCollection = z.strictObject({
  version: z.number().int(),
  parentId: id.nullable().optional(),
  title: localText.optional(),
  description: localText.optional(),
  referenceCode: z.string().max(200).optional(),
  rights: z.string().nullable().optional(),
  treatmentLevel: treatmentLevel.optional(),
  proposals: z.enum(['automatic', 'on-request']).optional(),
  preset: z.enum(presetNames).optional(),
  grainFloor: z.number().min(0).max(1).nullable().optional(),
});
export type ChangeCollection = z.infer<typeof changeCollection>;

/** A collection in the tree and on its page. `GET /api/collections` answers `{rows: CollectionView[]}` (the whole tree, flat). */
export const collectionView = z.object({
  id,
  parentId: id.nullable(),
  version: z.number().int(),
  title: localText,
  description: localText,
  referenceCode: z.string(),
  rights: z.string().nullable(),
  treatmentLevel,
  proposals: z.enum(['automatic', 'on-request']),
  preset: z.enum(presetNames),
  /** null: the preset's own floor holds. */
  grainFloor: z.number().nullable(),
  policySetBy: personView.nullable(),
  createdAt: instant,
  counts: z.object({
    items: z.number().int(),
    openReviews: z.number().int(),
    published: z.number().int(),
    failed: z.number().int(),
  }),
});
export type CollectionView = z.infer<typeof collectionView>;
export const collectionList = z.object({ rows: z.array(collectionView) });

/**
 * Body of `POST /api/collections/:id/restorations`: one recipe for many items of a collection (all that have no open
 * proposal where `itemIds` is left out); of an item with several originals the first. Numbers that a step leaves out are taken
 * as the medians of the items' reports, so that an album stays consistent. Drawn marks and colours belong to one picture and
 * are refused here.
 */
export const restoreAlbum = z.strictObject({
  itemIds: z.array(id).min(1).max(10_000).optional(),
  steps: z.array(requestedStep).min(1).max(10),
});
export type RestoreAlbum = z.infer<typeof restoreAlbum>;
export type RestoreAlbumInput = z.input<typeof restoreAlbum>;

/** Standard deviations over an album: black and white point (L*), cast (a*, b*). */
const albumSpread = z.object({
  blackPoint: z.number(),
  whitePoint: z.number(),
  castA: z.number(),
  castB: z.number(),
});

/**
 * `GET /api/collections/:id/albums`: the photographs of a collection that were restored by one recipe, asked for by persons
 * for two or more of them; the five latest. Backs are left out.
 */
export const albumList = z.object({
  rows: z.array(
    z.object({
      requestedAt: instant,
      steps: z.array(requestedStep),
      /** Photographs that have this recipe; what was rejected, sent back or cancelled is not counted. */
      photographs: z.number().int(),
      /** Of these: not done yet, failed, and done with their tones measured. What is left was done by an older version. */
      waiting: z.number().int(),
      failed: z.number().int(),
      measured: z.number().int(),
      /**
       * Measured on the pixels of originals and restorations; of the composite where one was decided. `foretold`: from the
       * damage reports of the same photographs. null where fewer than two are measured.
       */
      spread: z
        .object({
          before: albumSpread,
          after: albumSpread,
          foretold: albumSpread.nullable(),
          /** Where they came to lie further apart by more than 1 (L*, a*, b*), and whether that was foretold. */
          grew: z.array(z.object({ quantity: z.enum(spreadQuantities), foretold: z.boolean() })),
        })
        .nullable(),
    }),
  ),
});
export type AlbumList = z.infer<typeof albumList>;

/** What became of each item of an album's request, and the numbers that all of them got. */
export const albumRequest = z.object({
  /** One entry for each original: front, back, negative, details. A back gets no step that can invent. */
  requested: z.array(z.object({ itemId: id, originalId: id, restorationId: id })),
  /** `originalId` null: the item has none, or is not of this collection. */
  left: z.array(z.object({ itemId: id, originalId: id.nullable(), code: z.string(), detail: z.string() })),
  steps: z.array(requestedStep),
  /**
   * Where tones are corrected, foretold from the damage reports: how far the pictures lie apart as measured, after the
   * common recipe, and after a recipe of each picture by itself. What came of it: `GET /api/collections/:id/albums`.
   */
  spread: z.object({ measured: albumSpread, common: albumSpread, each: albumSpread }).optional(),
});
export type AlbumRequest = z.infer<typeof albumRequest>;

/** `GET /api/restoration-queue`: what waits and runs, and how long it will take, from what finished runs took per megapixel. */
export const restorationQueue = z.object({
  waiting: z.number().int(),
  running: z.number().int(),
  finished: z.number().int(),
  failed: z.number().int(),
  megapixelsLeft: z.number(),
  /** Originals that wait for their analysis: it runs in the same queue, so the estimate counts it in. */
  analysing: z.object({ waiting: z.number().int(), megapixels: z.number() }),
  /** Workers that are alive: runs go side by side on them, and with none nothing moves. */
  workers: z.number().int(),
  /** null until a run has finished: nothing is guessed. */
  secondsPerMegapixel: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  measuredOn: z.number().int(),
});
export type RestorationQueue = z.infer<typeof restorationQueue>;
