import { expect, it } from 'vitest';
import { protectedByDefault, type DamageReport } from '@albumen/domain';
import { requestedRecipe } from './requested-recipe.js';

const none = { share: 0, count: 0, confidence: 0 };
const report: DamageReport = {
  version: 2,
  width: 800,
  height: 600,
  masks: { scratch: none, dust: none, stain: none },
  noise: { value: 1, confidence: 1 },
  fading: { value: 0, confidence: 1, blackPoint: 2, whitePoint: 98 },
  cast: { value: 0, confidence: 1, a: 0, b: 0 },
  blur: { value: 1, confidence: 1 },
  tonality: { value: 'colour', confidence: 1 },
  lettering: [{ box: { x: 80, y: 60, width: 160, height: 30 }, confidence: 0.8 }],
  notMeasured: [],
  models: [],
};
const ground = { report, pins: {}, preset: 'repair' } as const;
const steps = [{ operation: 'sharpen', strength: 0.5, parameters: {} }];

it('protects the lettering that was found unless the request says what is protected', () => {
  expect(requestedRecipe({ steps }, ground).protect).toEqual(protectedByDefault(report));
  const own = { x: 0.5, y: 0.5, width: 0.1, height: 0.1, reason: 'stamp' } as const;
  expect(requestedRecipe({ steps, protect: [own] }, ground).protect).toEqual([own]);
  expect(requestedRecipe({ steps, protect: [] }, ground)).not.toHaveProperty('protect');
});
