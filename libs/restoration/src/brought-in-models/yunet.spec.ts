import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { FaceFound } from '@albumen/domain';
import { assess } from '../child/assess.js';
import { childContext } from '../child/context.js';
import { scratchFolder, tinyModels, toSamples, writePicture } from '../testing/pictures.js';
import { twinFile, twins } from '../testing/onnx-twins.js';
import { withSecondOpinion } from './yunet.js';

vi.setConfig({ testTimeout: 240_000 });

/** A folder with the twin of a detector, accepted. */
async function detectors(name: 'faces' | 'faces-nan'): Promise<string> {
  const folder = await scratchFolder();
  const at = join(folder, 'yunet', '2023.3');
  await mkdir(at, { recursive: true });
  const bytes = twinFile(twins[name]);
  await writeFile(join(at, 'yunet.onnx'), bytes);
  const tensor = { element: 'float32', layout: 'NCHW' };
  await writeFile(
    join(at, 'model.json'),
    JSON.stringify({
      id: 'yunet',
      version: '2023.3',
      adapter: 'detector-yunet',
      treatmentLevel: 0,
      licence: { id: 'MIT' },
      files: { f32: { file: 'yunet.onnx', sha256: createHash('sha256').update(bytes).digest('hex') } },
      input: { name: 'input', ...tensor, channels: 3, range: '0..255' },
      output: { name: 'cls_8', ...tensor, channels: 1 },
      tile: { size: 640, multiple: 32, margin: 0, whole: true, fixed: { width: 640, height: 640 } },
    }),
  );
  return folder;
}

/** A grey picture with two squares of 64 that are bright in one channel: the twin takes blue ones for faces. */
async function assessed(name: 'faces' | 'faces-nan', channel: number) {
  const shape = { width: 1280, height: 960, bands: 3, depth: 8 } as const;
  const rgb = new Float32Array(shape.width * shape.height * 3).fill(90);
  for (const [left, top] of [
    [256, 320],
    [896, 640],
  ] as const)
    for (let y = 0; y < 64; y++)
      for (let x = 0; x < 64; x++) rgb[((top + y) * shape.width + left + x) * 3 + channel] = 255;
  const folder = await scratchFolder();
  const input = await writePicture(folder, 'input', toSamples(rgb, shape), shape);
  const into = join(folder, 'assess');
  await mkdir(into);
  const context = childContext(tinyModels(), 1, await detectors(name));
  return (await assess({ input, into, tell: () => undefined }, context)).report;
}

describe('a detector that was brought in', () => {
  it('adds what it finds to the report, which pins it; blue comes first in its tensors', async () => {
    const { faces = [], models } = await assessed('faces', 2);
    expect(models).toContainEqual(expect.objectContaining({ id: 'yunet', adapter: 'detector-yunet', licence: 'MIT' }));
    const middles = faces.map(({ box }) => [box.x + box.width / 2, box.y + box.height / 2]);
    for (const [x, y] of [
      [288, 352],
      [928, 672],
    ] as const)
      expect(middles.some(([atX = 0, atY = 0]) => Math.hypot(atX - x, atY - y) < 48)).toBe(true);
    expect(faces.length).toBeLessThanOrEqual(4);
    expect((await assessed('faces', 0)).faces ?? []).toEqual([]);
  });

  it('fails the measuring with a reason where it answers no numbers', async () => {
    await expect(assessed('faces-nan', 2)).rejects.toMatchObject({ code: 'restoration.output-not-sane' });
  });

  it('never takes away or doubles what the own net found', () => {
    const face = (x: number, score: number): FaceFound => ({
      box: { x, y: 0, width: 100, height: 100 },
      landmarks: [],
      score,
    });
    const own = [face(0, 0.6)];
    expect(withSecondOpinion(own, [face(10, 0.9), face(300, 0.85)])).toEqual([face(0, 0.6), face(300, 0.85)]);
  });
});
