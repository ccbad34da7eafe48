import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineProgress, Recipe } from '@albumen/domain';
import { childEntry, hasMemoryLimiter } from './compute-child.js';
import { createRestorationEngine } from './engine.js';
import {
  leaves,
  scratch,
  scratchFolder,
  tinyModels,
  toSamples,
  writePicture,
  type MadeShape,
} from './testing/pictures.js';
import { twinModels } from './testing/twins.js';

const shape: MadeShape = { width: 420, height: 300, bands: 3, depth: 8 };
const project = fileURLToPath(new URL('..', import.meta.url));
let input: string;
let folder: string;
let number = 0;

async function into(): Promise<string> {
  const path = join(folder, `run-${++number}`);
  await mkdir(path);
  return path;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

beforeAll(async () => {
  // A process cannot be forked from TypeScript source: the specs run what is built, so they build it.
  const typescript = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  execFileSync(process.execPath, [typescript, '-b', project], { stdio: 'inherit' });
  folder = await scratchFolder();
  const rgb = leaves(shape.width, shape.height, 3);
  scratch(rgb, shape.width, shape.height, 3);
  input = await writePicture(folder, 'input', toSamples(rgb, shape), shape);
});

describe('engine', () => {
  const engine = createRestorationEngine({ modelsDir: tinyModels(), threads: 1 });
  afterAll(() => engine.close());

  it('assesses, restores and composes in one child, telling true progress', async () => {
    const assessment = await engine.assess({ input, into: await into() });
    expect(assessment.report).toMatchObject({ version: 2, width: 420, height: 300 });
    expect(assessment.report.models[0]).toEqual((await engine.pins())['damage-s']);
    const first = engine.childPid;
    const pins = await engine.pins();
    const recipe: Recipe = {
      version: 1,
      steps: [
        { operation: 'repair-damage', strength: 1, parameters: {}, model: pins['damage-s']! },
        { operation: 'reduce-noise', strength: 1, parameters: {}, model: pins['restore-s']! },
      ],
    };
    const told: EngineProgress[] = [];
    const task = { input, recipe, maskPath: assessment.maskPath };
    const proposal = await engine.restore({
      ...task,
      into: await into(),
      onProgress: (progress) => told.push(progress),
    });
    expect(proposal.variants.map(({ variant }) => variant)).toEqual(['n', 'r', 'rn']);
    expect(told.map(({ share }) => share)).toEqual(told.map(({ share }) => share).sort((a, b) => a - b));
    expect(told.at(-1)?.share).toBeGreaterThan(0.9);
    expect(proposal.maps?.map(({ kind, operation }) => `${kind} ${operation}`)).toEqual([
      'change reduce-noise',
      'confidence repair-damage',
    ]);
    for (const map of proposal.maps ?? []) {
      const size = await sharp(map.path).metadata();
      expect([size.width, size.height]).toEqual([map.width, map.height]);
    }
    const made = await engine.compose({ ...task, into: await into(), accepted: { regions: [], layers: [] } });
    expect(made.receipt.output.pixelSha256).toBe(proposal.receipt.input.pixelSha256);
    expect(engine.childPid).toBe(first);
  });

  it('refuses what it must, by the code of the table', async () => {
    const pins = await engine.pins();
    const { maskPath } = await engine.assess({ input, into: await into() });
    const run = async (recipe: Recipe, accepted: readonly number[] = []): Promise<unknown> =>
      engine.compose({ input, into: await into(), recipe, maskPath, accepted: { regions: accepted, layers: [] } });
    const repair = { operation: 'repair-damage', strength: 1, parameters: {}, model: pins['damage-s']! } as const;
    await expect(run({ version: 1, steps: [] })).rejects.toMatchObject({ code: 'restoration.nothing-to-do' });
    await expect(run({ version: 1, steps: [repair] }, [999])).rejects.toMatchObject({
      code: 'restoration.region-not-found',
    });
    const other = { ...repair, model: { ...repair.model, sha256: '0'.repeat(64) } };
    await expect(run({ version: 1, steps: [other] })).rejects.toMatchObject({ code: 'model.digest-differs' });
    const missing = { ...repair, model: { ...repair.model, id: 'nobody' } };
    await expect(run({ version: 1, steps: [missing] })).rejects.toMatchObject({ code: 'model.missing' });
    const broken = join(folder, 'broken.tif');
    await writeFile(broken, (await readFile(input)).subarray(0, 500));
    await expect(engine.assess({ input: broken, into: await into() })).rejects.toMatchObject({ code: 'file.damaged' });
  });

  it('is cancelled within two seconds and works on', async () => {
    const control = new AbortController();
    let pid = 0;
    let aborted = 0;
    const abort = (): void => {
      pid = engine.childPid ?? pid;
      aborted = performance.now();
      control.abort();
    };
    const run = engine.assess({ input, into: await into(), signal: control.signal, onProgress: abort });
    const waiting = engine.assess({ input, into: await into(), signal: control.signal });
    await expect(run).rejects.toMatchObject({ code: 'restoration.cancelled' });
    await expect(waiting).rejects.toMatchObject({ code: 'restoration.cancelled' });
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => isAlive(pid), { timeout: 10_000, interval: 20 }).toBe(false);
    expect(performance.now() - aborted).toBeLessThan(2000);
    await expect(engine.assess({ input, into: await into() })).resolves.toMatchObject({ report: { width: 420 } });
  });

  it('is cancelled within two seconds while a net is at work, and leaves nothing behind', async () => {
    const { folder: modelsDir, pins } = await twinModels({ 'restore-s': 'slow' });
    const slow = createRestorationEngine({ modelsDir, threads: 1 });
    try {
      const { maskPath } = await slow.assess({ input, into: await into() });
      const recipe: Recipe = {
        version: 1,
        steps: [
          { operation: 'repair-damage', strength: 1, parameters: {}, model: pins['damage-s'] ?? null },
          { operation: 'reduce-noise', strength: 1, parameters: {}, model: pins['restore-s'] ?? null },
        ],
      };
      const control = new AbortController();
      const at = await into();
      let aborted = 0;
      const run = slow.restore({
        input,
        into: at,
        recipe,
        maskPath,
        signal: control.signal,
        onProgress: ({ doing, share }) => {
          if (doing !== 'denoise' || aborted > 0 || share < 0.2) return;
          aborted = performance.now();
          control.abort();
        },
      });
      const pid = slow.childPid ?? 0;
      await expect(run).rejects.toMatchObject({ code: 'restoration.cancelled' });
      await expect.poll(() => isAlive(pid), { timeout: 10_000, interval: 20 }).toBe(false);
      expect(performance.now() - aborted).toBeLessThan(2000);
      await expect.poll(() => readdir(at), { timeout: 2000 }).toEqual([]);
    } finally {
      await slow.close();
    }
  });

  it('says that it was cut off when its child dies, and starts another', async () => {
    const pid = (): number => engine.childPid as number;
    const run = engine.assess({ input, into: await into(), onProgress: () => process.kill(pid(), 'SIGKILL') });
    await expect(run).rejects.toMatchObject({ code: 'restoration.engine-killed' });
    await expect(engine.assess({ input, into: await into() })).resolves.toBeDefined();
  });
});

