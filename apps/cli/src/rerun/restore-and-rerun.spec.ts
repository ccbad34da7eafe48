import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { receiptFile } from '@albumen/contracts';
import { restore } from '../commands/restore.js';
import { rerun } from '../commands/rerun.js';
import { drawPicture, type DrawnShape } from '../treat/testing/draw-picture.js';
import { runCommand, type CommandAnswer } from '../treat/testing/run-command.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const tiny = join(root, 'libs/restoration/src/testing/models');
const shipped = join(root, 'models');
const grey: DrawnShape = { width: 150, height: 110, bands: 1, depth: 8 };
/** Nets run here, also where other work holds the machine. */
const patience = 240_000;
/** The parts of a receipt that these specs change. */
interface Changeable {
  recipe: { steps: { strength: number }[] };
  input: { pixelSha256: string };
  output: { pixelSha256: string };
  runtime: { onnxruntime: string; provider: string };
  accepted?: unknown;
}
let folder: string;
let environment: Record<string, string>;

const restoring = (...args: string[]): Promise<CommandAnswer> => runCommand(restore, args, environment);
const rerunning = (...args: string[]): Promise<CommandAnswer> => runCommand(rerun, args, environment);

vi.setConfig({ testTimeout: patience, hookTimeout: patience });

beforeAll(() => {
  // A process cannot be forked from TypeScript source: the engine's child is the built one.
  const typescript = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  execFileSync(process.execPath, [typescript, '-b', join(root, 'libs/restoration')], { stdio: 'inherit' });
});

async function begin(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'albumen-rerun-spec-'));
  environment = { XDG_CONFIG_HOME: join(folder, 'settings'), ALBUMEN_DATA: join(folder, 'data'), ALBUMEN_MODELS: tiny };
}

describe('restore, then rerun', () => {
  it.each([
    ['grey, 8 bit, the shipped models', grey, 'reduce-noise:0.8,correct-tone', shipped],
    ['colour, 16 bit', { ...grey, bands: 3, depth: 16 } as DrawnShape, 'repair-damage,reduce-noise,correct-tone', tiny],
  ])('is identical (%s)', async (_name, shape, steps, models) => {
    await begin();
    const original = join(folder, 'ảnh cũ.png');
    await drawPicture(original, shape, 7);
    const before = await readFile(original);
    const made = await restoring(original, '--steps', steps, '--models', models);
    expect(made.exitCode).toBe(0);
    const result = `${original}.albumen`;
    expect((await readdir(result)).sort()).toEqual([
      'README.txt',
      'change-map.png',
      'damage-mask.png',
      'damage-report.json',
      'preview.jpg',
      'proposal.tif',
      'receipt.json',
    ]);
    expect(await readFile(original)).toEqual(before);
    const receipt = join(result, 'receipt.json');
    expect(receiptFile.parse(JSON.parse(await readFile(receipt, 'utf8'))).signature).not.toBeNull();
    const again = await rerunning(receipt, '--models', models);
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({
      verdict: { kind: 'identical', sameFile: true },
      signature: { state: 'holds', keyKnown: true },
      differences: [],
      faults: [],
    });
  });
});

