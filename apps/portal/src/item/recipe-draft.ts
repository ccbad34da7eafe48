import { computed, signal } from '@angular/core';
import {
  factsOf,
  markUpLimits,
  operationNames,
  proposeRecipe,
  protectedByDefault,
  type ColourHint,
  type DamageReport,
  type ModelName,
  type Operation,
  type Point,
  type PresetName,
  type ProtectedArea,
  type Stroke,
} from '@albumen/domain';
import type { DamageReportView, RequestRestorationInput } from '@albumen/contracts';
import type { MarkUp } from '../viewer/drawn-marks';
import { holds, touches, type Size } from '../viewer/mark-up-geometry';

/** Strength (0..1) and the numbers of a chosen step; a number that is left out is taken from the measurements. */
export interface ChosenStep {
  readonly strength: number;
  readonly parameters: Readonly<Record<string, number>>;
  /** A model that was brought in; without it the step goes Albumen's own way. */
  readonly model?: ModelName;
}
export type ChosenSteps = ReadonlyMap<Operation, ChosenStep>;

const nothing: MarkUp = { strokes: [], stained: [], lost: [], hints: [], protect: [] };

/** Steps that the measurements call for within a preset, as the server would propose them; it pins the models. */
export function proposalOf(report: DamageReportView, preset: PresetName): ChosenSteps {
  const pins = Object.fromEntries(
    operationNames
      .flatMap((name) => [...factsOf(name).models, ...(factsOf(name).optionalModels ?? [])])
      .map((id) => [id, { id, version: '', sha256: '' }]),
  );
  const { steps } = proposeRecipe(report as DamageReport, pins, preset);
  return new Map(steps.map(({ operation, strength, parameters }) => [operation, { strength, parameters }]));
}

/** What a step starts with when a person chooses it; one without a way of its own names a model from the start. */
export function freshStep(operation: Operation, model?: ModelName): ChosenStep {
  const scale = factsOf(operation).parameters['scale']?.otherwise;
  return {
    strength: operation === 'reduce-noise' || operation === 'sharpen' ? 0.7 : 1,
    parameters: scale ? { scale } : {},
    ...(model ? { model } : {}),
  };
}

/**
 * A request for a restoration while a person writes it: steps, and what they draw on the picture. It lives in the page until
 * it is sent; every change of the drawing can be undone.
 */
export class RecipeDraft {
  readonly preset = signal<PresetName>('repair');
  readonly steps = signal<ChosenSteps>(new Map());
  readonly markUp = signal<MarkUp>(nothing);
  /** True once the steps differ from what the preset proposes. */
  readonly own = signal(false);
  private readonly past = signal<readonly MarkUp[]>([]);
  private report: DamageReportView | null = null;
  /** The mark-up it began with: the lettering that was found is protected until a person takes that away. */
  private readonly start = signal<MarkUp>(nothing);

  readonly mayUndo = computed(() => this.past().length > 0);
  readonly drawn = computed(() => {
    const { strokes, stained, lost, hints, protect } = this.markUp();
    return strokes.length + stained.length + lost.length + hints.length + protect.length > 0;
  });
  /** True where leaving would lose something. */
  readonly dirty = computed(() => this.own() || this.markUp() !== this.start());
  /** Drawn things that the chosen steps do not use. */
  readonly unused = computed(() => ({
    strokes: this.steps().has('repair-damage') ? 0 : this.markUp().strokes.length,
    stained: this.steps().has('reduce-stains') ? 0 : this.markUp().stained.length,
    lost: this.steps().has('rebuild-area') ? 0 : this.markUp().lost.length,
    hints: this.steps().has('guide-colour') ? 0 : this.markUp().hints.length,
  }));
  /** True where more is to be sent than the server takes in one request: another restoration can follow this one. */
  private readonly tooMuch = computed(() => {
    const { protect } = this.markUp();
    const strokes = this.unused().strokes ? [] : this.markUp().strokes;
    const stained = this.unused().stained ? [] : this.markUp().stained;
    const lost = this.unused().lost ? [] : this.markUp().lost;
    const hints = this.unused().hints ? [] : this.markUp().hints;
    const lines = [...strokes, ...stained, ...lost, ...hints.map(({ stroke }) => stroke)];
    return (
      Math.max(strokes.length, stained.length, lost.length) > markUpLimits.strokes ||
      hints.length > markUpLimits.hints ||
      protect.length > markUpLimits.protect ||
      lines.reduce((sum, { points }) => sum + points.length, 0) > markUpLimits.points
    );
  });
  /** Why it cannot be sent yet, or null. */
  readonly missing = computed<'step' | 'colour' | 'lost' | 'fewer' | null>(() => {
    if (this.steps().size === 0) return 'step';
    if (this.tooMuch()) return 'fewer';
    if (this.steps().has('rebuild-area') && this.markUp().lost.length === 0) return 'lost';
    return this.steps().has('guide-colour') && this.markUp().hints.length === 0 ? 'colour' : null;
  });

  /** Starts anew from what the preset proposes for this report, found lettering protected; the drawing is dropped. */
  begin(report: DamageReportView, preset: PresetName): void {
    this.report = report;
    this.start.set({ ...nothing, protect: protectedByDefault(report as DamageReport) });
    this.markUp.set(this.start());
    this.past.set([]);
    this.propose(preset);
  }

