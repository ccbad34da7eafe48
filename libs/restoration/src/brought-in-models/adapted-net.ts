import { modelKey, refuse } from '@albumen/domain';
import { adapters } from '../models-add/adapters.js';
import { ranges } from '../models-add/ranges.js';
import { mirrored } from '../picture/strips.js';
import type { Net, TileInput } from '../child/nets.js';
import type { NetInput } from '../child/net-worker.js';
import type { InstalledModel } from '../models.js';
import type { BroughtInFacts, TensorFacts } from './facts.js';

/** What one run of a loaded session gives. `seconds` is the time inside `session.run` alone. */
export interface RawAnswer {
  readonly data: Uint8Array | Float32Array | null;
  readonly element: string;
  readonly shape: readonly number[];
  readonly seconds: number;
}

/** A loaded session: inputs by name, in the model's own numbers. Refuses `restoration.engine-failed`. */
export type RawRun = (inputs: Readonly<Record<string, NetInput>>, output: string) => Promise<RawAnswer>;

/** An interleaved picture, three channels of 0..1. */
export interface FloatPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * How far (share of the scale) an answer may lie outside black and white: nets overshoot a little at edges, and what lies
 * further out is of another scale.
 */
const overshoot = 0.25;
/** Mean difference (0..1) of what was no hole to the picture above which a net does not take the mask as it was examined. */
const largestKnownChange = 0.1;

/**
 * A model that was brought in, behind the face of Albumen's own nets: it takes and gives interleaved pictures of 0..1 and
 * masks with 1 for a hole, whatever order, numbers, sizes and polarity its own tensors have. Every answer is looked at:
 * `restoration.output-not-sane` for another shape, numbers that are none or lie far outside the scale, and where a net that
 * fills changed what was no hole.
 */
export class AdaptedNet implements Net {
  #seconds = 0;
  #runs = 0;
  readonly #facts: BroughtInFacts;

  constructor(
    readonly model: InstalledModel,
    private readonly raw: RawRun,
  ) {
    if (model.broughtIn === undefined)
      throw new TypeError(`Expected a model that was brought in but received ${model.id}`);
    this.#facts = model.broughtIn;
  }

  get seconds(): number {
    return this.#seconds;
  }

  get runs(): number {
    return this.#runs;
  }

  async run(tile: Uint8Array | Float32Array, size: number, channels: number): Promise<Float32Array> {
    return this.runPicture({ width: size, height: size, data: threeChannels(tile, channels) });
  }

  async runOn(inputs: Readonly<Record<string, TileInput>>, size: number): Promise<Float32Array> {
    const image = inputs[this.model.input];
    const mask = inputs[this.model.mask ?? ''];
    if (image === undefined) throw new TypeError(`Expected an input ${this.model.input} but received none`);
    const picture = { width: size, height: size, data: threeChannels(image.data, image.channels) };
    return this.runPicture(picture, mask === undefined ? null : Uint8Array.from(mask.data));
  }

