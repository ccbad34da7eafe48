import { describe, expect, it } from 'vitest';
import type { DeskView, LayerView, RegionView } from '@albumen/contracts';
import { byRisk, previewOf, shareOf, stackOf, type Stacked } from './composite';

const picture = (name: string): { url: string; width: number; height: number } => ({
  url: name,
  width: 1000,
  height: 800,
});
const region = (ordinal: number, acceptance: RegionView['acceptance'], share = 0.01, confidence = 0.9): RegionView => ({
  ordinal,
  operation: 'repair-damage',
  kind: 'scratch',
  box: { x: 100 * ordinal, y: 80, width: 50, height: 40 },
  area: 10,
  share,
  confidence,
  meanDeltaE: 5,
  acceptance,
  decidedBy: null,
});
const layer = (
  operation: LayerView['operation'],
  acceptance: LayerView['acceptance'],
  strength = 1,
  acceptedStrength = strength,
): LayerView => ({
  operation,
  strength,
  acceptedStrength,
  acceptance,
  meanDeltaE: 1,
  maxDeltaE: 2,
  shareMoved: 0.5,
  decidedBy: null,
});
const desk = (
  regions: RegionView[],
  layers: LayerView[],
  variants = ['r', 'n', 't', 'rn', 'rt', 'nt', 'rnt'],
): Parameters<typeof previewOf>[0] => ({
  variants: variants.map((variant) => ({ variant, picture: picture(variant) })),
  regions,
  layers,
  original: { picture: picture('original') } as DeskView['original'],
  damage: { width: 1000, height: 800 } as DeskView['damage'],
});
const noAreas = (): null => null;

/** What a stack looks like at one pixel, given the value of each variant there. */
const seen = (stack: readonly Stacked[], values: Record<string, number>): number =>
  stack.reduce((below, { variant, opacity }) => below * (1 - opacity) + (values[variant] ?? Number.NaN) * opacity, 0);

describe('stackOf', () => {
  it('shows one stored variant for whole decisions', () => {
    expect(stackOf(true, { noise: 1, tone: 1 })).toEqual([{ variant: 'rnt', opacity: 1 }]);
    expect(stackOf(true, { noise: 0, tone: 1 })).toEqual([{ variant: 'rt', opacity: 1 }]);
    expect(stackOf(false, { noise: 0, tone: 0 })).toEqual([{ variant: '', opacity: 1 }]);
  });

  it('blends partial strengths as two layers one after the other', () => {
    const values = { r: 100, rn: 60, rt: 200, rnt: 180 };
    for (const noise of [0, 0.3, 0.7, 1])
      for (const tone of [0, 0.25, 0.5, 1]) {
        const wanted =
          (1 - tone) * ((1 - noise) * values.r + noise * values.rn) +
          tone * ((1 - noise) * values.rt + noise * values.rnt);
        expect(seen(stackOf(true, { noise, tone }), values), `${noise}/${tone}`).toBeCloseTo(wanted, 6);
      }
  });
});

describe('shareOf', () => {
  it('is nothing where a layer was rejected or is absent, else the accepted part', () => {
    expect(shareOf(undefined)).toBe(0);
    expect(shareOf(layer('reduce-noise', 'rejected', 0.7))).toBe(0);
    expect(shareOf(layer('reduce-noise', 'undecided', 0.8, 0.4))).toBe(0.5);
  });
});

describe('previewOf', () => {
  const layers = [layer('reduce-noise', 'undecided'), layer('correct-tone', 'accepted')];

  it('counts what is undecided as accepted', () => {
    const { composed, incomplete } = previewOf(desk([region(1, 'undecided')], layers), noAreas);
    expect(composed.layers.map(({ picture: { url } }) => url)).toEqual(['rnt']);
    expect(composed.patchBoxes).toEqual([]);
    expect(incomplete).toBe(false);
  });

  it('shows a rejected region from the variant without regions, inside its box', () => {
    const { composed } = previewOf(desk([region(1, 'accepted'), region(2, 'rejected')], layers), noAreas);
    expect(composed.patches.map(({ picture: { url } }) => url)).toEqual(['nt']);
    expect(composed.patchBoxes).toEqual([{ x: 0.2, y: 0.1, width: 0.05, height: 0.05 }]);
  });

  it('prefers the exact area where the labels are known', () => {
    const area = { x: 0.21, y: 0.11, width: 0.01, height: 0.01 };
    const { composed } = previewOf(desk([region(1, 'accepted'), region(2, 'rejected')], layers), (ordinals) =>
      ordinals.has(2) ? [area] : null,
    );
    expect(composed.patchBoxes).toEqual([area]);
  });

  it('is the original itself where nothing is accepted', () => {
    const none = previewOf(
      desk([region(1, 'rejected')], [layer('reduce-noise', 'rejected'), layer('correct-tone', 'rejected')]),
      noAreas,
    );
    expect(none.composed.layers.map(({ picture: { url } }) => url)).toEqual(['original']);
    expect(none.composed.patchBoxes).toEqual([]);
  });

  it('says so where a combination is not stored', () => {
    expect(previewOf(desk([region(1, 'accepted')], layers, ['r', 'rt']), noAreas).incomplete).toBe(true);
  });
});

describe('byRisk', () => {
  it('puts large and unsure regions first and keeps the order of equals', () => {
    const order = byRisk([
      region(1, 'undecided', 0.001),
      region(2, 'undecided', 0.05, 0.9),
      region(3, 'undecided', 0.05, 0.4),
      region(4, 'undecided', 0.001),
    ]);
    expect(order.map(({ ordinal }) => ordinal)).toEqual([3, 2, 1, 4]);
  });
});
