import { describe, expect, it } from 'vitest';
import type { ChangeNumbers, DamageReport, Recipe } from '@albumen/domain';
import { percent, readmeOf, type MadeProposal } from './plain-words.js';

const report: DamageReport = {
  version: 2,
  width: 400,
  height: 300,
  masks: {
    scratch: { share: 0.0123, count: 7, confidence: 0.8 },
    dust: { share: 0, count: 0, confidence: 0 },
    stain: { share: 0, count: 0, confidence: 0 },
  },
  noise: { value: 6.54, confidence: 0.9 },
  fading: { value: 0.25, confidence: 1, blackPoint: 10, whitePoint: 90 },
  cast: { value: 0, confidence: 1, a: 0, b: 0 },
  blur: { value: 0.7, confidence: 0.6 },
  tonality: { value: 'toned', confidence: 1 },
  notMeasured: ['tears', 'something-new'],
  models: [],
};
const recipe: Recipe = {
  version: 1,
  steps: [
    {
      operation: 'repair-damage',
      strength: 1,
      parameters: { grain: 1 },
      model: { id: 'damage-s', version: '1.0.0', sha256: 'a'.repeat(64) },
    },
    { operation: 'correct-tone', strength: 0.5, parameters: { balance: 0 }, model: null },
  ],
};
const numbers: ChangeNumbers = {
  replacedShare: 0.0004,
  regionCount: 3,
  meanDeltaE: 1.234,
  maxDeltaE: 9.87,
  shareMoved: 0.5,
};
const told = (made: MadeProposal | 'not-needed' | 'measured', pages = 1): string =>
  readmeOf({ fileName: 'ảnh.tif', report, made, pages, finishedAt: '2026-11-21T10:00:00.000Z' });

describe('the README of a result', () => {
  it('tells numbers, steps and models in both languages', () => {
    const text = told({ recipe, numbers, signedBy: 'albumen-restore+12345678' });
    for (const part of [
      '7 marks, 1.2 % of the picture (confidence 0.8)',
      '7 vết, 1.2 % diện tích ảnh (độ tin cậy 0.8)',
      'replaced: 0.04 % of the picture; 3 regions worked on',
      '1.23 ΔE2000 on average, 9.9 at most; 50 % of the picture',
      'filled marks from their surroundings (repair-damage, strength 1; grain laid over the fill: 1; can add',
      `damage-s 1.0.0 (sha256 ${'a'.repeat(64)})`,
      'bằng phép tính, không dùng mô hình',
      'signed by the key albumen-restore+12345678',
      'not measured: tears, something-new',
      'không đo: vết rách, something-new',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('pages');
  });

  it('says where noise is white, and which noise a step softened', () => {
    const step = (white: number): Recipe['steps'][number] => ({
      operation: 'reduce-noise',
      strength: 0.7,
      parameters: { white },
      model: { id: white === 1 ? 'denoise-s' : 'restore-s', version: '1.0.0', sha256: 'b'.repeat(64) },
    });
    const read = (value: number, fine: number, white: number, texture?: ChangeNumbers['texture']): string =>
      readmeOf({
        fileName: 'a.tif',
        report: { ...report, noise: { value, confidence: 0.9, fine } },
        made: {
          recipe: { version: 1, steps: [step(white)] },
          numbers: { ...numbers, ...(texture === undefined ? {} : { texture }) },
          signedBy: null,
        },
        pages: 1,
        finishedAt: '2026-11-21T10:00:00.000Z',
      });
    expect(read(7, 0.95, 1)).toContain('noise and grain: 7 / 255, white, as a scanner adds it (confidence 0.9)');
    expect(read(7, 0.95, 1)).toContain('7 / 255, nhiễu trắng, như máy quét tạo ra');
    expect(read(7, 0.95, 1)).toContain('what is softened (white noise: as a scanner adds it): white noise)');
    expect(read(7, 0.2, 0)).toContain('noise and grain: 7 / 255 (confidence 0.9)');
    expect(read(7, 0.2, 0)).toContain('what is softened (white noise: as a scanner adds it): noise and grain)');
    const texture = { grainBefore: 7, grainAfter: 2.1, grainKept: 0.3, rangeBefore: 80, rangeAfter: 80 };
    expect(read(7, 0.95, 1, texture)).toContain('- noise left: 30 % (7 → 2.1)');
    expect(read(7, 0.2, 0, texture)).toContain('- grain kept: 30 % (7 → 2.1)');
    expect(read(2, 0.95, 0)).toContain('noise and grain: 2 / 255 (confidence 0.9)');
  });

  it('says what was not done, not signed, not found', () => {
    expect(told('not-needed')).toContain('NO TREATMENT NEEDED');
    expect(told('not-needed')).not.toContain('proposal.tif');
    expect(told('measured')).toContain('NOTHING CHANGED');
    expect(told('measured', 12)).toContain('12 pages');
    const idle = told({ recipe, numbers: { ...numbers, regionCount: 0, replacedShare: 0 }, signedBy: null });
    expect(idle).toContain('found nothing to do (repair-damage');
    expect(idle).toContain('NOT SIGNED');
    expect(idle).toContain('CHƯA KÝ');
  });
});

describe('shares', () => {
  it.each([
    [0, '0 %'],
    [0.00002, '0.002 %'],
    [0.0123, '1.2 %'],
    [1, '100 %'],
  ])('%d is %s', (share, words) => {
    expect(percent(share)).toBe(words);
  });
});
