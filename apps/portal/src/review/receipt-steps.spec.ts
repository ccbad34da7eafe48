import { describe, expect, it } from 'vitest';
import { readReceiptSteps } from './receipt-steps';

const pin = { id: 'restore-s', version: '1.0.0', sha256: 'ab'.repeat(32) };
const signed = (recipe: unknown, derived?: unknown): unknown => ({
  receipt: { type: 'albumen-receipt', recipe, ...(derived ? { derived } : {}) },
  signature: { value: 'x' },
});

describe('readReceiptSteps', () => {
  it('gives each step its numbers, what the engine derived, and every model by its bytes', () => {
    const [step] = readReceiptSteps(
      signed(
        {
          version: 1,
          steps: [
            {
              operation: 'correct-tone',
              strength: 0.8,
              parameters: { balance: 1 },
              model: pin,
              further: [{ ...pin, id: 'fill-s' }],
            },
          ],
        },
        { 'correct-tone': { blackPoint: 12.5, curve: 'measured' } },
      ),
    );
    expect(step).toMatchObject({ strength: 0.8, parameters: { balance: 1 }, derived: { blackPoint: 12.5 } });
    expect(step?.models.map(({ id }) => id)).toEqual(['restore-s', 'fill-s']);
  });

  it('reads receipts of older versions, which name neither parameters nor further models', () => {
    expect(readReceiptSteps(signed({ steps: [{ operation: 'sharpen', strength: 1 }] }))).toEqual([
      { operation: 'sharpen', strength: 1, parameters: {}, derived: {}, models: [] },
    ]);
  });

  it('refuses what is no receipt', () => {
    expect(() => readReceiptSteps({ recipe: { steps: [] } })).toThrow();
  });
});
