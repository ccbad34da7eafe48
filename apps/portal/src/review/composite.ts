import { factsOf, operationNames, variantName, type Operation } from '@albumen/domain';
import type { DeskView, LayerView, PictureView, RegionView } from '@albumen/contracts';
import type { Composed } from '../viewer/comparison';
import type { ShareBox } from '../viewer/stage';

/** One stored variant and how strongly it lies over what is below. */
export interface Stacked {
  readonly variant: string;
  readonly opacity: number;
}

/** How much of a whole-picture step is in (0 none … 1 all of what was proposed), and how far it moves the picture (ΔE). */
export interface LayerShare {
  readonly operation: Operation;
  readonly share: number;
  readonly weight: number;
}

/** Operations on regions share their letter: a variant holds all regions or none. */
const regionLetter = [
  ...new Set(operationNames.filter((name) => factsOf(name).kind === 'region').map((name) => factsOf(name).letter)),
].join('');
const enlargedLetter = factsOf('enlarge').letter;

/**
 * The stack of variants that shows regions and any number of partly strong layers. A layer at share a shows (1−a) without
 * it and a with it; over all layers this is the multilinear mix of the variants of every subset of the partly strong ones.
 * Each picture's opacity is its weight among itself and all below it. What would be invisible is left out.
 */
export function stackOf(regions: boolean, shares: readonly LayerShare[]): readonly Stacked[] {
  const inOrder = shares.map(({ operation, share }) => ({ operation, share: clamp(share) }));
  const whole = inOrder.filter(({ share }) => share === 1).map(({ operation }) => operation);
  const partly = inOrder.filter(({ share }) => share > 0 && share < 1);
  const stack: Stacked[] = [];
  let below = 0;
  for (let choice = 0; choice < 2 ** partly.length; choice += 1) {
    const chosen = partly.filter((_, place) => (choice >> place) % 2 === 1);
    const weight = partly.reduce(
      (product, layer) => product * (chosen.includes(layer) ? layer.share : 1 - layer.share),
      1,
    );
    below += weight;
    stack.push({
      variant: variantName({ regions, operations: [...whole, ...chosen.map(({ operation }) => operation)] }),
      opacity: weight / below,
    });
  }
  return stack;
}

/** The share of a layer that is in: nothing where it was rejected, else the accepted part of the proposed strength. */
export function shareOf(layer: LayerView | undefined): number {
  if (!layer || layer.acceptance === 'rejected') return 0;
  return layer.strength > 0 ? layer.acceptedStrength / layer.strength : 0;
}

/** Layers of the original's size with the share of each; enlarging is laid over the whole and never mixed. */
export function sharesOf(layers: readonly LayerView[]): readonly LayerShare[] {
  return layers
    .filter(({ operation }) => operation !== 'enlarge' && factsOf(operation).kind === 'layer')
    .map((layer) => ({ operation: layer.operation, share: shareOf(layer), weight: Math.max(0.1, layer.meanDeltaE) }));
}

/**
 * The stored variant that comes nearest to what is wanted: regions in or out first, then the layers, each counted by how
 * far it moves the picture.
 */
export function nearestOf(names: Iterable<string>, regions: boolean, shares: readonly LayerShare[]): string {
  let nearest = '';
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = shares.reduce(
      (sum, { operation, share, weight }) =>
        sum + weight * Math.abs(share - (name.includes(factsOf(operation).letter) ? 1 : 0)),
      name.includes(regionLetter) === regions ? 0 : 1000,
    );
    if (distance < least) [nearest, least] = [name, distance];
  }
  return nearest;
}

/** What the restored picture consists of after the decisions so far; undecided counts as accepted in the preview. */
export interface Preview {
  readonly composed: Composed;
  /** True where a combination is neither stored nor computed, so that the screen shows the nearest one instead. */
  readonly incomplete: boolean;
}

