import { adapters, type AdapterFacts, type AdapterName, type Signature } from './adapters.js';
import { flatPicture, meanDifference, probePicture, reduced, type ProbePicture } from './probe-pictures.js';
import { ranges, type RangeName } from './ranges.js';

/** One run of a model: picture and mask in the model's own numbers, interleaved, and the number that some take. */
export interface ProbedNet {
  run(picture: ProbePicture, mask: ProbePicture | null, number: number | null): Promise<ProbePicture>;
}

/** What was found by trying a model. */
export interface ProbeReport {
  /** Output size over input size. */
  readonly scale: number;
  readonly range: RangeName;
  /** The same of the picture it answers: some models take 0..1 and give 0..255. */
  readonly outputRange: RangeName;
  /** False where no picture comes out that could tell: then 0..1 is assumed. 8-bit tensors say it by their type. */
  readonly rangeMeasured: boolean;
  /** Width and height must be multiples of this; null for a model of one fixed size. */
  readonly multiple: number | null;
  readonly fixedSize: { readonly width: number; readonly height: number } | null;
  /** Input pixels at a tile's edge that cannot be trusted; null where the model sees the whole picture. */
  readonly margin: number | null;
  readonly channelOrder: 'same' | 'swapped' | 'not-measured';
  /** The mask's number for a hole; null for models without a mask. */
  readonly hole: 0 | 1 | null;
  /** Largest difference between two equal runs, levels of 255. */
  readonly repeatDifference: number;
  /** Smallest and largest number of all answers, in the model's own numbers. */
  readonly answers: readonly [number, number];
  readonly outputChannels: number;
  readonly secondsPerMegapixel: number;
  /** Why the model cannot be used; empty where nothing was found. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/** Differences below this do not count: one level of 255. */
const oneLevel = 1 / 255;
/** Largest number of a* and b* that a colour can have. */
const largestAb = 128;
/** Below this an answer is nearly grey, or no a* and b* at all. */
const nearlyGrey = 1.5;
/** Least difference (0..1) of the answers to white and to black of what gives pictures. */
const leastContrast = 0.5;
const baseSide = 192;
const largestMargin = 120;
const multiples = [1, 2, 4, 8, 16, 32, 64] as const;
const holeSide = 16;

/** Tries a model on drawn pictures. Faults are collected as far as trying makes sense. Throws what running it throws. */
export async function probeNet(
  net: ProbedNet,
  signature: Signature,
  adapter: AdapterName,
  tell: (words: string) => void = () => undefined,
): Promise<ProbeReport> {
  return new Probe(net, signature, adapters[adapter], tell).perform();
}

class Probe {
  readonly #faults: string[] = [];
  readonly #warnings: string[] = [];
  #answers: [number, number] = [Infinity, -Infinity];
  #range: RangeName = '0..1';
  #outputRange: RangeName = '0..1';
  #hole: 0 | 1 | null = null;
  #broken = false;
  #number: number | null;

  constructor(
    private readonly net: ProbedNet,
    private readonly signature: Signature,
    private readonly facts: AdapterFacts,
    private readonly tell: (words: string) => void,
  ) {
    this.#number = signature.scalar ? (facts.scalar?.otherwise ?? null) : null;
  }

