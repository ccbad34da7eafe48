import { beforeEach, describe, expect, it } from 'vitest';
import { requestRestoration, type DamageReportView } from '@albumen/contracts';
import { markUpLimits, presetNames, presets, type ColourHint, type Stroke } from '@albumen/domain';
import { RecipeDraft, freshStep, proposalOf } from './recipe-draft';

const measured = (value: number, confidence = 0.9): { value: number; confidence: number } => ({ value, confidence });
const report: DamageReportView = {
  version: 2,
  width: 1000,
  height: 800,
  masks: {
    scratch: { share: 0.01, count: 12, confidence: 0.9 },
    dust: { share: 0, count: 0, confidence: 0 },
    stain: { share: 0, count: 0, confidence: 0 },
  },
  noise: measured(9),
  fading: { ...measured(0.4), blackPoint: 18, whitePoint: 79 },
  cast: { ...measured(2), a: 1, b: 1 },
  blur: measured(0.6),
  lowLight: measured(0.1),
  tonality: { value: 'black-and-white', confidence: 0.9 },
  notMeasured: [],
  models: [],
};
const stroke: Stroke = {
  points: [
    [0.1, 0.1],
    [0.3, 0.1],
  ],
  radius: 0.01,
};
const hint: ColourHint = { stroke, colour: [10, 20, 30], evidence: 'object', note: 'inv. 12' };
const size = { width: 1000, height: 800 };
const model = { id: 'lama', version: '1.0.0' };

describe('proposalOf', () => {
  it('proposes what the measurements call for and nothing above the preset', () => {
    expect([...proposalOf(report, 'repair').keys()]).toEqual(['repair-damage', 'reduce-noise', 'correct-tone']);
    expect(proposalOf(report, 'repair').get('correct-tone')?.parameters).toMatchObject({
      blackPoint: 18,
      whitePoint: 79,
    });
    for (const preset of presetNames)
      for (const operation of proposalOf(report, preset).keys())
        expect(presets[preset].proposes, preset).toContain(operation);
    expect(proposalOf(report, 'faithful').size).toBe(0);
  });
});