describe('rerun', () => {
  let receipt: string;
  let original: string;
  beforeAll(async () => {
    await begin();
    original = join(folder, 'scan.png');
    await drawPicture(original, grey, 3);
    await restoring(original, '--steps', 'reduce-noise:1');
    receipt = join(`${original}.albumen`, 'receipt.json');
  });

  /** A copy of the receipt with other words in it; unsigned unless the signature is kept. */
  async function altered(name: string, change: (body: Changeable) => void, keep = false): Promise<string> {
    const file = JSON.parse(await readFile(receipt, 'utf8')) as { receipt: Changeable; signature: unknown };
    change(file.receipt);
    const path = join(dirname(receipt), name);
    await writeFile(path, JSON.stringify(keep ? file : { ...file, signature: null }));
    return path;
  }

  it('does not run a receipt that was changed after it was signed', async () => {
    const path = await altered(
      'changed.json',
      (body) => body.recipe.steps.forEach((step) => (step.strength = 0.5)),
      true,
    );
    const answer = await rerunning(path);
    expect(answer.exitCode).toBe(1);
    expect(JSON.parse(answer.out)).toMatchObject({ signature: { state: 'does-not-hold' }, verdict: null });
  });

  it('says where a key is not known, and knows one that is named', async () => {
    const stranger = { ...environment, XDG_CONFIG_HOME: join(folder, 'nobody') };
    const answer = await runCommand(rerun, [receipt], stranger);
    expect(JSON.parse(answer.out)).toMatchObject({ signature: { state: 'holds', keyKnown: false } });
    const { signature } = JSON.parse(await readFile(receipt, 'utf8')) as { signature: { key: string } };
    const trusted = await runCommand(rerun, [receipt, '--trust', signature.key], stranger);
    expect(JSON.parse(trusted.out)).toMatchObject({ signature: { keyKnown: true } });
  });

  it('names what differs in the runtime, and measures the distance of another result', async () => {
    // As if another machine had made the recorded result: its pixels are those of strength 0.9.
    const other = join(folder, 'other');
    await restoring(original, '--steps', 'reduce-noise:0.9', '--out', other);
    const weaker = JSON.parse(await readFile(join(other, 'scan.png.albumen', 'receipt.json'), 'utf8')) as {
      receipt: Pick<Changeable, 'output'>;
    };
    const path = await altered('elsewhere.json', (body) => {
      body.output = weaker.receipt.output;
      body.runtime.provider = 'webgpu';
      body.runtime.onnxruntime = '1.0.0';
    });
    const answer = await rerunning(path, '--result', join(other, 'scan.png.albumen', 'proposal.tif'));
    const { verdict, differences } = JSON.parse(answer.out) as {
      verdict: { kind: string; largest: number; mean: number };
      differences: { what: string; recorded: string }[];
    };
    expect(JSON.parse(answer.out)).toMatchObject({ promise: 'tolerance' });
    expect(differences).toContainEqual(expect.objectContaining({ what: 'provider', recorded: 'webgpu', now: 'cpu' }));
    expect(differences).toContainEqual(expect.objectContaining({ what: 'onnxruntime', recorded: '1.0.0' }));
    expect(verdict.largest).toBeGreaterThan(0);
    expect(verdict.kind).toBe(verdict.largest <= 2 && verdict.mean <= 0.05 ? 'within-tolerance' : 'differs');
    expect(answer.exitCode).toBe(verdict.kind === 'differs' ? 1 : 0);
  });

  it('refuses another original, other models and a result that is not the recorded one', async () => {
    const stranger = join(folder, 'stranger.png');
    await drawPicture(stranger, grey, 4);
    const wrong = await rerunning(receipt, '--original', stranger);
    expect([wrong.exitCode, JSON.parse(wrong.out).faults[0].kind]).toEqual([1, 'original-differs']);
    const models = join(folder, 'models');
    await cp(tiny, models, { recursive: true });
    await cp(join(root, 'libs/restoration/src/testing/models-black'), models, { recursive: true });
    const others = await rerunning(receipt, '--models', models);
    expect([others.exitCode, JSON.parse(others.out).faults[0].kind]).toEqual([1, 'model-differs']);
    const result = await rerunning(receipt, '--result', stranger);
    expect([result.exitCode, JSON.parse(result.out).faults[0].kind]).toEqual([1, 'result-differs']);
  });

  it('uses the version that is pinned where a newer one is installed beside it', async () => {
    const models = join(folder, 'versions');
    await cp(tiny, models, { recursive: true });
    const newer = join(models, 'restore-s', '1.1.0');
    await cp(join(root, 'libs/restoration/src/testing/models-black/restore-s/1.0.0'), newer, { recursive: true });
    const card = await readFile(join(newer, 'model.json'), 'utf8');
    await writeFile(join(newer, 'model.json'), card.replace('"version": "1.0.0"', '"version": "1.1.0"'));
    const answer = await rerunning(receipt, '--models', models);
    expect(JSON.parse(answer.out)).toMatchObject({ verdict: { kind: 'identical' }, faults: [] });
  });

  it('uses a file with the same weights where the pinned one is kept no longer, and says so', async () => {
    const models = join(folder, 'rewritten');
    await cp(tiny, models, { recursive: true });
    const at = join(models, 'restore-s', '1.0.0');
    const card = JSON.parse(await readFile(join(at, 'model.json'), 'utf8'));
    const file = join(at, card.files.f32.file);
    // A further field of text: other bytes, and the same net.
    await appendFile(file, Uint8Array.of(0x32, 1, 0x61));
    const pinned = card.files.f32.sha256;
    card.files.f32.sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    const rerun = async (formerly: readonly string[]): Promise<CommandAnswer> => {
      await writeFile(join(at, 'model.json'), JSON.stringify({ ...card, formerly }));
      return rerunning(receipt, '--models', models);
    };
    const other = await rerun([]);
    expect([other.exitCode, JSON.parse(other.out).faults[0].kind]).toEqual([1, 'model-differs']);
    const same = await rerun([pinned]);
    expect(same.exitCode).toBe(0);
    expect(JSON.parse(same.out)).toMatchObject({
      verdict: { kind: 'identical' },
      faults: [],
      differences: [{ what: 'file of restore-s (the same weights)', recorded: pinned, now: card.files.f32.sha256 }],
    });
  });

  it('runs the receipt of a composite with what was accepted', async () => {
    const accepted = { regions: [], layers: [] };
    const path = await altered('composite.json', (body) => {
      body.accepted = accepted;
      body.output.pixelSha256 = body.input.pixelSha256;
    });
    const answer = await rerunning(path);
    expect(JSON.parse(answer.out)).toMatchObject({ verdict: { kind: 'identical' }, signature: { state: 'unsigned' } });
  });
});

