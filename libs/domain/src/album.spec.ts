import { describe, expect, it } from 'vitest';
import { albumParameters, albumSpread, correctedTones, measuredSpread, seenSpread } from './album.js';
import type { DamageReport } from './damage-report.js';
import type { ModelPin, ModelPins } from './models.js';
import type { RecipeStep } from './recipe.js';
import type { PictureTones } from './restoration.js';

const toneStep = (blackPoint: number, whitePoint: number): RecipeStep => ({
  operation: 'correct-tone',
  strength: 1,
  parameters: { balance: 0, blackPoint, whitePoint },
  model: null,
});
const pin: ModelPin = { id: 'restore-s', version: '1.0.0', sha256: 'a'.repeat(64) };
const none = { share: 0, count: 0, confidence: 0 };

function report(
  noise: number,
  sigma: number,
  black: number,
  white: number,
  more: Partial<DamageReport> = {},
): DamageReport {
  return {
    version: 2,
    width: 1000,
    height: 800,
    masks: { scratch: { share: 0.02, count: 40, confidence: 0.9 }, dust: none, stain: none },
    noise: { value: noise, confidence: 0.9 },
    fading: { value: 1 - (white - black) / 100, confidence: 0.9, blackPoint: black, whitePoint: white },
    cast: { value: 0, confidence: 0.8, a: 0, b: 0 },
    blur: { value: sigma, confidence: 0.9 },
    tonality: { value: 'toned', confidence: 1 },
    notMeasured: [],
    models: [],
    ...more,
  };
}

const steps: readonly RecipeStep[] = [
  { operation: 'repair-damage', strength: 1, parameters: { grain: 1 }, model: { ...pin, id: 'damage-s' } },
  { operation: 'reduce-noise', strength: 0.5, parameters: {}, model: pin },
  { operation: 'sharpen', strength: 0.7, parameters: { sigma: 1 }, model: null },
  { operation: 'correct-tone', strength: 1, parameters: { balance: 0 }, model: null },
];

const album = [
  report(6, 1.2, 20, 80),
  report(8, 1.5, 24, 74),
  report(9, 1.4, 28, 78),
  report(30, 6, 10, 95),
  report(8.5, 1.6, 26, 70),
];

