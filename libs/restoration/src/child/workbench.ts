import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { factsOf, intakeLimits, refuse, type DamageReport, type Operation } from '@albumen/domain';
import { decodeToWorkFile, type WorkFile } from '@albumen/imaging';
import type { AdaptedNet } from '../brought-in-models/adapted-net.js';
import { faceFinder } from '../brought-in-models/face-finder.js';
import { rebuildFaces } from '../brought-in-models/restore-faces.js';
import { planSuggestColour } from '../brought-in-models/suggest-colour.js';
import { enlargeWhole, planWholePicture, stripAllowance } from '../brought-in-models/whole-picture.js';
import { stainKind } from '../stains/stain-marks.js';
import { AgreementMap } from '../agreement-map.js';
import type { ChangeMeter } from '../change-map.js';
import type { ConfidenceMap } from '../confidence-map.js';
import type { RegionMeasure } from '../region-measure.js';
import { surveyPicture, type Survey } from '../measure/survey.js';
import { readMask } from '../picture/mask-file.js';
import { Strips, rowsPerStrip, stripsOf } from '../picture/strips.js';
import { marksOfStrokes } from '../picture/strokes.js';
import type { Mark } from '../picture/runs.js';
import { modelsOf, type ChildContext } from './context.js';
import { changeBetween } from './change-between.js';
import { applyFilter } from './apply-filter.js';
import type { FilterFacts } from './filter-thread.js';
import { filterOf, measuredFrom, noiseLeft, widened, type Measured } from './filters.js';
import { touchesOf, type LabelledRegions } from './labelled-regions.js';
import { RegionWork, type MarksOfRun } from './region-work.js';
import { allowanceOf } from './allowance.js';
import { runNetLayer, type Allowance, type NetJob } from './net-layer.js';
import { ManyViews } from './many-views.js';
import type { Net } from './nets.js';
import type { LayerFilter } from '../operations/layer-filter.js';
import type { Advance, Making, RunPictures } from './run-pictures.js';
import type { CheckedSteps } from './steps.js';
import { figuresBetween, type Figures } from './texture.js';
import type { InstalledModel } from '../models.js';

/**
 * The pictures of one run as work files in one folder, and the steps between them. Each step reads one work file and
 * writes another, by strips or tiles. Close it when the run is over.
 */
export class Workbench implements RunPictures {
  readonly #open = new Map<string, Strips>();
  readonly tilePlan: { operation: string; size: number; margin: number; tiles: number }[] = [];
  readonly derived: Partial<Record<Operation, Readonly<Record<string, number>>>> = {};
  sessionSeconds = 0;
  /** How sure layers are whose net looked at the picture in several positions. */
  readonly sure = new Map<Operation, ConfidenceMap>();
  readonly #regions: RegionWork;
  #measured: Measured | null = null;
  #survey: Promise<Survey> | null = null;
  #denoising = 0;

  private constructor(
    private readonly folder: string,
    private readonly context: ChildContext,
    readonly original: WorkFile,
    private readonly drawn: MarksOfRun,
    readonly steps: CheckedSteps,
    private readonly report: DamageReport | null,
  ) {
    this.#regions = new RegionWork(this, drawn);
  }

  /** Decodes the original, reads its mask, and paints what a person drew. */
  static async prepare(
    folder: string,
    run: { readonly input: string; readonly maskPath: string; readonly report?: DamageReport },
    steps: CheckedSteps,
    context: ChildContext,
  ): Promise<Workbench> {
    const original = await decodeToWorkFile(run.input, join(folder, 'original.v'));
    const found = await readMask(run.maskPath, original);
    const drawn = marksOfStrokes(steps.of('repair-damage')?.strokes ?? [], original);
    const lost = marksOfStrokes(steps.of('rebuild-area')?.strokes ?? [], original);
    const stains = marksOfStrokes(steps.of('reduce-stains')?.strokes ?? [], original);
    const stained = [...found.filter(({ kind }) => kind === stainKind), ...stains];
    const marks = { damaged: [...found.filter(({ kind }) => kind !== stainKind), ...drawn], lost, stained };
    const bench = new Workbench(folder, context, original, marks, steps, run.report ?? null);
    bench.#open.set('', await Strips.open(original));
    return bench;
  }

