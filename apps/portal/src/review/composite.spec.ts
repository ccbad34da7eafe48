import { describe, expect, it } from 'vitest';
import { factsOf, operationNames, storedVariants, variantName, type Operation } from '@albumen/domain';
import type { DeskView, LayerView, RegionView } from '@albumen/contracts';
import {
  byRisk,
  decisionsOf,
  enlargedOf,
  nearestOf,
  previewOf,
  shareOf,
  stackOf,
  type LayerShare,
  type Stacked,
} from './composite';

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
  level: 1,
  canInvent: false,
  decidedBy: null,
});
const desk = (
  regions: RegionView[],
  layers: LayerView[],
  variants: readonly string[] = ['r', 'n', 't', 'rn', 'rt', 'nt', 'rnt'],
): Parameters<typeof previewOf>[0] => ({
  variants: variants.map((variant) => ({ variant, picture: picture(variant) })),
  regions,
  layers,
  original: { picture: picture('original') } as DeskView['original'],
  damage: { width: 1000, height: 800 } as DeskView['damage'],
  composite: null,
});
const noAreas = (): null => null;

/** What a stack looks like at one pixel, given the value of each variant there. */
const seen = (stack: readonly Stacked[], valueOf: (variant: string) => number): number =>
  stack.reduce((below, { variant, opacity }) => below * (1 - opacity) + valueOf(variant) * opacity, 0);
/** Some value of its own for each variant, the same at every call. */
const valueOf = (variant: string): number =>
  [...variant].reduce((sum, letter, place) => (sum * 31 + letter.charCodeAt(0) * (place + 3)) % 255, 17);
const all = operationNames.filter((name) => factsOf(name).kind === 'layer' && name !== 'enlarge');
const share = (operation: Operation, part: number, weight = 1): LayerShare => ({ operation, share: part, weight });

describe('stackOf', () => {
  it('shows one stored variant for whole decisions', () => {
    const whole = all.map((name) => share(name, 1));
    expect(stackOf(true, whole)).toEqual([
      { variant: `r${all.map((name) => factsOf(name).letter).join('')}`, opacity: 1 },
    ]);
    expect(stackOf(true, [share('reduce-noise', 0), share('correct-tone', 1)])).toEqual([
      { variant: 'rt', opacity: 1 },
    ]);
    expect(stackOf(false, [share('reduce-noise', 0)])).toEqual([{ variant: '', opacity: 1 }]);
    expect(stackOf(true, [])).toEqual([{ variant: 'r', opacity: 1 }]);
  });

  it('blends any subset of partial strengths as layers one after the other', () => {
    for (let subset = 0; subset < 2 ** all.length; subset += 1) {
      const layers = all
        .filter((_, place) => (subset >> place) % 2 === 1)
        .map((name, place) => share(name, [0.3, 0.8, 1, 0.5, 0, 0.95][place] ?? 0.1));
      // One layer after the other: the value with the first `at` layers settled, the later ones named in `names`.
      const mixed = (at: number, names: readonly Operation[]): number => {
        const layer = layers[at];
        if (!layer) return valueOf(variantName({ regions: true, operations: names }));
        return (1 - layer.share) * mixed(at + 1, names) + layer.share * mixed(at + 1, [...names, layer.operation]);
      };
      expect(seen(stackOf(true, layers), valueOf), layers.map(({ operation }) => operation).join()).toBeCloseTo(
        mixed(0, []),
        6,
      );
    }
  });
});

