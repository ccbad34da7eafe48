import { describe, expect, it } from 'vitest';
import { estimateQueue, type Analyses, type FinishedRun, type OpenRun } from './queue-estimate.js';

const none: Analyses = { waiting: 0, megapixels: 0, finished: [], proposedShare: 0 };
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
    expect(estimateQueue([], [waiting()], none)).toEqual({
      megapixelsLeft: 2,
      secondsPerMegapixel: null,
      secondsLeft: null,
      measuredOn: 0,
    });
    expect(estimateQueue([], [], { ...none, waiting: 3, megapixels: 6 }).secondsLeft).toBeNull();
  });

  it('is zero where nothing is left', () => {
    expect(estimateQueue([], [], none).secondsLeft).toBe(0);
  });

  it('takes the median of the newest fifty, so that one slow run moves nothing', () => {
    const estimate = estimateQueue([run(10), run(11), run(900)], [waiting(), waiting()], none);
    expect(estimate).toMatchObject({ secondsPerMegapixel: 5.5, secondsLeft: 22, megapixelsLeft: 4, measuredOn: 3 });
    const old = Array.from({ length: 80 }, (_, place) => run(place < 50 ? 4 : 4000));
    expect(estimateQueue(old, [waiting()], none)).toMatchObject({ secondsLeft: 4, measuredOn: 50 });
    expect(estimateQueue([run(10), run(20)], [waiting()], none).secondsLeft).toBe(15);
  });

  it('takes a set of operations by itself once five of it have finished', () => {
    const enlarged = (count: number): FinishedRun[] => Array.from({ length: count }, () => run(60, 'enlarge'));
    const usual = Array.from({ length: 9 }, () => run(10));
    expect(estimateQueue([...enlarged(4), ...usual], [waiting('enlarge')], none).secondsLeft).toBe(10);
    expect(estimateQueue([...enlarged(5), ...usual], [waiting('enlarge')], none).secondsLeft).toBe(60);
    expect(estimateQueue([...enlarged(5), ...usual], [waiting()], none).secondsLeft).toBe(10);
  });

  it('counts only the rest of what is under way, by the word of the engine where it has said one', () => {
    const begun = { ...waiting(), runningSeconds: 4 };
    expect(estimateQueue([run(10)], [begun], none).secondsLeft).toBe(6);
    expect(estimateQueue([run(10)], [{ ...begun, runningSeconds: 40 }], none).secondsLeft).toBe(0);
    expect(estimateQueue([run(10)], [{ ...begun, secondsLeft: 3 }], none).secondsLeft).toBe(3);
  });

  it('counts in the analyses that wait in the same queue and the restorations they will call for', () => {
    const analyses: Analyses = {
      waiting: 5,
      megapixels: 10,
      finished: [
        { megapixels: 2, seconds: 4 },
        { megapixels: 2, seconds: 4 },
      ],
      proposedShare: 0.5,
    };
    expect(estimateQueue([run(10)], [waiting()], analyses).secondsLeft).toBe(10 + 10 * 2 + 0.5 * 10 * 5);
    expect(estimateQueue([], [], { ...analyses, proposedShare: 0 }).secondsLeft).toBe(20);
  });
});
