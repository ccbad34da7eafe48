import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refuse, type Operation, type ReceiptBody } from '@albumen/domain';
import { decodeToWorkFile, imagingVersions, type WorkFile } from '@albumen/imaging';
import { labelRegions, type LabelledRegions } from './labelled-regions.js';
import { surveyPicture, undamagedCells } from '../measure/survey.js';
import { labPlanes, tonalityOf } from '../measure/colour.js';
import { ChangeMeter } from '../change-map.js';
import { readMask } from '../picture/mask-file.js';
import { Strips, rowsPerStrip, stripsOf } from '../picture/strips.js';
import { planTone, toneFacts, toneFilter, type TonePlan } from '../tone.js';
import type { Mark } from '../picture/runs.js';
import type { ChildContext } from './context.js';
import { onnxruntimeVersion, optimisationLevel } from './nets.js';
import { runNoiseLayer } from './noise-layer.js';
import { repairDamage, repairTile, type RegionMeasure } from './repair.js';
import type { CheckedSteps } from './steps.js';
import { opencvVersion } from './telea.js';

type Advance = (done: number, of: number) => void;

/** Share of samples that a tone step may newly bring to the ends of the scale. */
const mostClipped = 0.005;

/**
 * The pictures of one run as work files in one folder, and the steps between them. Each step reads one work file and
 * writes another, by strips. Close it when the run is over.
 */
export class Workbench {
  readonly #open = new Map<string, Strips>();
  readonly tilePlan: { operation: string; size: number; margin: number; tiles: number }[] = [];
  readonly derived: Partial<Record<Operation, Readonly<Record<string, number>>>> = {};
  sessionSeconds = 0;
  #labelled: LabelledRegions | null = null;
  #tone: TonePlan | null = null;

  private constructor(
    private readonly folder: string,
    private readonly context: ChildContext,
    readonly original: WorkFile,
    readonly marks: readonly Mark[],
    readonly steps: CheckedSteps,
  ) {}

  /** Decodes the original and reads its mask. */
  static async prepare(
    folder: string,
    input: string,
    maskPath: string,
    steps: CheckedSteps,
    context: ChildContext,
  ): Promise<Workbench> {
    const original = await decodeToWorkFile(input, join(folder, 'original.v'));
    const marks = await readMask(maskPath, original);
    const bench = new Workbench(folder, context, original, marks, steps);
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
    this.#labelled ??= labelRegions(this.marks, this.original);
    return this.#labelled;
  }

