import { colourEvidence, type ColourEvidence, type ColourHint, type ProtectedArea } from '@albumen/domain';
import { lumaOf } from '../measure/luma.js';
import { rounded } from '../measure/statistics.js';
import type { Samples, Shape } from '../picture/strips.js';
import { smoothStep } from './field.js';
import { gridOf, knownColour, type HintGrid } from './hint-grid.js';
import { encoded, linearTable, moveChroma } from './lab-colour.js';
import type { LayerFilter, LayerPlanner } from './layer-filter.js';
import { fullScale } from './planes.js';
import { Spread } from './spread.js';

/** Where colour is sure enough to show, and how it is brought to full size. */
export const guideLimits = {
  /** Confidence (0..1) below which the picture keeps its own chroma, and from which it takes the given one. */
  nothing: 0.1,
  everything: 0.4,
  /** Difference of luma (levels of 255) at which a cell of the grid counts e times less for a pixel. */
  contrast: 7,
  /** Share of colour below which a pixel is left bit-equal. */
  least: 0.004,
} as const;

/**
 * Colours that a person gave, spread over what looks alike around each stroke; L* stays each pixel's own. Where no hint
 * reaches, the picture keeps its own chroma; protected areas are left bit-equal. Needs three colour bands. Null where
 * no hint lies inside the picture.
 */
export const planGuideColour: LayerPlanner = ({ step, shape, reduced, protect }) => {
  const hints = (step.hints ?? []).filter((hint) => hint.colour.every((level) => level >= 0 && level <= 255));
  if (hints.length === 0 || shape.bands < 3) return null;
  const grid = gridOf(reduced, shape.width, shape.height, hints);
  if (!grid.hintAt.some((hint) => hint >= 0)) return null;
  const areas = protect.map((area) => pixelsOf(area, shape));
  const colours = spreadColours(grid, hints, areas);
  return {
    halo: 2 * grid.factor - 1,
    facts: colours.facts,
    apply: (strip, y, rows) => colour(strip, y, rows, shape, grid, colours, areas),
  } satisfies LayerFilter;
};

interface Colours {
  readonly a: Float32Array;
  readonly b: Float32Array;
  /** Share of the given chroma in each cell, 0..1. */
  readonly share: Float32Array;
  readonly facts: Readonly<Record<string, number>>;
}

/** A protected rectangle in pixels; right and bottom are the first beyond it. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function pixelsOf(area: ProtectedArea, { width, height }: { readonly width: number; readonly height: number }): Area {
  return {
    left: Math.floor(area.x * width),
    top: Math.floor(area.y * height),
    right: Math.ceil((area.x + area.width) * width),
    bottom: Math.ceil((area.y + area.height) * height),
  };
}

function spreadColours(grid: HintGrid, hints: readonly ColourHint[], areas: readonly Area[]): Colours {
  const known = hints.map(knownColour);
  const cells = grid.hintAt.length;
  const given = Uint8Array.from(grid.hintAt, (hint) => (hint >= 0 ? 1 : 0));
  const spread = new Spread(grid.luma, grid.width, grid.height, given);
  const of = (cell: number): (typeof known)[number] | undefined => known[grid.hintAt[cell] as number];
  const kinds = colourEvidence.filter((kind) => grid.hintAt.some((hint) => known[hint]?.evidence === kind));
  const byKind = kinds.map((kind) => spread.solve((cell) => (of(cell)?.evidence === kind ? 1 : 0)));
  const sure = new Float64Array(cells);
  for (const one of byKind)
    for (let cell = 0; cell < cells; cell++) sure[cell] = (sure[cell] as number) + Math.max(0, one[cell] as number);
  const planes = (['a', 'b'] as const).map((axis) => spread.solve((cell) => of(cell)?.[axis] ?? 0));
  // A mean of the hints lies between them; what little the solver left open may not.
  const [a, b] = (['a', 'b'] as const).map((axis, at) => {
    const least = known.reduce((low, one) => Math.min(low, one[axis]), Infinity);
    const most = known.reduce((high, one) => Math.max(high, one[axis]), -Infinity);
    const plane = planes[at] as Float64Array;
    return Float32Array.from(plane, (value, cell) =>
      (sure[cell] as number) > 1e-3 ? Math.min(most, Math.max(least, value / (sure[cell] as number))) : 0,
    );
  }) as [Float32Array, Float32Array];
  const share = Float32Array.from(sure, (value) => smoothStep(guideLimits.nothing, guideLimits.everything, value));
  const facts: Record<string, number> = { coloured: 0 };
  kinds.forEach((kind, at) => {
    let sum = 0;
    for (let cell = 0; cell < cells; cell++) {
      if ((share[cell] as number) <= 0 || protectedCell(grid, cell, areas)) continue;
      sum += (share[cell] as number) * (Math.max(0, byKind[at]?.[cell] as number) / (sure[cell] as number));
    }
    facts[evidenceFact(kind)] = Math.floor((sum / cells) * 1000) / 1000;
    facts['coloured'] = (facts['coloured'] as number) + sum / cells;
  });
  facts['coloured'] = rounded(Math.min(1, facts['coloured'] as number));
  return { a, b, share, facts };
}

/** Name of the fact that says how much of the picture (0..1) has its colour from that evidence. */
export function evidenceFact(kind: ColourEvidence): `evidence.${ColourEvidence}` {
  return `evidence.${kind}`;
}

