import * as z from 'zod';
import type { LocalText } from '@albumen/domain';

/** A text in one or both languages. */
export const localText = z.strictObject({
  en: z.string().max(20_000).optional(),
  vi: z.string().max(20_000).optional(),
}) as unknown as z.ZodType<LocalText, LocalText>;
/** A UUID as text. */
export const id = z.uuid();
/** UTC time, ISO 8601. */
export const instant = z.iso.datetime();
/** A page of rows with the cursor of the next one, null at the end (keyset pagination). */
export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), next: z.string().nullable(), total: z.number().int().nullable() });
/** Query of a page. */
export const pageQuery = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