  /** Takes the steps that the preset proposes; the drawing stays, with the steps it needs. */
  propose(preset: PresetName): void {
    // No preset proposes it: what it would fill is made up, and a person says where.
    const rebuilds = this.steps().get('rebuild-area');
    this.preset.set(preset);
    this.steps.set(this.report ? proposalOf(this.report, preset) : new Map());
    this.own.set(false);
    if (this.markUp().strokes.length) this.need('repair-damage');
    if (this.markUp().stained.length) this.need('reduce-stains');
    if (this.markUp().hints.length) this.need('guide-colour');
    if (this.markUp().lost.length && rebuilds) this.setStep('rebuild-area', rebuilds);
  }

  /** Sets a step, or takes it out with null. */
  setStep(operation: Operation, step: ChosenStep | null): void {
    this.own.set(true);
    this.steps.update((steps) => {
      const next = new Map(steps);
      if (step) next.set(operation, step);
      else next.delete(operation);
      return next;
    });
  }

  addStroke(stroke: Stroke): void {
    this.change((markUp) => ({ ...markUp, strokes: [...markUp.strokes, stroke] }));
    this.need('repair-damage');
  }

  /** Adds a stain that the machine missed, with the step that takes it back. */
  addStained(stroke: Stroke): void {
    this.change((markUp) => ({ ...markUp, stained: [...markUp.stained, stroke] }));
    this.need('reduce-stains');
  }

  /** Adds a lost area, with the step that rebuilds it by this model. */
  addLost(stroke: Stroke, model: ModelName): void {
    this.change((markUp) => ({ ...markUp, lost: [...markUp.lost, stroke] }));
    this.need('rebuild-area', model);
  }

  addHint(hint: ColourHint): void {
    this.change((markUp) => ({ ...markUp, hints: [...markUp.hints, hint] }));
    this.need('guide-colour');
  }

  addProtected(area: ProtectedArea): void {
    if (area.width > 0 && area.height > 0) this.change((markUp) => ({ ...markUp, protect: [...markUp.protect, area] }));
  }

  changeHint(place: number, change: Partial<Omit<ColourHint, 'stroke'>>): void {
    this.change((markUp) => ({
      ...markUp,
      hints: markUp.hints.map((hint, at) => (at === place ? { ...hint, ...change } : hint)),
    }));
  }

  changeProtected(place: number, change: Partial<ProtectedArea>): void {
    this.change((markUp) => ({
      ...markUp,
      protect: markUp.protect.map((area, at) => (at === place ? within({ ...area, ...change }) : area)),
    }));
  }

  remove(kind: keyof MarkUp, place: number): void {
    this.change((markUp) => ({ ...markUp, [kind]: markUp[kind].filter((_, at) => at !== place) }));
  }

  /** Marks the start of an erasing movement, so that one undo brings all of it back. */
  beginErasing(): void {
    this.remember();
  }

  /** Takes away what a brush at this point touches. */
  erase(at: Point, radius: number, size: Size): void {
    this.markUp.update((markUp) => ({
      strokes: markUp.strokes.filter((stroke) => !touches(stroke, at, radius, size)),
      stained: markUp.stained.filter((stroke) => !touches(stroke, at, radius, size)),
      lost: markUp.lost.filter((stroke) => !touches(stroke, at, radius, size)),
      hints: markUp.hints.filter(({ stroke }) => !touches(stroke, at, radius, size)),
      protect: markUp.protect.filter((area) => !holds(area, at)),
    }));
  }

  undo(): void {
    const past = this.past();
    const last = past.at(-1);
    if (!last) return;
    this.past.set(past.slice(0, -1));
    this.markUp.set(last);
  }

  /** The request as the server takes it. Untouched steps are left to the server, which proposes the same. */
  body(): RequestRestorationInput {
    const { strokes, stained, lost, hints, protect } = this.markUp();
    const areas = protect.map((area) => ({ ...area }));
    if (!this.own()) return { preset: this.preset(), protect: areas };
    const steps = operationNames.flatMap((operation) => {
      const step = this.steps().get(operation);
      if (!step) return [];
      return [
        {
          operation,
          strength: step.strength,
          parameters: { ...step.parameters },
          ...(step.model ? { model: { ...step.model } } : {}),
          ...(operation === 'repair-damage' && strokes.length ? { strokes: strokes.map(plain) } : {}),
          ...(operation === 'reduce-stains' && stained.length ? { strokes: stained.map(plain) } : {}),
          ...(operation === 'rebuild-area' ? { strokes: lost.map(plain) } : {}),
          ...(operation === 'guide-colour'
            ? { hints: hints.map((hint) => ({ ...hint, colour: [...hint.colour], stroke: plain(hint.stroke) })) }
            : {}),
        },
      ];
    });
    return { steps, protect: areas } as RequestRestorationInput;
  }

  private need(operation: Operation, model?: ModelName): void {
    if (this.steps().has(operation)) this.own.set(true);
    else this.setStep(operation, freshStep(operation, model));
  }

  private change(change: (markUp: MarkUp) => MarkUp): void {
    this.remember();
    this.markUp.update(change);
  }

  private remember(): void {
    this.past.update((past) => [...past.slice(-99), this.markUp()]);
  }
}

function plain({ points, radius }: Stroke): { points: [number, number][]; radius: number } {
  return { points: points.map(([x, y]) => [x, y]), radius };
}

/** The part of a rectangle that lies in the picture. */
function within(area: ProtectedArea): ProtectedArea {
  const x = Math.min(1, Math.max(0, area.x));
  const y = Math.min(1, Math.max(0, area.y));
  return {
    ...area,
    x,
    y,
    width: Math.min(1 - x, Math.max(0, area.width)),
    height: Math.min(1 - y, Math.max(0, area.height)),
  };
}