  async perform(): Promise<ProbeReport> {
    const fixedSize = this.#fixedSize();
    const [w, h] = fixedSize === null ? [baseSide, baseSide] : [fixedSize.width, fixedSize.height];
    const report = {
      scale: 0,
      range: this.#range,
      outputRange: this.#outputRange,
      rangeMeasured: this.signature.image.element === 'uint8',
      multiple: null as number | null,
      fixedSize,
      margin: null as number | null,
      channelOrder: 'not-measured' as ProbeReport['channelOrder'],
      hole: this.#hole as ProbeReport['hole'],
      repeatDifference: 0,
      outputChannels: 0,
      secondsPerMegapixel: 0,
    };
    this.tell('size and scale');
    const picture = probePicture(w, h, this.signature.image.channels);
    if (this.facts.inputs.length === 2) this.#hole = 1;
    const first = await this.#run(picture);
    report.outputChannels = first.channels;
    report.scale = first.width / w;
    this.#checkShape(first, w, h);
    if (!this.#broken) {
      if (this.facts.gives === 'picture') {
        this.tell('range');
        await this.#findRange(picture, report.scale);
        report.rangeMeasured = true;
        report.channelOrder = await this.#channelOrder(picture, report.scale);
      } else if (this.signature.image.element === 'float32')
        this.#warnings.push('what it takes for white cannot be measured; 1 is assumed');
      this.tell('repeat');
      report.repeatDifference = await this.#repeat(picture);
      await this.#flat(w, h);
      if (this.facts.gives === 'ab') this.#checkColours();
      await this.#checkNumber(picture);
      if (fixedSize === null) {
        this.tell('multiple');
        report.multiple = await this.#multiple(report.scale);
        this.tell('margin and speed');
        Object.assign(report, await this.#margin(report.multiple ?? 64, report.scale));
      } else {
        const begun = performance.now();
        await this.#run(picture);
        report.secondsPerMegapixel = (performance.now() - begun) / 1000 / ((w * h) / 1e6);
        this.#warnings.push(`it takes pictures of ${w}×${h} alone, so it is never tiled`);
      }
    }
    return {
      ...report,
      range: this.signature.image.element === 'uint8' ? '0..255' : this.#range,
      outputRange: this.signature.output.element === 'uint8' ? '0..255' : this.#outputRange,
      hole: this.#hole,
      answers: this.#answers,
      faults: this.#faults,
      warnings: this.#warnings,
    };
  }

  /** The one size it takes, or is run at: nets that see the whole picture have a working size. */
  #fixedSize(): { readonly width: number; readonly height: number } | null {
    const { height, width } = this.signature.image;
    const { side } = this.facts;
    if (height !== null && width !== null) {
      if (this.facts.sideIsFixed && (height !== side || width !== side))
        this.#fault(`expected a size of ${side}×${side} but received ${width}×${height}`);
      return { height, width };
    }
    return side === null ? null : { height: side, width: side };
  }

  #checkColours(): void {
    const [least, most] = this.#answers;
    if (least < -largestAb || most > largestAb)
      this.#fault(`expected a* and b* between −${largestAb} and ${largestAb} but received ${least} to ${most}`);
    else if (Math.max(-least, most) < nearlyGrey)
      this.#warnings.push('its colours on the drawn picture are nearly grey; a* and b* of CIELAB are expected of it');
  }