function protectedCell(grid: HintGrid, cell: number, areas: readonly Area[]): boolean {
  const x = ((cell % grid.width) + 0.5) * grid.factor;
  const y = (Math.floor(cell / grid.width) + 0.5) * grid.factor;
  return areas.some((area) => x >= area.left && x < area.right && y >= area.top && y < area.bottom);
}

/** Weight of a cell by the difference of luma, for differences 0, 0.5 … 255 levels. */
const alike = Float64Array.from({ length: 513 }, (_, at) => 1e-4 + Math.exp(-at / 2 / guideLimits.contrast));

/** Three weights (quadratic B-spline, sum 1) and the first of the three cells for each pixel along one side. */
interface Reach {
  readonly first: Int32Array;
  readonly weights: Float64Array;
}

function reachAlong(from: number, count: number, factor: number): Reach {
  const first = new Int32Array(count);
  const weights = new Float64Array(3 * count);
  for (let at = 0; at < count; at++) {
    const place = (from + at + 0.5) / factor - 0.5;
    const nearest = Math.round(place);
    const off = place - nearest;
    first[at] = nearest - 1;
    weights[3 * at] = 0.5 * (0.5 - off) ** 2;
    weights[3 * at + 1] = 0.75 - off * off;
    weights[3 * at + 2] = 0.5 * (0.5 + off) ** 2;
  }
  return { first, weights };
}

/**
 * Luma (levels of 255) of the cells that rows `y` … `y + rows` − 1 look at, taken from the strip itself: earlier steps may
 * have moved the tones since the grid was made. Cells that no row looks at stay 0.
 */
function lumaOfCells(
  strip: Samples,
  y: number,
  rows: number,
  halo: number,
  { width, height, bands }: Pick<Shape, 'width' | 'height' | 'bands'>,
  grid: HintGrid,
): Float32Array {
  const { factor } = grid;
  const out = new Float32Array(grid.width * grid.height);
  const first = Math.max(0, Math.floor(y / factor) - 1);
  const last = Math.min(grid.height - 1, Math.floor((y + rows - 1) / factor) + 1);
  const row = new Float32Array(width);
  const sums = new Float64Array(grid.width);
  for (let cell = first; cell <= last; cell++) {
    sums.fill(0);
    const top = cell * factor;
    const bottom = Math.min(height, top + factor);
    for (let line = top; line < bottom; line++) {
      const at = (line - y + halo) * width * bands;
      lumaOf(strip.subarray(at, at + width * bands), bands, row);
      for (let x = 0, column = 0; column < grid.width; column++) {
        let sum = 0;
        for (const end = Math.min(width, (column + 1) * factor); x < end; x++) sum += row[x] as number;
        sums[column] = (sums[column] as number) + sum;
      }
    }
    for (let column = 0; column < grid.width; column++) {
      const across = Math.min(width, (column + 1) * factor) - column * factor;
      out[cell * grid.width + column] = (sums[column] as number) / (across * (bottom - top));
    }
  }
  return out;
}