  async #make(variant: string): Promise<Strips> {
    const { width, height, bands, depth, icc, density } = this.original;
    const strips = await Strips.create(join(this.folder, `${variant === '' ? 'original' : variant}.v`), {
      width,
      height,
      bands,
      depth,
      icc,
      density,
    });
    this.#open.set(variant, strips);
    return strips;
  }

  /** Fills regions; only the accepted ones are written. */
  async repair(
    target: string,
    accepted: ReadonlySet<number>,
    advance: Advance,
  ): Promise<ReadonlyMap<number, RegionMeasure>> {
    const { repair } = this.steps;
    if (repair === null) throw new TypeError('Expected a repair step in the recipe');
    const { regions, painter } = this.labelled;
    const { measures, tiles } = await repairDamage({
      source: this.picture(''),
      target: await this.#make(target),
      painter,
      regions,
      accepted,
      strength: repair.strength,
      grain: Math.min(1, Math.max(0, repair.parameters['grain'] ?? 0)),
      advance,
    });
    this.tilePlan.push({ operation: 'repair-damage', ...repairTile, tiles });
    return measures;
  }

  /** Runs the noise layer from one variant to another; `other` shares the tiles that no region touches. */
  async reduceNoise(
    base: readonly [string, string],
    other: readonly [string, string] | null,
    strength: number,
    advance: Advance,
  ): Promise<void> {
    const { noise } = this.steps;
    if (noise === null) throw new TypeError('Expected a noise step in the recipe');
    const net = await this.context.nets.open(noise.model, this.original.depth === 8 ? 'u8' : 'f32');
    const { painter } = this.labelled;
    const { height, width } = this.original;
    const { plan, tiles } = await runNoiseLayer({
      net,
      strength,
      base: { source: this.picture(base[0]), target: await this.#make(base[1]) },
      ...(other === null
        ? {}
        : {
            other: {
              source: this.picture(other[0]),
              target: await this.#make(other[1]),
              touches: (x: number, y: number, size: number) => {
                // What a tile sees beyond the picture is mirrored from inside it.
                const reach = (at: number, length: number): [number, number] => {
                  const over = Math.max(0, at + size - length, -at);
                  return [at - over, size + 2 * over];
                };
                const [left, across] = reach(x, width);
                const [top, down] = reach(y, height);
                return painter.touches(left, top, across, down);
              },
            },
          }),
      advance,
    });
    this.sessionSeconds += net.seconds;
    this.tilePlan.push({ operation: 'reduce-noise', size: plan.size, margin: plan.margin, tiles });
  }

  /** Measures the original for the tone step, once; the curves never depend on what is accepted. */
  async planTone(advance: Advance): Promise<void> {
    const { tone } = this.steps;
    if (tone === null) throw new TypeError('Expected a tone step in the recipe');
    const { reduced } = await surveyPicture(this.picture(''), false, advance);
    const usable = undamagedCells(reduced, this.marks);
    const tonality = tonalityOf(labPlanes(reduced, usable), this.original.bands).value;
    this.#tone = planTone(reduced, usable, tonality, tone.parameters);
    this.derived['correct-tone'] = toneFacts(this.#tone);
  }

  async correctTone(from: string, target: string, strength: number): Promise<void> {
    if (this.#tone === null) throw new TypeError('Expected planTone before correctTone');
    const source = this.picture(from);
    const into = await this.#make(target);
    const filter = toneFilter(this.#tone, this.original, strength);
    const full = this.original.depth === 8 ? 255 : 65535;
    let clipped = 0;
    for await (const { y, strip } of stripsOf(source, rowsPerStrip(this.original))) {
      const out = filter(strip);
      for (let at = 0; at < out.length; at += 7) {
        const value = out[at] as number;
        if ((value === 0 || value === full) && strip[at] !== value) clipped += 7;
      }
      await into.write(y, out);
    }
    const share = clipped / (this.original.width * this.original.height * this.original.bands);
    if (share > mostClipped)
      throw refuse('restoration.output-not-sane', {
        operation: 'correct-tone',
        detail: `${(share * 100).toFixed(2)} % of it was cut off`,
      });
  }

  /** ΔE2000 between two variants over all pixels. */
  async compare(before: string, after: string, drawsMap: boolean, advance: Advance): Promise<ChangeMeter> {
    const meter = new ChangeMeter(this.original, drawsMap);
    const [a, b] = [this.picture(before), this.picture(after)];
    const rows = rowsPerStrip(this.original);
    const { height } = this.original;
    for (let y = 0; y < height; y += rows) {
      const count = Math.min(rows, height - y);
      meter.add(await a.read(y, count), await b.read(y, count), y);
      advance(y + count, height);
    }
    return meter;
  }

  async close(): Promise<void> {
    for (const strips of this.#open.values()) await strips.close();
    this.#open.clear();
  }

  /** What ran and on what, for the receipt. */
  async runtime(): Promise<ReceiptBody['runtime']> {
    return {
      onnxruntime: onnxruntimeVersion,
      provider: 'cpu',
      optimisation: optimisationLevel,
      isa: await isaClass(),
      opencv: opencvVersion,
      sharp: imagingVersions.sharp,
      threads: this.context.threads,
    };
  }
}

/** sha256 (hexadecimal) of a file, streamed. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const data of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(data as Buffer);
  return hash.digest('hex');
}

/** The processor's class as far as it changes results: architecture and the widest vector instructions. */
async function isaClass(): Promise<string> {
  if (process.platform !== 'linux') return process.arch;
  const text = await readFile('/proc/cpuinfo', 'latin1');
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1]?.split(/\s+/) ?? [];
  const widest = ['avx512f', 'avx2', 'avx', 'sve', 'asimd'].find((flag) => flags.includes(flag));
  return widest === undefined ? process.arch : `${process.arch} ${widest}`;
}
