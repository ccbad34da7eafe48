import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';
import { refuse } from '@albumen/domain';
import { AdaptedNet } from '../brought-in-models/adapted-net.js';
import { onProcessor, type Execution, type ExecutionProvider } from '../execution.js';
import { modelBytes, type InstalledModel } from '../models.js';
import { closeOnProcessor } from '../processor-session.js';
import type { NetAnswer, NetInput, NetRequest } from './net-worker.js';
import { startThread } from './own-thread.js';

const require = createRequire(import.meta.url);

/** Version of the runtime, for receipts. */
export const onnxruntimeVersion: string = (require('onnxruntime-node/package.json') as { version: string }).version;

/** Optimisation level of every session; bytes are only promised equal at the same level. */
export const optimisationLevel = 'all';

/** Square planes for one input of a net: NHWC with `channels` values a pixel. */
export interface TileInput {
  readonly data: Uint8Array | Float32Array;
  readonly channels: number;
}

/** A net ready to run; `seconds` is the time spent inside `session.run` so far. */
export interface Net {
  readonly model: InstalledModel;
  readonly seconds: number;
  /** Tiles run so far. */
  readonly runs: number;
  /**
   * Runs one square tile of `size` pixels, NHWC, in the numbers the net's file takes, on a thread of its own: the caller's
   * thread stays free meanwhile, and `tile` may be written again as soon as this has returned. The answer has the net's
   * output channels and is `scale` times as wide; pictures are 0..1. Refuses `restoration.output-not-sane` for another shape or type, `restoration.engine-failed`.
   */
  run(tile: Uint8Array | Float32Array, size: number, channels: number): Promise<Float32Array>;
  /** The same for a net with several inputs, by name. */
  runOn(inputs: Readonly<Record<string, TileInput>>, size: number): Promise<Float32Array>;
  /** The same for several tiles of one shape, one after another in each input; absent where a net takes squares alone. */
  runMany?(inputs: Readonly<Record<string, TileInput>>, shape: TileShape): Promise<Float32Array>;
}

/** Tiles that are run together: how many, and their size in pixels. */
export interface TileShape {
  readonly count: number;
  readonly width: number;
  readonly height: number;
}

/** Sessions by model file digest, so that a child that serves several runs loads a model once. */
export class NetCache {
  readonly #loaded = new Map<string, Promise<void>>();
  #thread: NetThread | null = null;
  #execution: Execution = onProcessor;
  /** Providers that a net of this cache was loaded by. */
  readonly #by = new Set<ExecutionProvider>();
  #fellBack = false;
  constructor(private readonly threads: number) {}

  /** By what nets are run from now on; those that are loaded already stay where they are. */
  use(execution: Execution): void {
    this.#execution = execution;
  }

