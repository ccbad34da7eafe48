import { describe, expect, it } from 'vitest';
import { factsOf, operationNames, type Operation } from './operations.js';
import { presetNames, presetOf, presets } from './preset.js';
import { modelKey, type ModelPin, type ModelPins } from './models.js';
import { factsOfStep, levelOf, levelOfStep, modelsFor, proposeRecipe, step, usualParameters } from './recipe.js';
import { mostVariants, storedVariants, variantName } from './restoration.js';
import type { DamageReport } from './damage-report.js';

const pin = (id: string): ModelPin => ({ id, version: '1.0.0', sha256: id.padEnd(64, '0') });
const pins = Object.fromEntries(
  ['damage-s', 'restore-s', 'denoise-s', 'fill-s', 'faces', 'up2', 'up4'].map((id) => [id, pin(id)]),
);

const worn: DamageReport = {
  version: 2,
  width: 1000,
  height: 800,
  masks: {
    scratch: { share: 0.01, count: 20, confidence: 0.9 },
    dust: { share: 0.001, count: 30, confidence: 0.8 },
    stain: { share: 0, count: 0, confidence: 0 },
  },
  noise: { value: 12, confidence: 0.9 },
  fading: { value: 0.5, confidence: 0.9, blackPoint: 20, whitePoint: 70 },
  cast: { value: 2, confidence: 0.8, a: 1, b: 1 },
  blur: { value: 1.6, confidence: 0.9 },
  lowLight: { value: 0.5, confidence: 0.9 },
  tonality: { value: 'toned', confidence: 1 },
  notMeasured: [],
  models: [],
};

describe('stored variants', () => {
  it('hold every combination of a short recipe, and the whole', () => {
    const names = storedVariants(['repair-damage', 'reduce-noise', 'correct-tone']);
    expect(names).toEqual(['n', 'r', 't', 'nt', 'rn', 'rt', 'rnt']);
    expect(names.length).toBe(mostVariants - 1);
  });

  it('hold beginnings and the whole without one step of a long recipe; enlarging lies over the whole only', () => {
    const all = operationNames;
    const names = storedVariants(all);
    const letters = all.filter((name) => name !== 'enlarge').map((name) => factsOf(name).letter);
    const whole = [...new Set(letters)].join('');
    expect(names).toContain(whole);
    expect(names).toContain(`${whole}u`);
    expect(names.filter((name) => name.endsWith('u'))).toEqual([`${whole}u`]);
    for (const letter of whole) expect(names).toContain(whole.replace(letter, ''));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeLessThan(2 * all.length + 1);
  });

  it('are named by letters of their own in the order of the table', () => {
    const layers = operationNames.filter((name) => factsOf(name).kind === 'layer');
    const regions = operationNames.filter((name) => factsOf(name).kind === 'region');
    // Regions are accepted one by one: all of them share a letter.
    const letters = new Set(operationNames.map((name) => factsOf(name).letter));
    expect(new Set(regions.map((name) => factsOf(name).letter)).size).toBe(1);
    expect(letters.size).toBe(layers.length + 1);
    expect(variantName({ regions: true, operations: ['correct-tone', 'reduce-noise'] })).toBe('rnt');
    expect(variantName({ regions: false, operations: ['enlarge', 'sharpen'] })).toBe('su');
  });
});

