import { describe, expect, it } from 'vitest';
import type { ColourEvidence, ColourHint, Point, ProtectedArea } from '@albumen/domain';
import { labOf } from '../delta-e.js';
import type { Samples } from '../picture/strips.js';
import { applyBy, contextOf, speedOf } from '../testing/filtering.js';
import { randomFrom, type MadeShape } from '../testing/pictures.js';
import { evidenceFact, planGuideColour } from './guide-colour.js';
import type { LayerFilter } from './layer-filter.js';
import { Spread } from './spread.js';

const [width, height] = [240, 180];
const shape: MadeShape = { width, height, bands: 3, depth: 8 };

/** Three things of one colour each, unevenly lit: sky, roof, field. Colour and its grey. */
const things = [
  { colour: [90, 140, 210], place: [0.5, 0.12], inside: (x: number, y: number) => y < 0.3 - 0.1 * x },
  { colour: [180, 80, 60], place: [0.5, 0.5], inside: (x: number, y: number) => y < 0.7 + 0.05 * Math.sin(20 * x) },
  { colour: [110, 150, 60], place: [0.5, 0.88], inside: () => true },
] as const;

function thingAt(x: number, y: number): (typeof things)[number] {
  return things.find((thing) => thing.inside(x / width, y / height)) ?? things[2];
}

function scene(depth: 8 | 16 = 8, bands: 3 | 4 = 3): { readonly colour: Float64Array; readonly grey: Samples } {
  const random = randomFrom(12);
  const colour = new Float64Array(width * height * 3);
  const full = depth === 8 ? 255 : 65535;
  const grey = depth === 8 ? new Uint8Array(width * height * bands) : new Uint16Array(width * height * bands);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const light = [0.95, 0.7, 1.1][things.indexOf(thingAt(x, y))] as number;
      const shade = light * (0.85 + 0.3 * (x / width)) * (0.98 + 0.04 * random());
      const rgb = thingAt(x, y).colour.map((level) => Math.min(250, level * shade)) as [number, number, number];
      colour.set(rgb, at * 3);
      const luma = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
      grey.fill(Math.round((luma / 255) * full), at * bands, at * bands + 3);
      if (bands === 4) grey[at * 4 + 3] = (at * 31) % (full + 1);
    }
  return { colour, grey };
}

function hint(
  at: readonly [number, number],
  colour: readonly [number, number, number],
  evidence: ColourEvidence = 'object',
): ColourHint {
  const points: Point[] = [
    [at[0] - 0.1, at[1]],
    [at[0] + 0.1, at[1]],
  ];
  return { stroke: { points, radius: 0.01 }, colour, evidence, note: '' };
}

const hints = things.map(({ place, colour }, at) =>
  hint(place, colour, (['object', 'witness', 'conjecture'] as const)[at] as ColourEvidence),
);

function planned(picture: Samples, of: MadeShape, given = hints, protect: readonly ProtectedArea[] = []): LayerFilter {
  const filter = planGuideColour(
    contextOf({ operation: 'guide-colour', hints: given }, picture, of, { protect, factor: 2 }),
  );
  expect(filter).not.toBeNull();
  return filter as LayerFilter;
}

function labAt(picture: Samples | Float64Array, pixel: number, bands = 3): [number, number, number] {
  const scale = picture instanceof Uint16Array ? 255 / 65535 : 1;
  const lab = new Float64Array(3);
  const [r, g, b] = [0, 1, 2].map((band) => (picture[pixel * bands + band] as number) * scale);
  labOf(r as number, g as number, b as number, lab, 0);
  return [...lab] as [number, number, number];
}

