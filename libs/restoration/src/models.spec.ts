import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelPin } from '@albumen/domain';
import { installedModels, pinnedModel, pinOf } from './models.js';
import { scratchFolder } from './testing/pictures.js';

const float = { file: 'restore-s.f32.onnx', sha256: 'f'.repeat(64) };
const bytes = { file: 'restore-s.u8.onnx', sha256: '8'.repeat(64) };
const pin = (sha256: string): ModelPin => ({ id: 'restore-s', version: '1.0.0', sha256 });

let modelsDir: string;
beforeEach(async () => {
  modelsDir = await scratchFolder();
});

async function install(facts: object): Promise<void> {
  const folder = join(modelsDir, 'restore-s', '1.0.0');
  await mkdir(folder, { recursive: true });
  const plain = { id: 'restore-s', version: '1.0.0', input: { name: 'image' }, output: { name: 'restored' }, tile: {} };
  await writeFile(join(folder, 'model.json'), JSON.stringify({ ...plain, ...facts }));
}

describe('the file of a model', () => {
  it.each([
    ['one file', { files: { f32: float }, formerly: [bytes.sha256] }],
    ['two files of before', { files: { u8: bytes, f32: float } }],
  ])('is found by its digest, and by that of a file with the same weights (%s)', async (_name, facts) => {
    await install(facts);
    const models = await installedModels(modelsDir);
    const model = pinnedModel(models, pin(float.sha256));
    expect(model.file).toEqual({ name: float.file, sha256: float.sha256, element: 'f32' });
    expect(pinOf(model).sha256).toBe(float.sha256);
    expect(pinnedModel(models, pin(bytes.sha256))).toBe(model);
    expect(() => pinnedModel(models, pin('0'.repeat(64)))).toThrow(
      expect.objectContaining({ code: 'model.digest-differs' }),
    );
  });

  it.each([
    ['no file', { files: {} }],
    ['a file elsewhere', { files: { f32: { ...float, file: '../other.onnx' } } }],
    ['half a rule for marks', { files: { f32: float }, marks: { halfSizeLoss: { scratch: 1 } } }],
  ])('is refused where its description has %s', async (_name, facts) => {
    await install(facts);
    await expect(installedModels(modelsDir)).rejects.toMatchObject({ code: 'model.missing' });
  });
});
