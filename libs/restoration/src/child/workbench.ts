import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { intakeLimits, refuse, type DamageReport, type Operation, type TextureNumbers } from '@albumen/domain';
import { decodeToWorkFile, type WorkFile } from '@albumen/imaging';
import { ChangeMeter } from '../change-map.js';
import { surveyPicture, type Survey } from '../measure/survey.js';
import { boxReduced } from '../picture/interpolate.js';
import { readMask } from '../picture/mask-file.js';
import { Strips, rowsPerStrip, stripsOf, type Samples } from '../picture/strips.js';
import { keptAreas, marksOfStrokes } from '../picture/strokes.js';
import type { Mark } from '../picture/runs.js';
import type { ChildContext } from './context.js';
import { fillRule, narrowRegions, type NetFill } from './fill-net.js';
import { filterOf, LayerJudge, measuredFrom, widened, widenedSamples, type Measured } from './filters.js';
import { labelRegions, type LabelledRegions } from './labelled-regions.js';
import { runNetLayer, type Allowance, type NetJob } from './net-layer.js';
import type { Net } from './nets.js';
import { repairDamage, repairTile, type RegionMeasure } from './repair.js';
import type { CheckedSteps } from './steps.js';
import { textureBetween } from './texture.js';
import type { InstalledModel } from '../models.js';

type Advance = (done: number, of: number) => void;

/** One step from one picture of the run to the next. `strength` 0 copies. */
export interface Making {
  readonly operation: Operation;
  readonly from: string;
  readonly variant: string;
  /** The same step on the picture without repairs; it shares what no region touches. */
  readonly twin: { readonly from: string; readonly variant: string } | null;
  readonly strength: number;
  /** Ordinals of the regions to write; all where null. */
  readonly accepted: ReadonlySet<number> | null;
}

/** Pixels over which a net fades in beside an area that it may not touch. */
const fadeIn = 16;

/**
 * The pictures of one run as work files in one folder, and the steps between them. Each step reads one work file and
 * writes another, by strips or tiles. Close it when the run is over.
 */
export class Workbench {
  readonly #open = new Map<string, Strips>();
  readonly tilePlan: { operation: string; size: number; margin: number; tiles: number }[] = [];
  readonly derived: Partial<Record<Operation, Readonly<Record<string, number>>>> = {};
  /** What the fill did, by region; empty before `repair-damage` has been made. */
  measures: ReadonlyMap<number, RegionMeasure> = new Map();
  sessionSeconds = 0;
  #labelled: LabelledRegions | null = null;
  #measured: Measured | null = null;
  #survey: Promise<Survey> | null = null;

