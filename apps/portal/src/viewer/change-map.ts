import type { Labels } from './label-picture';

/** Seven points of viridis, dark to bright; between them colours are mixed. */
const viridis: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [70, 50, 127],
  [54, 92, 141],
  [39, 127, 142],
  [31, 161, 135],
  [74, 194, 109],
  [253, 231, 37],
];

/** ΔE2000 at which the scale ends; a stronger change has the brightest colour. */
export const mapEnds = 20;
/** ΔE2000 below which a person sees no difference: nothing is drawn there. */
export const noticeable = 2.3;

/** Colour of a change on the scale 0..1. */
export function colourOf(share: number): readonly [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (viridis.length - 1);
  const low = viridis[Math.floor(at)] ?? [0, 0, 0];
  const high = viridis[Math.ceil(at)] ?? low;
  const mix = at - Math.floor(at);
  return [0, 1, 2].map((part) =>
    Math.round((low[part] ?? 0) * (1 - mix) + (high[part] ?? 0) * mix),
  ) as unknown as readonly [number, number, number];
}

/** CSS gradient of the legend. */
export const legendGradient = `linear-gradient(90deg, ${viridis.map(([r, g, b]) => `rgb(${r} ${g} ${b})`).join(', ')})`;

/**
 * Draws the change map: ΔE2000 in a perceptually even colour, and hatching where pixels were replaced. The picture's grey
 * level times `deltaEPerLevel` is ΔE. Fails where the map cannot be loaded.
 */
export function drawChangeMap(url: string, deltaEPerLevel: number, labels: Labels | null): Promise<HTMLCanvasElement> {
  return draw(url, labels, (level) => {
    const change = level * deltaEPerLevel;
    return [...colourOf(change / mapEnds), change < noticeable ? 0 : Math.min(225, 110 + change * 8)];
  });
}

/** Draws how sure replaced pixels are: (level − 1) × `perLevel` is a probability, level 0 was not replaced and stays clear. */
export function drawConfidenceMap(url: string, perLevel: number): Promise<HTMLCanvasElement> {
  return draw(url, null, (level) => [...colourOf((level - 1) * perLevel), level === 0 ? 0 : 225]);
}

type Paint = readonly number[];

async function draw(url: string, labels: Labels | null, paint: (level: number) => Paint): Promise<HTMLCanvasElement> {
  const answer = await fetch(url, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`The change map could not be loaded (${answer.status})`);
  const bitmap = await createImageBitmap(await answer.blob(), { colorSpaceConversion: 'none' });
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser cannot draw the change map');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const palette = Array.from({ length: 256 }, (_, level) => paint(level));
  const period = Math.max(4, Math.round(Math.max(canvas.width, canvas.height) / 200));
  for (let y = 0; y < canvas.height; y += 1) {
    for (let x = 0; x < canvas.width; x += 1) {
      const at = 4 * (y * canvas.width + x);
      pixels.data.set(palette[pixels.data[at] ?? 0] ?? [0, 0, 0, 0], at);
      if (!labels) continue;
      const lx = Math.min(labels.width - 1, Math.floor((x * labels.width) / canvas.width));
      const ly = Math.min(labels.height - 1, Math.floor((y * labels.height) / canvas.height));
      if (labels.values[ly * labels.width + lx] && (x + y) % period < period / 3) {
        pixels.data.set([255, 255, 255, 235], at);
      }
    }
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}
