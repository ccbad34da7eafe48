import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { DamageClass } from '@albumen/domain';
import { markRuleFrom, markRuleOf } from '../mark-rule.js';
import { marksOfPlane } from '../testing/marks-of-plane.js';

/** Made by `models/evaluation/make_outlines.py`; the Python that judges nets is compared with the same files. */
const at = (name: string): string =>
  fileURLToPath(new URL(`../../../../models/evaluation/outlines/${name}`, import.meta.url));

async function values(name: string, channels: 1 | 3): Promise<{ data: Uint8Array; width: number; height: number }> {
  const image = sharp(at(name))
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .removeAlpha();
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(channels);
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

describe('the rule for marks', () => {
  it('draws the committed outlines', async () => {
    const facts = JSON.parse(await readFile(at('rule.json'), 'utf8')) as {
      readonly classes: readonly DamageClass[];
      readonly thresholds: Readonly<Record<DamageClass, number>>;
      readonly marks: unknown;
    };
    const { outline } = markRuleFrom(facts.marks);
    const luma = await values('luma.png', 1);
    const { data: chances } = await values('probability.png', 3);
    const { data: wanted } = await values('outline.png', 3);
    for (const [kind, name] of facts.classes.entries()) {
      const plane = Float32Array.from(luma.data, (_, pixel) => (chances[pixel * 3 + kind] as number) / 255);
      const expected = Uint8Array.from(luma.data, (_, pixel) => ((wanted[pixel * 3 + kind] as number) > 127 ? 1 : 0));
      const found = await marksOfPlane(plane, luma, { name, threshold: facts.thresholds[name], outline });
      expect(found.filter((mark, pixel) => mark !== expected[pixel]).length, name).toBe(0);
      expect(expected.includes(1), name).toBe(true);
    }
  });

  it('is refused where the description of a net has none, or not all of it', () => {
    const model = { id: 'damage-s', version: '2.0.0' };
    expect(() => markRuleOf(model)).toThrow(
      expect.objectContaining({
        code: 'model.missing',
        details: { model: 'damage-s 2.0.0: its description has no rule for marks' },
      }),
    );
    const halfSizeLoss = { scratch: 1, dust: 0, stain: 0 };
    expect(() => markRuleFrom({ halfSizeLoss, outline: { share: 0.5, least: 3, near: 6, wide: 24 } })).toThrow(
      /marks.outline.free/,
    );
    expect(() => markRuleFrom({ outline: {} })).toThrow(/marks.halfSizeLoss.scratch/);
  });
});
