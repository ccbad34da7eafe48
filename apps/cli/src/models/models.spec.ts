import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { models } from '../commands/models.js';
import { rerun } from '../commands/rerun.js';
import { restore } from '../commands/restore.js';
import { drawPicture } from '../treat/testing/draw-picture.js';
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
  environment = { XDG_CONFIG_HOME: join(folder, 'settings'), ALBUMEN_DATA: join(folder, 'data'), ALBUMEN_MODELS: tiny };
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
    const terms = ['--licence', 'MIT', '--level', '1'];
    await expect(call('accept', 'mean-filter', ...terms)).rejects.toThrow(/Expected --as/);
    expect(await states()).toEqual(['quarantined true']);
    expect(JSON.parse((await call('accept', 'mean-filter', ...terms, '--as', 'Bùi Mai')).out)).toEqual({
      id: 'mean-filter',
      version: '1.0.0',
      state: 'accepted',
      by: 'Bùi Mai',
      recordedIn: 'acceptance-record',
      entry: 1,
    });
    expect(await states()).toEqual(['accepted true']);
    await writeFile(join(folder, 'data', 'models', 'mean-filter', '1.0.0', 'mean-filter.onnx'), 'changed');
    expect(await states()).toEqual(['accepted false']);
    expect((await call('list')).exitCode).toBe(1);
    expect((await call('remove', 'mean-filter', '--as', 'Lê Sơn')).exitCode).toBe(0);
    expect(await states()).toEqual(['removed null']);
    expect((await call('list')).exitCode).toBe(0);
  });

  it('serve a step once they are accepted; the receipt pins them, and says which is missing after they are removed', async () => {
    const file = join(folder, 'twin.onnx');
    await copyFile(join(tiny, 'restore-s/1.0.0/restore-s.f32.onnx'), file);
    expect((await call('add', file, '--licence', 'MIT', '--adapter', 'image2image')).exitCode).toBe(0);
    const original = join(folder, 'scan.png');
    await drawPicture(original, { width: 150, height: 110, bands: 3, depth: 8 }, 7);
    const treat = (): Promise<CommandAnswer> =>
      runCommand(restore, [original, '--steps', 'reduce-noise:0.9:model=twin@1.0.0'], environment);
    // In quarantine it is used by nothing.
    const early = await treat().catch((error: unknown) => error);
    expect(JSON.stringify(early)).toContain('twin@1.0.0');
    expect((await call('accept', 'twin', '--licence', 'MIT', '--level', '2', '--as', 'Lê Sơn')).exitCode).toBe(0);
    // A preset that was named is a limit for the model's level, too; nothing is begun beyond it.
    const repair = ['--preset', 'repair', '--steps', 'reduce-noise:0.9:model=twin@1.0.0'];
    await expect(runCommand(restore, [original, ...repair], environment)).rejects.toMatchObject({
      code: 'restoration.level-above-collection',
      details: { needed: 2, allowed: 1 },
    });
    expect((await readdir(folder)).filter((name) => name.includes('scan.png.'))).toEqual([]);
    expect((await treat()).exitCode).toBe(0);
    const receipt = join(`${original}.albumen`, 'receipt.json');
    const { recipe } = (JSON.parse(await readFile(receipt, 'utf8')) as { receipt: { recipe: { steps: object[] } } }).receipt;
    expect(recipe.steps).toMatchObject([
      { model: { id: 'twin', version: '1.0.0', adapter: 'image2image', licence: 'MIT', level: 2 } },
    ]);
    const again = (): Promise<CommandAnswer> => runCommand(rerun, [receipt, '--original', original], environment);
    expect(JSON.parse((await again()).out)).toMatchObject({ verdict: { kind: 'identical' } });
    expect((await call('remove', 'twin', '--as', 'Lê Sơn')).exitCode).toBe(0);
    const missing = await again();
    expect(missing.exitCode).toBe(1);
    expect(JSON.parse(missing.out)).toMatchObject({
      verdict: null,
      faults: [{ kind: 'model-missing', words: expect.stringMatching(/The model twin 1\.0\.0 .* is not installed/) }],
    });
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
    await expect(call('add', file, '--licence', 'MIT', '--adapter', 'mask')).rejects.toThrow(/No step uses masks yet/);
    const marks = join(tiny, 'damage-s/1.0.0/damage-s.u8.onnx');
    expect(await call('add', marks, '--licence', 'MIT', '--models', other, '--id', 'marks')).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('"kept":false'),
    });
    expect(await readdir(other)).toEqual([]);
    await expect(call('polish', file)).rejects.toThrow(/list, add, accept, remove/);
    await expect(call('list', file)).rejects.toThrow(/nothing after list/);
    await expect(call('remove', 'restore-s', '--as', 'Lê Sơn')).rejects.toMatchObject({ code: 'model.not-found' });
  });
});