describe('nearestOf', () => {
  it('keeps the regions and gives up the layer that moves least', () => {
    const names = ['', 'r', 'rn', 'rt', 'nt', 'rnt'];
    expect(nearestOf(names, true, [share('reduce-noise', 1, 1), share('correct-tone', 1, 6)])).toBe('rnt');
    const strong = [share('reduce-noise', 0, 1), share('sharpen', 1, 0.5), share('correct-tone', 1, 6)];
    expect(nearestOf(names, true, strong)).toBe('rt');
    expect(nearestOf(names, false, strong)).toBe('nt');
    expect(nearestOf([''], true, strong)).toBe('');
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

  it('says that it shows the nearest where a mark on a stain is decided otherwise than the stain', () => {
    const onStain = { x: 110, y: 90, width: 5, height: 5 };
    const pair = (mark: RegionView['acceptance'], stain: RegionView['acceptance'], box = onStain): boolean =>
      previewOf(
        desk(
          [
            { ...region(2, mark), box },
            { ...region(1, stain), operation: 'reduce-stains', kind: 'stain' },
            // Far from both, so that something is left to be shown with its regions.
            region(5, 'accepted'),
          ],
          layers,
        ),
        noAreas,
      ).incomplete;
    expect([pair('rejected', 'accepted'), pair('accepted', 'rejected')]).toEqual([true, true]);
    expect([pair('rejected', 'rejected'), pair('accepted', 'undecided')]).toEqual([false, false]);
    expect(pair('rejected', 'accepted', { ...onStain, x: 150 })).toBe(false);
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

  it('shows the nearest stored variant where a combination is not stored, and says so', () => {
    const { composed, incomplete } = previewOf(desk([region(1, 'accepted')], layers, ['r', 'rt']), noAreas);
    expect(incomplete).toBe(true);
    expect(composed.layers.map(({ picture: { url } }) => url)).toEqual(['rt']);
  });

  describe('of a recipe with more combinations than are stored', () => {
    const steps = ['repair-damage', 'reduce-noise', 'sharpen', 'correct-tone', 'lift-shadows', 'enlarge'] as const;
    const stored = storedVariants(steps);
    const many = (changed: Partial<Record<Operation, LayerView>> = {}): LayerView[] =>
      steps.slice(1).map((name) => changed[name] ?? layer(name, 'undecided'));
    const urls = (of: ReturnType<typeof previewOf>): string[] => of.composed.layers.map(({ picture: { url } }) => url);

    it('shows the whole at the size of the original, and the enlarged one beside it', () => {
      const whole = desk([region(1, 'accepted')], many(), stored);
      expect(urls(previewOf(whole, noAreas))).toEqual(['rnstl']);
      expect(enlargedOf(whole)?.url).toBe('rnstlu');
      expect(enlargedOf(desk([], [], ['n']))).toBeNull();
    });

    it('mixes any one layer at any strength from two stored variants', () => {
      const changed = layer('sharpen', 'undecided', 0.8, 0.2);
      const preview = previewOf(desk([region(1, 'accepted')], many({ sharpen: changed }), stored), noAreas);
      expect(preview.incomplete).toBe(false);
      expect(urls(preview)).toEqual(['rntl', 'rnstl']);
      expect(preview.composed.layers.map(({ opacity }) => opacity)).toEqual([1, 0.25]);
    });

    it('falls back to the nearest for two rejected layers until that combination is computed', () => {
      const two = desk(
        [region(1, 'accepted')],
        many({ sharpen: layer('sharpen', 'rejected'), 'reduce-noise': layer('reduce-noise', 'rejected') }),
        stored,
      );
      const nearest = previewOf(two, noAreas);
      expect(nearest.incomplete).toBe(true);
      expect(urls(nearest)).toEqual(['rntl']);
      const exact = previewOf(two, noAreas, picture('computed'));
      expect([urls(exact), exact.incomplete]).toEqual([['computed'], false]);
      const composed = previewOf({ ...two, composite: picture('composite') }, noAreas);
      expect([urls(composed), composed.incomplete]).toEqual([['composite'], false]);
    });

    it('takes a variant with the repair where no mark was found', () => {
      const preview = previewOf(desk([], many({ sharpen: layer('sharpen', 'rejected') }), stored), noAreas);
      expect([urls(preview), preview.incomplete]).toEqual([['rntl'], false]);
    });
  });
});

describe('decisionsOf', () => {
  it('is the same for what shows the same, and differs with each decision', () => {
    const one = decisionsOf(desk([region(1, 'undecided')], [layer('reduce-noise', 'undecided')]));
    expect(decisionsOf(desk([region(1, 'accepted')], [layer('reduce-noise', 'accepted')]))).toBe(one);
    expect(decisionsOf(desk([region(1, 'rejected')], [layer('reduce-noise', 'accepted')]))).not.toBe(one);
    expect(decisionsOf(desk([region(1, 'accepted')], [layer('reduce-noise', 'accepted', 1, 0.9)]))).not.toBe(one);
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