  /** A picture of the run by its variant name; '' is the original. */
  picture(variant: string): Strips {
    const strips = this.#open.get(variant);
    if (strips === undefined) throw new RangeError(`Expected a computed variant but received ${variant}`);
    return strips;
  }

  /** Everything that is not taken for the photograph: marks, stains, and areas that are lost. */
  get marks(): readonly Mark[] {
    return [...this.drawn.damaged, ...this.drawn.stained, ...this.drawn.lost];
  }

  get labelled(): LabelledRegions {
    return this.#regions.labelled;
  }

  /** What was done to each region, by ordinal; empty before they were made. */
  get measures(): ReadonlyMap<number, RegionMeasure> {
    return this.#regions.measures;
  }

  /** Loads what the steps need, so that none of them waits for it: nets of Albumen, and what fills without one. */
  async load(): Promise<void> {
    const { filler, denoiser, enlarger } = this.steps;
    for (const model of [filler, denoiser, enlarger])
      if (model !== null && model.broughtIn === undefined) await this.openNet(model);
    await this.#regions.load();
  }

  /** Makes one picture from another by one step of the recipe. */
  async make(making: Making, advance: Advance): Promise<void> {
    await this.#made(making, advance);
    await this.context.nets.rest();
  }

  async #made(making: Making, advance: Advance): Promise<void> {
    const { operation, strength } = making;
    if (operation === 'reduce-noise') this.#denoising = strength;
    const brought = this.steps.broughtIn(operation);
    if (factsOf(operation).kind === 'region') await this.#regions.make(making, advance);
    else if (strength === 0) await this.copy(making, advance);
    else if (operation === 'enlarge') await this.#enlarge(making, advance);
    else if (operation === 'treat-faces' && brought !== null) await this.#rebuildFaces(making, brought, advance);
    else if (operation === 'suggest-colour' || brought?.broughtIn?.whole === true)
      await this.#wholePicture(making, advance);
    else if (operation === 'reduce-noise' || brought !== null) await this.#netLayer(making, advance);
    else await this.#filter(making, advance);
  }

  /** Throws a picture away; its place on the disk is free at once. */
  async free(variant: string): Promise<void> {
    const strips = this.picture(variant);
    this.#open.delete(variant);
    await strips.close();
    await rm(strips.work.path, { force: true });
  }

  /** Makes an empty picture of the run. */
  async create(variant: string, shape: Omit<WorkFile, 'path' | 'headerBytes' | 'hasAlpha'>): Promise<Strips> {
    const strips = await Strips.create(join(this.folder, `variant-${variant}.v`), shape);
    this.#open.set(variant, strips);
    return strips;
  }

  async copy({ from, variant, twin }: Pick<Making, 'from' | 'variant' | 'twin'>, advance: Advance): Promise<void> {
    for (const pair of [{ from, variant }, ...(twin === null ? [] : [twin])]) {
      const source = this.picture(pair.from);
      const target = await this.create(pair.variant, source.work);
      for await (const { y, rows, strip } of stripsOf(source, rowsPerStrip(source.work))) {
        await target.write(y, strip);
        advance(y + rows, source.work.height);
      }
    }
  }

  /** A net of Albumen, opened. */
  openNet(model: InstalledModel): Promise<Net> {
    return this.context.nets.open(model);
  }

  /** The model of a step, opened; the step must name one that was brought in. */
  openBroughtIn(operation: Operation): Promise<AdaptedNet> {
    const model = this.steps.broughtIn(operation);
    if (model === null) throw new TypeError(`Expected a model that was brought in for ${operation}`);
    return this.context.nets.openAdapted(model);
  }

  async #netLayer({ operation, from, variant, twin, strength }: Making, advance: Advance): Promise<void> {
    const brought = this.steps.broughtIn(operation);
    const model = brought ?? this.steps.denoiser;
    if (model === null) throw new TypeError(`Expected the step ${operation} with a model in the recipe`);
    const views = this.steps.of(operation)?.parameters['views'] ?? 1;
    const opened = await this.openNet(model);
    const net = views > 1 ? new ManyViews(opened, views) : opened;
    const agreement = views > 1 ? new AgreementMap(this.original) : null;
    const pair = async (names: { from: string; variant: string }): Promise<NetJob> => {
      const source = this.picture(names.from);
      return { source, target: await this.create(names.variant, source.work) };
    };
    const touches = touchesOf(this.labelled.painter, this.original);
    const base = await pair({ from, variant });
    const other = twin === null ? {} : { other: { ...(await pair(twin)), touches } };
    // What is not known to invent nothing keeps off protected areas.
    const allowance = brought === null ? {} : { allowance: this.#allowance() };
    const layer = { operation, net, strength, base, ...other, ...allowance, advance };
    const { plan, tiles } = await runNetLayer(agreement === null ? layer : { ...layer, agreement });
    if (agreement !== null) this.sure.set(operation, agreement.map());
    this.sessionSeconds += net.seconds;
    this.tilePlan.push({ operation, size: plan.size, margin: plan.margin, tiles: tiles * views });
  }

  /** A step of a net that sees the picture as a whole, at its working size; what it changed is laid over the full size. */
  async #wholePicture(making: Making, advance: Advance): Promise<void> {
    const { operation, from, variant, twin, strength } = making;
    const net = await this.openBroughtIn(operation);
    for (const pair of [{ from, variant }, ...(twin === null ? [] : [twin])]) {
      const source = this.picture(pair.from);
      const shape = operation === 'suggest-colour' ? widened(source.work) : source.work;
      const plan = operation === 'suggest-colour' ? planSuggestColour : planWholePicture;
      const share = stripAllowance(this.#allowance(), shape.width, strength);
      await this.#apply({ operation, ...pair }, await plan(net, source, shape, share), shape, advance);
    }
    this.sessionSeconds += net.seconds;
    const { workingWidth = 0, workingHeight = 0 } = this.derived[operation] ?? {};
    this.tilePlan.push({ operation, size: Math.max(workingWidth, workingHeight), margin: 0, tiles: net.runs });
  }

  async #rebuildFaces(making: Making, model: InstalledModel, advance: Advance): Promise<void> {
    await this.copy(making, () => undefined);
    const net = await this.context.nets.openAdapted(model);
    const allowance = this.#allowance();
    this.derived['treat-faces'] = await rebuildFaces({
      source: this.picture(making.from),
      target: this.picture(making.variant),
      faces: this.report?.faces ?? [],
      net,
      find: await faceFinder(await modelsOf(this.context), this.context.threads),
      strength: making.strength,
      fidelity: this.steps.of('treat-faces')?.parameters['fidelity'],
      allowed: (x, y) => allowance(x, y, 1, 1)?.(x + 0.5, y + 0.5) ?? 1,
      advance,
    });
    this.sessionSeconds += net.seconds;
    this.tilePlan.push({ operation: 'treat-faces', size: net.model.tile.size, margin: 0, tiles: net.runs });
  }

  async #enlarge({ from, variant, strength }: Making, advance: Advance): Promise<void> {
    const { enlarger } = this.steps;
    if (enlarger === null) throw new TypeError('Expected a step that enlarges in the recipe');
    const source = this.picture(from);
    const { scale } = enlarger;
    const { width, height } = source.work;
    const most = Math.floor(Math.sqrt(intakeLimits.maxPixelsSequential / (width * height)));
    if (scale > most)
      throw refuse('restoration.parameter-out-of-range', {
        operation: 'enlarge',
        parameter: 'scale',
        value: scale,
        least: 1,
        most,
      });
    const net = await this.openNet(enlarger);
    const brought = this.steps.broughtIn('enlarge');
    const target = await this.create(variant, {
      ...source.work,
      width: width * scale,
      height: height * scale,
      // The picture keeps its size in inches.
      density: source.work.density === null ? null : source.work.density * scale,
    });
    this.derived['enlarge'] = { scale };
    if (brought?.broughtIn?.whole === true) {
      const whole = await this.openBroughtIn('enlarge');
      await enlargeWhole(whole, { source, target, strength });
      this.sessionSeconds += whole.seconds;
      this.tilePlan.push({ operation: 'enlarge', size: Math.max(width, height), margin: 0, tiles: whole.runs });
      return;
    }
    const { plan, tiles } = await runNetLayer({
      operation: 'enlarge',
      net,
      strength,
      base: { source, target },
      allowance: this.#allowance(),
      advance,
    });
    this.sessionSeconds += net.seconds;
    this.tilePlan.push({ operation: 'enlarge', size: plan.size, margin: plan.margin, tiles });
  }

  #allowance(): Allowance {
    return allowanceOf(this.steps.protect, this.original);
  }

  /** The original looked at once, for the classical layers, for its stains and for what became of its texture. */
  look(advance: Advance = () => undefined): Promise<Survey> {
    this.#survey ??= surveyPicture(this.picture(''), true, advance).then((survey) => {
      this.#regions.measureStains(survey, this.#measuredOf(survey).tonality);
      return survey;
    });
    return this.#survey;
  }

  #measuredOf(survey: Survey): Measured {
    this.#measured ??= measuredFrom(survey, this.original.bands, this.marks, this.report, this.steps.protect);
    return this.#measured;
  }

  /** What became of grain and tones in a picture of the original's size. */
  async figures(variant: string): Promise<Figures> {
    const before = await this.look();
    if (variant === '') return figuresBetween(before, before, this.marks);
    return figuresBetween(before, await surveyPicture(this.picture(variant), 'noise', () => undefined), this.marks);
  }

  async #filter({ operation, from, variant, strength }: Making, advance: Advance): Promise<void> {
    const step = this.steps.of(operation);
    if (step === null) throw new TypeError(`Expected the step ${operation} in the recipe`);
    const source = this.picture(from);
    const shape = operation === 'guide-colour' ? widened(source.work) : source.work;
    const facts: FilterFacts = {
      step: { ...step, strength },
      shape,
      measured: this.#measuredOf(await this.look()),
      left: noiseLeft(from, this.#denoising),
    };
    const filter = filterOf(facts.step, facts.shape, facts.measured, facts.left);
    if (filter === null) {
      this.derived[operation] ??= { nothingToDo: 1 };
      return this.copy({ from, variant, twin: null }, advance);
    }
    await this.#apply({ operation, from, variant }, filter, shape, advance, facts);
  }

  async #apply(
    { operation, from, variant }: Pick<Making, 'operation' | 'from' | 'variant'>,
    filter: LayerFilter,
    shape: Omit<WorkFile, 'path' | 'headerBytes' | 'hasAlpha'>,
    advance: Advance,
    facts: FilterFacts | null = null,
  ): Promise<void> {
    // The chain of the whole proposal is made first: its numbers are told, not those of a part of it.
    this.derived[operation] ??= filter.facts;
    const [source, target] = [this.picture(from), await this.create(variant, shape)];
    await applyFilter({ operation, filter, source, target, facts, threads: this.context.threads }, advance);
  }

  /** ΔE2000 between two pictures of the run; against the original inside found faces, too. */
  compare(before: string, after: string, drawsMap: boolean, advance: Advance): Promise<ChangeMeter> {
    const faces = before === '' ? (this.report?.faces ?? []).map(({ box }) => box) : [];
    return changeBetween(this.picture(before), this.picture(after), drawsMap, faces, advance, this.context.threads);
  }

  async close(): Promise<void> {
    for (const strips of this.#open.values()) await strips.close();
    this.#open.clear();
  }
}
