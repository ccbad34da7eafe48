/** PostgreSQL bigint as a JavaScript number; everything counted here stays below 2^53. */
export const wholeNumber = {
  to: (value: number): number => value,
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
};
