import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { models } from '../commands/models.js';
import { runCommand, type CommandAnswer } from '../treat/testing/run-command.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const tiny = join(root, 'libs/restoration/src/testing/models');
let folder: string;

// A model is run here, also where other work holds the machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let environment: Record<string, string>;
const call = (...args: string[]): Promise<CommandAnswer> => runCommand(models, args, environment);

beforeAll(async () => {
  // The examination runs in the built process.
  const typescript = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  execFileSync(process.execPath, [typescript, '-b', join(root, 'libs/restoration')], { stdio: 'inherit' });
  folder = await mkdtemp(join(tmpdir(), 'albumen-models-command-'));
  environment = { ALBUMEN_DATA: join(folder, 'data'), ALBUMEN_MODELS: tiny };
});

describe('models', () => {
  it('are added, accepted, listed and removed', async () => {
    const file = join(folder, 'Mean Filter.onnx');
    await copyFile(join(tiny, 'restore-s/1.0.0/restore-s.f32.onnx'), file);
    const added = await call('add', file, '--licence', 'MIT');
    expect(added.exitCode).toBe(0);
    expect(JSON.parse(added.out)).toMatchObject({
      kept: true,
      report: { id: 'mean-filter', adapter: 'image2image', state: 'quarantined' },
    });
    const states = async (): Promise<string[]> =>
      (JSON.parse((await call('list')).out) as { id: string; state: string; holds: boolean }[])
        .filter(({ id }) => id === 'mean-filter')
        .map(({ state, holds }) => `${state} ${holds}`);
    expect(await states()).toEqual(['quarantined true']);
    await expect(call('accept', 'mean-filter', '--licence', 'MIT')).rejects.toThrow(/Expected --level/);
    expect((await call('accept', 'mean-filter', '--licence', 'MIT', '--level', '1')).exitCode).toBe(0);
    expect(await states()).toEqual(['accepted true']);
    await writeFile(join(folder, 'data', 'models', 'mean-filter', '1.0.0', 'mean-filter.onnx'), 'changed');
    expect(await states()).toEqual(['accepted false']);
    expect((await call('list')).exitCode).toBe(1);
    expect((await call('remove', 'mean-filter')).exitCode).toBe(0);
    expect(await states()).toEqual(['removed null']);
    expect((await call('list')).exitCode).toBe(0);
  });

  it('that are none are refused with the reason, and nothing stays', async () => {
    const file = join(folder, 'letter.onnx');
    await writeFile(file, 'Dear archive,');
    const other = join(folder, 'elsewhere');
    await expect(call('add', file, '--licence', 'MIT', '--models', other)).rejects.toThrow(/no ONNX model/);
    expect(await readdir(other)).toEqual([]);
    await expect(call('add', file)).rejects.toThrow(/Expected --licence/);
    await expect(call('add', join(folder, 'nobody.onnx'), '--licence', 'MIT')).rejects.toThrow(/no such file/);
    await expect(call('add', file, '--licence', 'MIT', '--adapter', 'any')).rejects.toThrow(/one of image2image/);
    await expect(call('polish', file)).rejects.toThrow(/list, add, accept, remove/);
    await expect(call('list', file)).rejects.toThrow(/nothing after list/);
    await expect(call('remove', 'restore-s')).rejects.toMatchObject({ code: 'model.missing' });
  });
});
