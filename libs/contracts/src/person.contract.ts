import * as z from 'zod';
import { roles } from '@albumen/domain';
import { id } from './local-text.contract.js';

/** `GET /api/me`: who is signed in. */
export const meView = z.object({ id, name: z.string(), email: z.string().nullable(), roles: z.array(z.enum(roles)) });
export type MeView = z.infer<typeof meView>;

/** A person as shown beside an act. */
export const personView = z.object({ id, name: z.string() });
export type PersonView = z.infer<typeof personView>;

/** `GET /api/about`: what the portal needs before sign-in; public. */
export const aboutView = z.object({
  name: z.literal('Albumen'),
  version: z.string(),
  signIn: z.object({ issuer: z.string(), clientId: z.string() }),
  /** Originals in custody, and those whose last fixity check or intake digest holds. */
  originals: z.object({ total: z.number().int(), verified: z.number().int() }),
});
export type AboutView = z.infer<typeof aboutView>;

/** `GET /api/home`: what should I do now? Counts are counted from rows. */
export const homeView = z.object({
  reviews: z.object({ open: z.number().int(), mine: z.number().int(), oldestAt: z.string().nullable() }),
  accessions: z.array(
    z.object({
      id,
      collectionTitle: z.record(z.string(), z.string()),
      createdAt: z.string(),
      total: z.number().int(),
      waiting: z.number().int(),
      refused: z.number().int(),
    }),
  ),
  failures: z.array(
    z.object({
      originalId: id,
      itemId: id,
      title: z.record(z.string(), z.string()),
      fileName: z.string(),
      step: z.string(),
      code: z.string(),
      detail: z.string(),
      at: z.string(),
    }),
  ),
  toDescribe: z.number().int(),
  toPublish: z.number().int(),
  processing: z.object({ waiting: z.number().int(), running: z.number().int(), secondsLeft: z.number().nullable() }),
  integrity: z.object({ total: z.number().int(), verified: z.number().int() }),
});
export type HomeView = z.infer<typeof homeView>;
