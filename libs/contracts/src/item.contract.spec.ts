import { expect, it } from 'vitest';
import { proposeRecipe, type DamageReport, type MaskedDamage } from '@albumen/domain';
import { damageReportView } from './item.contract.js';

const measured = (value: number) => ({ value, confidence: 0.9 });
const marks = (count: number, credible: number): Required<MaskedDamage> => ({
  share: count / 1000,
  count,
  confidence: 0.8,
  credible: { share: credible / 1000, count: credible },
});
const box = { x: 1, y: 2, width: 30, height: 40 };
/** Everything that a report may tell. */
const report: Required<DamageReport> = {
  version: 2,
  width: 800,
  height: 600,
  masks: { scratch: marks(40, 0), dust: marks(9, 0), stain: marks(1, 0) },
  noise: measured(1),
  fading: { ...measured(0), blackPoint: 2, whitePoint: 98 },
  cast: { ...measured(0), a: 0, b: 0 },
  blur: measured(1),
  lowLight: measured(0),
  capture: { clippedShadows: measured(0), clippedHighlights: measured(0), skew: measured(1), border: measured(0.1) },
  faces: [{ box, landmarks: [[1, 2]], score: 0.7 }],
  losses: [{ kind: 'tear', box, share: 0.1, confidence: 0.6 }],
  lettering: [{ box, confidence: 0.9 }],
  marksOnLettering: 3,
  tonality: { value: 'toned', confidence: 1 },
  notMeasured: ['handwriting'],
  models: [{ id: 'damage-s', version: '1.0.0', sha256: 'a'.repeat(64) }],
};

it('passes a damage report through as it is, so that a reader proposes what the server does', () => {
  const read = damageReportView.parse(report);
  expect(read).toEqual(report);
  expect(proposeRecipe(report, {}).steps).toEqual([]);
  expect(proposeRecipe(read as DamageReport, {}).steps).toEqual([]);
});
