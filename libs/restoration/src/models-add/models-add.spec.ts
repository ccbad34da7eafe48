import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { twinFile, twins } from '../testing/onnx-twins.js';
import { tinyModels } from '../testing/pictures.js';
import { installedModels } from '../models.js';
import type { AdapterName } from './adapters.js';
import { acceptModel, bringIn, broughtIn, dropBytes, removeModel, type BringIn } from './brought-in.js';
import type { Examination } from './examination.js';
import { examineModel } from './examine-model.js';
import { readOnnxHeader } from './onnx-header.js';

type TwinName = keyof typeof twins;
const project = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

// Models are run here, also where other work holds the machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

beforeAll(() => {
  // The examination runs in the built process.
  const typescript = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  execFileSync(process.execPath, [typescript, '-b', project], { stdio: 'inherit' });
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'albumen-models-'));
});

async function fileOf(name: TwinName): Promise<string> {
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, twinFile(twins[name]));
  return path;
}

const examined = async (name: TwinName, adapter: AdapterName): Promise<Examination> =>
  examineModel(await fileOf(name), adapter);

describe('the header', () => {
  it('is read as the exporters wrote it', async () => {
    const file = join(tinyModels(), 'damage-s/1.0.0/damage-s.u8.onnx');
    expect(readOnnxHeader(await readFile(file))).toMatchObject({
      irVersion: 8,
      opset: 17,
      inputs: [{ name: 'luma', element: 'uint8', dims: ['n', 'h', 'w', 1] }],
      outputs: [{ name: 'logits', element: 'float32' }],
      objections: [],
    });
  });

  it('subtracts initialisers that old files list as inputs', () => {
    const header = readOnnxHeader(twinFile(twins.old));
    expect(header.inputs.map(({ name }) => name)).toEqual(['input']);
    expect(header).toMatchObject({ irVersion: 4, opset: 9, parameters: 1 });
  });

  it('objects to custom domains and to data outside the file', () => {
    expect(readOnnxHeader(twinFile(twins['custom-domain'])).objections).toEqual([
      'it uses the operator Sharpen of the custom domain com.example',
    ]);
    expect(readOnnxHeader(twinFile(twins['data-outside'])).objections.join()).toContain('../../keys/audit.key');
  });

  it('is no header in cut or foreign bytes', () => {
    const whole = twinFile(twins.mean);
    for (let length = 0; length < whole.length; length += 7)
      expect(() => readOnnxHeader(whole.subarray(0, length))).toThrow();
    expect(() => readOnnxHeader(new TextEncoder().encode('{"not":"a model"}'))).toThrow();
  });
});

describe('well-behaved models', () => {
  it.each([
    ['mean', 'image2image', { scale: 1, range: '0..1', multiple: 1, margin: 8, channelOrder: 'same', hole: null }],
    ['interleaved', 'image2image', { scale: 1, range: '0..255', multiple: 1, margin: 0 }],
    ['takes-255', 'image2image', { scale: 1, range: '0..255' }],
    ['old', 'image2image', { scale: 1, range: '0..1' }],
    ['double', 'upscale', { scale: 2, multiple: 1, margin: 0, outputChannels: 3 }],
    ['multiple-of-8', 'image2image', { multiple: 8 }],
    ['whole-picture', 'image2image', { margin: null }],
    ['hole-is-1', 'inpaint', { hole: 1 }],
    ['hole-is-0', 'inpaint', { hole: 0 }],
    ['hole-is-1-of-255', 'inpaint', { hole: 1, range: '0..1', outputRange: '0..255' }],
    ['colours', 'lab-ab', { outputChannels: 2, margin: null, fixedSize: { width: 256, height: 256 } }],
    ['face', 'face-512', { margin: null, fixedSize: { width: 512, height: 512 }, channelOrder: 'same' }],
    [
      'face-with-weight',
      'face-512',
      { fixedSize: { width: 512, height: 512 }, warnings: [expect.stringMatching(/alone/)] },
    ],
    ['face-with-float-weight', 'face-512', { fixedSize: { width: 512, height: 512 } }],
    ['faces', 'detector-yunet', { margin: null, fixedSize: { width: 640, height: 640 }, range: '0..255' }],
  ] as const)('are measured (%s as %s)', async (name, adapter, expected) => {
    const { faults, probes, peakMegabytes } = await examined(name, adapter);
    expect(faults).toEqual([]);
    expect(probes).toMatchObject({ ...expected, repeatDifference: 0 });
    expect(probes?.secondsPerMegapixel).toBeGreaterThan(0);
    expect(peakMegabytes).toBeGreaterThan(10);
  });
});

