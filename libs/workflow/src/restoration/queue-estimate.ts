/** How large a picture was and how long it took. */
interface Run {
  readonly megapixels: number;
  readonly seconds: number;
}

/** A run that ended well. */
export interface FinishedRun extends Run {
  /** Operations of its recipe, sorted and joined: runs of the same set are comparable. */
  readonly operations: string;
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
  /** Those under way, which `waiting` does not count. */
  readonly running: readonly { readonly megapixels: number; readonly runningSeconds: number }[];
  readonly finished: readonly Run[];
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

/** Runs of one set of operations that make a rate of their own. */
const fewestOfASet = 2;
/** The newest runs that a rate is taken from. */
const newestRuns = 50;

/**
 * Seconds until the restoration queue is empty where `slots` runs go side by side: each picture takes the first free place,
 * those under way keep theirs for the rest of their time. A run costs the rate of its own set of operations; the analyses
 * stand in the same queue, and so do the restorations that these will call for by themselves. `finished` newest first;
 * `open` in the order they are taken.
 */
export function estimateQueue(
  finished: readonly FinishedRun[],
  open: readonly OpenRun[],
  analyses: Analyses,
  slots: number,
): QueueEstimate {
  const sets = Map.groupBy(finished, (run) => run.operations);
  const usual = new Map([...sets].map(([operations, runs]) => [operations, usualOf(runs)]));
  const all = rateOf([...usual.values()].flat());
  const measuring = rateOf(usualOf(analyses.finished));
  /** Few runs of a set say less of it: they count beside one that is like all of them. */
  const rate = (operations: string): number | null => {
    const own = usual.get(operations) ?? [];
    if (all === null || own.length === 0) return all;
    const megapixels = own.reduce((sum, run) => sum + run.megapixels, 0) / own.length;
    return rateOf(own.length < fewestOfASet ? [...own, { megapixels, seconds: all * megapixels }] : own);
  };
  const costs = (perMegapixel: number | null, megapixels: number, gone = 0): number | null =>
    perMegapixel === null ? null : Math.max(0, perMegapixel * megapixels - gone);
  const isRunning = (run: OpenRun): boolean => run.runningSeconds !== null;
  const rest = (run: OpenRun): number | null =>
    run.secondsLeft ?? costs(rate(run.operations), run.megapixels, run.runningSeconds ?? 0);
  const { waiting } = analyses;
  const unmeasured = analyses.megapixels + analyses.running.reduce((sum, { megapixels }) => sum + megapixels, 0);
  const toCome = analyses.proposedShare === 0 ? 0 : waiting + analyses.running.length;
  const parts = [
    ...open.filter(isRunning).map(rest),
    ...analyses.running.map(({ megapixels, runningSeconds }) => costs(measuring, megapixels, runningSeconds)),
    ...open.filter((run) => !isRunning(run)).map(rest),
    ...Array.from({ length: waiting }, () => costs(measuring, analyses.megapixels / waiting)),
    ...Array.from({ length: toCome }, () => costs(all, (unmeasured * analyses.proposedShare) / toCome)),
  ];
  const known = parts.filter((part) => part !== null);
  return {
    megapixelsLeft: open.reduce((sum, run) => sum + run.megapixels, 0),
    secondsPerMegapixel: all,
    secondsLeft: known.length < parts.length ? null : sideBySide(known, slots),
    measuredOn: Math.min(newestRuns, finished.length),
  };
}

/** Seconds until the last of these is done where each takes the first of so many places that is free. */
function sideBySide(seconds: readonly number[], slots: number): number {
  const busy = new Array<number>(Math.max(1, slots)).fill(0);
  for (const one of seconds) {
    const first = busy.indexOf(Math.min(...busy));
    busy[first] = (busy[first] ?? 0) + one;
  }
  return Math.max(...busy);
}

/** How far a run may be from the median rate of its set, either way, to have a say in what the others will take. */
const mostApart = 3;

/** The newest runs without those that are far off. */
function usualOf<R extends Run>(runs: readonly R[]): R[] {
  const newest = runs.filter((run) => run.megapixels > 0).slice(0, newestRuns);
  const rates = newest.map((run) => run.seconds / run.megapixels).sort((a, b) => a - b);
  const middle = Math.floor(rates.length / 2);
  const upper = rates[middle] ?? 0;
  const median = rates.length % 2 === 1 ? upper : (upper + (rates[middle - 1] ?? upper)) / 2;
  return newest.filter(({ seconds, megapixels }) => {
    const rate = seconds / megapixels;
    return rate <= median * mostApart && rate >= median / mostApart;
  });
}

/** Seconds per megapixel of runs together, or null where there is none: what many runs take follows their mean. */
function rateOf(runs: readonly Run[]): number | null {
  const sum = (of: (run: Run) => number): number => runs.reduce((total, run) => total + of(run), 0);
  return runs.length === 0 ? null : sum((run) => run.seconds) / sum((run) => run.megapixels);
}