  /** The number that the model takes must decide something; more of it is expected to be nearer to the picture. */
  async #checkNumber(picture: ProbePicture): Promise<void> {
    const { scalar } = this.facts;
    const given = this.signature.scalar;
    if (!given || scalar === null) return;
    const distances: number[] = [];
    const answers: ProbePicture[] = [];
    for (const number of [scalar.least, scalar.most]) {
      this.#number = number;
      const made = await this.#run(picture);
      answers.push(made);
      distances.push(meanDifference(picture, made));
    }
    this.#number = scalar.otherwise;
    const [least, most] = answers as [ProbePicture, ProbePicture];
    if (!least.data.some((value, at) => Math.abs(value - (most.data[at] as number)) > oneLevel))
      this.#fault(`its number ${given.name} makes no difference between ${scalar.least} and ${scalar.most}`);
    else if ((distances[1] as number) > (distances[0] as number))
      this.#warnings.push(
        `at ${given.name} ${scalar.most} its answer is less like the drawn picture than at ${scalar.least}; ${scalar.parameter} is expected of it`,
      );
  }

  #fault(words: string): void {
    if (!this.#faults.includes(words)) this.#faults.push(words);
  }

  /** Runs a picture 0..1 and answers the result in 0..1 of the range; NaN and infinities are a fault. */
  async #run(picture: ProbePicture, mask: ProbePicture | null = this.#noHole(picture)): Promise<ProbePicture> {
    const made = await this.#raw(picture, mask);
    return this.facts.gives === 'picture' ? this.#inShares(made, this.#outputRange) : made;
  }

  /** The answer in the model's own numbers. */
  async #raw(picture: ProbePicture, mask: ProbePicture | null): Promise<ProbePicture> {
    const [black, white] = this.signature.image.element === 'uint8' ? ranges['0..255'] : ranges[this.#range];
    const eight = this.signature.image.element === 'uint8';
    const into = Float32Array.from(picture.data, (value) => {
      const number = black + value * (white - black);
      return eight ? Math.round(number) : number;
    });
    const made = await this.net.run({ ...picture, data: into }, mask, this.#number);
    let [least, most] = this.#answers;
    for (const value of made.data) {
      if (!Number.isFinite(value)) {
        this.#broken = true;
        this.#fault('its answers hold numbers that are none (NaN or infinite)');
        break;
      }
      if (value < least) least = value;
      if (value > most) most = value;
    }
    this.#answers = [least, most];
    return made;
  }

  #inShares(made: ProbePicture, range: RangeName): ProbePicture {
    const [low, high] = this.signature.output.element === 'uint8' ? ranges['0..255'] : ranges[range];
    return { ...made, data: made.data.map((value) => (value - low) / (high - low)) };
  }

  #noHole(picture: ProbePicture): ProbePicture | null {
    return this.#hole === null ? null : flatPicture(picture.width, picture.height, 1, 1 - this.#hole);
  }

  #checkShape(made: ProbePicture, width: number, height: number): void {
    const [across, down] = [made.width / width, made.height / height];
    if (across !== down || !this.facts.scales.includes(across)) {
      this.#broken = true;
      this.#fault(
        `expected an answer ${this.facts.scales.map((scale) => `${scale}×`).join(', ')} the size of the picture but received ${made.width}×${made.height} for ${width}×${height}`,
      );
    }
    const { channels } = this.signature.output;
    if (channels !== null && made.channels !== channels) {
      this.#broken = true;
      this.#fault(`expected ${channels} channels as its header says but received ${made.channels}`);
    }
  }

  /** Black and white, and which number of the mask is a hole, together: whichever gives back the known picture best. */
  async #findRange(picture: ProbePicture, scale: number): Promise<void> {
    const names =
      this.signature.image.element === 'uint8' ? (['0..255'] as const) : (Object.keys(ranges) as RangeName[]);
    const holes = this.facts.inputs.length === 2 ? ([1, 0] as const) : ([null] as const);
    const [left, top] = [Math.floor(picture.width / 2) - holeSide / 2, Math.floor(picture.height / 2) - holeSide / 2];
    const inHole = (x: number, y: number): boolean =>
      x >= left && x < left + holeSide && y >= top && y < top + holeSide;
    let best = { difference: Infinity, range: this.#range, outputRange: this.#outputRange, hole: this.#hole };
    const before = [...this.#faults];
    const found: number[] = [];
    for (const range of names)
      for (const hole of holes) {
        this.#range = range;
        const mask = hole === null ? null : maskOf(picture, inHole, hole);
        const raw = reduced(await this.#raw(picture, mask), scale);
        let least = Infinity;
        for (const outputRange of [range, ...names.filter((name) => name !== range)]) {
          const made = this.#inShares(raw, outputRange);
          const difference = meanDifference(made, picture, [], (x, y) => hole === null || !inHole(x, y));
          least = Math.min(least, difference);
          // Linear models answer nearly alike in every range: then the first one, 0..1, stays.
          if (difference < best.difference * 0.8 - 0.01 || best.difference === Infinity)
            if (Number.isFinite(difference)) best = { difference, range, outputRange, hole };
        }
        found.push(least);
      }
    this.#range = best.range;
    this.#outputRange = best.outputRange;
    this.#hole = best.hole;
    // What happened in other ranges is no fault: the runs after this use the one that was found.
    if (best.difference <= this.facts.likeness) {
      this.#faults.splice(0, this.#faults.length, ...before);
      this.#broken = false;
      this.#answers = [Infinity, -Infinity];
    }
    if (!(best.difference <= this.facts.likeness))
      this.#fault(
        `its answer does not look like the picture (mean difference ${Math.round(best.difference * 255)} levels of 255)`,
      );
    if (holes.length === 2 && found.every((difference) => Math.abs(difference - (found[0] as number)) < 1e-6))
      this.#fault('its mask makes no difference');
  }

  async #channelOrder(picture: ProbePicture, scale: number): Promise<ProbeReport['channelOrder']> {
    if (picture.channels !== 3) return 'not-measured';
    const made = reduced(await this.#run(picture), scale);
    const [same, swapped] = [meanDifference(picture, made), meanDifference(picture, made, [2, 1, 0])];
    if (same <= swapped) return 'same';
    this.#fault('red and blue come out exchanged');
    return 'swapped';
  }

  async #repeat(picture: ProbePicture): Promise<number> {
    const [first, second] = [await this.#run(picture), await this.#run(picture)];
    const unit = this.#unit();
    let largest = 0;
    let [least, most] = [Infinity, -Infinity];
    for (let at = 0; at < first.data.length; at++) {
      const value = first.data[at] as number;
      largest = Math.max(largest, Math.abs(value - (second.data[at] as number)));
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    const levels = largest / unit / oneLevel;
    if (levels > 1) this.#fault(`two equal runs differ by ${levels.toFixed(1)} levels of 255`);
    else if (levels > 0) this.#warnings.push('two equal runs are not equal to the last bit');
    if (!(most - least > unit * oneLevel)) this.#fault('it answers the same everywhere, whatever it is given');
    return levels;
  }

  /** What counts as the whole range of answers: 1 for pictures, what was seen for the others. */
  #unit(): number {
    return this.facts.gives === 'picture' ? 1 : Math.max(1e-6, this.#answers[1] - this.#answers[0]);
  }

  /** Black and white: what gives pictures back gives one much lighter than the other. Faces are drawn into either. */
  async #flat(width: number, height: number): Promise<void> {
    const means: number[] = [];
    for (const value of [0, 1]) {
      const { data } = await this.#run(flatPicture(width, height, this.signature.image.channels, value));
      means.push(data.reduce((sum, each) => sum + each, 0) / data.length);
    }
    const [black = 0, white = 0] = means;
    if (this.facts.gives === 'picture' && !this.facts.sideIsFixed && !(white - black > leastContrast))
      this.#fault(
        'its answer to white is hardly lighter than to black: it gives no picture, and no step uses masks yet',
      );
  }

  /** The smallest step of sizes that it takes. Sizes 128 + step are divisible by the step and by nothing larger. */
  async #multiple(scale: number): Promise<number | null> {
    for (const step of multiples) {
      const [width, height] = [128 + step, step === 64 ? 64 : 128 - step];
      try {
        const made = await this.#run(probePicture(width, height, this.signature.image.channels));
        if (made.width === width * scale && made.height === height * scale) return step;
      } catch (error) {
        if (step === 64)
          this.#fault(
            `it cannot run on ${width}×${height} (${error instanceof Error ? firstLine(error.message) : ''})`,
          );
      }
    }
    this.#fault('it answers in another size than it was given for every size that was tried');
    return null;
  }

  /**
   * How far from a tile's edge the answer equals the one of the whole picture, whatever lies around the tile; and the
   * seconds of that whole picture.
   */
  async #margin(
    multiple: number,
    scale: number,
  ): Promise<{ readonly margin: number | null; readonly secondsPerMegapixel: number }> {
    const around = Math.ceil(96 / multiple) * multiple;
    const side = Math.ceil(256 / multiple) * multiple;
    const whole = side + 2 * around;
    const { channels } = this.signature.image;
    const tile = await this.#run(probePicture(side, side, channels, { x: around, y: around }));
    const begun = performance.now();
    const full = await this.#run(probePicture(whole, whole, channels));
    const seconds = (performance.now() - begun) / 1000;
    const other = await this.#run(withOtherSurroundings(probePicture(whole, whole, channels), around));
    const largest = new Float64Array(side / 2);
    const unit = this.#unit();
    for (let y = 0; y < tile.height; y++)
      for (let x = 0; x < tile.width; x++) {
        const distance = Math.floor(Math.min(x, y, tile.width - 1 - x, tile.height - 1 - y) / scale);
        for (let channel = 0; channel < tile.channels; channel++) {
          const inTile = tile.data[(y * tile.width + x) * tile.channels + channel] as number;
          const at = ((y + around * scale) * full.width + x + around * scale) * full.channels + channel;
          const inFull = full.data[at] as number;
          const difference = Math.max(Math.abs(inTile - inFull), Math.abs((other.data[at] as number) - inFull)) / unit;
          if (difference > (largest[distance] as number)) largest[distance] = difference;
        }
      }
    let margin: number | null = null;
    for (let candidate = 0; candidate <= largestMargin && margin === null; candidate += 8)
      if (largest.subarray(candidate).every((difference) => difference <= oneLevel)) margin = candidate;
    if (margin === null)
      this.#warnings.push(
        `it sees further than ${largestMargin} pixels or the whole picture at once: it is never tiled`,
      );
    return { margin, secondsPerMegapixel: seconds / ((whole * whole) / 1e6) };
  }
}

function maskOf(picture: ProbePicture, inHole: (x: number, y: number) => boolean, hole: 0 | 1): ProbePicture {
  const mask = flatPicture(picture.width, picture.height, 1, 1 - hole);
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) if (inHole(x, y)) mask.data[y * picture.width + x] = hole;
  return mask;
}

/** The picture with everything nearer to its edge than `around` made nearly white. */
function withOtherSurroundings(picture: ProbePicture, around: number): ProbePicture {
  const { width, height, channels, data } = picture;
  const changed = data.map((value, at) => {
    const pixel = Math.floor(at / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    return Math.min(x, y, width - 1 - x, height - 1 - y) < around ? 0.9 : value;
  });
  return { ...picture, data: changed };
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 160);
}