describe('an album', () => {
  it('shares one recipe, made of medians: one picture that is different does not count', () => {
    const [repair, noise, sharpen, tone] = albumParameters(album, steps);
    expect(repair).toEqual(steps[0]);
    expect(noise?.strength).toBeCloseTo(0.76, 2);
    expect(noise?.model).toEqual(pin);
    expect(sharpen?.parameters).toEqual({ sigma: 1.5 });
    expect(tone?.parameters).toEqual({ balance: 0, blackPoint: 24, whitePoint: 78 });
    expect(albumParameters([...album].reverse(), steps)).toEqual(albumParameters(album, steps));
  });

  it('softens noise with one net, the one that most of its pictures call for', () => {
    const finely = (values: readonly (number | undefined)[], value = 9) =>
      values.map((fine) =>
        report(9, 1, 20, 80, { noise: { value, confidence: 0.9, ...(fine === undefined ? {} : { fine }) } }),
      );
    const white = { ...pin, id: 'denoise-s' };
    const asked = (
      values: readonly (number | undefined)[],
      given: Record<string, number>,
      known: ModelPins,
      value?: number,
    ) => {
      const step: RecipeStep = { operation: 'reduce-noise', strength: 1, parameters: given, model: pin };
      return albumParameters(finely(values, value), [step], 'repair', known)[0]?.parameters;
    };
    const both = { 'restore-s': pin, 'denoise-s': white };
    expect(asked([0.95, 0.97, 0.1], { views: 2 }, both)).toEqual({ views: 2, white: 1 });
    expect(asked([0.95, 0.1, 0.1], { white: 1 }, both)).toEqual({ white: 0 });
    expect(asked([0.95, 0.1, 0.1], {}, both)).toEqual({});
    expect(asked([0.95, undefined, undefined], {}, both)).toEqual({ white: 1 });
    expect(asked([undefined, undefined], {}, both)).toEqual({});
    expect(asked([0.95, 0.97], {}, { 'restore-s': pin })).toEqual({});
    // Noise below the floor, where nothing is proposed: what the first picture called for is not the album's.
    expect(asked([0.95, 0.1, 0.1], { white: 1 }, both, 2)).toEqual({ white: 0 });
    expect(asked([0.1, 0.95, 0.97], { white: 0 }, both, 2)).toEqual({ white: 1 });
  });

  it('takes the mean of both middles of an even number, and keeps sigma inside its limits', () => {
    const [, , sharpen, tone] = albumParameters([report(8, 9, 20, 80), report(8, 9, 30, 70)], steps);
    expect(sharpen?.parameters['sigma']).toBe(3);
    expect(tone?.parameters['blackPoint']).toBe(25);
    expect(tone?.parameters['whitePoint']).toBe(75);
  });

  it('keeps the numbers of a step where nothing was measured', () => {
    expect(albumParameters([], steps)).toEqual(steps);
    const unknown = { value: 0, confidence: 0 };
    const blind = report(0, 0, 0, 0, {
      noise: unknown,
      blur: unknown,
      fading: { ...unknown, blackPoint: 0, whitePoint: 0 },
    });
    expect(albumParameters([blind], steps)).toEqual(steps);
    const [, , sharpen] = albumParameters([blind, report(8, 1.3, 20, 80)], steps);
    expect(sharpen?.parameters['sigma']).toBe(1.3);
  });

  it('balances a cast that most of its colour pictures have', () => {
    const faded = (b: number): DamageReport =>
      report(2, 0.5, 15, 85, {
        tonality: { value: 'colour', confidence: 1 },
        cast: { value: Math.abs(b), confidence: 0.9, a: 0, b },
      });
    const [tone] = albumParameters([faded(14), faded(16), faded(3)], steps.slice(3));
    expect(tone?.parameters['balance']).toBe(1);
    const spread = albumSpread([faded(14), faded(16), faded(3)]);
    expect(spread.measured.castB).toBeGreaterThan(5);
    expect(spread.common.castB).toBeLessThan(0.35 * spread.measured.castB);
  });

  it('measures its spread before and after, by one curve for all and by one for each', () => {
    const spread = albumSpread(album);
    expect(spread.measured.blackPoint).toBeCloseTo(6.375, 2);
    expect(spread.each.blackPoint).toBeLessThan(1.5);
    expect(spread.each.whitePoint).toBeLessThan(0.5 * spread.measured.whitePoint);
    // One curve stretches the differences with everything else: the relations between the pictures stay.
    expect(spread.common.blackPoint).toBeGreaterThan(spread.each.blackPoint);
    expect(albumSpread([])).toEqual(albumSpread(album.slice(0, 0)));
    expect(albumSpread(album.slice(0, 1)).measured).toEqual({ blackPoint: 0, whitePoint: 0, castA: 0, castB: 0 });
  });

  it('is measured before and after on what was really made, beside what was foretold', () => {
    const tone = toneStep(24, 78);
    const tones = (blackPoint: number, whitePoint: number, castB = 0) => ({ blackPoint, whitePoint, castA: 0, castB });
    const made = [
      { report: report(6, 1.2, 20, 80), tones: { before: tones(20, 80), after: tones(3, 95) } },
      { report: report(6, 1.2, 28, 76), tones: { before: tones(28, 76), after: tones(9, 91) } },
    ];
    const spread = measuredSpread(made, [tone]);
    expect(spread?.before).toEqual({ blackPoint: 4, whitePoint: 2, castA: 0, castB: 0 });
    expect(spread?.after).toEqual({ blackPoint: 3, whitePoint: 2, castA: 0, castB: 0 });
    expect(spread?.grew).toEqual([]);
    const each = made.map((one) => correctedTones(one.report, tone).blackPoint);
    expect(spread?.foretold?.blackPoint).toBeCloseTo(Math.abs((each[0] ?? 0) - (each[1] ?? 0)) / 2, 3);
    // Without a correction of tones nothing is foretold; what it grew by is told all the same.
    const apart = made.map((one, at) => ({ ...one, tones: { ...one.tones, after: tones(3, 95, at * 8) } }));
    expect(measuredSpread(apart, steps.slice(0, 1))).toMatchObject({
      foretold: null,
      grew: [{ quantity: 'castB', foretold: false }],
    });
    expect(measuredSpread(made.slice(1), [tone])).toBeNull();
  });

  it('says where its pictures came to lie further apart, and where the correction was known to do so', () => {
    const tone = toneStep(40, 62);
    const of = (before: PictureTones, after: Partial<PictureTones>) => ({
      report: report(6, 1.2, before.blackPoint, before.whitePoint),
      tones: { before, after: { ...before, ...after } },
    });
    const [low, high] = [
      { blackPoint: 40, whitePoint: 58, castA: 1, castB: 1 },
      { blackPoint: 40, whitePoint: 64, castA: 1, castB: 1 },
    ];
    const made = [low, high].map((before) => correctedTones(of(before, {}).report, tone));
    const whites = made.map(({ whitePoint }) => whitePoint) as [number, number];
    const spread = measuredSpread(
      [of(low, { whitePoint: whites[0], castA: -3 }), of(high, { whitePoint: whites[1], castB: 1 + 2 * seenSpread })],
      [tone],
    );
    expect(spread?.grew).toEqual([
      { quantity: 'whitePoint', foretold: true },
      { quantity: 'castA', foretold: false },
    ]);
  });
});
