import '@angular/compiler';
import { describe, expect, it } from 'vitest';
import { modelView, type ModelView } from '@albumen/contracts';
import { fittingOf } from './model-shelf';

const model = (about: Partial<ModelView>): ModelView =>
  modelView.parse({
    id: 'net',
    version: '1.0.0',
    origin: 'brought-in',
    state: 'accepted',
    task: 'upscale',
    adapter: 'upscale',
    operations: ['enlarge'],
    level: 2,
    leastLevel: 2,
    canInvent: true,
    takes: [],
    licence: { id: 'MIT', commercial: null, redistribution: null },
    sha256: 'a'.repeat(64),
    bytes: 1000,
    figures: [],
    unreliable: [],
    notFor: [],
    failures: null,
    examined: {
      scale: 2,
      multiple: 1,
      fixedSize: null,
      margin: 16,
      wholePicture: false,
      secondsPerMegapixel: 2,
      peakMegabytes: 300,
      range: '0..1',
      hole: null,
      warnings: [],
    },
    broughtInAt: null,
    acceptedAt: null,
    removedAt: null,
    ...about,
  });

describe('models that a step may name', () => {
  it('are those that were accepted and serve it', () => {
    const rows = [
      model({}),
      model({ id: 'waits', state: 'quarantined', level: null }),
      model({ id: 'gone', state: 'removed' }),
      model({ id: 'other', adapter: 'inpaint', operations: ['repair-damage', 'rebuild-area'] }),
      model({ id: 'up2', origin: 'shipped', state: 'shipped', adapter: null }),
    ];
    expect(fittingOf(rows, 'enlarge').map(({ id }) => id)).toEqual(['net']);
    expect(fittingOf(rows, 'rebuild-area').map(({ id }) => id)).toEqual(['other']);
    expect(fittingOf(rows, 'correct-tone')).toEqual([]);
  });

  it('enlarge by the scale that is asked for', () => {
    const rows = [model({}), model({ id: 'four', examined: { ...model({}).examined!, scale: 4 } })];
    expect(fittingOf(rows, 'enlarge', 4).map(({ id }) => id)).toEqual(['four']);
    expect(fittingOf(rows, 'enlarge')).toHaveLength(2);
  });
});
