import { join } from 'node:path';
import type { RecipeStep } from '@albumen/domain';
import { expect, it } from 'vitest';
import { surveyPicture } from '../measure/survey.js';
import { Strips } from '../picture/strips.js';
import { leaves, scratchFolder, toSamples, type MadeShape } from '../testing/pictures.js';
import { applyFilter } from './apply-filter.js';
import type { FilterFacts } from './filter-thread.js';
import { filterOf, measuredFrom } from './filters.js';

const shape: MadeShape = { width: 1100, height: 1000, bands: 3, depth: 16 };

/** A picture of its own folder, and a target for what becomes of it. */
async function pictures(): Promise<{ readonly source: Strips; readonly target: Strips }> {
  const folder = await scratchFolder();
  const source = await Strips.create(join(folder, 'source.v'), shape);
  // Faded: half of the scale is left to it.
  const faded = leaves(shape.width, shape.height, 7).map((level) => 70 + level / 2);
  await source.write(0, toSamples(faded, shape));
  return { source, target: await Strips.create(join(folder, 'target.v'), shape) };
}

async function factsFor(source: Strips, step: Partial<RecipeStep>): Promise<FilterFacts> {
  const measured = measuredFrom(await surveyPicture(source, true, () => undefined), shape.bands, [], null, []);
  const asked = { operation: 'correct-tone', strength: 1, parameters: {}, ...step } as RecipeStep;
  return { step: asked, shape, measured: { ...measured, noise: 2, blur: 1.4 }, left: 0.5 };
}

it.each([
  ['correct-tone', 1],
  ['lift-shadows', 0.6],
  ['sharpen', 1],
] as const)('makes the same bytes of %s by one thread and by two', async (operation, strength) => {
  const { source, target } = await pictures();
  const facts = await factsFor(source, { operation, strength });
  const filter = filterOf(facts.step, facts.shape, facts.measured, facts.left);
  expect(filter).not.toBeNull();
  if (filter === null) return;
  const whole = await source.readMirrored(-filter.halo, shape.height + 2 * filter.halo);
  const wanted = Buffer.from(filter.apply(whole, 0, shape.height).buffer);
  for (const threads of [1, 2]) {
    await target.write(0, new Uint16Array(shape.width * shape.height * 3));
    const told: number[] = [];
    await applyFilter({ operation, filter, source, target, facts, threads }, (done) => told.push(done));
    const made = await target.read(0, shape.height);
    expect(Buffer.from(made.buffer).equals(wanted), `${threads} threads`).toBe(true);
    expect(told.at(-1)).toBe(shape.height);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(new Set(told).size).toBeGreaterThan(1);
  }
  expect(wanted.equals(Buffer.from((await source.read(0, shape.height)).buffer))).toBe(false);
  await Promise.all([source.close(), target.close()]);
});

it('throws what fails in the second thread, and ends it', async () => {
  const { source, target } = await pictures();
  const facts = await factsFor(source, {});
  const filter = filterOf(facts.step, facts.shape, facts.measured, facts.left);
  if (filter === null) throw new Error('Expected a filter');
  const unknown = { ...facts, step: { ...facts.step, operation: 'no-such' } as unknown as RecipeStep };
  const filtering = { operation: 'correct-tone', filter, source, target, facts: unknown, threads: 2 } as const;
  await expect(applyFilter(filtering, () => undefined)).rejects.toThrow('no-such');
  await Promise.all([source.close(), target.close()]);
});