describe('guide-colour', () => {
  it('comes close to the true colours from three strokes, where a tint or the nearest stroke does not', () => {
    const { colour, grey } = scene();
    const out = applyBy(planned(grey, shape), grey, shape, 64);
    let [own, nearest, none] = [0, 0, 0];
    for (let pixel = 0; pixel < width * height; pixel++) {
      const [, a, b] = labAt(colour, pixel);
      const [, outA, outB] = labAt(out, pixel);
      const y = Math.floor(pixel / width) / height;
      const closest = [...things].sort((p, q) => Math.abs(p.place[1] - y) - Math.abs(q.place[1] - y))[0];
      const [, nearA, nearB] = labAt(Float64Array.from(closest?.colour ?? []), 0);
      own += (outA - a) ** 2 + (outB - b) ** 2;
      nearest += (nearA - a) ** 2 + (nearB - b) ** 2;
      none += a * a + b * b;
    }
    const rms = (sum: number): number => Math.sqrt(sum / (width * height));
    console.log(
      `guide-colour, error of chroma: grey ${rms(none).toFixed(1)}, nearest stroke ${rms(nearest).toFixed(1)}, own ${rms(own).toFixed(1)}`,
    );
    expect(rms(own)).toBeLessThan(0.6 * rms(nearest));
    expect(rms(own)).toBeLessThan(0.25 * rms(none));
  });

  it('keeps L* of every pixel within 0.5, whatever the colour, in 8 and 16 bits', () => {
    const wild = [
      hint([0.5, 0.12], [255, 0, 0]),
      hint([0.5, 0.5], [0, 0, 255], 'document'),
      hint([0.5, 0.88], [0, 255, 0], 'period-standard'),
    ];
    for (const depth of [8, 16] as const) {
      const of: MadeShape = { ...shape, depth };
      const full = depth === 8 ? 255 : 65535;
      const grey = scene(depth).grey.map((level, at) =>
        Math.floor(at / 3) % 11 === 0 ? Math.floor((((Math.floor(at / 3) * 97) % 1000) / 1000) * full) : level,
      ) as Samples;
      const out = applyBy(planned(grey, of, wild), grey, of, 50);
      let most = 0;
      for (let pixel = 0; pixel < width * height; pixel++)
        most = Math.max(most, Math.abs(labAt(out, pixel)[0] - labAt(grey, pixel)[0]));
      expect(most).toBeLessThan(0.5);
      expect(most).toBeGreaterThan(0);
    }
  });

  it('finds the edges also where earlier steps have moved the tones', () => {
    const { colour, grey } = scene();
    const filter = planGuideColour(contextOf({ operation: 'guide-colour', hints }, grey, shape, { factor: 4 }));
    const lifted = grey.map((level) => Math.round(255 * (level / 255) ** 0.45)) as Samples;
    const nearEdges = (out: Samples): number => {
      let [sum, count] = [0, 0];
      for (let y = 6; y < height - 6; y++)
        for (let x = 0; x < width; x++) {
          if (thingAt(x, y - 5) === thingAt(x, y + 5)) continue;
          const pixel = y * width + x;
          const [, a, b] = labAt(colour, pixel);
          const [, outA, outB] = labAt(out, pixel);
          sum += (outA - a) ** 2 + (outB - b) ** 2;
          count += 1;
        }
      return Math.sqrt(sum / count);
    };
    const usual = nearEdges(applyBy(filter as LayerFilter, grey, shape, 64));
    const moved = nearEdges(applyBy(filter as LayerFilter, lifted, shape, 64));
    console.log(`guide-colour, error of chroma at edges: ${usual.toFixed(1)}, after a lift ${moved.toFixed(1)}`);
    expect(moved).toBeLessThan(1.25 * usual);
  });

  it('leaves what no hint reaches, and protected areas, bit-equal', () => {
    const { grey } = scene();
    const area = { x: 0.3, y: 0.1, width: 0.2, height: 0.6, reason: 'lettering' } as const;
    const only = planned(grey, shape, [hint([0.5, 0.5], [180, 80, 60], 'witness')], [area]);
    const out = applyBy(only, grey, shape, 41);
    let coloured = 0;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const pixel = y * width + x;
        const same = [0, 1, 2].every((band) => out[pixel * 3 + band] === grey[pixel * 3 + band]);
        const inside = x / width >= 0.3 && x / width < 0.5 && y / height >= 0.1 && y / height < 0.7;
        const sky = y < 0.15 * height;
        if ((inside || sky) && !same) expect.fail(`changed at ${x}, ${y}`);
        if (Math.hypot(labAt(out, pixel)[1], labAt(out, pixel)[2]) > 15) coloured += 1;
      }
    expect(coloured / (width * height)).toBeGreaterThan(0.2);
    expect(only.facts[evidenceFact('witness')]).toBeGreaterThan(0.2);
    expect(only.facts[evidenceFact('witness')]).toBeLessThan(0.45);
  });

  it('says which evidence coloured how much; together never more than everything', () => {
    const { grey } = scene();
    const { facts } = planned(grey, shape);
    const shares = (['object', 'witness', 'conjecture'] as const).map((kind) => facts[evidenceFact(kind)] as number);
    const [sky, roof, field] = shares as [number, number, number];
    expect(sky).toBeGreaterThan(0.15);
    expect(roof).toBeGreaterThan(0.3);
    expect(field).toBeGreaterThan(0.2);
    expect(sky + roof + field).toBeLessThanOrEqual(1);
    expect(sky + roof + field).toBeGreaterThan(0.9);
    expect(facts[evidenceFact('document')]).toBeUndefined();
  });

  it('is the same however the picture is cut, bit for bit, alpha kept, 16 bits without steps', () => {
    const of: MadeShape = { ...shape, bands: 4, depth: 16 };
    const { grey } = scene(16, 4);
    const filter = planned(grey, of);
    const whole = applyBy(filter, grey, of, height);
    expect(whole).not.toEqual(grey);
    for (const rows of [1, 17, 100]) expect(applyBy(filter, grey, of, rows)).toEqual(whole);
    const levels = new Set<number>();
    for (let at = 0; at < whole.length; at += 4) {
      if (whole[at + 3] !== grey[at + 3]) expect.fail(`alpha changed at ${at}`);
      levels.add(whole[at] as number);
    }
    expect(levels.size).toBeGreaterThan(5000);
    expect(applyBy(planned(grey, of), grey, of, 64)).toEqual(whole);
  });

  it('takes hints that leave the picture, and has nothing to do without one inside it', () => {
    const { grey } = scene();
    const plan = (given: readonly ColourHint[]): LayerFilter | null =>
      planGuideColour(contextOf({ operation: 'guide-colour', hints: given }, grey, shape, { factor: 2 }));
    expect(plan([])).toBeNull();
    expect(planGuideColour(contextOf({ operation: 'guide-colour' }, grey, shape))).toBeNull();
    expect(plan([hint([3, 3], [200, 0, 0])])).toBeNull();
    expect(plan([hint([NaN, 0.5], [200, 0, 0])])).toBeNull();
    expect(plan([hint([0.5, 0.5], [NaN, 0, 0])])).toBeNull();
    const over = plan([hint([0, 0.5], [200, 40, 40])]);
    expect(over).not.toBeNull();
    const out = applyBy(over as LayerFilter, grey, shape, 90);
    expect(labAt(out, Math.floor(height / 2) * width + 4)[1]).toBeGreaterThan(15);
    const oneBand = contextOf({ operation: 'guide-colour', hints }, new Uint8Array(width * height), {
      ...shape,
      bands: 1,
    });
    expect(planGuideColour(oneBand)).toBeNull();
  });

  it('solves its system: the answer fits every equation', () => {
    const [across, down] = [20, 14];
    const random = randomFrom(4);
    const luma = Float32Array.from({ length: across * down }, () => 100 + 30 * random());
    const given = new Uint8Array(across * down);
    given[25] = 1;
    given[200] = 1;
    const spread = new Spread(luma, across, down, given);
    const answer = spread.solve((cell) => (cell === 25 ? 40 : -10));
    const steep = spread.solve((cell) => (cell === 25 ? 80 : -20));
    for (let cell = 0; cell < answer.length; cell++) {
      expect(answer[cell]).toBeGreaterThan(-10.01);
      expect(answer[cell]).toBeLessThan(40.01);
      expect(steep[cell]).toBeCloseTo(2 * (answer[cell] as number), 1);
    }
    expect(answer[25]).toBeCloseTo(40, 0);
    expect(answer[26]).toBeGreaterThan(answer[219] as number);
  });

  it('prints its speed', () => {
    const of = { width: 1200, height: 500, bands: 3, depth: 8 } as const;
    const picture = new Uint8Array(of.width * of.height * 3).fill(120);
    const filter = planGuideColour(contextOf({ operation: 'guide-colour', hints }, picture, of, { factor: 4 }));
    console.log(`guide-colour: ${speedOf(filter as LayerFilter, of).toFixed(1)} megapixels per second of one core`);
  });
});