describe('RecipeDraft', () => {
  let draft: RecipeDraft;
  beforeEach(() => {
    draft = new RecipeDraft();
    draft.begin(report, 'repair');
  });

  it('leaves an untouched proposal to the server and has nothing to lose', () => {
    expect([draft.dirty(), draft.missing()]).toEqual([false, null]);
    expect(draft.body()).toEqual({ preset: 'repair', protect: [] });
  });

  it('sends every step once it is changed, in the order of a recipe, as the contract takes it', () => {
    draft.setStep('enlarge', { strength: 1, parameters: { scale: 4 } });
    draft.setStep('reduce-noise', null);
    draft.addStroke(stroke);
    draft.addHint(hint);
    draft.addProtected({ x: 0.2, y: 0.2, width: 0.1, height: 0.1, reason: 'stamp' });
    const { steps, protect, preset } = requestRestoration.parse(draft.body());
    expect(preset).toBeUndefined();
    expect(steps?.map(({ operation }) => operation)).toEqual([
      'repair-damage',
      'correct-tone',
      'guide-colour',
      'enlarge',
    ]);
    expect(steps?.[0]?.strokes).toEqual([stroke]);
    expect(steps?.[2]?.hints).toEqual([hint]);
    expect(protect).toEqual([{ x: 0.2, y: 0.2, width: 0.1, height: 0.1, reason: 'stamp' }]);
    expect(draft.dirty()).toBe(true);
  });

  it('keeps a protected area with an untouched proposal', () => {
    draft.addProtected({ x: 0, y: 0, width: 0.5, height: 0.5, reason: 'face' });
    expect(requestRestoration.parse(draft.body())).toMatchObject({ preset: 'repair', protect: [{ reason: 'face' }] });
  });

  it('says what is missing and what of the drawing no step uses', () => {
    draft.propose('faithful');
    expect(draft.missing()).toBe('step');
    draft.setStep('guide-colour', { strength: 1, parameters: {} });
    expect(draft.missing()).toBe('colour');
    draft.addHint(hint);
    draft.addStroke(stroke);
    expect(draft.missing()).toBeNull();
    draft.setStep('repair-damage', null);
    expect(draft.unused()).toEqual({ strokes: 1, stained: 0, lost: 0, hints: 0 });
  });

  it('sends a stain that was painted over with the step that takes it back', () => {
    draft.propose('faithful');
    draft.addStained(stroke);
    const [step] = requestRestoration.parse(draft.body()).steps ?? [];
    expect(step).toMatchObject({ operation: 'reduce-stains', strokes: [{ radius: stroke.radius }] });
    draft.propose('faithful');
    expect([...draft.steps().keys()]).toEqual(['reduce-stains']);
    draft.setStep('reduce-stains', null);
    expect(draft.unused()).toMatchObject({ stained: 1, strokes: 0 });
    draft.undo();
    expect(draft.drawn()).toBe(false);
  });

  it('says when more is drawn than one request can hold, line by line and point by point', () => {
    for (let drawn = 0; drawn < markUpLimits.strokes; drawn++) draft.addStroke(stroke);
    expect(draft.missing()).toBeNull();
    expect(requestRestoration.safeParse(draft.body()).success).toBe(true);
    draft.addStroke(stroke);
    expect(draft.missing()).toBe('fewer');
    expect(requestRestoration.safeParse(draft.body()).success).toBe(false);
    draft.setStep('repair-damage', null);
    draft.setStep('sharpen', freshStep('sharpen'));
    expect(draft.missing()).toBeNull();
    draft.begin(report, 'repair');
    for (let drawn = 0; drawn < 26; drawn++) draft.addStroke({ ...stroke, points: Array.from({ length: 2000 }, () => [0.5, 0.5] as const) }); // prettier-ignore
    expect(draft.missing()).toBe('fewer');
  });

  it('keeps the drawing and the steps it needs when another preset is chosen', () => {
    draft.addStroke(stroke);
    draft.propose('faithful');
    expect([...draft.steps().keys()]).toEqual(['repair-damage']);
    expect(requestRestoration.parse(draft.body()).steps?.[0]?.strokes).toHaveLength(1);
  });

  it('erases what the brush touches and brings all of it back with one undo', () => {
    draft.addStroke(stroke);
    draft.addHint({ ...hint, stroke: { ...stroke, points: [[0.9, 0.9]] } });
    draft.addProtected({ x: 0, y: 0, width: 0.2, height: 0.2, reason: 'other' });
    draft.beginErasing();
    draft.erase([0.2, 0.105], 0.005, size);
    draft.erase([0.1, 0.15], 0.005, size);
    expect(draft.markUp()).toMatchObject({ strokes: [], protect: [] });
    expect(draft.markUp().hints).toHaveLength(1);
    draft.undo();
    expect([draft.markUp().strokes.length, draft.markUp().protect.length]).toEqual([1, 1]);
    draft.undo();
    draft.undo();
    draft.undo();
    expect([draft.drawn(), draft.mayUndo()]).toEqual([false, false]);
  });

  it('asks for lost areas by themselves, with the model that rebuilds them', () => {
    draft.addLost(stroke, model);
    draft.addStroke({ ...stroke, points: [[0.5, 0.5]] });
    const { steps } = requestRestoration.parse(draft.body());
    expect(steps?.map(({ operation, strokes, model: named }) => [operation, strokes?.length, named])).toEqual([
      ['repair-damage', 1, undefined],
      ['rebuild-area', 1, model],
      ['reduce-noise', undefined, undefined],
      ['correct-tone', undefined, undefined],
    ]);
    expect(steps?.[1]?.strokes).toEqual([stroke]);
  });

  it('cannot be sent with nothing to rebuild, and says which lost areas nobody rebuilds', () => {
    draft.setStep('rebuild-area', freshStep('rebuild-area', model));
    expect(draft.missing()).toBe('lost');
    draft.addLost(stroke, model);
    expect(draft.missing()).toBeNull();
    draft.setStep('rebuild-area', null);
    expect(draft.unused().lost).toBe(1);
    expect(requestRestoration.parse(draft.body()).steps?.some(({ model: named }) => named)).toBe(false);
  });

  it('keeps lost areas with their model when another preset is chosen, which none of them proposes', () => {
    draft.addLost(stroke, model);
    draft.propose('faithful');
    expect([...draft.steps()]).toEqual([['rebuild-area', freshStep('rebuild-area', model)]]);
    for (const preset of presetNames) expect(proposalOf(report, preset).has('rebuild-area'), preset).toBe(false);
    for (const preset of presetNames) expect(proposalOf(report, preset).has('suggest-colour'), preset).toBe(false);
  });

  it('erases a lost area and brings it back', () => {
    draft.addLost(stroke, model);
    draft.beginErasing();
    draft.erase([0.2, 0.105], 0.005, size);
    expect(draft.drawn()).toBe(false);
    draft.undo();
    expect(draft.markUp().lost).toEqual([stroke]);
  });

  it('sends the model that a step names, and none where it goes Albumen’s own way', () => {
    draft.setStep('enlarge', { ...freshStep('enlarge'), model });
    const { steps } = requestRestoration.parse(draft.body());
    expect(steps?.find(({ operation }) => operation === 'enlarge')?.model).toEqual(model);
    expect(steps?.filter((step) => 'model' in step)).toHaveLength(1);
  });

  it('begins with the lettering that was found as protected, and lifts it where a person takes it away', () => {
    const box = { x: 100, y: 100, width: 200, height: 40 };
    draft.begin({ ...report, lettering: [{ box, confidence: 0.9 }] }, 'repair');
    expect(draft.dirty()).toBe(false);
    expect(requestRestoration.parse(draft.body()).protect).toEqual([
      expect.objectContaining({ reason: 'lettering', x: expect.closeTo((100 - 6) / report.width, 5) as number }),
    ]);
    draft.remove('protect', 0);
    expect(draft.dirty()).toBe(true);
    // An empty list says that nothing is protected; left out, the server would protect it again.
    expect(requestRestoration.parse(draft.body()).protect).toEqual([]);
  });

  it('keeps a rectangle that is changed by numbers inside the picture', () => {
    draft.addProtected({ x: 0.5, y: 0.5, width: 0.2, height: 0.2, reason: 'face' });
    draft.changeProtected(0, { x: 0.9, width: 0.6 });
    const [area] = requestRestoration.parse(draft.body()).protect ?? [];
    expect(area).toMatchObject({ x: 0.9, y: 0.5, height: 0.2 });
    expect((area?.x ?? 0) + (area?.width ?? 0)).toBeCloseTo(1, 9);
  });
});