describe('models that are not what they should be', () => {
  it.each([
    ['nan', 'image2image', /NaN/],
    ['black', 'image2image', /does not look like the picture|the same everywhere/],
    ['swapped', 'image2image', /exchanged/],
    ['random', 'image2image', /two equal runs differ/],
    ['double', 'image2image', /expected an answer 1× the size of the picture but received 384×384/],
    ['mean', 'upscale', /expected an answer 2×, 3×, 4×, 8×/],
    ['colours-of-255', 'lab-ab', /expected a\* and b\* between/],
    ['mean', 'lab-ab', /expected 2 channels for output but received 3/],
    ['face-of-256', 'face-512', /expected a size of 512×512 but received 256×256/],
    ['face-in-black', 'face-512', /does not look like the picture|the same everywhere/],
    ['face-with-two-weights', 'face-512', /expected one number for weight but received \[2\]/],
    ['face-with-whole-weight', 'face-512', /expected float32 or float64 for the number weight but received int64/],
    ['face-weight-ignored', 'face-512', /its number weight makes no difference between 0 and 1/],
    ['face-with-weight', 'image2image', /expected 1 inputs for image2image but received 2/],
    ['face', 'detector-yunet', /expected 12 outputs for detector-yunet but received 1/],
    ['faces-nan', 'detector-yunet', /NaN/],
    ['marks', 'image2image', /hardly lighter than to black: .* no step uses masks yet/],
    ['marks-of-colours', 'image2image', /received 3 and 1; .* no step uses masks yet/],
    ['mask-ignored', 'inpaint', /mask makes no difference/],
    ['mean', 'inpaint', /expected 2 inputs for inpaint but received 1 \(input\)/],
    ['hole-is-1', 'image2image', /expected 1 inputs for image2image but received 2/],
    ['half', 'image2image', /expected uint8 or float32 for input but received float16/],
    ['custom-domain', 'image2image', /custom domain com\.example/],
    ['data-outside', 'image2image', /outside the file/],
  ] as const)('have faults (%s as %s)', async (name, adapter, words) => {
    expect((await examined(name, adapter)).faults.join('; ')).toMatch(words);
  });

  it('are warned of where more of their number is less of the picture', async () => {
    const { faults, warnings } = await examined('face-weight-inverse', 'face-512');
    expect(faults).toEqual([]);
    expect(warnings.join()).toMatch(/at weight 1 its answer is less like the drawn picture than at 0; fidelity/);
  });

  it('are refused where they are no models, or take too long', async () => {
    const text = join(folder, 'text.onnx');
    await writeFile(text, 'no model at all');
    await expect(examineModel(text, 'image2image')).rejects.toMatchObject({ code: 'model.file-refused' });
    const slow = examineModel(await fileOf('mean'), 'image2image', { seconds: 0.01 });
    await expect(slow).rejects.toThrow(/longer than 0.01 seconds/);
    const large = examineModel(await fileOf('mean'), 'image2image', { memoryBytes: 60_000_000 });
    await expect(large).rejects.toThrow(/needed more than 60 MB|ended/);
  });
});

describe('a model that is brought in', () => {
  const bring = async (name: TwinName, more: Partial<BringIn> = {}): ReturnType<typeof bringIn> =>
    bringIn({
      file: await fileOf(name),
      into: join(folder, 'models'),
      shipped: tinyModels(),
      id: 'softener',
      modelVersion: '1.0.0',
      adapter: 'image2image',
      licence: 'MIT',
      ...more,
    });

  it('is quarantined, accepted by its licence and level, and removed with its report kept', async () => {
    const into = join(folder, 'models');
    const { kept, report } = await bring('mean');
    expect([kept, report.state]).toEqual([true, 'quarantined']);
    expect(await installedModels(into)).toEqual(new Map());
    await expect(bring('mean')).rejects.toThrow(/brought in before/);
    await expect(acceptModel(into, 'softener', { licence: 'GPL-3.0', level: 1 })).rejects.toThrow(/under MIT/);
    await expect(acceptModel(into, 'softener', { licence: 'MIT', level: 0 })).rejects.toThrow(/level 1 or more/);
    await expect(acceptModel(into, 'nobody', { licence: 'MIT', level: 1 })).rejects.toThrow(/nobody/);
    await acceptModel(into, 'softener', { licence: 'MIT', level: 1 });
    const installed = (await installedModels(into)).get('softener');
    expect(installed).toMatchObject({ version: '1.0.0', input: 'input', output: 'output', tile: { margin: 16 } });
    expect(installed?.file.sha256).toBe(report.sha256);
    await dropBytes(await removeModel(into, 'softener'));
    expect(await installedModels(into)).toEqual(new Map());
    expect((await broughtIn(into)).map(({ report: { state, sha256 } }) => [state, sha256])).toEqual([
      ['removed', report.sha256],
    ]);
    expect(await readdir(join(into, 'softener', '1.0.0'))).toEqual(['report.json']);
  });

  it('is not accepted once its bytes were changed', async () => {
    const into = join(folder, 'models');
    await bring('mean');
    await writeFile(join(into, 'softener', '1.0.0', 'softener.onnx'), twinFile(twins.black));
    const accepting = acceptModel(into, 'softener', { licence: 'MIT', level: 1 });
    await expect(accepting).rejects.toMatchObject({ code: 'model.digest-differs' });
    expect(await installedModels(into)).toEqual(new Map());
  });

  it('never takes the place of an own model, and leaves nothing where it has faults', async () => {
    await expect(bring('mean', { id: 'restore-s' })).rejects.toThrow(/own models/);
    await expect(bring('mean', { id: 'up4' })).rejects.toThrow(/own models/);
    await expect(bring('mean', { id: '../x' })).rejects.toThrow(/received "\.\.\/x"/);
    expect(existsSync(join(folder, 'models'))).toBe(false);
    await mkdir(join(folder, 'models'));
    expect((await bring('nan')).kept).toBe(false);
    await expect(bring('mean', { limits: { seconds: 0.01 } })).rejects.toThrow(/longer/);
    expect(await readdir(join(folder, 'models'))).toEqual([]);
  });
});
