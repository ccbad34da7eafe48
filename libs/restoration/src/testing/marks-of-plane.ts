import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { damageClasses, type DamageClass } from '@albumen/domain';
import { growth, markRules, thickest } from '../child/damage-masks.js';
import type { OutlineRule } from '../mark-rule.js';
import { outlined } from '../measure/mark-outline.js';
import { MarkCollector, thicknessOf } from '../picture/runs.js';
import { Strips } from '../picture/strips.js';

/**
 * Marks of one class as 1 (else 0) in a plane of probabilities (0..1) of a picture held in memory, by the engine's rules;
 * only the border of a picture is not left out. `luma` is 8 bit, one value a pixel.
 */
export async function marksOfPlane(
  plane: Float32Array,
  luma: { readonly data: Uint8Array; readonly width: number; readonly height: number },
  rule: { readonly name: DamageClass; readonly threshold: number; readonly outline: OutlineRule },
): Promise<Uint8Array> {
  const { width, height } = luma;
  const { area, seeds } = markRules[rule.name];
  const floor = Math.max(growth.least, growth.share * rule.threshold);
  const kind = damageClasses.indexOf(rule.name) + 1;
  const collector = new MarkCollector();
  for (let y = 0; y < height; y++) {
    const row = plane.subarray(y * width, (y + 1) * width);
    collector.addRow(
      y,
      Uint8Array.from(row, (chance) => (chance >= floor ? kind : 0)),
      Uint8Array.from(row, (chance) => Math.round(chance * 255)),
      Uint8Array.from(row, (chance) => (chance >= rule.threshold ? 1 : 0)),
    );
  }
  const marks = collector.marks(
    (mark) =>
      mark.area >= area &&
      mark.seeds >= Math.max(3, seeds * mark.area) &&
      (rule.name === 'stain' || thicknessOf(mark) < thickest),
  );
  const folder = await mkdtemp(join(tmpdir(), 'albumen-marks-'));
  const picture = await Strips.create(join(folder, 'luma.v'), { width, height, bands: 1, depth: 8 });
  try {
    await picture.write(0, luma.data);
    const found = new Uint8Array(width * height);
    for (const { runs } of await outlined(picture, marks, rule.outline))
      for (const { y, from, to } of runs) found.fill(1, y * width + from, y * width + to);
    return found;
  } finally {
    await picture.close();
    await rm(folder, { recursive: true });
  }
}