describe('presets', () => {
  it('stand for the treatment levels, and propose nothing above their own', () => {
    for (const [level, name] of presetNames.entries()) {
      expect(presets[name].level).toBe(level);
      expect(presetOf(presets[name].level)).toBe(name);
      for (const operation of presets[name].proposes) expect(factsOf(operation).level).toBeLessThanOrEqual(level);
    }
  });

  it('let the faithful one propose nothing however worn the picture is', () => {
    expect(proposeRecipe(worn, pins, 'faithful').steps).toEqual([]);
    const operations = proposeRecipe(worn, pins, 'repair').steps.map(({ operation }) => operation);
    expect(operations).toEqual(['repair-damage', 'reduce-noise', 'sharpen', 'correct-tone', 'lift-shadows']);
  });

  it('keep the strength of denoising under their limit', () => {
    const noisy = { ...worn, noise: { value: 40, confidence: 0.9 } };
    for (const name of ['repair', 'reconstruct'] as const) {
      const found = proposeRecipe(noisy, pins, name).steps.find(({ operation }) => operation === 'reduce-noise');
      expect(found?.strength).toBeLessThanOrEqual(presets[name].noiseStrength);
      expect(found?.strength).toBeGreaterThan(0.5);
    }
  });

  it('soften white noise with the net for it, and everything else with the other', () => {
    const found = (fine: number | undefined, known: ModelPins = pins) => {
      const noise = { value: 12, confidence: 0.9, ...(fine === undefined ? {} : { fine }) };
      return proposeRecipe({ ...worn, noise }, known).steps.find(({ operation }) => operation === 'reduce-noise');
    };
    for (const fine of [0.8, 0.97, 1.15])
      expect(found(fine)).toMatchObject({ parameters: { white: 1 }, model: pin('denoise-s') });
    // Grain, noise that went through JPEG, the screen of a print, and a report that does not tell.
    for (const fine of [0.06, 0.22, 0.79, 1.16, undefined])
      expect(found(fine)).toMatchObject({ parameters: {}, model: pin('restore-s') });
    const { 'denoise-s': _, ...without } = pins;
    expect(found(1, without)).toMatchObject({ parameters: {}, model: pin('restore-s') });
  });

  it('leave to the measurements what a step asked for says nothing of, below the floor too', () => {
    const faint = (fine: number): DamageReport => ({ ...worn, noise: { value: 2, confidence: 0.9, fine } });
    expect(proposeRecipe(faint(1), pins).steps.map(({ operation }) => operation)).not.toContain('reduce-noise');
    expect(usualParameters('reduce-noise', faint(1), pins)).toEqual({ white: 1, views: 1 });
    expect(usualParameters('reduce-noise', faint(0.1), pins)).toEqual({ white: 0, views: 1 });
    const { 'denoise-s': _, ...without } = pins;
    expect(usualParameters('reduce-noise', faint(1), without)).toEqual({ white: 0, views: 1 });
    const blurred = { ...worn, blur: { value: 40, confidence: 1 } };
    expect(usualParameters('sharpen', blurred, pins)['sigma']).toBe(3);
    expect(usualParameters('correct-tone', worn, pins)).toMatchObject({
      blackPoint: worn.fading.blackPoint,
      whitePoint: worn.fading.whitePoint,
    });
  });

  it('ask older reports nothing that they did not measure', () => {
    const { lowLight: _, ...rest } = worn;
    const operations = proposeRecipe({ ...rest, version: 1 }, pins).steps.map(({ operation }) => operation);
    expect(operations).toEqual(['repair-damage', 'reduce-noise', 'correct-tone']);
  });
});

describe('a step', () => {
  it('pins every model it uses', () => {
    expect(step('repair-damage', 1, { grain: 1 }, pins)).toMatchObject({
      model: pin('damage-s'),
      further: [pin('fill-s')],
    });
    expect(step('repair-damage', 1, {}, { 'damage-s': pin('damage-s') })).not.toHaveProperty('further');
    expect(step('enlarge', 1, { scale: 4 }, pins)).toMatchObject({ model: pin('up2'), further: [pin('up4')] });
    expect(step('enlarge', 1, { scale: 2 }, pins)).not.toHaveProperty('further');
    expect(() => step('enlarge', 1, { scale: 4 }, { up2: pin('up2') })).toThrow(/up4/);
    expect(() => step('reduce-noise', 1, {}, {})).toThrow(/restore-s/);
    for (const [white, id] of [
      [0, 'restore-s'],
      [1, 'denoise-s'],
    ] as const) {
      const made = step('reduce-noise', 1, { white }, pins);
      expect([made.model, made.further]).toEqual([pin(id), undefined]);
    }
    expect(() => step('reduce-noise', 1, { white: 1 }, { 'restore-s': pin('restore-s') })).toThrow(/denoise-s/);
  });

  it('refuses parameters that the table does not have or that lie outside their limits', () => {
    const wrong: [Operation, Record<string, number>][] = [
      ['reduce-noise', { sigma: 1 }],
      ['reduce-noise', { white: 0.5 }],
      ['sharpen', { sigma: 30 }],
      ['correct-tone', { balance: -0.1 }],
      ['correct-tone', { balance: Number.NaN }],
      ['correct-tone', { toString: 1 }],
    ];
    for (const [operation, parameters] of wrong)
      expect(() => step(operation, 1, parameters, pins)).toThrow(
        expect.objectContaining({ code: 'restoration.parameter-out-of-range' }),
      );
  });
});

