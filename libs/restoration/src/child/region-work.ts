import type { Operation, RecipeStep, Tonality } from '@albumen/domain';
import { rebuildAreas } from '../brought-in-models/rebuild-area.js';
import { frameOf } from '../measure/frame.js';
import { undamagedCells, type Survey } from '../measure/survey.js';
import type { Mark } from '../picture/runs.js';
import type { RegionMeasure } from '../region-measure.js';
import { reduceStains } from '../stains/reduce-stains.js';
import { stainAreas } from '../stains/stain-areas.js';
import { stainTones } from '../stains/stain-tone.js';
import { fillRule, narrowRegions, type NetFill } from './fill-net.js';
import { boxOfRegion, labelRegions, type LabelledRegions, type MeasuredStains } from './labelled-regions.js';
import { repairDamage, repairTile } from './repair.js';
import { loadFilling } from './telea.js';
import type { Advance, Making, RunPictures } from './run-pictures.js';

/** What lies on a picture: marks, areas that are lost, stains; found or drawn by a person. */
export interface MarksOfRun {
  readonly damaged: readonly Mark[];
  readonly lost: readonly Mark[];
  readonly stained: readonly Mark[];
}

/** The regions of a run, and the steps that work on them: repairs, rebuilding, taking stains back. */
export class RegionWork {
  /** What was done to each region; empty before `make`. */
  measures: ReadonlyMap<number, RegionMeasure> = new Map();
  #labelled: LabelledRegions | null = null;
  #stained: MeasuredStains | null = null;
  /** Stained areas whose colour does not depart from the print's. */
  #leftAlone = 0;

  constructor(
    private readonly bench: RunPictures,
    private readonly drawn: MarksOfRun,
  ) {}

