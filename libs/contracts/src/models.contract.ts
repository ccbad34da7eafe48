import * as z from 'zod';
import {
  modelAdapterNames,
  modelStates,
  operationNames,
  treatmentLevels,
  type ModelAdapter,
  type Operation,
} from '@albumen/domain';
import { instant } from './local-text.contract.js';

const plainName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+-]{0,63}$/);

/** One version of a model, as a person names it. */
export const modelName = z.strictObject({ id: plainName, version: plainName });

const operation = z.enum(operationNames as [Operation, ...Operation[]]);
const adapter = z.enum(modelAdapterNames as [ModelAdapter, ...ModelAdapter[]]);
const level = z.literal(treatmentLevels);
const words = z.object({ en: z.string(), vi: z.string() });

/** A model as the shelf shows it. */
export const modelView = z.object({
  id: z.string(),
  version: z.string(),
  origin: z.enum(['shipped', 'brought-in']),
  state: z.enum(modelStates),
  /** `restore`, `damage-mask`, `fill`, `upscale`, `face-detection` … of Albumen's own; the adapter of the others. */
  task: z.string(),
  adapter: adapter.nullable(),
  /** Steps that it serves, or would serve once it is accepted. */
  operations: z.array(operation),
  /** Null in quarantine. */
  level: level.nullable(),
  /** The lowest level for which it may be accepted. */
  leastLevel: level,
  canInvent: z.boolean(),
  /** Parameters of a step that it takes as a further input. */
  takes: z.array(z.string()),
  licence: z.object({ id: z.string(), commercial: z.boolean().nullable(), redistribution: z.boolean().nullable() }),
  sha256: z.string(),
  bytes: z.number(),
  /** Figures against their bars; none for a model that was brought in: nobody has measured it here. */
  figures: z.array(
    z.object({
      task: z.string(),
      set: z.string(),
      metric: z.string(),
      value: z.number(),
      baseline: z.string(),
      ship: z.number().nullable(),
      aim: z.number().nullable(),
      held: z.boolean().nullable(),
    }),
  ),
  /** Classes that it does not find well enough to be believed. */
  unreliable: z.array(z.string()),
  /** What it may not be used for. */
  notFor: z.array(words),
  /** Pictures of known failures, under `/api/models/{id}/{version}/failures/{file}`; null where there are none. */
  failures: z.object({ reading: words, pictures: z.array(z.object({ file: z.string(), caption: words })) }).nullable(),
  examined: z
    .object({
      scale: z.number(),
      multiple: z.number().nullable(),
      fixedSize: z.object({ width: z.number(), height: z.number() }).nullable(),
      margin: z.number().nullable(),
      wholePicture: z.boolean(),
      secondsPerMegapixel: z.number(),
      peakMegabytes: z.number(),
      range: z.string(),
      hole: z.literal([0, 1]).nullable(),
      warnings: z.array(z.string()),
    })
    .nullable(),
  broughtInAt: instant.nullable(),
  acceptedAt: instant.nullable(),
  removedAt: instant.nullable(),
});
export type ModelView = z.infer<typeof modelView>;

/** `GET /api/models`. */
export const modelList = z.object({ rows: z.array(modelView) });
export type ModelList = z.infer<typeof modelList>;

/** Body of `POST /api/models/:id/:version/accept`. The licence must be the one it was brought in under. */
export const acceptModel = z.strictObject({ licence: plainName, level });
export type AcceptModel = z.infer<typeof acceptModel>;
