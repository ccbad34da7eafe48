import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LaterOutcome } from './later-outcome.js';

describe('a later outcome', () => {
  it('gives the result, and throws the failure every time it is asked, however late', async () => {
    expect(await new LaterOutcome(Promise.resolve(7)).outcome()).toBe(7);
    const failed = new LaterOutcome(Promise.reject(new RangeError('a tile')));
    // A rejection that nobody looks at would be told by now, and fail this run.
    await setImmediate();
    await expect(failed.outcome()).rejects.toThrow('a tile');
    await expect(failed.outcome()).rejects.toThrow(RangeError);
  });
});