  /** Marks that the recipe repairs. */
  get #damaged(): readonly Mark[] {
    return this.bench.steps.of('repair-damage') === null ? [] : this.drawn.damaged;
  }

  /** All regions of the recipe. Stains are told from the print by the survey: `measureStains` comes before this where the recipe takes them back. */
  get labelled(): LabelledRegions {
    if (this.bench.steps.of('reduce-stains') !== null && this.#stained === null)
      throw new TypeError('Expected the original to be looked at before its stains are asked for');
    this.#labelled ??= labelRegions(
      { lost: this.drawn.lost, damaged: this.#damaged },
      this.bench.original,
      this.bench.steps.protect,
      this.#stained,
    );
    return this.#labelled;
  }

  /** Loads what fills holes without a net, where there are any. */
  async load(): Promise<void> {
    if (this.#damaged.length > 0) await loadFilling();
  }

  /** Tells stains from the print, where the recipe takes them back; a colour photograph has no tone to tell them by. */
  measureStains({ reduced }: Survey, tonality: Tonality): void {
    if (this.bench.steps.of('reduce-stains') === null) return;
    const { stained, damaged, lost } = this.drawn;
    const found = stainAreas(reduced, stained, undamagedCells(reduced, [...damaged, ...lost], frameOf(reduced).inside));
    const tones = tonality === 'colour' ? [] : stainTones(reduced, found);
    this.#leftAlone = found.areas.length - tones.length;
    this.#stained = { tones, reduced };
  }

  /** Regions of all steps that have them, one after another in the same picture; each step has its own strength. */
  async make(making: Making, advance: Advance): Promise<void> {
    const asked = (operation: Operation): RecipeStep | null => {
      const step = this.bench.steps.of(operation);
      return step === null || step.strength === 0 ? null : step;
    };
    const [repair, rebuild, reduce] = [asked('repair-damage'), asked('rebuild-area'), asked('reduce-stains')];
    const parts: ((advance: Advance) => Promise<void>)[] = [
      (told) => (repair === null ? this.bench.copy(making, told) : this.#repair(making, repair, told)),
    ];
    if (rebuild !== null) parts.push((told) => this.#rebuild(making, rebuild, told));
    if (reduce !== null) parts.push((told) => this.#reduceStains(making, reduce, told));
    for (const [number, part] of parts.entries())
      await part((done, of) => advance(number * of + done, parts.length * of));
  }

  /** What was filled within a stain was filled from its surroundings: it is taken back there, too. */
  async #reduceStains({ variant, accepted }: Making, { strength }: RecipeStep, advance: Advance): Promise<void> {
    const { painter, under, stains, regions } = this.labelled;
    const measures = await reduceStains({
      original: this.bench.picture(''),
      target: this.bench.picture(variant),
      stains,
      factor: this.#stained?.reduced.factor ?? 1,
      painter,
      under,
      accepted: accepted ?? new Set(regions.map(({ ordinal }) => ordinal)),
      strength,
      advance,
    });
    this.measures = new Map([...this.measures, ...measures]);
    this.bench.derived['reduce-stains'] = { takenBack: measures.size, leftAlone: this.#leftAlone };
  }

  #acceptedOf(operation: Operation, accepted: ReadonlySet<number> | null): ReadonlySet<number> {
    const own = this.labelled.regions.filter((region) => region.operation === operation);
    return new Set(own.map(({ ordinal }) => ordinal).filter((ordinal) => accepted?.has(ordinal) ?? true));
  }

  async #repair({ from, variant, accepted }: Making, step: RecipeStep, advance: Advance): Promise<void> {
    const { regions, holes } = this.labelled;
    const source = this.bench.picture(from);
    const byNet = await this.#netFill();
    const filled = await repairDamage({
      source,
      target: await this.bench.create(variant, source.work),
      painter: holes,
      regions: regions.filter(({ operation }) => operation !== 'reduce-stains'),
      accepted: this.#acceptedOf('repair-damage', accepted),
      strength: step.strength,
      grain: Math.min(1, Math.max(0, step.parameters['grain'] ?? 0)),
      byNet,
      advance,
    });
    const own = this.#acceptedOf('repair-damage', null);
    const measures = new Map([...filled.measures].filter(([ordinal]) => own.has(ordinal)));
    this.measures = new Map([...this.measures, ...measures]);
    const trained = [...measures.keys()].filter((ordinal) => byNet?.ordinals.has(ordinal) ?? false).length;
    this.bench.derived['repair-damage'] = { filledByNet: trained, filledByTelea: measures.size - trained };
    this.bench.tilePlan.push({ operation: 'repair-damage', ...repairTile, tiles: filled.tiles });
    if (byNet === null) return;
    this.bench.sessionSeconds += byNet.net.seconds;
    const { most: size, margin } = fillRule(byNet.net);
    const { model, runs: tiles } = byNet.net;
    this.bench.tilePlan.push({ operation: `repair-damage ${model.id}`, size, margin, tiles });
  }

  async #rebuild({ variant, accepted }: Making, { strength, parameters }: RecipeStep, advance: Advance): Promise<void> {
    const net = await this.bench.openBroughtIn('rebuild-area');
    const { regions, holes } = this.labelled;
    const { measures, side, runs } = await rebuildAreas({
      original: this.bench.picture(''),
      target: this.bench.picture(variant),
      painter: holes,
      areas: regions
        .filter(({ operation }) => operation === 'rebuild-area')
        .map((region) => ({ ordinal: region.ordinal, box: boxOfRegion(region) })),
      accepted: this.#acceptedOf('rebuild-area', accepted),
      strength,
      grain: Math.min(1, Math.max(0, parameters['grain'] ?? 0)),
      net,
      advance,
    });
    this.measures = new Map([...this.measures, ...measures]);
    this.bench.derived['rebuild-area'] = { rebuilt: measures.size };
    this.bench.sessionSeconds += net.seconds;
    this.bench.tilePlan.push({ operation: 'rebuild-area', size: side, margin: 0, tiles: runs });
  }

  async #netFill(): Promise<NetFill | null> {
    const { filler } = this.bench.steps;
    if (filler === null) return null;
    const ordinals = narrowRegions(this.labelled.holes, this.bench.original, filler.widest);
    return ordinals.size === 0 ? null : { net: await this.bench.openNet(filler), ordinals };
  }
}
