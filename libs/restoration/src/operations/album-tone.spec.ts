import { describe, expect, it } from 'vitest';
import { correctedTones, type DamageReport } from '@albumen/domain';
import { lightnessOf } from '../delta-e.js';
import { contextOf } from '../testing/filtering.js';
import { applyCurve, levelOfLightness, planTone } from '../tone.js';

const none = { share: 0, count: 0, confidence: 0 };

describe('the tones of an album', () => {
  it('are foretold as the tone correction makes them', () => {
    const shape = { width: 8, height: 8, bands: 3, depth: 8 } as const;
    const { reduced, usable } = contextOf({ operation: 'correct-tone' }, new Uint8Array(192).fill(90), shape);
    for (const [black, white] of [
      [3, 97],
      [20, 80],
      [45, 60],
      [0, 100],
      [70, 71],
    ] as const)
      for (const [own, most] of [
        [black, white],
        [30, 66],
        [0, 100],
      ] as const) {
        const parameters = { blackPoint: black, whitePoint: white };
        const [curve] = planTone(reduced, usable, 'toned', parameters).curves;
        const report: DamageReport = {
          version: 2,
          width: 8,
          height: 8,
          masks: { scratch: none, dust: none, stain: none },
          noise: none,
          fading: { value: 0, confidence: 1, blackPoint: own, whitePoint: most },
          cast: { value: 5, confidence: 1, a: 3, b: 4 },
          blur: none,
          tonality: { value: 'toned', confidence: 1 },
          notMeasured: [],
          models: [],
        };
        const told = correctedTones(report, { operation: 'correct-tone', strength: 1, parameters, model: null });
        const made = (lightness: number): number => lightnessOf(applyCurve(curve, levelOfLightness(lightness)));
        expect(told.blackPoint).toBeCloseTo(made(own), 1);
        expect(told.whitePoint).toBeCloseTo(made(most), 1);
        expect(told.castA).toBe(3);
      }
  });
});