describe('a step with a model that was brought in', () => {
  const brought = (id: string, adapter: ModelPin['adapter'], more: Partial<ModelPin> = {}): ModelPin => ({
    ...pin(id),
    ...(adapter === undefined ? {} : { adapter }),
    licence: 'MIT',
    level: 2,
    ...more,
  });
  const scunet = brought('scunet', 'image2image');
  const lama = brought('lama', 'inpaint');
  const esrgan = brought('esrgan', 'upscale', { scale: 4 });
  const gfpgan = brought('gfpgan', 'face-512', { level: 3 });
  const own = ['damage-s', 'fill-s', 'restore-s', 'denoise-s', 'faces', 'up2', 'up4'].map(pin);
  const pins: Record<string, ModelPin> = {
    ...Object.fromEntries(own.map((each) => [each.id, each])),
    ...Object.fromEntries([scunet, lama, esrgan, gfpgan].map((each) => [modelKey(each), each])),
  };
  const name = ({ id, version }: ModelPin) => ({ id, version });

  it('pins it in the place that the table says', () => {
    expect(step('reduce-noise', 1, {}, pins, name(scunet))).toMatchObject({ model: scunet });
    expect(step('reduce-noise', 1, {}, pins).model?.id).toBe('restore-s');
    // Which net of Albumen's own it would be says nothing of another.
    const views = step('reduce-noise', 1, { white: 1, views: 2 }, pins, name(scunet));
    expect([views.model, views.parameters]).toEqual([scunet, { views: 2 }]);
    const repair = step('repair-damage', 1, {}, pins, name(lama));
    expect([repair.model?.id, repair.further]).toEqual(['damage-s', [lama]]);
    expect(step('treat-faces', 1, {}, pins, name(gfpgan)).further).toEqual([gfpgan]);
    expect(step('enlarge', 1, { scale: 4 }, pins, name(esrgan)).model).toEqual(esrgan);
    // The only one that fits need not be named.
    expect(step('rebuild-area', 1, {}, pins).model).toEqual(lama);
  });

  it('is refused where it does not fit, is not there, or nothing says which', () => {
    const refused = (make: () => unknown): unknown => {
      try {
        return make();
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(refused(() => step('reduce-noise', 1, {}, pins, name(lama)))).toBe('model.unsuitable');
    expect(refused(() => step('lift-shadows', 1, {}, pins, name(scunet)))).toBe('model.unsuitable');
    expect(refused(() => step('enlarge', 1, { scale: 2 }, pins, name(esrgan)))).toBe('model.unsuitable');
    expect(refused(() => step('enlarge', 1, {}, pins, name(esrgan)))).toBe('model.unsuitable');
    expect(refused(() => step('sharpen', 1, {}, pins, { id: 'scunet', version: '9' }))).toBe('model.missing');
    expect(refused(() => step('suggest-colour', 1, {}, pins))).toBe('model.needed');
    const second = brought('mi-gan', 'inpaint');
    expect(refused(() => step('rebuild-area', 1, {}, { ...pins, [modelKey(second)]: second }))).toBe('model.needed');
  });

  it('gives its step the numbers that it takes, and no other step has them', () => {
    const codeformer = { ...brought('codeformer', 'face-512', { level: 3 }), takes: ['fidelity'] };
    const own = { ...pins, [modelKey(codeformer)]: codeformer };
    expect(step('treat-faces', 1, {}, own, name(codeformer)).parameters).toEqual({ fidelity: 0.5 });
    expect(step('treat-faces', 1, { fidelity: 0.9 }, own, name(codeformer)).parameters).toEqual({ fidelity: 0.9 });
    expect(step('treat-faces', 1, {}, own).parameters).toEqual({});
    const refused = expect.objectContaining({ code: 'restoration.parameter-out-of-range' });
    expect(() => step('treat-faces', 1, { fidelity: 1.1 }, own, name(codeformer))).toThrow(refused);
    const notTaken = expect.objectContaining({ code: 'model.parameter-not-taken' });
    expect(() => step('treat-faces', 1, { fidelity: 0.9 }, own, name(gfpgan))).toThrow(notTaken);
    expect(() => step('treat-faces', 1, { fidelity: 0.9 }, own)).toThrow(notTaken);
  });

  it('stands at the level it was accepted for, never below its operation', () => {
    const reduced = step('reduce-noise', 1, {}, pins, name(scunet));
    expect(levelOf({ version: 1, steps: [reduced] })).toBe(2);
    expect(factsOfStep(reduced).canInvent).toBe(true);
    const gentle = { ...scunet, level: 1 } as const;
    const plain = step('reduce-noise', 1, {}, { ...pins, [modelKey(gentle)]: gentle }, name(gentle));
    expect([levelOfStep(plain), factsOfStep(plain).canInvent]).toEqual([1, false]);
    expect(levelOfStep(step('treat-faces', 1, {}, pins, name(gfpgan)))).toBe(3);
    expect(factsOfStep(step('treat-faces', 1, {}, pins)).canInvent).toBe(false);
    expect(factsOfStep(step('treat-faces', 1, {}, pins, name(gfpgan)))).toMatchObject({
      canInvent: true,
      sourceType: 'compositeWithTrainedAlgorithmicMedia',
    });
    expect(levelOfStep(step('rebuild-area', 1, {}, pins, name({ ...lama, level: 1 })))).toBe(2);
  });

  it('is offered to the operations that the table names', () => {
    expect(modelsFor('rebuild-area', pins)).toEqual([lama]);
    expect(modelsFor('repair-damage', pins)).toEqual([lama]);
    expect(modelsFor('enlarge', pins, 2)).toEqual([]);
    expect(modelsFor('enlarge', pins, 4)).toEqual([esrgan]);
    expect(modelsFor('correct-tone', pins)).toEqual([]);
  });

  it('is proposed by no preset', () => {
    for (const preset of presetNames)
      for (const operation of presets[preset].proposes) expect(factsOf(operation).broughtIn?.how).not.toBe('needed');
  });
});
