import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemView, restorationQueue } from '@albumen/contracts';
import { endPresence, notePresence } from '@albumen/workflow';
import { HttpStage } from './http-stage.js';

let stage: HttpStage;
beforeAll(async () => {
  stage = await HttpStage.open();
});
afterAll(() => stage?.close());

const read = () => stage.read(restorationQueue, '/api/restoration-queue', { as: 'operator' });
const [one, two] = ['11111111-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000002'] as const;

describe('the estimate of the queue', () => {
  it('counts the workers that give signs of life, and what runs side by side on them', async () => {
    const { itemId } = await stage.photograph(await stage.collection('Box'));
    const item = await stage.read(itemView, `/api/items/${itemId}`, { as: 'operator' });
    for (const strength of [0.31, 0.32, 0.33])
      await stage.ask(`/api/originals/${item.originals[0]?.id}/restorations`, {
        as: 'operator',
        json: { steps: [{ operation: 'reduce-noise', strength }] },
      });
    const none = await read();
    expect(none).toMatchObject({ waiting: 3, workers: 0 });
    const each = (none.secondsLeft ?? 0) / 3;
    expect(each).toBeGreaterThan(0);
    await notePresence(stage.bench, { id: one, slots: 1 });
    const alone = await read();
    expect([alone.workers, alone.secondsLeft]).toEqual([1, none.secondsLeft]);
    await notePresence(stage.bench, { id: two, slots: 2 });
    await notePresence(stage.bench, { id: two, slots: 2 });
    const both = await read();
    expect(both.workers).toBe(2);
    expect(both.secondsLeft).toBeCloseTo(each, 9);
    stage.time.skew += 30_000;
    await notePresence(stage.bench, { id: one, slots: 1 });
    stage.time.skew += 30_000;
    const left = await read();
    expect(left.workers).toBe(1);
    expect(left.secondsLeft).toBeCloseTo(3 * each, 9);
    await endPresence(stage.bench, one);
    expect((await read()).workers).toBe(0);
  });
});
