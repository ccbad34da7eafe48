/** A rectangle of pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One tile of a net that fills: it writes holes inside `own` and sees `seen`, which may reach beyond the picture's end. */
export interface FillTile {
  readonly own: Rectangle;
  readonly seen: Rectangle;
}

/** How tiles are laid around holes. All in pixels. */
export interface FillRule {
  /** Known surroundings that a tile sees on each side of what it fills, except at the picture's edges. */
  readonly margin: number;
  /** Longest side of a tile. */
  readonly most: number;
  /** Tiles begin and end on multiples of this. */
  readonly multiple: number;
}

/** Side of the cells in which holes are looked for, in pixels. */
const cellSide = 8;
/** What a tile costs besides its pixels, in pixels. */
const perTile = 2048;

/** Bounds in cells, half-open. */
interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Cells that a tile of the longest side can fill: it may begin up to one multiple earlier than it must, and end as much later. */
export function roomIn({ most, margin, multiple }: FillRule): number {
  return Math.floor((most - 2 * margin - 2 * multiple) / cellSide);
}

/**
 * Lays tiles around the holes of an area: holes that lie near each other share one, long ones are cut, and nothing is
 * computed where there is no hole. Greedy: a tile is cut in two, where that costs least, as long as it saves pixels.
 * `wanted` holds one value for each pixel of the area (0: no hole). Every wanted pixel lies in exactly one `own`.
 * Deterministic. Throws a `RangeError` where a tile of the longest side has no room between its margins.
 */
export function planFill(
  wanted: ArrayLike<number>,
  area: Rectangle,
  picture: { readonly width: number; readonly height: number },
  rule: FillRule,
): FillTile[] {
  const longest = roomIn(rule);
  if (longest < 1)
    throw new RangeError(`Expected tiles wider than their margins but received ${rule.most}, margin ${rule.margin}`);
  const across = Math.ceil(area.width / cellSide);
  const down = Math.ceil(area.height / cellSide);
  const cells = new Uint8Array(across * down);
  for (let y = 0, at = 0; y < area.height; y++) {
    const row = Math.floor(y / cellSide) * across;
    for (let x = 0; x < area.width; x++, at++) if (wanted[at] !== 0) cells[row + Math.floor(x / cellSide)] = 1;
  }
  const tileOf = ({ left, top, right, bottom }: Bounds): FillTile => {
    const x = area.x + left * cellSide;
    const y = area.y + top * cellSide;
    const own = {
      x,
      y,
      width: Math.min(area.x + area.width, area.x + right * cellSide) - x,
      height: Math.min(area.y + area.height, area.y + bottom * cellSide) - y,
    };
    const [seenX, seenWidth] = around(own.x, own.width, picture.width, rule);
    const [seenY, seenHeight] = around(own.y, own.height, picture.height, rule);
    return { own, seen: { x: seenX, y: seenY, width: seenWidth, height: seenHeight } };
  };
  const cost = (bounds: Bounds): number => {
    const { seen } = tileOf(bounds);
    return seen.width * seen.height + perTile;
  };
  const tiles: FillTile[] = [];
  const lay = (within: Bounds): void => {
    const found = new Extents(cells, across, within);
    const { bounds } = found;
    if (bounds === null) return;
    const fits = bounds.right - bounds.left <= longest && bounds.bottom - bounds.top <= longest;
    let least = fits ? cost(bounds) : Infinity;
    let best: readonly [Bounds, Bounds] | null = null;
    for (const halves of found.cuts()) {
      const both = cost(halves[0]) + cost(halves[1]);
      if (both < least) [least, best] = [both, halves];
    }
    if (best === null) tiles.push(tileOf(bounds));
    else for (const half of best) lay(half);
  };
  lay({ left: 0, top: 0, right: across, bottom: down });
  return tiles;
}

