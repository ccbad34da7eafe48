import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/**
 * The thread that holds the sessions: `session.run` of onnxruntime-node blocks the thread that calls it, so the tiles are
 * prepared and stitched on another. This file imports nothing of its own project, because it is loaded by itself.
 */
export interface NetInput {
  readonly data: Uint8Array | Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** Parent to thread. */
export type NetRequest =
  | {
      readonly type: 'load';
      readonly id: number;
      readonly key: string;
      readonly bytes: Uint8Array;
      readonly threads: number;
      readonly level: 'all';
      /** Name of onnxruntime's execution provider. */
      readonly provider: string;
    }
  | {
      readonly type: 'run';
      readonly id: number;
      readonly key: string;
      readonly inputs: Readonly<Record<string, NetInput>>;
      readonly output: string;
    }
  /** Nets that have run are let go, with the memory they keep between tiles. */
  | { readonly type: 'rest'; readonly id: number };

/** Thread to parent. `seconds` is the time inside `session.run` alone. */
export type NetAnswer =
  | { readonly id: number; readonly type: 'loaded' }
  /** The nets that were let go: they must be loaded before they are run again. */
  | { readonly id: number; readonly type: 'resting'; readonly keys: readonly string[] }
  | {
      readonly id: number;
      readonly type: 'made';
      readonly element: string;
      readonly data: Uint8Array | Float32Array | null;
      readonly shape: readonly number[];
      readonly seconds: number;
    }
  | { readonly id: number; readonly type: 'failed'; readonly detail: string };

/** A loaded net, and whether it has run, and so keeps memory. */
interface LoadedNet {
  readonly session: InferenceSession;
  hasRun: boolean;
}

const nets = new Map<string, LoadedNet>();

function tensorOf(data: NetInput['data'], shape: readonly number[]): Tensor {
  if (data instanceof Uint8Array) return new Tensor('uint8', data, shape);
  return data instanceof Float64Array ? new Tensor('float64', data, shape) : new Tensor('float32', data, shape);
}

async function load(request: Extract<NetRequest, { type: 'load' }>): Promise<NetAnswer> {
  const session = await InferenceSession.create(request.bytes, {
    executionProviders: [request.provider],
    graphOptimizationLevel: request.level,
    intraOpNumThreads: request.threads,
    interOpNumThreads: 1,
    // Memory stays with the net between tiles until the nets rest: a tile that asks for it anew takes a quarter longer.
    enableCpuMemArena: true,
    // Threads that spin while they wait cost a shared machine more than they gain it.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  nets.set(request.key, { session, hasRun: false });
  return { id: request.id, type: 'loaded' };
}

async function rest(request: Extract<NetRequest, { type: 'rest' }>): Promise<NetAnswer> {
  const keys: string[] = [];
  for (const [key, { session, hasRun }] of [...nets]) {
    if (!hasRun) continue;
    nets.delete(key);
    keys.push(key);
    await session.release();
  }
  return { id: request.id, type: 'resting', keys };
}

async function run(request: Extract<NetRequest, { type: 'run' }>): Promise<NetAnswer> {
  const net = nets.get(request.key);
  if (net === undefined) throw new Error(`Expected a loaded net but received ${request.key}`);
  net.hasRun = true;
  const feeds: Record<string, Tensor> = {};
  for (const [name, { data, shape }] of Object.entries(request.inputs)) feeds[name] = tensorOf(data, shape);
  const begun = performance.now();
  const made = await net.session.run(feeds, [request.output]);
  const seconds = (performance.now() - begun) / 1000;
  const output = made[request.output];
  if (output === undefined) throw new Error(`Expected an output ${request.output} but received none`);
  const { data, dims, type } = output;
  const plain = data instanceof Uint8Array || data instanceof Float32Array ? data : null;
  return { id: request.id, type: 'made', element: type, data: plain, shape: dims, seconds };
}

function answerTo(request: NetRequest): Promise<NetAnswer> {
  if (request.type === 'load') return load(request);
  return request.type === 'run' ? run(request) : rest(request);
}

async function answer(request: NetRequest): Promise<void> {
  try {
    const answered = await answerTo(request);
    // What was made is handed over, not copied: nobody here looks at it again.
    const made = answered.type === 'made' && answered.data !== null ? [answered.data.buffer as ArrayBuffer] : [];
    parentPort?.postMessage(answered, made);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    parentPort?.postMessage({ id: request.id, type: 'failed', detail } satisfies NetAnswer);
  }
}

/** One request after another: a run that waits for another one takes no time of its own. */
let last = Promise.resolve();
parentPort?.on('message', (request: NetRequest) => {
  last = last.then(() => answer(request));
});