/**
 * Joint bilateral upsampling (Kopf, Cohen, Lischinski and Uyttendaele, 2007): each pixel takes the chroma of the cells
 * around it that have its own luma.
 */
function colour(
  strip: Samples,
  y: number,
  rows: number,
  shape: Shape,
  grid: HintGrid,
  { a, b, share }: Colours,
  areas: readonly Area[],
): Samples {
  const { width, bands } = shape;
  const halo = 2 * grid.factor - 1;
  const luma = lumaOfCells(strip, y, rows, halo, shape, grid);
  const own = strip.subarray(halo * width * bands, (halo + rows) * width * bands);
  const out = own.slice();
  const full = fullScale(own);
  const scale = 255 / full;
  const linear = full === 255 ? linearOf8 : linearOf16();
  const across = reachAlong(0, width, grid.factor);
  const down = reachAlong(y, rows, grid.factor);
  const allowed = new Float64Array(width);
  const rgb = new Float64Array(3);
  const cellsX = Int32Array.from({ length: 3 * width }, (_, at) =>
    Math.min(grid.width - 1, Math.max(0, (across.first[Math.floor(at / 3)] as number) + (at % 3))),
  );
  for (let row = 0; row < rows; row++) {
    allow(allowed, y + row, areas, grid.factor);
    for (let x = 0, at = row * width * bands; x < width; x++, at += bands) {
      if (allowed[x] === 0) continue;
      const level =
        (0.299 * (own[at] as number) + 0.587 * (own[at + 1] as number) + 0.114 * (own[at + 2] as number)) * scale;
      let [all, sumA, sumB, sumShare] = [0, 0, 0, 0];
      for (let v = 0; v < 3; v++) {
        const cellRow = Math.min(grid.height - 1, Math.max(0, (down.first[row] as number) + v)) * grid.width;
        const weightY = down.weights[3 * row + v] as number;
        for (let u = 0; u < 3; u++) {
          const cell = cellRow + (cellsX[3 * x + u] as number);
          const apart = level - (luma[cell] as number);
          const weight =
            weightY * (across.weights[3 * x + u] as number) * (alike[((apart < 0 ? -apart : apart) * 2) | 0] as number);
          const coloured = weight * (share[cell] as number);
          all += weight;
          sumShare += coloured;
          sumA += coloured * (a[cell] as number);
          sumB += coloured * (b[cell] as number);
        }
      }
      const part = (sumShare / all) * (allowed[x] as number);
      if (part < guideLimits.least) continue;
      rgb[0] = linear[own[at] as number] as number;
      rgb[1] = linear[own[at + 1] as number] as number;
      rgb[2] = linear[own[at + 2] as number] as number;
      if (!moveChroma(rgb, sumA / sumShare, sumB / sumShare, part)) continue;
      out[at] = (encoded(rgb[0]) * full + 0.5) | 0;
      out[at + 1] = (encoded(rgb[1]) * full + 0.5) | 0;
      out[at + 2] = (encoded(rgb[2]) * full + 0.5) | 0;
    }
  }
  return out;
}

const linearOf8 = linearTable(255);
let table16: Float64Array | null = null;

/** The table of 16-bit samples, made when it is first needed. */
function linearOf16(): Float64Array {
  table16 ??= linearTable(65535);
  return table16;
}

/** How much colour each pixel of a row may take: 0 inside protected areas, rising to 1 over `soft` pixels outside. */
function allow(row: Float64Array, y: number, areas: readonly Area[], soft: number): void {
  row.fill(1);
  for (const { left, top, right, bottom } of areas) {
    const below = y < top ? top - y : y >= bottom ? y - bottom + 1 : 0;
    if (below >= soft) continue;
    for (let x = Math.max(0, left - Math.ceil(soft)); x < Math.min(row.length, right + Math.ceil(soft)); x++) {
      const beside = x < left ? left - x : x >= right ? x - right + 1 : 0;
      const far = Math.hypot(below, beside);
      if (far === 0) row[x] = 0;
      else if (far < soft) row[x] = (row[x] as number) * smoothStep(0, soft, far);
    }
  }
}
