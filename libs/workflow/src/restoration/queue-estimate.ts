/** A run that ended well: what it did, how large the picture was, how long it took. */
export interface FinishedRun {
  /** Operations of its recipe, sorted and joined: runs of the same set are comparable. */
  readonly operations: string;
  readonly megapixels: number;
  readonly seconds: number;
}

/** A run that waits or is under way. */
export interface OpenRun {
  readonly operations: string;
  readonly megapixels: number;
  /** null while it waits. */
  readonly runningSeconds: number | null;
  /** What the engine itself says is left of it, where it is under way and has said so. */
  readonly secondsLeft: number | null;
}

/** Pictures that must still be measured, and what follows from what was measured lately. */
export interface Analyses {
  readonly waiting: number;
  readonly megapixels: number;
  readonly finished: readonly { readonly megapixels: number; readonly seconds: number }[];
  /** Share of the pictures measured lately for which a restoration was then requested by itself. */
  readonly proposedShare: number;
}

/** An estimate with what it rests on; null where nothing comparable has finished yet. */
export interface QueueEstimate {
  readonly megapixelsLeft: number;
  readonly secondsPerMegapixel: number | null;
  readonly secondsLeft: number | null;
  readonly measuredOn: number;
}

/** Runs of one set of operations that make a rate of their own; below it all runs are taken together. */
const fewestOfASet = 5;
/** The newest runs that a rate is taken from. */
const newestRuns = 50;

/**
 * Seconds until the restoration queue is empty, since runs go one after the other: each waiting picture at the median rate
 * of its own set of operations, the rest of the one under way, the analyses that stand before it in the same queue, and the
 * restorations that these will call for by themselves. `finished` newest first.
 */
export function estimateQueue(
  finished: readonly FinishedRun[],
  open: readonly OpenRun[],
  analyses: Analyses,
): QueueEstimate {
  const all = rateOf(finished);
  const measuring = rateOf(analyses.finished);
  const expected = analyses.megapixels * analyses.proposedShare;
  const rate = (operations: string): number | null => {
    const same = finished.filter((run) => run.operations === operations);
    return same.length >= fewestOfASet ? rateOf(same) : all;
  };
  const parts = open.map(({ operations, megapixels, runningSeconds, secondsLeft }): number | null => {
    if (secondsLeft !== null) return secondsLeft;
    const perMegapixel = rate(operations);
    return perMegapixel === null ? null : Math.max(0, perMegapixel * megapixels - (runningSeconds ?? 0));
  });
  if (analyses.waiting > 0) parts.push(measuring === null ? null : measuring * analyses.megapixels);
  if (expected > 0) parts.push(all === null ? null : all * expected);
  return {
    megapixelsLeft: open.reduce((sum, run) => sum + run.megapixels, 0),
    secondsPerMegapixel: all,
    secondsLeft: parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0),
    measuredOn: Math.min(newestRuns, finished.length),
  };
}

/** Median seconds per megapixel of the newest runs, or null where there is none. */
function rateOf(runs: readonly { readonly megapixels: number; readonly seconds: number }[]): number | null {
  const rates = runs
    .filter((run) => run.megapixels > 0)
    .slice(0, newestRuns)
    .map((run) => run.seconds / run.megapixels)
    .sort((a, b) => a - b);
  const middle = Math.floor(rates.length / 2);
  const upper = rates[middle];
  if (upper === undefined) return null;
  return rates.length % 2 === 1 ? upper : (upper + (rates[middle - 1] ?? upper)) / 2;
}
