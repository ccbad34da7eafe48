import * as z from 'zod';
import { id, instant, localText } from './local-text.contract.js';
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