/** What of a desk a preview is made from. */
export type Previewed = Pick<DeskView, 'variants' | 'regions' | 'layers' | 'original' | 'damage' | 'composite'>;

/**
 * Chooses pictures for the decisions: the one computed for exactly them where there is one, else a mix of stored variants,
 * else the nearest of those. `areas` gives the exact areas of rejected regions, their boxes are used without it.
 */
export function previewOf(
  desk: Previewed,
  areas: (ordinals: ReadonlySet<number>) => readonly ShareBox[] | null,
  computed: PictureView | null = null,
): Preview {
  if (computed) return { composed: alone(computed), incomplete: false };
  const stored = new Map<string, PictureView>([
    ['', desk.original.picture],
    ...desk.variants
      .filter(({ variant }) => !variant.includes(enlargedLetter))
      .map(({ variant, picture }) => [variant, picture] as const),
  ]);
  const shares = sharesOf(desk.layers);
  const rejected = desk.regions.filter(({ acceptance }) => acceptance === 'rejected');
  // Where no mark was found, variants with and without the repair are the same picture.
  const free = desk.regions.length === 0;
  const some = desk.regions.length > rejected.length;
  const picturesOf = (regions: boolean): { layers: Composed['layers']; complete: boolean } => {
    for (const repaired of free ? [false, true] : [regions]) {
      const layers = stackOf(repaired, shares).map(({ variant, opacity }) => ({
        picture: stored.get(variant),
        opacity,
      }));
      if (layers.every((layer): layer is Composed['layers'][number] => layer.picture !== undefined))
        return { layers, complete: true };
    }
    const picture = stored.get(nearestOf(stored.keys(), regions, shares)) ?? desk.original.picture;
    return { layers: [{ picture, opacity: 1 }], complete: false };
  };
  const over = picturesOf(some);
  const under = some && rejected.length > 0 ? picturesOf(false) : null;
  const incomplete =
    !over.complete ||
    (under !== null && (!under.complete || rejected.some((region) => meetsAcceptedOf(desk.regions, region))));
  if (incomplete && desk.composite) return { composed: alone(desk.composite), incomplete: false };
  const boxes = under
    ? (areas(new Set(rejected.map(({ ordinal }) => ordinal))) ?? rejected.map((region) => boxOf(region, desk.damage)))
    : [];
  return { composed: { layers: over.layers, patches: under?.layers ?? [], patchBoxes: boxes }, incomplete };
}

/**
 * True where a rejected region may share pixels with one that stays in: a mark lies on a stain that is taken back, and no
 * variant holds one of them without the other. Regions of one step never meet.
 */
function meetsAcceptedOf(regions: readonly RegionView[], rejected: RegionView): boolean {
  return regions.some(
    (region) =>
      region.acceptance !== 'rejected' &&
      factsOf(region.operation).canInvent !== factsOf(rejected.operation).canInvent &&
      meet(region.box, rejected.box),
  );
}

function meet(a: RegionView['box'], b: RegionView['box']): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** The whole proposal enlarged, or null where the recipe does not enlarge. */
export function enlargedOf(desk: Pick<DeskView, 'variants'>): PictureView | null {
  return desk.variants.find(({ variant }) => variant.includes(enlargedLetter))?.picture ?? null;
}

/** One picture as the whole of a composition. */
export function alone(picture: PictureView): Composed {
  return { layers: [{ picture, opacity: 1 }], patches: [], patchBoxes: [] };
}

/** Names the decisions that a preview depends on: two desks with the same name show the same picture. */
export function decisionsOf(desk: Pick<DeskView, 'regions' | 'layers'>): string {
  const rejected = desk.regions.filter(({ acceptance }) => acceptance === 'rejected').map(({ ordinal }) => ordinal);
  const layers = desk.layers.map((layer) => `${layer.operation}=${shareOf(layer).toFixed(4)}`);
  return `${rejected.join(',')}|${layers.join(',')}`;
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
