import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installedModels, modelBytes } from '../models.js';
import type { NetAnswer, NetRequest } from './net-worker.js';

let worker: Worker;
let number = 0;

function ask(request: Omit<Extract<NetRequest, { type: 'load' }>, 'id'>): Promise<NetAnswer>;
function ask(request: Omit<Extract<NetRequest, { type: 'run' }>, 'id'> | { type: 'rest' }): Promise<NetAnswer>;
function ask(request: object): Promise<NetAnswer> {
  const id = ++number;
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', function hear(answer: NetAnswer) {
      if (answer.id !== id) return;
      worker.off('message', hear).off('error', reject);
      resolve(answer);
    });
    worker.postMessage({ ...request, id });
  });
}

/** Anonymous memory of this process in megabytes. */
async function memory(): Promise<number> {
  return Number(/RssAnon:\s+(\d+) kB/.exec(await readFile('/proc/self/status', 'latin1'))?.[1]) / 1024;
}

beforeAll(() => {
  worker = new Worker(new URL('./net-worker.ts', import.meta.url));
});
afterAll(() => worker.terminate());

test.runIf(process.platform === 'linux')(
  'a net that rests holds no memory of its tiles, and answers the same afterwards',
  { timeout: 120_000 },
  async () => {
    const models = await installedModels(fileURLToPath(new URL('../../../../models', import.meta.url)));
    const model = models.get('damage-s') ?? expect.fail('damage-s is not installed');
    const side = 1024;
    const data = Uint8Array.from({ length: side * side }, (_, at) => (at * 7919) % 251);
    const run = async (): Promise<Float32Array | Uint8Array> => {
      const inputs = { [model.input]: { data, shape: [1, side, side, 1] } };
      const made = await ask({ type: 'run', key: 'net', inputs, output: model.output });
      if (made.type !== 'made' || made.data === null) expect.fail(`received ${JSON.stringify(made).slice(0, 200)}`);
      return made.data;
    };
    const bytes = await modelBytes(model);
    const plain = { threads: 1, level: 'all', provider: 'cpu' } as const;
    expect(await ask({ type: 'load', key: 'net', bytes, ...plain })).toMatchObject({ type: 'loaded' });
    const before = await run();
    const working = await memory();
    expect(await ask({ type: 'rest' })).toMatchObject({ type: 'resting' });
    expect(working - (await memory())).toBeGreaterThan(50);
    expect(await run()).toEqual(before);
  },
);
