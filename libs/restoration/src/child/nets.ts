import { createRequire } from 'node:module';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { refuse } from '@albumen/domain';
import { modelBytes, type InstalledModel, type ModelElement } from '../models.js';

const require = createRequire(import.meta.url);

/** Version of the runtime, for receipts. */
export const onnxruntimeVersion: string = (require('onnxruntime-node/package.json') as { version: string }).version;

/** Optimisation level of every session; bytes are only promised equal at the same level. */
export const optimisationLevel = 'all';

/** A net ready to run; `seconds` is the time spent inside `session.run` so far. */
export interface Net {
  readonly model: InstalledModel;
  readonly element: ModelElement;
  readonly seconds: number;
  /** Runs one square tile, NHWC. The answer has the net's output channels. */
  run(tile: Uint8Array | Float32Array, size: number, channels: number): Promise<Uint8Array | Float32Array>;
}

/** Sessions by model file digest, so that a child that serves several runs loads a model once. */
export class NetCache {
  readonly #sessions = new Map<string, InferenceSession>();
  constructor(private readonly threads: number) {}

  /** Loads (or finds) the net. Refuses `model.digest-differs`, `model.missing`, `restoration.engine-failed`. */
  async open(model: InstalledModel, element: ModelElement): Promise<Net> {
    const key = `${model.id}/${model.version}/${model.files[element]?.sha256 ?? element}`;
    let session = this.#sessions.get(key);
    if (session === undefined) {
      const bytes = await modelBytes(model, element);
      try {
        session = await InferenceSession.create(bytes, {
          executionProviders: ['cpu'],
          graphOptimizationLevel: optimisationLevel,
          intraOpNumThreads: this.threads,
          interOpNumThreads: 1,
          // Threads that spin while they wait cost a shared machine more than they gain it.
          extra: { session: { intra_op: { allow_spinning: '0' } } },
        });
      } catch (error) {
        throw refuse(
          'restoration.engine-failed',
          { detail: `the model ${model.id} could not be loaded (${String(error)})` },
          { cause: error },
        );
      }
      this.#sessions.set(key, session);
    }
    return new OpenNet(model, element, session);
  }
}

class OpenNet implements Net {
  #seconds = 0;
  constructor(
    readonly model: InstalledModel,
    readonly element: ModelElement,
    private readonly session: InferenceSession,
  ) {}

  get seconds(): number {
    return this.#seconds;
  }

  async run(tile: Uint8Array | Float32Array, size: number, channels: number): Promise<Uint8Array | Float32Array> {
    const shape = [1, size, size, channels];
    const tensor = tile instanceof Uint8Array ? new Tensor('uint8', tile, shape) : new Tensor('float32', tile, shape);
    const begun = performance.now();
    const made = await this.session.run({ [this.model.input]: tensor });
    this.#seconds += (performance.now() - begun) / 1000;
    const output = made[this.model.output];
    if (output === undefined || output.dims.length !== 4 || output.dims[1] !== size || output.dims[2] !== size)
      throw refuse('restoration.output-not-sane', {
        operation: this.model.id,
        detail: `expected a ${size}×${size} tile but received ${output === undefined ? 'nothing' : output.dims.join('×')}`,
      });
    const data = output.data;
    if (!(data instanceof Uint8Array) && !(data instanceof Float32Array))
      throw refuse('restoration.output-not-sane', { operation: this.model.id, detail: `type ${output.type}` });
    return data;
  }
}