/** Begin and length of what a tile sees around `length` pixels at `at`; it never begins before the picture. */
function around(at: number, length: number, whole: number, { margin, multiple }: FillRule): [number, number] {
  const begin = Math.max(0, Math.floor((at - margin) / multiple) * multiple);
  // Twice the multiple, so that more tiles have the same shape; at the picture's end as the net itself would pad it.
  const wanted = Math.ceil((at + length + margin - begin) / (2 * multiple)) * 2 * multiple;
  return [begin, Math.min(wanted, Math.ceil((whole - begin) / multiple) * multiple)];
}

/** Where the occupied cells of a rectangle lie, by column and by row. */
class Extents {
  readonly bounds: Bounds | null;
  /** First and last occupied row of each column of the bounds, first and last occupied column of each row. */
  readonly #columns: { readonly first: Int16Array; readonly last: Int16Array };
  readonly #rows: { readonly first: Int16Array; readonly last: Int16Array };

  constructor(cells: Uint8Array, across: number, { left, top, right, bottom }: Bounds) {
    const columns = { first: new Int16Array(right - left).fill(-1), last: new Int16Array(right - left).fill(-1) };
    const rows = { first: new Int16Array(bottom - top).fill(-1), last: new Int16Array(bottom - top).fill(-1) };
    let [least, most] = [right, -1];
    let [upper, lower] = [-1, -1];
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) {
        if (cells[y * across + x] === 0) continue;
        if (columns.first[x - left] === -1) columns.first[x - left] = y;
        columns.last[x - left] = y;
        if (rows.first[y - top] === -1) rows.first[y - top] = x;
        rows.last[y - top] = x;
        if (x < least) least = x;
        if (x > most) most = x;
        if (upper === -1) upper = y;
        lower = y;
      }
    this.bounds = most < 0 ? null : { left: least, top: upper, right: most + 1, bottom: lower + 1 };
    const part = (of: typeof columns, from: number, to: number): typeof columns => ({
      first: of.first.subarray(from, to),
      last: of.last.subarray(from, to),
    });
    this.#columns = part(columns, least - left, most + 1 - left);
    this.#rows = part(rows, upper - top, lower + 1 - top);
  }

  /** Every way of cutting the bounds in two, each half drawn tight around its cells. */
  *cuts(): Generator<readonly [Bounds, Bounds]> {
    const { bounds } = this;
    if (bounds === null) return;
    const { left, top } = bounds;
    for (const [one, other] of halves(this.#columns))
      yield [
        { left: left + one.from, right: left + one.to, top: one.first, bottom: one.last + 1 },
        { left: left + other.from, right: left + other.to, top: other.first, bottom: other.last + 1 },
      ];
    for (const [one, other] of halves(this.#rows))
      yield [
        { top: top + one.from, bottom: top + one.to, left: one.first, right: one.last + 1 },
        { top: top + other.from, bottom: top + other.to, left: other.first, right: other.last + 1 },
      ];
  }
}

/** Occupied lines `from` to `to` (half-open) and how far they reach across. */
interface Half {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** The occupied lines before and after each place at which a row of lines can be cut. */
function* halves(lines: { readonly first: Int16Array; readonly last: Int16Array }): Generator<readonly [Half, Half]> {
  const count = lines.first.length;
  const after = new Array<Half | null>(count).fill(null);
  for (let at = count - 1; at > 0; at--) after[at] = joined(at, lines, after[at + 1] ?? null);
  let before: Half | null = null;
  for (let at = 0; at < count - 1; at++) {
    before = joined(at, lines, before);
    const rest = after[at + 1];
    // Between empty lines every cut is the same one.
    if (before !== null && rest && lines.first[at] !== -1) yield [before, rest];
  }
}

function joined(at: number, lines: { first: Int16Array; last: Int16Array }, half: Half | null): Half | null {
  const first = lines.first[at] as number;
  const last = lines.last[at] as number;
  if (first === -1) return half;
  if (half === null) return { from: at, to: at + 1, first, last };
  return {
    from: Math.min(half.from, at),
    to: Math.max(half.to, at + 1),
    first: Math.min(half.first, first),
    last: Math.max(half.last, last),
  };
}
