import { describe, expect, it } from 'vitest';
import { albumList, restoreAlbum } from '@albumen/contracts';
import { presetNames, presets, treatmentLevels } from '@albumen/domain';
import { freshStep } from '../item/recipe-draft';
import { albumBody, grewIn, leftByReason, spreadRows, unmeasuredOf } from './album-answer';
import { floorOf, offeredPresets, presetWithin } from './preset-choice';

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe('albumBody', () => {
  const steps = new Map([
    ['enlarge', freshStep('enlarge')],
    ['correct-tone', freshStep('correct-tone')],
  ] as const);

  it('is what the contract takes, steps in the order of a recipe', () => {
    const body = restoreAlbum.parse(albumBody(new Set([id(1), id(2)]), steps));
    expect(body.itemIds).toEqual([id(1), id(2)]);
    expect(body.steps).toMatchObject([
      { operation: 'correct-tone', strength: 1, parameters: {} },
      { operation: 'enlarge', parameters: { scale: 2 } },
    ]);
  });

  it('names the models that were chosen', () => {
    const model = { id: 'net', version: '2.1' };
    const body = restoreAlbum.parse(albumBody(new Set(), new Map([['enlarge', freshStep('enlarge', model)]] as const)));
    expect(body.steps).toMatchObject([{ operation: 'enlarge', model }]);
  });

  it('names no item where the whole collection is meant', () => {
    expect(restoreAlbum.parse(albumBody(new Set(), steps)).itemIds).toBeUndefined();
  });
});

describe('leftByReason', () => {
  it('keeps items with one reason together, the commonest first', () => {
    const groups = leftByReason([
      { itemId: id(1), originalId: id(1), code: 'restoration.not-analysed', detail: '' },
      { itemId: id(2), originalId: id(2), code: 'restoration.already-exists', detail: '{}' },
      { itemId: id(3), originalId: id(3), code: 'restoration.already-exists', detail: '{}' },
    ]);
    expect(groups.map(({ code, itemIds }) => [code, itemIds])).toEqual([
      ['restoration.already-exists', [id(2), id(3)]],
      ['restoration.not-analysed', [id(1)]],
    ]);
  });
});

describe('an album as it is told', () => {
  const none = { blackPoint: 1, whitePoint: 2, castA: 0.5, castB: 0.5 };
  const [album] = albumList.parse({
    rows: [
      {
        requestedAt: '2026-01-01T00:00:00.000Z',
        steps: [{ operation: 'correct-tone', strength: 1, parameters: {} }],
        photographs: 12,
        waiting: 3,
        failed: 1,
        measured: 6,
        spread: {
          before: none,
          after: { ...none, whitePoint: 5, castB: 4 },
          foretold: { ...none, whitePoint: 4.5 },
          grew: [
            { quantity: 'whitePoint', foretold: true },
            { quantity: 'castB', foretold: false },
          ],
        },
      },
    ],
  }).rows;
  if (!album?.spread) throw new TypeError('Expected an album with a spread');
  const { spread } = album;

  it('says of how many photographs nothing is known, and why', () => {
    expect(unmeasuredOf(album)).toEqual([
      { why: 'waiting', n: 3 },
      { why: 'failed', n: 1 },
      { why: 'older', n: 2 },
    ]);
    expect(unmeasuredOf({ ...album, waiting: 0, failed: 0, measured: 12 })).toEqual([]);
  });

  it('tells what grew unforeseen before what was foretold, and marks the rows of both', () => {
    expect(grewIn(spread)).toEqual([
      { kind: 'unforeseen', quantities: ['castB'] },
      { kind: 'foretold', quantities: ['whitePoint'] },
    ]);
    expect(grewIn(null)).toEqual([]);
    expect(spreadRows(spread).map(({ quantity, after, foretold, grew }) => [quantity, after, foretold, grew])).toEqual([
      ['blackPoint', 1, 1, false],
      ['whitePoint', 5, 4.5, true],
      ['castA', 0.5, 0.5, false],
      ['castB', 4, 0.5, true],
    ]);
    expect(spreadRows({ ...spread, foretold: null }).map(({ foretold }) => foretold)).toEqual([null, null, null, null]);
  });
});

describe('presets of a collection', () => {
  it('are never above its treatment level', () => {
    for (const level of treatmentLevels) {
      for (const { name, allowed } of offeredPresets(level)) expect(allowed).toBe(presets[name].level <= level);
      for (const chosen of presetNames) expect(presets[presetWithin(chosen, level)].level).toBeLessThanOrEqual(level);
    }
    expect(presetWithin('faithful', 2)).toBe('faithful');
    expect(presetWithin('interpret', 1)).toBe('repair');
  });

  it('take a floor of grain in per cent, or none', () => {
    expect([floorOf('25'), floorOf('12,5'), floorOf('300'), floorOf(' '), floorOf('x')]).toEqual([
      0.25,
      0.125,
      1,
      null,
      null,
    ]);
  });
});