describe('restore', () => {
  it('goes on after a broken file, passes over what is no picture, and ends with 1', async () => {
    await begin();
    await drawPicture(join(folder, 'good.png'), grey, 5);
    await drawPicture(join(folder, 'broken.png'), grey, 6);
    const broken = await readFile(join(folder, 'broken.png'));
    await writeFile(join(folder, 'broken.png'), broken.subarray(0, broken.length / 2));
    await writeFile(join(folder, 'notes.txt'), 'Box 12');
    const answer = await restoring(folder, join(folder, 'nobody.png'), '--preset', 'faithful');
    const outcomes = JSON.parse(answer.out) as { file: string; outcome: string; code?: string }[];
    expect(outcomes.map(({ file, outcome }) => [file.slice(folder.length + 1), outcome])).toEqual([
      ['nobody.png', 'refused'],
      ['broken.png', 'refused'],
      ['good.png', 'measured'],
      ['notes.txt', 'no-picture'],
    ]);
    expect(answer.exitCode).toBe(1);
    expect((await readdir(folder)).filter((name) => name.includes('albumen'))).toEqual(['good.png.albumen']);
    const readme = await readFile(join(folder, 'good.png.albumen', 'README.txt'), 'utf8');
    expect(readme).toContain('NOTHING CHANGED');
    expect(readme).toContain('KHÔNG THAY ĐỔI');
  });

  it('does not go over to the processor by itself, and says so in the receipt where it was told to', async () => {
    await begin();
    const original = join(folder, 'scan.png');
    await drawPicture(original, grey, 9);
    const unknown = await restoring(original, '--steps', 'reduce-noise', '--provider', 'abacus').catch(
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect(JSON.stringify(unknown)).toMatch(/cpu, cuda, webgpu/);
    const alone = await restoring(original, '--steps', 'reduce-noise', '--provider', 'cuda');
    expect(alone.exitCode).toBe(1);
    expect(JSON.parse(alone.out)).toMatchObject([{ outcome: 'refused', code: 'restoration.engine-failed' }]);
    expect(alone.out).toMatch(/execution provider cuda/);
    const either = await restoring(original, '--steps', 'reduce-noise', '--provider', 'cuda', '--or-cpu');
    expect(either.exitCode).toBe(0);
    const file = JSON.parse(await readFile(join(`${original}.albumen`, 'receipt.json'), 'utf8')) as {
      receipt: { runtime: { provider: string; providerAsked?: string } };
    };
    expect(file.receipt.runtime).toMatchObject({ provider: 'cpu', providerAsked: 'cuda' });
    const again = await rerunning(join(`${original}.albumen`, 'receipt.json'));
    expect(JSON.parse(again.out)).toMatchObject({ promise: 'bytes', verdict: { kind: 'identical' } });
  });

  it('says where no key can sign', async () => {
    await begin();
    await writeFile(join(folder, 'settings'), 'a file stands in the way');
    const original = join(folder, 'scan.png');
    await drawPicture(original, grey, 8);
    const answer = await restoring(original, '--steps', 'reduce-noise');
    expect(answer.exitCode).toBe(0);
    expect(answer.said).toContain('not be signed');
    expect(JSON.parse(answer.out)).toMatchObject([{ outcome: 'proposed', signed: false }]);
    expect(await readFile(`${original}.albumen/README.txt`, 'utf8')).toContain('NOT SIGNED');
  });
});
