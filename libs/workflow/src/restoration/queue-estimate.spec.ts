import { describe, expect, it } from 'vitest';
import { estimateQueue, type Analyses, type FinishedRun, type OpenRun } from './queue-estimate.js';

const none: Analyses = { waiting: 0, megapixels: 0, running: [], finished: [], proposedShare: 0 };
const run = (seconds: number, operations = 'repair-damage', megapixels = 2): FinishedRun => ({
  operations,
  megapixels,
  seconds,
});
const waiting = (operations = 'repair-damage', megapixels = 2): OpenRun => ({
  operations,
  megapixels,
  runningSeconds: null,
  secondsLeft: null,
});

describe('the estimate of the restoration queue', () => {
  it('guesses nothing before a run has finished', () => {
    expect(estimateQueue([], [waiting()], none, 1)).toEqual({
      megapixelsLeft: 2,
      secondsPerMegapixel: null,
      secondsLeft: null,
      measuredOn: 0,
    });
    expect(estimateQueue([], [], { ...none, waiting: 3, megapixels: 6 }, 1).secondsLeft).toBeNull();
  });

  it('is zero where nothing is left', () => {
    expect(estimateQueue([], [], none, 1).secondsLeft).toBe(0);
  });

  it('takes the newest fifty together, and one slow run moves nothing', () => {
    const estimate = estimateQueue([run(10), run(11), run(900)], [waiting(), waiting()], none, 1);
    expect(estimate).toMatchObject({ secondsPerMegapixel: 5.25, secondsLeft: 21, megapixelsLeft: 4, measuredOn: 3 });
    const old = Array.from({ length: 80 }, (_, place) => run(place < 50 ? 4 : 4000));
    expect(estimateQueue(old, [waiting()], none, 1)).toMatchObject({ secondsLeft: 4, measuredOn: 50 });
    expect(estimateQueue([run(10), run(20)], [waiting()], none, 1).secondsLeft).toBe(15);
  });

  it('takes a set of operations by itself once two of it have finished, and one with a doubt', () => {
    const enlarged = (count: number): FinishedRun[] => Array.from({ length: count }, () => run(60, 'enlarge'));
    const usual = Array.from({ length: 9 }, () => run(10));
    expect(estimateQueue(usual, [waiting('enlarge')], none, 1).secondsLeft).toBe(10);
    expect(estimateQueue([...enlarged(1), ...usual], [waiting('enlarge')], none, 1).secondsLeft).toBe((60 + 15) / 2);
    expect(estimateQueue([...enlarged(2), ...usual], [waiting('enlarge')], none, 1).secondsLeft).toBe(60);
    expect(estimateQueue([...enlarged(2), ...usual], [waiting()], none, 1).secondsLeft).toBe(10);
  });

  it('counts only the rest of what is under way, by the word of the engine where it has said one', () => {
    const begun = { ...waiting(), runningSeconds: 4 };
    expect(estimateQueue([run(10)], [begun], none, 1).secondsLeft).toBe(6);
    expect(estimateQueue([run(10)], [{ ...begun, runningSeconds: 40 }], none, 1).secondsLeft).toBe(0);
    expect(estimateQueue([run(10)], [{ ...begun, secondsLeft: 3 }], none, 1).secondsLeft).toBe(3);
  });

  it('counts in the analyses that wait in the same queue and the restorations they will call for', () => {
    const analyses: Analyses = {
      waiting: 5,
      megapixels: 10,
      running: [],
      finished: [
        { megapixels: 2, seconds: 4 },
        { megapixels: 2, seconds: 4 },
      ],
      proposedShare: 0.5,
    };
    expect(estimateQueue([run(10)], [waiting()], analyses, 1).secondsLeft).toBe(10 + 10 * 2 + 0.5 * 10 * 5);
    expect(estimateQueue([], [], { ...analyses, proposedShare: 0 }, 1).secondsLeft).toBe(20);
  });

  it('counts only the rest of an analysis under way', () => {
    const analyses: Analyses = { ...none, running: [{ megapixels: 2, runningSeconds: 3 }], finished: [run(4)] };
    expect(estimateQueue([], [], analyses, 1).secondsLeft).toBe(1);
    expect(estimateQueue([run(10)], [], { ...analyses, proposedShare: 0.5 }, 1).secondsLeft).toBe(1 + 5);
  });

  it('lets so many runs go side by side as there are places', () => {
    const begun = { ...waiting(), runningSeconds: 4 };
    const four = [begun, waiting(), waiting(), waiting()];
    expect(estimateQueue([run(10)], four, none, 1).secondsLeft).toBe(36);
    expect(estimateQueue([run(10)], four, none, 2).secondsLeft).toBe(20);
    expect(estimateQueue([run(10)], four, none, 4).secondsLeft).toBe(10);
    // Nobody works just now: as if one began.
    expect(estimateQueue([run(10)], four, none, 0).secondsLeft).toBe(36);
  });

  it('is true within a fifth once ten runs have finished, whatever their number, sizes and places', () => {
    const ratios = Array.from({ length: 200 }, (_, seed) => ratioOfSimulation(seed + 1));
    const close = ratios.filter((ratio) => ratio > 1 / 1.2 && ratio < 1.2).length;
    const middle = ratios.toSorted((a, b) => a - b)[100] ?? 0;
    expect(close / ratios.length).toBeGreaterThan(0.9);
    expect(Math.abs(middle - 1)).toBeLessThan(0.05);
  });
});

/** Numbers in 0..1, the same for the same seed (mulberry32). */
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A queue of 40 to 120 photographs of 2 to 24 megapixels on one to four places, two sets of operations with rates of their
 * own and times that scatter (log-normal, sigma 0.2): what was said when ten had finished ÷ what it then took.
 */
function ratioOfSimulation(seed: number): number {
  const random = numbersOf(seed);
  const slots = 1 + Math.floor(random() * 4);
  const rates = { 'repair-damage': 1 + 4 * random(), 'reduce-noise repair-damage': 3 + 6 * random() };
  const names = Object.keys(rates) as (keyof typeof rates)[];
  const share = 0.3 + 0.4 * random();
  const jobs = Array.from({ length: 40 + Math.floor(random() * 80) }, () => {
    const operations = names[random() < share ? 0 : 1] ?? 'repair-damage';
    const megapixels = 2 + 22 * random();
    const scatter = Math.exp(0.2 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
    return { operations, megapixels, seconds: rates[operations] * megapixels * scatter };
  });
  const free = new Array<number>(slots).fill(0);
  const runs = jobs.map((job) => {
    const place = free.indexOf(Math.min(...free));
    const from = free[place] ?? 0;
    free[place] = from + job.seconds;
    return { ...job, from, to: from + job.seconds };
  });
  const ended = runs.toSorted((a, b) => a.to - b.to);
  const now = ended[9]?.to ?? 0;
  const finished = ended.filter((one) => one.to <= now).reverse();
  const open = runs
    .filter((one) => one.to > now)
    .map(({ operations, megapixels, from }): OpenRun => ({
      operations,
      megapixels,
      runningSeconds: from < now ? now - from : null,
      secondsLeft: null,
    }));
  return (estimateQueue(finished, open, none, slots).secondsLeft ?? 0) / (Math.max(...free) - now);
}
