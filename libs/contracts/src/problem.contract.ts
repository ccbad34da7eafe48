import * as z from 'zod';
import { errorCodes, type ErrorCode } from '@albumen/domain';

/** RFC 9457 problem, media type `application/problem+json`. `sentences` are in both languages, ready to show. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string().optional(),
  code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  sentences: z.object({ en: z.string(), vi: z.string() }),
});
export type Problem = z.infer<typeof problem>;
