/** An opaque colour. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A palette picture: one index per pixel, rows from the top. */
export interface PalettePicture {
  readonly width: number;
  readonly height: number;
  readonly indices: Uint8Array;
  readonly palette: readonly Colour[];
}

/** Indices beyond the colours of the map. */
const [ground, ink] = [254, 255];
/** Marks of the scale, ΔE2000; 2.3 is a just noticeable difference. */
const marks = [0, 2.3, 10, 15, 20, 25] as const;
const margin = 12;
const bar = { width: 254, height: 14 };
const glyphScale = 2;
const legendHeight = margin + bar.height + 8 + 7 * glyphScale + margin;

/** Colours from nothing changed to much changed; even steps look even, also without colour vision (after viridis). */
const anchors: readonly Colour[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];
const unchanged: Colour = [32, 32, 32];

/** Letters of 5×7, one number per row, highest bit left. */
const glyphs: Readonly<Record<string, readonly number[]>> = {
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 2, 4, 8, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '.': [0, 0, 0, 0, 0, 12, 12],
  '+': [0, 4, 4, 31, 4, 4, 0],
  Δ: [4, 4, 10, 10, 17, 17, 31],
  E: [31, 16, 16, 30, 16, 16, 31],
};

/**
 * The change map in colours with its scale below. `levels`: grey levels of the stored map, `deltaEPerLevel` ΔE2000 each,
 * 255 and more clipped.
 */
export function drawChanges(
  levels: Uint8Array,
  size: { readonly width: number; readonly height: number },
  deltaEPerLevel: number,
): PalettePicture {
  const width = Math.max(size.width, bar.width + 6 * margin);
  const height = size.height + legendHeight;
  const indices = new Uint8Array(width * height).fill(ground);
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++)
      indices[y * width + x] = Math.min(ground - 1, levels[y * size.width + x] as number);
  const top = size.height + margin;
  const put = (x: number, y: number, index: number): void => {
    if (x >= 0 && x < width && y >= 0 && y < height) indices[y * width + x] = index;
  };
  for (let y = 0; y < bar.height; y++) for (let x = 0; x < bar.width; x++) put(margin + x, top + y, x);
  const write = (text: string, left: number, y: number): void => {
    let x = left;
    for (const letter of text) {
      const rows = glyphs[letter] ?? [];
      rows.forEach((row, down) => {
        for (let across = 0; across < 5; across++)
          if ((row >> (4 - across)) & 1)
            for (let dot = 0; dot < glyphScale ** 2; dot++)
              put(
                x + across * glyphScale + (dot % glyphScale),
                y + down * glyphScale + Math.floor(dot / glyphScale),
                ink,
              );
      });
      x += letter === '.' ? 4 * glyphScale : 6 * glyphScale;
    }
  };
  const words = top + bar.height + 8;
  for (const mark of marks) {
    const x = margin + Math.round(mark / deltaEPerLevel);
    if (x > margin + bar.width) continue;
    for (let y = 0; y < 5; y++) put(x, top + bar.height + y, ink);
    const text = mark === 25 ? '25+' : String(mark);
    write(text, Math.max(0, x - (text.length === 1 ? 5 : 11)), words);
  }
  write('ΔE', margin + bar.width + 8, top);
  return { width, height, indices, palette: palette() };
}

function palette(): Colour[] {
  const colours: Colour[] = [unchanged];
  for (let level = 1; level < ground; level++) {
    const at = ((level - 1) / (ground - 2)) * (anchors.length - 1);
    const first = Math.min(anchors.length - 2, Math.floor(at));
    const [from, to] = [anchors[first] as Colour, anchors[first + 1] as Colour];
    const mix = (band: 0 | 1 | 2): number => Math.round(from[band] + (to[band] - from[band]) * (at - first));
    colours.push([mix(0), mix(1), mix(2)]);
  }
  return [...colours, [255, 255, 255], [0, 0, 0]];
}
