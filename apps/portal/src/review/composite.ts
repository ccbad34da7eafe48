import { variantName, type Operation } from '@albumen/domain';
import type { DeskView, LayerView, PictureView, RegionView } from '@albumen/contracts';
import type { Composed } from '../viewer/comparison';
import type { ShareBox } from '../viewer/stage';

/** One stored variant and how strongly it lies over what is below. */
export interface Stacked {
  readonly variant: string;
  readonly opacity: number;
}

/** How much of each whole-picture step is in: 0 none … 1 all of what was proposed. */
export interface LayerShares {
  readonly noise: number;
  readonly tone: number;
}

/**
 * The stack of stored variants that shows regions and partly strong layers: first without layers, then noise, then tone.
 * With a = noise and b = tone the result is (1−b)·[(1−a)·base + a·n] + b·[(1−a)·t + a·nt], which is what blending a
 * layer by its strength means. What would be invisible is left out.
 */
export function stackOf(regions: boolean, shares: LayerShares): readonly Stacked[] {
  const name = (...operations: Operation[]): string => variantName({ regions, operations });
  const a = clamp(shares.noise);
  const b = clamp(shares.tone);
  const both = a * b;
  const stack: Stacked[] = [
    { variant: name(), opacity: 1 },
    { variant: name('reduce-noise'), opacity: a },
    { variant: name('correct-tone'), opacity: both === 1 ? 0 : (b * (1 - a)) / (1 - both) },
    { variant: name('reduce-noise', 'correct-tone'), opacity: both },
  ];
  const covering = stack.findLastIndex(({ opacity }) => opacity >= 1);
  return stack.slice(covering).filter(({ opacity }) => opacity > 0);
}

/** The share of a layer that is in: nothing where it was rejected, else the accepted part of the proposed strength. */
export function shareOf(layer: LayerView | undefined): number {
  if (!layer || layer.acceptance === 'rejected') return 0;
  return layer.strength > 0 ? layer.acceptedStrength / layer.strength : 0;
}

/** What the restored picture consists of after the decisions so far; undecided counts as accepted in the preview. */
export interface Preview {
  readonly composed: Composed;
  /** True where a combination is not stored, so that the screen shows less than what will be composed. */
  readonly incomplete: boolean;
}

/** Chooses stored variants for the decisions; `areas` gives the exact areas of rejected regions, their boxes are used without it. */
export function previewOf(
  desk: Pick<DeskView, 'variants' | 'regions' | 'layers' | 'original' | 'damage'>,
  areas: (ordinals: ReadonlySet<number>) => readonly ShareBox[] | null,
): Preview {
  const stored = new Map<string, PictureView>([
    ['', desk.original.picture],
    ...desk.variants.map(({ variant, picture }) => [variant, picture] as const),
  ]);
  const shares: LayerShares = {
    noise: shareOf(desk.layers.find(({ operation }) => operation === 'reduce-noise')),
    tone: shareOf(desk.layers.find(({ operation }) => operation === 'correct-tone')),
  };
  const rejected = desk.regions.filter(({ acceptance }) => acceptance === 'rejected');
  const some = desk.regions.length > rejected.length;
  const wanted = stackOf(some, shares);
  const under = some && rejected.length > 0 ? stackOf(false, shares) : [];
  const picturesOf = (stack: readonly Stacked[]): Composed['layers'] =>
    stack.flatMap(({ variant, opacity }) => {
      const picture = stored.get(variant);
      return picture ? [{ picture, opacity }] : [];
    });
  const layers = picturesOf(wanted);
  const patches = picturesOf(under);
  const boxes = under.length
    ? (areas(new Set(rejected.map(({ ordinal }) => ordinal))) ?? rejected.map((region) => boxOf(region, desk.damage)))
    : [];
  return {
    composed: {
      layers: layers.length ? layers : [{ picture: desk.original.picture, opacity: 1 }],
      patches,
      patchBoxes: boxes,
    },
    incomplete: layers.length < wanted.length || patches.length < under.length,
  };
}

/** A region's box in shares of the picture. */
export function boxOf(
  region: Pick<RegionView, 'box'>,
  size: { readonly width: number; readonly height: number },
): ShareBox {
  return {
    x: region.box.x / size.width,
    y: region.box.y / size.height,
    width: region.box.width / size.width,
    height: region.box.height / size.height,
  };
}

/** Regions in order of risk: what replaced most comes first, and among like ones what the machine was least sure of. */
export function byRisk(regions: readonly RegionView[]): readonly RegionView[] {
  const risk = (region: RegionView): number => region.share * (1.5 - region.confidence);
  return [...regions].sort((one, other) => risk(other) - risk(one) || one.ordinal - other.ordinal);
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