  private constructor(
    private readonly folder: string,
    private readonly context: ChildContext,
    readonly original: WorkFile,
    readonly marks: readonly Mark[],
    readonly steps: CheckedSteps,
    private readonly report: DamageReport | null,
  ) {}

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
    const bench = new Workbench(folder, context, original, [...found, ...drawn], steps, run.report ?? null);
    bench.#open.set('', await Strips.open(original));
    return bench;
  }

  /** A picture of the run by its variant name; '' is the original. */
  picture(variant: string): Strips {
    const strips = this.#open.get(variant);
    if (strips === undefined) throw new RangeError(`Expected a computed variant but received ${variant}`);
    return strips;
  }

  get labelled(): LabelledRegions {
    this.#labelled ??= labelRegions(this.marks, this.original, this.steps.protect);
    return this.#labelled;
  }

  /** Makes one picture from another by one step of the recipe. */
  async make(making: Making, advance: Advance): Promise<void> {
    const { operation, strength } = making;
    if (strength === 0) await this.#copy(making, advance);
    else if (operation === 'repair-damage') await this.#repair(making, advance);
    else if (operation === 'reduce-noise') await this.#reduceNoise(making, advance);
    else if (operation === 'enlarge') await this.#enlarge(making, advance);
    else await this.#filter(making, advance);
  }

  /** Throws a picture away; its place on the disk is free at once. */
  async free(variant: string): Promise<void> {
    const strips = this.picture(variant);
    this.#open.delete(variant);
    await strips.close();
    await rm(strips.work.path, { force: true });
  }

  async #create(variant: string, shape: Omit<WorkFile, 'path' | 'headerBytes' | 'hasAlpha'>): Promise<Strips> {
    const strips = await Strips.create(join(this.folder, `variant-${variant}.v`), shape);
    this.#open.set(variant, strips);
    return strips;
  }

  async #copy({ from, variant, twin }: Making, advance: Advance): Promise<void> {
    for (const pair of [{ from, variant }, ...(twin === null ? [] : [twin])]) {
      const source = this.picture(pair.from);
      const target = await this.#create(pair.variant, source.work);
      for await (const { y, rows, strip } of stripsOf(source, rowsPerStrip(source.work))) {
        await target.write(y, strip);
        advance(y + rows, source.work.height);
      }
    }
  }

  async #repair({ from, variant, strength, accepted }: Making, advance: Advance): Promise<void> {
    const step = this.steps.of('repair-damage');
    if (step === null) throw new TypeError('Expected a repair step in the recipe');
    const { regions, painter } = this.labelled;
    const source = this.picture(from);
    const byNet = await this.#netFill();
    const { measures, tiles } = await repairDamage({
      source,
      target: await this.#create(variant, source.work),
      painter,
      regions,
      accepted: accepted ?? new Set(regions.map((region) => region.ordinal)),
      strength,
      grain: Math.min(1, Math.max(0, step.parameters['grain'] ?? 0)),
      byNet,
      advance,
    });
    this.measures = measures;
    const trained = [...measures.keys()].filter((ordinal) => byNet?.ordinals.has(ordinal) ?? false).length;
    this.derived['repair-damage'] = { filledByNet: trained, filledByTelea: measures.size - trained };
    this.tilePlan.push({ operation: 'repair-damage', ...repairTile, tiles });
    if (byNet === null) return;
    this.sessionSeconds += byNet.net.seconds;
    const { most, margin } = fillRule(byNet.net);
    this.tilePlan.push({ operation: 'repair-damage fill-s', size: most, margin, tiles: byNet.net.runs });
  }

  async #netFill(): Promise<NetFill | null> {
    const { filler } = this.steps;
    if (filler === null) return null;
    const ordinals = narrowRegions(this.labelled.painter, this.original, filler.widest);
    return ordinals.size === 0 ? null : { net: await this.#openNet(filler), ordinals };
  }

  #openNet(model: InstalledModel): Promise<Net> {
    return this.context.nets.open(model, this.original.depth === 8 ? 'u8' : 'f32');
  }

  async #reduceNoise({ from, variant, twin, strength }: Making, advance: Advance): Promise<void> {
    const { denoiser } = this.steps;
    if (denoiser === null) throw new TypeError('Expected a noise step in the recipe');
    const net = await this.#openNet(denoiser);
    const pair = async (names: { from: string; variant: string }): Promise<NetJob> => {
      const source = this.picture(names.from);
      return { source, target: await this.#create(names.variant, source.work) };
    };
    const { painter } = this.labelled;
    const { height, width } = this.original;
    const touches = (x: number, y: number, size: number): boolean => {
      // What a tile sees beyond the picture is mirrored from inside it.
      const reach = (at: number, length: number): [number, number] => {
        const over = Math.max(0, at + size - length, -at);
        return [at - over, size + 2 * over];
      };
      const [left, across] = reach(x, width);
      const [top, down] = reach(y, height);
      return painter.touches(left, top, across, down);
    };
    const base = await pair({ from, variant });
    const other = twin === null ? {} : { other: { ...(await pair(twin)), touches } };
    const { plan, tiles } = await runNetLayer({ operation: 'reduce-noise', net, strength, base, ...other, advance });
    this.sessionSeconds += net.seconds;
    this.tilePlan.push({ operation: 'reduce-noise', size: plan.size, margin: plan.margin, tiles });
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
    const net = await this.#openNet(enlarger);
    const target = await this.#create(variant, {
      ...source.work,
      width: width * scale,
      height: height * scale,
      // The picture keeps its size in inches.
      density: source.work.density === null ? null : source.work.density * scale,
    });
    const { plan, tiles } = await runNetLayer({
      operation: 'enlarge',
      net,
      strength,
      base: { source, target },
      allowance: this.#allowance(),
      advance,
    });
    this.derived['enlarge'] = { scale };
    this.sessionSeconds += net.seconds;
    this.tilePlan.push({ operation: 'enlarge', size: plan.size, margin: plan.margin, tiles });
  }

  /** How much of an inventing net each pixel may take: nothing inside a protected area, all of it 16 px away. */
  #allowance(): Allowance {
    const kept = keptAreas(this.steps.protect, this.original);
    return (x, y, width, height) => {
      const near = kept.filter(
        ({ left, top, right, bottom }) =>
          left - fadeIn < x + width && right + fadeIn > x && top - fadeIn < y + height && bottom + fadeIn > y,
      );
      if (near.length === 0) return null;
      return (atX, atY) =>
        near.reduce((share, { left, top, right, bottom }) => {
          const away = Math.max(left - atX, atX - right, top - atY, atY - bottom, 0);
          return Math.min(share, away / fadeIn);
        }, 1);
    };
  }

  /** The original looked at once, for the classical layers and for what became of its texture. */
  look(advance: Advance = () => undefined): Promise<Survey> {
    this.#survey ??= surveyPicture(this.picture(''), true, advance);
    return this.#survey;
  }

  async #measure(): Promise<Measured> {
    this.#measured ??= measuredFrom(
      await this.look(),
      this.original.bands,
      this.marks,
      this.report,
      this.steps.protect,
    );
    return this.#measured;
  }

  /** What became of grain and tonal range in a picture of the original's size. */
  async texture(variant: string): Promise<TextureNumbers> {
    const before = await this.look();
    if (variant === '') return textureBetween(before, before, this.marks);
    return textureBetween(before, await surveyPicture(this.picture(variant), true, () => undefined), this.marks);
  }

  async #filter({ operation, from, variant, strength }: Making, advance: Advance): Promise<void> {
    const step = this.steps.of(operation);
    if (step === null) throw new TypeError(`Expected the step ${operation} in the recipe`);
    const source = this.picture(from);
    const shape = operation === 'guide-colour' ? widened(source.work) : source.work;
    const filter = filterOf({ ...step, strength }, shape, await this.#measure());
    if (filter === null) {
      this.derived[operation] = { nothingToDo: 1 };
      return this.#copy({ operation, from, variant, twin: null, strength: 0, accepted: null }, advance);
    }
    this.derived[operation] = filter.facts;
    const target = await this.#create(variant, shape);
    const judge = new LayerJudge(operation, shape);
    const { bands, height, width } = source.work;
    const { halo } = filter;
    const rows = Math.max(rowsPerStrip(shape), Math.min(height, 4 * halo));
    const row = width * shape.bands;
    for (let y = 0; y < height; y += rows) {
      const count = Math.min(rows, height - y);
      const strip = widenedTo(shape.bands, bands, await source.readMirrored(y - halo, count + 2 * halo));
      const out = filter.apply(strip, y, count);
      judge.add(strip.subarray(halo * row, (halo + count) * row), out);
      await target.write(y, out);
      advance(y + count, height);
    }
    judge.judge();
  }

  /** ΔE2000 between two pictures of the run, against the original inside found faces, too; an enlarged one is reduced first, a grey one read as three equal channels. */
  async compare(before: string, after: string, drawsMap: boolean, advance: Advance): Promise<ChangeMeter> {
    const [a, b] = [this.picture(before), this.picture(after)];
    const times = b.work.width / a.work.width;
    const bands = Math.max(a.work.bands, b.work.bands);
    const { width, height } = a.work;
    const faces = before === '' ? (this.report?.faces ?? []).map(({ box }) => box) : [];
    const meter = new ChangeMeter({ ...a.work, bands }, drawsMap, faces);
    const rows = Math.max(1, Math.floor(rowsPerStrip(b.work) / times));
    for (let y = 0; y < height; y += rows) {
      const count = Math.min(rows, height - y);
      const was = await a.read(y, count);
      const is = await b.read(y * times, count * times);
      meter.add(
        widenedTo(bands, a.work.bands, was),
        widenedTo(bands, b.work.bands, times === 1 ? is : boxReduced(is, width, b.work.bands, times)),
        y,
      );
      advance(y + count, height);
    }
    return meter;
  }

  async close(): Promise<void> {
    for (const strips of this.#open.values()) await strips.close();
    this.#open.clear();
  }
}

function widenedTo(bands: number, has: number, strip: Samples): Samples {
  return bands === has ? strip : widenedSamples(strip, has);
}