  /**
   * Runs one picture of any size the model can be brought to (smaller ones are mirrored up to its size or multiple). Answers
   * interleaved numbers (`numbers`: what it takes beside the picture, by the step's parameter): 0..1 for pictures, `scale` times as wide and high; the model's own for a* and b*.
   */
  async runPicture(
    picture: FloatPicture,
    holes: Uint8Array | null = null,
    numbers: Readonly<Record<string, number>> = {},
  ): Promise<Float32Array> {
    const { image } = this.#facts;
    if (image.channels === 3) return this.#once(picture, 3, holes, numbers);
    // A model for grey takes each channel by itself; a grey picture is run once.
    const planes = [0, 1, 2].map((channel) => planeOf(picture, channel));
    const isGrey = planes.slice(1).every((plane) => plane.every((value, at) => value === planes[0]?.[at]));
    const made: Float32Array[] = [];
    for (const data of isGrey ? planes.slice(0, 1) : planes)
      made.push(await this.#once({ ...picture, data }, 1, null, numbers));
    const length = made[0]?.length ?? 0;
    const out = new Float32Array(length * 3);
    for (let channel = 0; channel < 3; channel++) {
      const plane = made[isGrey ? 0 : channel] as Float32Array;
      for (let at = 0; at < length; at++) out[at * 3 + channel] = plane[at] as number;
    }
    return out;
  }

  async #once(
    picture: FloatPicture,
    channels: number,
    holes: Uint8Array | null,
    numbers: Readonly<Record<string, number>>,
  ): Promise<Float32Array> {
    const { image, mask, scalar, adapter } = this.#facts;
    const size = this.#sizeFor(picture);
    const inputs: Record<string, NetInput> = { [image.name]: this.#image(picture, channels, size, holes) };
    if (mask !== null) inputs[mask.name] = maskInput(holes, picture, size, mask);
    if (scalar !== null) {
      const number = numbers[scalar.parameter] ?? adapters[adapter].scalar?.otherwise ?? 0;
      const { element, shape } = scalar;
      inputs[scalar.name] = { data: element === 'float64' ? Float64Array.of(number) : Float32Array.of(number), shape };
    }
    const answer = await this.raw(inputs, this.#facts.output.name);
    this.#seconds += answer.seconds;
    this.#runs += 1;
    const made = this.#read(answer, picture, size);
    if (holes !== null) this.#keepKnown(made, picture, holes);
    return made;
  }

  /** The size at which a picture is given to the model. */
  #sizeFor({ width, height }: FloatPicture): { readonly width: number; readonly height: number } {
    const { fixed } = this.#facts;
    const { multiple } = this.model.tile;
    if (fixed === null)
      return { width: Math.ceil(width / multiple) * multiple, height: Math.ceil(height / multiple) * multiple };
    if (width > fixed.width || height > fixed.height)
      throw new RangeError(
        `Expected at most ${fixed.width}×${fixed.height} for ${this.model.id} but received ${width}×${height}`,
      );
    return fixed;
  }

  #image(
    { width, height, data }: FloatPicture,
    channels: number,
    size: { readonly width: number; readonly height: number },
    holes: Uint8Array | null,
  ): NetInput {
    const { image, range } = this.#facts;
    const [black, white] = image.element === 'uint8' ? ranges['0..255'] : ranges[range];
    const pixels = size.width * size.height;
    const into = image.element === 'uint8' ? new Uint8Array(pixels * channels) : new Float32Array(pixels * channels);
    const round = image.element === 'uint8' ? 0.5 : 0;
    const planar = image.layout === 'NCHW';
    for (let y = 0; y < size.height; y++) {
      const row = mirrored(y, height) * width;
      for (let x = 0; x < size.width; x++) {
        const from = row + mirrored(x, width);
        // What stands in a hole is unknown: some nets look at it all the same.
        const gone = holes !== null && holes[from] !== 0;
        const pixel = y * size.width + x;
        for (let channel = 0; channel < channels; channel++) {
          const value = gone ? 0.5 : Math.min(1, Math.max(0, data[from * channels + channel] as number));
          into[planar ? channel * pixels + pixel : pixel * channels + channel] =
            black + value * (white - black) + round;
        }
      }
    }
    return { data: into, shape: shapeOf(image.layout, size, channels) };
  }