describe('a result that is no sane picture', () => {
  it.each([
    ['models-black', 8],
    ['models-nan', 16],
  ] as const)('is thrown away (%s)', async (set, depth) => {
    const models = join(await scratchFolder(), 'models');
    await cp(tinyModels(), models, { recursive: true });
    await cp(tinyModels(set), models, { recursive: true });
    const engine = createRestorationEngine({ modelsDir: models, threads: 1 });
    try {
      const wide = { ...shape, depth };
      const path = await writePicture(
        await scratchFolder(),
        'input',
        toSamples(leaves(shape.width, shape.height, 6), wide),
        wide,
      );
      const { maskPath } = await engine.assess({ input: path, into: await into() });
      const model = (await engine.pins())['restore-s']!;
      const recipe: Recipe = { version: 1, steps: [{ operation: 'reduce-noise', strength: 1, parameters: {}, model }] };
      const run = engine.restore({ input: path, into: await into(), recipe, maskPath });
      await expect(run).rejects.toMatchObject({ code: 'restoration.output-not-sane' });
      expect(await readdir(join(folder, `run-${number}`))).toEqual([]);
    } finally {
      await engine.close();
    }
  });
});

describe('models', () => {
  it('are refused when their bytes are not those of their description, or when there are none', async () => {
    const models = join(await scratchFolder(), 'models');
    await cp(tinyModels(), models, { recursive: true });
    await writeFile(join(models, 'damage-s/1.0.0/damage-s.u8.onnx'), 'other bytes');
    for (const [modelsDir, code] of [
      [models, 'model.digest-differs'],
      [join(models, 'nothing-here'), 'model.missing'],
    ] as const) {
      const engine = createRestorationEngine({ modelsDir });
      await expect(engine.assess({ input, into: await into() })).rejects.toMatchObject({ code });
      await engine.close();
    }
  });
});

describe('a child', () => {
  it('that says nothing is killed', async () => {
    const entry = join(folder, 'silent.mjs');
    await writeFile(entry, "process.on('message', () => { for (;;); });\n");
    const engine = createRestorationEngine({ modelsDir: tinyModels(), silenceSeconds: 1, childEntry: entry });
    await expect(engine.assess({ input, into: await into() })).rejects.toMatchObject({
      code: 'restoration.engine-killed',
    });
    await engine.close();
  });

  it('that wants more memory than allowed is cut off, never its parent', async () => {
    expect(hasMemoryLimiter()).toBe(process.platform === 'linux');
    if (!hasMemoryLimiter()) return;
    const entry = join(folder, 'greedy.mjs');
    await writeFile(
      entry,
      "const kept = []; process.on('message', () => { for (;;) kept.push(Buffer.alloc(50e6, 1)); });\n",
    );
    const engine = createRestorationEngine({
      modelsDir: tinyModels(),
      childMemoryBytes: 800_000_000,
      childEntry: entry,
    });
    await expect(engine.assess({ input, into: await into() })).rejects.toMatchObject({
      code: 'restoration.engine-killed',
    });
    await engine.close();
  });

  it('that uses more memory than allowed is ended with the figures, though it reserves no more than it may', async () => {
    if (!hasMemoryLimiter()) return;
    const entry = join(folder, 'large.mjs');
    await writeFile(
      entry,
      `const kept = [];
process.on('message', () => kept.push(Buffer.alloc(900e6, 1)));
setInterval(() => process.send({ type: 'beat', kept: kept.length }), 100);
`,
    );
    const engine = createRestorationEngine({
      modelsDir: tinyModels(),
      childMemoryBytes: 800_000_000,
      childEntry: entry,
    });
    await expect(engine.assess({ input, into: await into() })).rejects.toMatchObject({
      code: 'restoration.engine-killed',
      details: { detail: expect.stringMatching(/^it used (0\.[89]|1\.)\d+ GB of memory; 0\.80 GB are allowed$/) },
    });
    await engine.close();
  });

  it('is named plainly where it was not built', () => {
    expect(() => childEntry('file:///nowhere/src/compute-child.ts')).toThrow(/not built/);
  });
});
