import * as z from 'zod';

const pin = z.object({ id: z.string(), version: z.string(), sha256: z.string() });
const numbers = z.record(z.string(), z.number());
const step = z.object({
  operation: z.string(),
  strength: z.number(),
  parameters: numbers.default({}),
  model: pin.nullable().default(null),
  further: z.array(pin).default([]),
});
const signedReceipt = z.object({
  receipt: z.object({
    recipe: z.object({ steps: z.array(step) }),
    derived: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  }),
});

/** A step of a receipt: what was asked for, what the engine took from the picture itself, the models by their bytes. */
export interface ReceiptStep {
  readonly operation: string;
  readonly strength: number;
  readonly parameters: Readonly<Record<string, number>>;
  readonly derived: Readonly<Record<string, number>>;
  readonly models: readonly z.infer<typeof pin>[];
}

/** Reads the steps of a signed receipt as the server hands it out; throws a ZodError where it is none. */
export function readReceiptSteps(raw: unknown): readonly ReceiptStep[] {
  const { receipt } = signedReceipt.parse(raw);
  return receipt.recipe.steps.map(({ operation, strength, parameters, model, further }) => ({
    operation,
    strength,
    parameters,
    derived: Object.fromEntries(
      Object.entries(receipt.derived?.[operation] ?? {}).flatMap(([name, value]) =>
        typeof value === 'number' ? [[name, value]] : [],
      ),
    ),
    models: [...(model ? [model] : []), ...further],
  }));
}
