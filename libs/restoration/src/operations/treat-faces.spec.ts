import { describe, expect, it } from 'vitest';
import type { FaceFound, ProtectedArea } from '@albumen/domain';
import { deltaE2000, labOf } from '../delta-e.js';
import type { Samples } from '../picture/strips.js';
import { applyBy, contextOf, speedOf } from '../testing/filtering.js';
import { normalFrom, randomFrom, type MadeShape } from '../testing/pictures.js';
import type { LayerFilter } from './layer-filter.js';
import { planTreatFaces } from './treat-faces.js';

const [width, height] = [260, 220];
const face: FaceFound = {
  box: { x: 70, y: 40, width: 110, height: 140 },
  landmarks: [
    [100, 95],
    [150, 95],
    [125, 120],
    [105, 148],
    [145, 148],
  ],
  score: 0.9,
};

/** A drawn face: an oval lighter than its background, dark eyes and mouth with soft edges (levels of 255, luma). */
function drawn(softness: number): Float64Array {
  const spot = (x: number, y: number, cx: number, cy: number, rx: number, ry: number): number => {
    const inside = (1 - Math.hypot((x - cx) / rx, (y - cy) / ry)) * Math.min(rx, ry);
    return 1 / (1 + Math.exp((-1.7 * inside) / softness));
  };
  return Float64Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    let level = 70 + 20 * (x / width);
    level += (165 - level + 15 * ((x - 125) / 60)) * spot(x, y, 125, 112, 56, 74);
    for (const [cx, cy, rx, ry, dark] of [
      [100, 95, 9, 4, 60],
      [150, 95, 9, 4, 60],
      [125, 148, 20, 3, 90],
    ] as const)
      level += (dark - level) * spot(x, y, cx, cy, rx, ry);
    return level;
  });
}

function picture(shape: MadeShape, noise: number, softness = 1): Samples {
  const normal = normalFrom(randomFrom(31));
  const full = shape.depth === 8 ? 255 : 65535;
  const out =
    shape.depth === 8 ? new Uint8Array(width * height * shape.bands) : new Uint16Array(width * height * shape.bands);
  drawn(softness).forEach((level, at) => {
    const grain = noise * normal();
    for (let band = 0; band < shape.bands; band++)
      out[at * shape.bands + band] =
        (shape.bands === 4 && band === 3) || (shape.bands === 2 && band === 1)
          ? (at * 13) % (full + 1)
          : Math.round((Math.min(250, Math.max(5, level + grain + [12, 0, -12, 0][band]!)) / 255) * full);
  });
  return out;
}

const rgb: MadeShape = { width, height, bands: 3, depth: 8 };

function planned(
  samples: Samples,
  shape: MadeShape,
  noise: number,
  more: {
    readonly faces?: readonly FaceFound[];
    readonly protect?: readonly ProtectedArea[];
    readonly blur?: number;
  } = {},
): LayerFilter | null {
  const { faces = [face], protect = [], blur = 1.3 } = more;
  return planTreatFaces(contextOf({ operation: 'treat-faces' }, samples, shape, { faces, protect, noise, blur }));
}

