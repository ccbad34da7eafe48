import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { installedModels } from '../models.js';
import { NetCache } from './nets.js';

/** Anonymous memory of this process in megabytes. */
async function memory(): Promise<number> {
  return Number(/RssAnon:\s+(\d+) kB/.exec(await readFile('/proc/self/status', 'latin1'))?.[1]) / 1024;
}

test.runIf(process.platform === 'linux')(
  'a net that rests holds no memory of its tiles, and answers the same when it is opened again',
  { timeout: 120_000 },
  async () => {
    const models = await installedModels(fileURLToPath(new URL('../../../../models', import.meta.url)));
    const model = models.get('damage-s') ?? expect.fail('damage-s is not installed');
    const nets = new NetCache(1);
    const side = 1024;
    const tile = Uint8Array.from({ length: side * side }, (_, at) => (at * 7919) % 251);
    const net = await nets.open(model);
    const before = await net.run(tile, side, 1);
    const working = await memory();
    await nets.rest();
    expect(working - (await memory())).toBeGreaterThan(50);
    await expect(net.run(tile, side, 1)).rejects.toMatchObject({ code: 'restoration.engine-failed' });
    const again = await nets.open(model);
    // What has not run keeps nothing, and stays.
    await nets.rest();
    expect(await again.run(tile, side, 1)).toEqual(before);
    await nets.close();
  },
);