  /** The answer as interleaved numbers, cut to the picture. */
  #read(
    answer: RawAnswer,
    picture: FloatPicture,
    size: { readonly width: number; readonly height: number },
  ): Float32Array {
    const { output, outputRange, adapter } = this.#facts;
    const { scale } = this.model;
    const planar = output.layout === 'NCHW';
    const [, second = 0, third = 0, fourth = 0] = answer.shape;
    const [channels, height, width] = planar ? [second, third, fourth] : [fourth, second, third];
    if (answer.shape.length !== 4 || width !== size.width * scale || height !== size.height * scale)
      throw this.#notSane(
        `expected ${size.width * scale}×${size.height * scale} but received ${answer.shape.join('×')}`,
      );
    if (channels !== output.channels)
      throw this.#notSane(`expected ${output.channels} channels but received ${channels}`);
    const { data } = answer;
    if (data === null || data.length !== width * height * channels) throw this.#notSane(`type ${answer.element}`);
    const isPicture = adapter !== 'lab-ab';
    const [low, high] = !isPicture ? [0, 1] : data instanceof Uint8Array ? ranges['0..255'] : ranges[outputRange];
    const [least, most] = isPicture ? [-overshoot, 1 + overshoot] : [-128, 128];
    const [across, down] = [picture.width * scale, picture.height * scale];
    const out = new Float32Array(across * down * channels);
    const step = planar ? width * height : 1;
    for (let y = 0, to = 0; y < down; y++)
      for (let x = 0; x < across; x++) {
        let from = planar ? y * width + x : (y * width + x) * channels;
        for (let channel = 0; channel < channels; channel++, from += step, to++) {
          const value = ((data[from] as number) - low) / (high - low);
          if (!(value >= least && value <= most)) throw this.#notSane(`a value of ${data[from]}`);
          out[to] = isPicture ? Math.min(1, Math.max(0, value)) : value;
        }
      }
    return out;
  }

  /** Holes alone take what a net that fills made: the rest must be about what it was, and stays what it was. */
  #keepKnown(made: Float32Array, picture: FloatPicture, holes: Uint8Array): void {
    let [change, known, brightest, around] = [0, 0, 0, 0];
    for (let pixel = 0, at = 0; pixel < holes.length; pixel++)
      for (let channel = 0; channel < 3; channel++, at++) {
        const value = made[at] as number;
        if (holes[pixel] !== 0) {
          if (value > brightest) brightest = value;
          continue;
        }
        const was = picture.data[at] as number;
        change += Math.abs(value - was);
        around += was;
        known += 1;
        made[at] = was;
      }
    if (known === 0) return;
    if (change / known > largestKnownChange)
      throw this.#notSane(`it changed what was no hole by ${Math.round((change / known) * 255)} levels of 255`);
    if (around / known > 0.1 && brightest < 2 / 255 && holes.some((hole) => hole !== 0))
      throw this.#notSane('what it fills in is all black');
  }

  #notSane(detail: string): Error {
    return refuse('restoration.output-not-sane', { operation: modelKey(this.model), detail });
  }
}

function shapeOf(
  layout: TensorFacts['layout'],
  { width, height }: { readonly width: number; readonly height: number },
  channels: number,
): readonly number[] {
  return layout === 'NCHW' ? [1, channels, height, width] : [1, height, width, channels];
}

/** The mask in the model's numbers; beyond the picture nothing is a hole. */
function maskInput(
  holes: Uint8Array | null,
  { width, height }: FloatPicture,
  size: { readonly width: number; readonly height: number },
  mask: TensorFacts & { readonly hole: 0 | 1 },
): NetInput {
  const full = mask.element === 'uint8' ? 255 : 1;
  const [hole, known] = mask.hole === 1 ? [full, 0] : [0, full];
  const pixels = size.width * size.height;
  const into = mask.element === 'uint8' ? new Uint8Array(pixels).fill(known) : new Float32Array(pixels).fill(known);
  if (holes !== null)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) if (holes[y * width + x] !== 0) into[y * size.width + x] = hole;
  return { data: into, shape: shapeOf(mask.layout, size, 1) };
}

/** Three interleaved channels of 0..1 of what a caller prepared, whatever its element and channels. */
function threeChannels(tile: Uint8Array | Float32Array, channels: number): Float32Array {
  const eight = tile instanceof Uint8Array;
  if (channels === 3 && !eight) return tile;
  const pixels = tile.length / channels;
  const out = new Float32Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < 3; channel++) {
      const value = tile[pixel * channels + Math.min(channel, channels - 1)] as number;
      out[pixel * 3 + channel] = eight ? value / 255 : value;
    }
  return out;
}

function planeOf({ data }: FloatPicture, channel: number): Float32Array {
  return Float32Array.from({ length: data.length / 3 }, (_, pixel) => data[pixel * 3 + channel] as number);
}
