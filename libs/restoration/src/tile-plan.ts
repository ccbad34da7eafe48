/**
 * How a picture is cut for a net: fixed square tiles, a margin that is thrown away on each side, and a feather in which
 * neighbouring tiles are blended with weights that sum to one.
 */
export interface TilePlan {
  readonly size: number;
  readonly margin: number;
  readonly feather: number;
  /** Distance between origins. */
  readonly step: number;
  readonly columns: readonly number[];
  readonly rows: readonly number[];
}

/** Feathered pixels between neighbouring tiles. */
const featherPixels = 16;

/**
 * Plans tiles of `size` pixels over a picture. Origins are multiples of `multiple`; the first lies `margin` (rounded up to
 * the multiple) outside the picture, so that every pixel of the picture is trusted.
 */
export function planTiles(
  picture: { readonly width: number; readonly height: number },
  tile: { readonly size: number; readonly margin: number; readonly multiple: number },
): TilePlan {
  const margin = Math.ceil(tile.margin / tile.multiple) * tile.multiple;
  const step = Math.floor((tile.size - 2 * margin - featherPixels) / tile.multiple) * tile.multiple;
  if (step <= featherPixels)
    throw new RangeError(`Expected tiles larger than their margins but received size ${tile.size}, margin ${margin}`);
  const feather = tile.size - 2 * margin - step;
  const origins = (length: number): number[] => {
    const all: number[] = [];
    for (let at = -margin; ; at += step) {
      all.push(at);
      if (at + margin + step + feather >= length) return all;
    }
  };
  return { size: tile.size, margin, feather, step, columns: origins(picture.width), rows: origins(picture.height) };
}

/**
 * Weights of the trusted pixels of the tile number `index` along one axis (length size − 2 margin): rising over the
 * feather where a tile lies before, falling where one follows. Weights of overlapping tiles sum to one.
 */
export function featherWeights(plan: TilePlan, index: number, count: number): Float32Array {
  const length = plan.size - 2 * plan.margin;
  const weights = new Float32Array(length).fill(1);
  for (let at = 0; at < plan.feather; at++) {
    const rising = (at + 0.5) / plan.feather;
    if (index > 0) weights[at] = rising;
    if (index < count - 1) weights[plan.step + at] = 1 - rising;
  }
  return weights;
}

/** Largest tile tried, as a multiple of the declared one: with a wide margin most of a small tile is thrown away. */
const largestFactor = 2.5;

/**
 * The plan with the fewest computed pixels among all tiles from the declared size to two and a half times that, in steps of the model's
 * multiple; the smaller tile where two cost the same. It depends on nothing but the picture's size and the model's
 * declaration.
 */
export function leastPlan(
  picture: { readonly width: number; readonly height: number },
  tile: { readonly size: number; readonly margin: number; readonly multiple: number },
): TilePlan {
  const costOf = (plan: TilePlan): number => plan.columns.length * plan.rows.length * plan.size * plan.size;
  let best = planTiles(picture, tile);
  for (let size = tile.size + tile.multiple; size <= largestFactor * tile.size; size += tile.multiple) {
    const plan = planTiles(picture, { ...tile, size });
    if (costOf(plan) < costOf(best)) best = plan;
  }
  return best;
}
