import { regionKinds, type RegionKind } from '@albumen/domain';
import { runsByRow, type RowRuns } from './picture/run-columns.js';
import type { Mark } from './picture/runs.js';
import { drawnKind, type KeptArea } from './picture/strokes.js';

/** How marks become regions that a person can accept or reject one by one. All lengths in pixels. */
export const regionRules = {
  /** A region reaches this far beyond its marks: scans soften the edge of a mark. */
  dilation: 3,
  /** Marks nearer than this are one region. */
  reach: 10,
  /** No picture has more regions; specks are gathered in larger cells until this holds. */
  most: 200,
  /** Specks smaller than a cell are gathered by cell: this share of the longer side, at least 96 px. */
  cellShare: 1 / 14,
  /** Above this thickness a filled hole is a guess: its confidence is halved. */
  wide: 48,
} as const;

/** Pixels that one region covers, before dilation, with what the desk shows of it. */
export interface PlannedRegion {
  /** 1-based; the pixel value in the label picture. */
  readonly ordinal: number;
  readonly kind: RegionKind;
  readonly marks: readonly Mark[];
  readonly confidence: number;
}

interface Cluster {
  readonly kind: number;
  readonly marks: Mark[];
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Groups marks into regions, deterministically: marks that nearly touch, then specks of one class within a grid cell. What
 * a person drew stays apart from what was found, so that drawing never changes the regions that were there. Stains are left out: filling one from its surroundings would destroy what lies under it.
 */
export function planRegions(
  marks: readonly Mark[],
  picture: { readonly width: number; readonly height: number },
): PlannedRegion[] {
  let clusters = [
    ...gatherNear(
      marks.filter((mark) => mark.kind !== 3 && mark.kind !== drawnKind),
      regionRules.reach,
    ),
    ...gatherNear(
      marks.filter((mark) => mark.kind === drawnKind),
      regionRules.reach,
    ),
  ];
  let cell = Math.max(96, Math.round(Math.max(picture.width, picture.height) * regionRules.cellShare));
  clusters = gatherByCell(clusters, cell, (cluster) => cluster.kind === 2);
  while (clusters.length > regionRules.most) {
    cell = Math.ceil(cell * 1.5);
    clusters = gatherByCell(clusters, cell, () => true);
  }
  clusters.sort((a, b) => a.top - b.top || a.left - b.left);
  return clusters.map((cluster, index) => ({
    ordinal: index + 1,
    kind: regionKinds[majority(cluster.marks) - 1] ?? 'scratch',
    marks: cluster.marks,
    confidence: confidenceOf(cluster.marks),
  }));
}

function confidenceOf(marks: readonly Mark[]): number {
  // A person saw it.
  if (marks.every((mark) => mark.kind === drawnKind)) return 1;
  const area = marks.reduce((sum, mark) => sum + mark.area, 0);
  const mean = marks.reduce((sum, mark) => sum + mark.probability * mark.area, 0) / Math.max(1, area);
  const wide = marks.some(
    (mark) =>
      Math.min(
        mark.right - mark.left,
        mark.bottom - mark.top,
        mark.area / Math.max(1, Math.max(mark.right - mark.left, mark.bottom - mark.top)),
      ) > regionRules.wide,
  );
  return Math.round((wide ? mean / 2 : mean) * 1000) / 1000;
}

function majority(marks: readonly Mark[]): number {
  const areas = [0, ...regionKinds.map(() => 0)];
  for (const mark of marks) areas[mark.kind] = (areas[mark.kind] ?? 0) + mark.area;
  return areas.indexOf(Math.max(...areas));
}

/** Joins marks any of whose runs come nearer than `reach` to each other (in rows and in columns). */
function gatherNear(marks: readonly Mark[], reach: number): Cluster[] {
  const runs = runsByRow(marks);
  const parents = marks.map((_, index) => index);
  const find = (at: number): number => {
    while (parents[at] !== at) {
      parents[at] = parents[parents[at] as number] as number;
      at = parents[at] as number;
    }
    return at;
  };
  // Runs of the last `reach` rows, in bins of columns, so that a run meets its neighbours only.
  const bin = 64;
  const bins = new Map<number, number[]>();
  for (let entry = 0; entry < runs.length; entry++) {
    const [y, from, to] = [runs.y[entry] as number, runs.from[entry] as number, runs.to[entry] as number];
    for (let at = Math.floor((from - reach) / bin); at <= Math.floor((to + reach) / bin); at++) {
      const near = (bins.get(at) ?? []).filter((other) => y - (runs.y[other] as number) <= reach);
      for (const other of near) {
        if ((runs.from[other] as number) <= to + reach && from <= (runs.to[other] as number) + reach) {
          const a = find(runs.mark[other] as number);
          const b = find(runs.mark[entry] as number);
          if (a !== b) parents[Math.max(a, b)] = Math.min(a, b);
        }
      }
      near.push(entry);
      bins.set(at, near);
    }
  }
  const clusters = new Map<number, Cluster>();
  marks.forEach((mark, index) => {
    const root = find(index);
    const cluster = clusters.get(root);
    if (cluster === undefined)
      clusters.set(root, {
        kind: mark.kind,
        marks: [mark],
        left: mark.left,
        top: mark.top,
        right: mark.right,
        bottom: mark.bottom,
      });
    else
      absorb(cluster, {
        kind: mark.kind,
        marks: [mark],
        left: mark.left,
        top: mark.top,
        right: mark.right,
        bottom: mark.bottom,
      });
  });
  return [...clusters.values()].map((cluster) => ({ ...cluster, kind: majority(cluster.marks) }));
}

function gatherByCell(clusters: readonly Cluster[], cell: number, joins: (cluster: Cluster) => boolean): Cluster[] {
  const kept: Cluster[] = [];
  const cells = new Map<string, Cluster>();
  for (const cluster of clusters) {
    const small = cluster.right - cluster.left <= cell && cluster.bottom - cluster.top <= cell;
    if (!small || !joins(cluster)) {
      kept.push(cluster);
      continue;
    }
    const column = Math.floor((cluster.left + cluster.right) / 2 / cell);
    const row = Math.floor((cluster.top + cluster.bottom) / 2 / cell);
    const key = `${cluster.kind} ${column} ${row}`;
    const there = cells.get(key);
    if (there === undefined) cells.set(key, { ...cluster, marks: [...cluster.marks] });
    else absorb(there, cluster);
  }
  return [...kept, ...cells.values()];
}

function absorb(into: Cluster, cluster: Cluster): void {
  into.marks.push(...cluster.marks);
  into.left = Math.min(into.left, cluster.left);
  into.top = Math.min(into.top, cluster.top);
  into.right = Math.max(into.right, cluster.right);
  into.bottom = Math.max(into.bottom, cluster.bottom);
}

/** Which pixels are labelled: those that may be written, or all that are damaged, protected or not. */
export type Labelled = 'writable' | 'damaged';

/**
 * Paints region ordinals strip by strip: every mark pixel dilated by a disc; where two regions meet, the lower ordinal
 * has the pixel. Nothing inside a kept area is writable but what is free of it. The labels of a pixel never depend on how the picture is cut into strips.
 */
export class LabelPainter {
  readonly #runs: RowRuns;
  /** Ordinal of the region of each mark. */
  readonly #ordinals: Uint16Array;
  readonly #starts: Int32Array;

