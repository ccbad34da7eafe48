import * as z from 'zod';
import { colourEvidence, markUpLimits, protectionReasons } from '@albumen/domain';
import { modelName } from './models.contract.js';

const share = z.number().min(0).max(1);

/** A drawn line with a round brush; points and radius in shares of the picture (radius: of its longer side). */
export const stroke = z.strictObject({
  points: z
    .array(z.tuple([share, share]))
    .min(1)
    .max(markUpLimits.linePoints),
  radius: z.number().min(0.0002).max(0.1),
});

/** A colour that a person gives, with its evidence. */
export const colourHint = z.strictObject({
  stroke,
  colour: z.tuple([
    z.number().int().min(0).max(255),
    z.number().int().min(0).max(255),
    z.number().int().min(0).max(255),
  ]),
  evidence: z.enum(colourEvidence),
  note: z.string().max(500).default(''),
  /** True: the note is published with the receipt. Otherwise only staff read it; the receipt holds a salted digest of it. */
  notePublic: z.boolean().optional(),
});
export type ColourHintInput = z.input<typeof colourHint>;

/** A rectangle in shares of the picture. */
export const protectedArea = z.strictObject({
  x: share,
  y: share,
  width: share,
  height: share,
  reason: z.enum(protectionReasons),
});

/** One step of a requested recipe. Parameters are checked against the operations table. */
export const requestedStep = z.strictObject({
  operation: z.string(),
  strength: share,
  parameters: z.record(z.string(), z.number()).default({}),
  strokes: z.array(stroke).max(markUpLimits.strokes).optional(),
  hints: z.array(colourHint).max(markUpLimits.hints).optional(),
  /** A model that the institution brought in and accepted; the operations table says which kind a step may name. */
  model: modelName.optional(),
});
export type RequestedStepInput = z.input<typeof requestedStep>;