describe('treat-faces', () => {
  it('takes grain from the skin, makes eyes clearer and leaves everything outside the face bit-equal', () => {
    const noise = 5;
    const before = picture(rgb, noise, 2.2);
    const filter = planned(before, rgb, noise, { blur: 1.5 }) as LayerFilter;
    const out = applyBy(filter, before, rgb, 64);
    const truth = drawn(2.2);
    const error = (all: Samples, left: number, top: number, side: number): number => {
      let sum = 0;
      for (let y = top; y < top + side; y++)
        for (let x = left; x < left + side; x++)
          sum += ((all[(y * width + x) * 3 + 1] as number) - (truth[y * width + x] as number)) ** 2;
      return Math.sqrt(sum / side ** 2);
    };
    const cheek = [error(before, 128, 104, 16), error(out, 128, 104, 16)] as const;
    let [changed, wrong] = [0, 0];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = (y * width + x) * 3;
        const same = [0, 1, 2].every((band) => out[at + band] === before[at + band]);
        const inside = Math.hypot((x + 0.5 - 125) / (0.62 * 110), (y + 0.5 - 110) / (0.68 * 140)) < 1;
        if (!same && !inside) wrong += 1;
        if (!same) changed += 1;
      }
    expect(wrong).toBe(0);
    expect(changed).toBeGreaterThan(5000);
    const crisp = drawn(1);
    const near = (all: Samples): number => {
      let sum = 0;
      for (let y = 88; y < 102; y++)
        for (let x = 86; x < 114; x++)
          sum += ((all[(y * width + x) * 3 + 1] as number) - (crisp[y * width + x] as number)) ** 2;
      return Math.sqrt(sum / (14 * 28));
    };
    console.log(
      `treat-faces: grain on the cheek ${cheek[0].toFixed(2)} → ${cheek[1].toFixed(2)} levels, eye against its sharp truth ${near(before).toFixed(2)} → ${near(out).toFixed(2)}, mean ΔE ${filter.facts['face.1']}`,
    );
    expect(cheek[1]).toBeLessThan(0.7 * cheek[0]);
    expect(near(out)).toBeLessThan(near(before));
    expect(filter.facts['faces']).toBe(1);
  });

  it('moves no pixel by more than a ΔE of 6, even in a picture of pure noise, and reports the mean', () => {
    const random = randomFrom(3);
    const before = new Uint8Array(width * height * 3).map(() => Math.floor(256 * random()));
    const filter = planned(before, rgb, 40, { blur: 2 }) as LayerFilter;
    const out = applyBy(filter, before, rgb, 64);
    const lab = new Float64Array(6);
    let [most, sum, count] = [0, 0, 0];
    for (let at = 0; at < out.length; at += 3) {
      const x = (at / 3) % width;
      const y = Math.floor(at / 3 / width);
      if (Math.hypot((x + 0.5 - 125) / (0.62 * 110), (y + 0.5 - 110) / (0.68 * 140)) >= 1) continue;
      labOf(before[at]!, before[at + 1]!, before[at + 2]!, lab, 0);
      labOf(out[at]!, out[at + 1]!, out[at + 2]!, lab, 3);
      const far = deltaE2000(lab[0]!, lab[1]!, lab[2]!, lab[3]!, lab[4]!, lab[5]!);
      most = Math.max(most, far);
      sum += far;
      count += 1;
    }
    expect(most).toBeLessThan(6);
    expect(filter.facts['face.1']).toBeCloseTo(sum / count, 2);
    expect(filter.facts['face.1']).toBeGreaterThan(0.5);
    expect(JSON.parse(JSON.stringify(filter.facts))).toEqual({ faces: 1, 'face.1': filter.facts['face.1'] });
  });

  it('is the same however the picture is cut, bit for bit, alpha kept, also for faces at the edge', () => {
    for (const [bands, depth] of [
      [1, 8],
      [2, 16],
      [3, 16],
      [4, 8],
    ] as const) {
      const shape: MadeShape = { width, height, bands, depth };
      const before = picture(shape, 6);
      const faces = [
        face,
        { box: { x: -20, y: -15, width: 80, height: 90 }, landmarks: [], score: 0.8 },
        { box: { x: 150, y: 150, width: 150, height: 100 }, landmarks: [], score: 0.8 },
      ];
      const filter = planned(before, shape, 6, { faces }) as LayerFilter;
      const whole = applyBy(filter, before, shape, height);
      const facts = { ...filter.facts };
      expect(facts['faces']).toBe(3);
      expect(whole).not.toEqual(before);
      for (const rows of [5, 60]) {
        expect(applyBy(filter, before, shape, rows)).toEqual(whole);
        expect({ ...filter.facts }).toEqual(facts);
      }
      if (bands === 2 || bands === 4)
        for (let at = bands - 1; at < whole.length; at += bands)
          if (whole[at] !== before[at]) expect.fail(`alpha changed at ${at}`);
    }
  });

  it('keeps chroma and cuts nothing off', () => {
    const before = picture(rgb, 12);
    const out = applyBy(planned(before, rgb, 12) as LayerFilter, before, rgb, 50);
    for (let at = 0; at < out.length; at += 3) {
      const [dr, dg, db] = [0, 1, 2].map((band) => (out[at + band] as number) - (before[at + band] as number));
      if (dr !== dg || dg !== db) expect.fail(`chroma changed at ${at}`);
      for (let band = 0; band < 3; band++)
        if ((out[at + band] === 0 || out[at + band] === 255) && out[at + band] !== before[at + band])
          expect.fail(`cut off at ${at}`);
    }
  });

  it('leaves protected faces alone, and has nothing to do without one', () => {
    const before = picture(rgb, 5);
    const over: ProtectedArea = { x: 0.3, y: 0.2, width: 0.4, height: 0.6, reason: 'face' };
    const beside: ProtectedArea = { x: 0.62, y: 0, width: 0.3, height: 1, reason: 'lettering' };
    expect(planned(before, rgb, 5, { protect: [over] })).toBeNull();
    expect(planned(before, rgb, 5, { faces: [] })).toBeNull();
    expect(planned(before, rgb, 5, { faces: [{ ...face, box: { x: 5, y: 5, width: 12, height: 14 } }] })).toBeNull();
    expect(planned(before, rgb, 5, { faces: [{ ...face, box: { x: 900, y: 5, width: 90, height: 90 } }] })).toBeNull();
    expect(planned(before, rgb, 5, { faces: [{ ...face, box: { x: NaN, y: 5, width: 90, height: 90 } }] })).toBeNull();
    const out = applyBy(planned(before, rgb, 5, { protect: [beside] }) as LayerFilter, before, rgb, 64);
    expect(out).not.toEqual(before);
    for (let y = 0; y < height; y++)
      for (let x = Math.floor(0.62 * width); x < Math.ceil(0.92 * width); x++)
        if (out[(y * width + x) * 3] !== before[(y * width + x) * 3]) expect.fail(`changed at ${x}, ${y}`);
  });

  it('prints its speed', () => {
    const shape = { width: 1200, height: 600, bands: 3, depth: 8 } as const;
    const big = [{ ...face, box: { x: 300, y: 50, width: 380, height: 480 }, landmarks: [] }];
    const context = contextOf({ operation: 'treat-faces' }, new Uint8Array(3), { ...shape, width: 1, height: 1 });
    const filter = planTreatFaces({ ...context, shape, faces: big, noise: 5, blur: 1.2 }) as LayerFilter;
    console.log(
      `treat-faces, a face over a third of the picture: ${speedOf(filter, shape).toFixed(1)} megapixels per second of one core`,
    );
  });
});
