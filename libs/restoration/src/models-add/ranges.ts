/** Numbers a float model takes for black and white. */
export const ranges = { '0..1': [0, 1], '0..255': [0, 255], '-1..1': [-1, 1] } as const;
export type RangeName = keyof typeof ranges;
