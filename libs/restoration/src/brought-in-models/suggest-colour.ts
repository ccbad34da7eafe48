import { refuse } from '@albumen/domain';
import { labOf } from '../delta-e.js';
import { encoded, linearTable, moveChroma } from '../operations/lab-colour.js';
import type { LayerFilter } from '../operations/layer-filter.js';
import type { Shape, Strips } from '../picture/strips.js';
import type { AdaptedNet, FloatPicture } from './adapted-net.js';
import { between, floatWindow, workingSize } from './float-window.js';
import { wholePixels, type StripAllowance } from './whole-picture.js';

/** Difference of lightness (L*) at which a cell of the net's answer counts e times less for a pixel. */
const apart = 6;
const alike = Float64Array.from({ length: 1025 }, (_, at) => 1e-3 + Math.exp(-at / 10 / apart));

/**
 * Colours that a net suggests: it sees the lightness of the picture at its working size and answers a* and b*, which alone
 * are brought to full size (each pixel takes those of the cells around it that have its own lightness). L* stays each
 * pixel's own. `shape` has three colour bands; `source` may be grey. Refuses `restoration.output-not-sane`.
 */
export async function planSuggestColour(
  net: AdaptedNet,
  source: Strips,
  shape: Shape,
  allowance: StripAllowance,
): Promise<LayerFilter> {
  const size = workingSize(shape, wholePixels, net.model.broughtIn?.fixed ?? null);
  const picture = floatWindow(source, { x: 0, y: 0, width: shape.width, height: shape.height }, size);
  const lightness = lightnessOf(picture);
  const ab = await net.runPicture(greyOf(lightness, size));
  const facts = {
    workingWidth: size.width,
    workingHeight: size.height,
    meanChroma: Math.round(meanChromaOf(ab) * 100) / 100,
  };
  const across = between(shape.width, size.width, 0, shape.width);
  return {
    halo: 0,
    facts,
    apply(strip, y, rows) {
      const { width, bands } = shape;
      const out = strip.slice();
      const full = shape.depth === 8 ? 255 : 65535;
      const linear = full === 255 ? linear8 : linear16();
      const down = between(shape.height, size.height, y, rows);
      const share = allowance(y, rows);
      const rgb = new Float64Array(3);
      const lab = new Float64Array(3);
      const scale = 255 / full;
      for (let row = 0; row < rows; row++) {
        const upper = (down.first[row] as number) * size.width;
        const lower = (down.second[row] as number) * size.width;
        const low = down.share[row] as number;
        for (let x = 0, at = row * width * bands; x < width; x++, at += bands) {
          const allowed = share === null ? 1 : (share[row * width + x] as number);
          if (allowed === 0) continue;
          const [r, g, b] = [strip[at] as number, strip[at + 1] as number, strip[at + 2] as number];
          labOf(r * scale, g * scale, b * scale, lab, 0);
          const own = lab[0] as number;
          const [left, right, beside] = [
            across.first[x] as number,
            across.second[x] as number,
            across.share[x] as number,
          ];
          let [all, sumA, sumB] = [0, 0, 0];
          for (let corner = 0; corner < 4; corner++) {
            const cell = (corner < 2 ? upper : lower) + (corner % 2 === 0 ? left : right);
            const near = (corner < 2 ? 1 - low : low) * (corner % 2 === 0 ? 1 - beside : beside);
            const off = Math.abs(own - (lightness[cell] as number));
            const weight = near * (alike[Math.min(1024, Math.round(off * 10))] as number);
            all += weight;
            sumA += weight * (ab[cell * 2] as number);
            sumB += weight * (ab[cell * 2 + 1] as number);
          }
          if (all === 0) continue;
          rgb[0] = linear[r] as number;
          rgb[1] = linear[g] as number;
          rgb[2] = linear[b] as number;
          if (!moveChroma(rgb, sumA / all, sumB / all, allowed)) continue;
          for (let band = 0; band < 3; band++) out[at + band] = (encoded(rgb[band] as number) * full + 0.5) | 0;
        }
      }
      return out;
    },
  };
}

const linear8 = linearTable(255);
let table16: Float64Array | null = null;

/** The table of 16-bit samples, made when it is first needed. */
function linear16(): Float64Array {
  table16 ??= linearTable(65535);
  return table16;
}

/** L* of every pixel, 0..100. */
function lightnessOf({ data }: FloatPicture): Float32Array {
  const lab = new Float64Array(3);
  return Float32Array.from({ length: data.length / 3 }, (_, pixel) => {
    const at = pixel * 3;
    labOf((data[at] as number) * 255, (data[at + 1] as number) * 255, (data[at + 2] as number) * 255, lab, 0);
    return lab[0] as number;
  });
}

/** The picture that has that lightness and no colour, as nets of this kind were trained on. */
function greyOf(lightness: Float32Array, size: { readonly width: number; readonly height: number }): FloatPicture {
  const data = new Float32Array(lightness.length * 3);
  for (let pixel = 0; pixel < lightness.length; pixel++) {
    const f = ((lightness[pixel] as number) + 16) / 116;
    const light = f > 6 / 29 ? f * f * f : (116 * f - 16) / (24389 / 27);
    data.fill(encoded(Math.min(1, Math.max(0, light))), pixel * 3, pixel * 3 + 3);
  }
  return { ...size, data };
}

/** Mean chroma of a believable suggestion: below it nothing is suggested, above it the numbers are of another scale. */
const believable = { least: 0.5, most: 60 } as const;

function meanChromaOf(ab: Float32Array): number {
  let chroma = 0;
  for (let at = 0; at < ab.length; at += 2) chroma += Math.hypot(ab[at] as number, ab[at + 1] as number);
  const mean = chroma / (ab.length / 2);
  if (!(mean >= believable.least && mean <= believable.most))
    throw refuse('restoration.output-not-sane', {
      operation: 'suggest-colour',
      detail: `a mean chroma of ${mean.toFixed(2)}, where ${believable.least} to ${believable.most} can be believed`,
    });
  return mean;
}
