import * as z from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What is signed of a run: `ReceiptBody` of the domain. Read loosely, since every field is part of what was signed: a
 * reader keeps what it does not know. `accepted` stands in the receipt of a composite: exactly these regions and layers.
 */
export const receiptBody = z.looseObject({
  type: z.literal('albumen-receipt'),
  version: z.literal(1),
  input: z.looseObject({ sha256, pixelSha256: sha256, width: z.number(), height: z.number() }),
  recipe: z.looseObject({ version: z.literal(1), steps: z.array(z.unknown()) }),
  recipeSha256: sha256,
  output: z.looseObject({ sha256, pixelSha256: sha256, mediaType: z.string() }),
  accepted: z
    .looseObject({
      regions: z.array(z.number().int()),
      layers: z.array(z.looseObject({ operation: z.string(), strength: z.number() })),
    })
    .optional(),
});

/**
 * A receipt as a file: answer of `GET /api/restorations/:id/receipt?of=proposal|composite` and of the public
 * `GET /api/files/receipt/:id`, and what `albumen rerun` reads. Enough to run it again and to check who signed it.
 */
export const receiptFile = z.object({
  receipt: receiptBody,
  /** null: nobody signed it (a run without a server and without a key). */
  signature: z
    .object({
      algorithm: z.literal('Ed25519'),
      /** Always 'canonical JSON (RFC 8785) of receipt, UTF-8': the bytes that `value` signs. */
      over: z.string(),
      /** Detached signature, base64. */
      value: z.string(),
      /** Public key as C2SP writes it, `name+id+base64(0x01 || 32 bytes)`, or as PEM (SPKI). */
      key: z.string(),
    })
    .nullable(),
  /** The picture that the run made (`receipt.output` are its digests); `url` null where it is not kept any more. */
  output: z.object({ url: z.string().nullable(), mediaType: z.string() }).optional(),
});
/** Query of both addresses: which receipt; left out: the composite's where something was composed, else the proposal's. */
export const receiptQuery = z.strictObject({ of: z.enum(['proposal', 'composite']).optional() });
export type ReceiptFile = z.infer<typeof receiptFile>;