  constructor(
    regions: readonly PlannedRegion[],
    private readonly picture: { readonly width: number; readonly height: number },
    private readonly kept: readonly KeptArea[] = [],
    /** Ordinals of regions that are writable in kept areas, too. */
    private readonly free: ReadonlySet<number> = new Set(),
  ) {
    this.#runs = runsByRow(regions.flatMap((region) => region.marks));
    this.#ordinals = Uint16Array.from(regions.flatMap((region) => region.marks.map(() => region.ordinal)));
    this.#starts = new Int32Array(picture.height + 1);
    for (const y of this.#runs.y) this.#starts[y + 1] = (this.#starts[y + 1] as number) + 1;
    for (let y = 0; y < picture.height; y++)
      this.#starts[y + 1] = (this.#starts[y + 1] as number) + (this.#starts[y] as number);
  }

  /** Labels of `rows` rows from row `y` (inside the picture); 0 outside regions. */
  paint(y: number, rows: number, labelled: Labelled = 'writable'): Uint16Array {
    return this.paintWindow(0, y, this.picture.width, rows, labelled);
  }

  /** Labels of a rectangle inside the picture; 0 outside regions. */
  paintWindow(x: number, y: number, width: number, rows: number, labelled: Labelled = 'writable'): Uint16Array {
    const labels = new Uint16Array(width * rows);
    const { dilation } = regionRules;
    const first = this.#starts[Math.max(0, y - dilation)] as number;
    const last = this.#starts[Math.min(this.picture.height, y + rows + dilation)] as number;
    const { y: atRow, from: begin, to: end, mark } = this.#runs;
    for (let at = first; at < last; at++) {
      const [left, right] = [begin[at] as number, end[at] as number];
      if (right + dilation < x || left - dilation > x + width) continue;
      const ordinal = this.#ordinals[mark[at] as number] as number;
      for (let down = -dilation; down <= dilation; down++) {
        const row = (atRow[at] as number) + down - y;
        if (row < 0 || row >= rows) continue;
        const across = Math.floor(Math.sqrt(dilation * dilation - down * down) + 0.5);
        const from = row * width + Math.max(0, left - across - x);
        const to = row * width + Math.min(width, right + across - x);
        for (let pixel = from; pixel < to; pixel++) {
          const there = labels[pixel] as number;
          if (there === 0 || there > ordinal) labels[pixel] = ordinal;
        }
      }
    }
    if (labelled === 'writable')
      for (const { left, top, right, bottom } of this.kept)
        for (let row = Math.max(y, top); row < Math.min(y + rows, bottom); row++) {
          const from = Math.min(width, Math.max(0, left - x));
          const to = Math.min(width, Math.max(0, right - x));
          for (let at = (row - y) * width + from; at < (row - y) * width + to; at++)
            if (!this.free.has(labels[at] as number)) labels[at] = 0;
        }
    return labels;
  }

  /** True where any mark comes near the given rectangle (which may reach outside the picture). */
  touches(x: number, y: number, width: number, height: number): boolean {
    const { dilation } = regionRules;
    const reach = dilation + 1;
    const first = this.#starts[Math.min(this.picture.height, Math.max(0, y - reach))] as number;
    const last = this.#starts[Math.max(0, Math.min(this.picture.height, y + height + reach))] as number;
    const { from, to } = this.#runs;
    for (let at = first; at < last; at++)
      if ((to[at] as number) + reach > x && (from[at] as number) - reach < x + width) return true;
    return false;
  }

  /** True where the strip has no label at all, without painting it. */
  isEmpty(y: number, rows: number): boolean {
    return !this.touches(0, y, this.picture.width, rows);
  }
}