  /** The provider that was asked for, and the one that computed (several, where only some nets could be loaded by it). */
  get provider(): { readonly asked: ExecutionProvider; readonly provider: string } {
    const asked = this.#execution.provider;
    if (!this.#fellBack) return { asked, provider: asked };
    return { asked, provider: [...this.#by].sort().join(', ') };
  }

  /** Loads (or finds) the net. Refuses `model.digest-differs`, `model.missing`, `restoration.engine-failed`. */
  async open(model: InstalledModel): Promise<Net> {
    if (model.broughtIn !== undefined) return this.openAdapted(model);
    const { key, thread } = await this.#loadedFor(model);
    return new OpenNet(model, key, thread);
  }

  /** The same for a model that was brought in, with the runs that only such models are asked for. */
  async openAdapted(model: InstalledModel): Promise<AdaptedNet> {
    const { key, thread } = await this.#loadedFor(model);
    return new AdaptedNet(model, (inputs, output) => runIn(thread, { key, inputs, output }, model.id));
  }

  async #loadedFor(model: InstalledModel): Promise<{ readonly key: string; readonly thread: NetThread }> {
    const key = `${model.id}/${model.version}/${model.file.sha256}`;
    const thread = (this.#thread ??= new NetThread());
    let loaded = this.#loaded.get(key);
    if (loaded === undefined) {
      loaded = this.#load(thread, key, model);
      this.#loaded.set(key, loaded);
      loaded.catch(() => this.#loaded.delete(key));
    }
    await loaded;
    return { key, thread };
  }

  async #load(thread: NetThread, key: string, model: InstalledModel): Promise<void> {
    const bytes = await modelBytes(model);
    const { threads } = this;
    const load = (provider: ExecutionProvider): Promise<NetAnswer> =>
      thread.ask({ type: 'load', key, bytes, threads, level: optimisationLevel, provider });
    const { provider, fallsBack } = this.#execution;
    let by = this.#fellBack ? 'cpu' : provider;
    let answer = await load(by);
    if (answer.type === 'failed' && by !== 'cpu') {
      if (!fallsBack)
        throw refuse('restoration.engine-failed', {
          detail: `the execution provider ${by} cannot run ${model.id} here (${answer.detail})`,
        });
      this.#fellBack = true;
      by = 'cpu';
      answer = await load(by);
    }
    this.#by.add(by);
    if (answer.type === 'failed')
      throw refuse('restoration.engine-failed', {
        detail: `the model ${model.id} could not be loaded (${answer.detail})`,
      });
  }

  /**
   * Lets go of nets that have run, and of those of this thread, which are loaded for one step: the memory that they keep
   * between tiles would lie beside what the next step needs (12 megapixels: 1.3 GB). A net that was open must be opened again.
   */
  async rest(): Promise<void> {
    await closeOnProcessor();
    const answer = await this.#thread?.ask({ type: 'rest' });
    if (answer?.type === 'failed') throw refuse('restoration.engine-failed', { detail: answer.detail });
    if (answer?.type === 'resting') for (const key of answer.keys) this.#loaded.delete(key);
  }

  /** Ends the thread; sessions are loaded anew afterwards. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    this.#loaded.clear();
    await thread?.close();
  }
}

/** `Omit` of each member of a union. */
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

/** The thread of the sessions, with its questions and answers matched by number. */
class NetThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (answer: NetAnswer) => void; reject: (error: Error) => void }>();
  #number = 0;
  #ended: Error | null = null;

  constructor() {
    this.#worker = startThread('./net-worker.js');
    this.#worker.unref();
    this.#worker.on('message', (answer: NetAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#forget(answer.id);
      waiting?.resolve(answer);
    });
    const end = (error: Error): void => {
      this.#ended ??= error;
      for (const [id, { reject }] of [...this.#waiting]) {
        this.#forget(id);
        reject(error);
      }
    };
    this.#worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => end(new Error(`Expected a thread for the nets but it ended with ${code}`)));
  }

  ask(request: Unnumbered<NetRequest>): Promise<NetAnswer> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      const handed: ArrayBuffer[] = [];
      this.#worker.postMessage({ ...(request.type === 'run' ? handedOver(request, handed) : request), id }, handed);
    });
  }

  #forget(id: number): void {
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** A request with copies of its numbers, whose memory is added to `handed`: one copy, and not one on each side. */
function handedOver(
  request: Unnumbered<Extract<NetRequest, { type: 'run' }>>,
  handed: ArrayBuffer[],
): Unnumbered<NetRequest> {
  const inputs = Object.entries(request.inputs).map(([name, { data, shape }]) => {
    const copy = data.slice();
    handed.push(copy.buffer);
    return [name, { data: copy, shape }] as const;
  });
  return { ...request, inputs: Object.fromEntries(inputs) };
}

/** Runs a loaded session. Refuses `restoration.engine-failed`. */
async function runIn(
  thread: NetThread,
  asked: { readonly key: string; readonly inputs: Readonly<Record<string, NetInput>>; readonly output: string },
  id: string,
): Promise<Extract<NetAnswer, { type: 'made' }>> {
  const answer = await thread.ask({ type: 'run', ...asked });
  if (answer.type === 'failed')
    throw refuse('restoration.engine-failed', { detail: `the model ${id} could not be run (${answer.detail})` });
  if (answer.type !== 'made') throw new TypeError(`Expected a tile from ${id} but received ${answer.type}`);
  return answer;
}

class OpenNet implements Net {
  #seconds = 0;
  #runs = 0;
  constructor(
    readonly model: InstalledModel,
    private readonly key: string,
    private readonly thread: NetThread,
  ) {}

  get seconds(): number {
    return this.#seconds;
  }

  get runs(): number {
    return this.#runs;
  }

  run(tile: Uint8Array | Float32Array, size: number, channels: number): Promise<Float32Array> {
    return this.runOn({ [this.model.input]: { data: tile, channels } }, size);
  }

  runOn(given: Readonly<Record<string, TileInput>>, size: number): Promise<Float32Array> {
    return this.runMany(given, { count: 1, width: size, height: size });
  }

  async runMany(given: Readonly<Record<string, TileInput>>, shape: TileShape): Promise<Float32Array> {
    const { count, width, height } = shape;
    const inputs: Record<string, NetInput> = {};
    for (const [name, { data, channels }] of Object.entries(given))
      inputs[name] = { data, shape: [count, height, width, channels] };
    const { id, output, scale } = this.model;
    const answer = await runIn(this.thread, { key: this.key, inputs, output }, id);
    this.#seconds += answer.seconds;
    this.#runs += count;
    const [across, down] = [width * scale, height * scale];
    const notSane = (detail: string): Error => refuse('restoration.output-not-sane', { operation: id, detail });
    if (
      answer.shape.length !== 4 ||
      answer.shape[0] !== count ||
      answer.shape[1] !== down ||
      answer.shape[2] !== across
    )
      throw notSane(`expected ${count} tiles of ${across}×${down} but received ${answer.shape.join('×')}`);
    if (!(answer.data instanceof Float32Array)) throw notSane(`type ${answer.element}`);
    if (answer.data.length !== count * across * down * (answer.shape[3] ?? 0))
      throw notSane(`${answer.data.length} values in a tile`);
    return answer.data;
  }
}
