import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { FaceFound } from '@albumen/domain';
import { NetCache } from '../child/nets.js';
import { installedModels } from '../models.js';
import { Strips, type Samples } from '../picture/strips.js';
import { leaves, scratchFolder, toSamples, type MadeShape } from '../testing/pictures.js';
import { twinFile, twins } from '../testing/onnx-twins.js';
import { rebuildFaces } from './restore-faces.js';
import { similarityBetween } from './similarity.js';

vi.setConfig({ testTimeout: 120_000 });

const shape: MadeShape = { width: 260, height: 220, bands: 3, depth: 8 };
/** A face where there is none: dark eyes, nose and mouth drawn on discs. */
const face: FaceFound = {
  box: { x: 70, y: 50, width: 100, height: 110 },
  landmarks: [
    [98, 92],
    [142, 92],
    [120, 116],
    [102, 138],
    [138, 138],
  ],
  score: 0.9,
};

async function picture(folder: string, name: string): Promise<{ strips: Strips; samples: Samples }> {
  const rgb = leaves(shape.width, shape.height, 7, 1.4);
  for (const [x, y] of face.landmarks)
    for (let down = -6; down <= 6; down++)
      for (let across = -8; across <= 8; across++) {
        const at = ((Math.round(y) + down) * shape.width + Math.round(x) + across) * 3;
        if (Math.hypot(down, across) < 7) rgb.fill(40, at, at + 3);
      }
  const samples = toSamples(rgb, shape);
  const strips = await Strips.create(join(folder, `${name}.v`), shape);
  await strips.write(0, samples);
  return { strips, samples };
}

async function rebuilt(
  name: keyof typeof twins,
  found: FaceFound | null = face,
  allowed: (x: number, y: number) => number = () => 1,
  strength = 1,
  number: { readonly scalar?: object; readonly fidelity?: number } = {},
) {
  const folder = await scratchFolder();
  const at = join(folder, 'models', 'twin', '1.0.0');
  await mkdir(at, { recursive: true });
  const bytes = twinFile(twins[name]);
  await writeFile(join(at, 'twin.onnx'), bytes);
  const plane = (tensor: string) => ({ name: tensor, element: 'float32', layout: 'NCHW', channels: 3 });
  await writeFile(
    join(at, 'model.json'),
    JSON.stringify({
      id: 'twin',
      version: '1.0.0',
      adapter: 'face-512',
      treatmentLevel: 3,
      licence: { id: 'MIT' },
      files: { f32: { file: 'twin.onnx', sha256: createHash('sha256').update(bytes).digest('hex') } },
      input: { ...plane('face'), range: '0..1' },
      output: plane('made'),
      ...(number.scalar === undefined ? {} : { scalar: number.scalar }),
      tile: { size: 512, multiple: 1, margin: 0, whole: true, fixed: { width: 512, height: 512 } },
    }),
  );
  const model = (await installedModels(join(folder, 'models'))).get('twin');
  if (model === undefined) throw new TypeError('Expected the twin to be installed');
  const nets = new NetCache(1);
  const source = await picture(folder, 'source');
  const target = await picture(folder, 'target');
  try {
    const facts = await rebuildFaces({
      source: source.strips,
      target: target.strips,
      faces: [face],
      net: await nets.openAdapted(model),
      // The window of the face begins at its corner; the guard asks in pixels of that window.
      find: async (grey) => (found === null ? [] : [inWindow(found, grey)]),
      strength,
      fidelity: number.fidelity,
      allowed,
      advance: () => undefined,
    });
    return { facts, before: source.samples, after: await target.strips.read(0, shape.height) };
  } finally {
    await nets.close();
    await source.strips.close();
    await target.strips.close();
  }
}

/** The face moved as the window's corner says: the middle of the window is the middle of the upright square. */
function inWindow(found: FaceFound, grey: { readonly width: number; readonly height: number }): FaceFound {
  const toPicture = similarityBetween(
    [
      [192.98, 239.95],
      [318.9, 240.19],
      [256.63, 314.02],
      [201.26, 371.41],
      [313.09, 371.15],
    ],
    face.landmarks,
  );
  const corners = [
    [0, 0],
    [512, 0],
    [0, 512],
    [512, 512],
  ].map(([u, v]) => toPicture.apply(u as number, v as number));
  const left = Math.max(0, Math.floor(Math.min(...corners.map(([x]) => x))));
  const top = Math.max(0, Math.floor(Math.min(...corners.map(([, y]) => y))));
  expect(grey.width).toBeLessThanOrEqual(shape.width);
  return {
    ...found,
    box: { ...found.box, x: found.box.x - left, y: found.box.y - top },
    landmarks: found.landmarks.map(([x, y]) => [x - left, y - top] as const),
  };
}

const differing = (a: Samples, b: Samples): number[] => {
  const at: number[] = [];
  for (let index = 0; index < a.length; index += 3) if (a[index] !== b[index]) at.push(index / 3);
  return at;
};

describe('rebuilding faces', () => {
  it('lays back what the net changed, inside an ellipse that fades out', async () => {
    const { facts, before, after } = await rebuilt('face');
    expect(facts).toMatchObject({ faces: 1, rebuilt: 1, 'gone.back': 0 });
    expect(facts['similarity.1']).toBeGreaterThan(0.8);
    const touched = differing(before, after);
    expect(touched.length).toBeGreaterThan(2000);
    for (const pixel of touched) {
      const [x, y] = [pixel % shape.width, Math.floor(pixel / shape.width)];
      expect(x > 50 && x < 190 && y > 20 && y < 200).toBe(true);
    }
    const middle = (116 * shape.width + 120) * 3;
    expect(after[middle]).toBe(Math.round((before[middle] as number) * 0.96));
  });

  it('gives a face back to the original that is not like the one before, bit for bit', async () => {
    const { facts, before, after } = await rebuilt('face-of-another');
    expect(facts).toMatchObject({ rebuilt: 0, 'gone.back': 1 });
    expect(facts['similarity.1']).toBeLessThan(0.4);
    expect(after).toEqual(before);
    const gone = await rebuilt('face', null);
    expect(gone.facts).toMatchObject({ rebuilt: 0, 'gone.back': 1, 'similarity.1': 0 });
    expect(gone.after).toEqual(gone.before);
  });

  it('refuses a net that gives no face at all', async () => {
    await expect(rebuilt('face-in-black')).rejects.toMatchObject({ code: 'restoration.output-not-sane' });
  });

  it.each([
    ['face-with-weight', { name: 'weight', element: 'float64', shape: [1] }],
    ['face-with-float-weight', { name: 'w', element: 'float32', shape: [] }],
  ] as const)('hands a net that takes a number the fidelity of the step (%s)', async (name, tensor) => {
    const scalar = { ...tensor, parameter: 'fidelity' };
    for (const [fidelity, factor] of [
      [0, 0.9],
      [1, 1],
      [undefined, 0.95],
    ] as const) {
      const asked = fidelity === undefined ? { scalar } : { scalar, fidelity };
      const { before, after } = await rebuilt(name, face, () => 1, 1, asked);
      const middle = (116 * shape.width + 120) * 3;
      expect(Math.abs((after[middle] as number) - (before[middle] as number) * factor)).toBeLessThanOrEqual(0.51);
    }
  });

  it('leaves protected areas alone and is blended by its strength', async () => {
    const { before, after } = await rebuilt('face', face, (x) => (x < 120 ? 0 : 1), 0.5);
    const touched = differing(before, after);
    expect(touched.length).toBeGreaterThan(500);
    expect(touched.every((pixel) => pixel % shape.width >= 120)).toBe(true);
    const middle = (100 * shape.width + 130) * 3;
    expect(Math.abs((after[middle] as number) - (before[middle] as number) * 0.98)).toBeLessThanOrEqual(0.51);
  });
});

describe('a similarity', () => {
  it('brings points to points and back', () => {
    const there = similarityBetween(
      [
        [0, 0],
        [10, 0],
        [0, 10],
      ],
      [
        [5, 5],
        [5, 25],
        [-15, 5],
      ],
    );
    expect(there.scale).toBeCloseTo(2);
    expect(there.apply(10, 10)).toEqual([expect.closeTo(-15), expect.closeTo(25)]);
    const [x, y] = there.inverse().apply(...there.apply(3, 4));
    expect([x, y]).toEqual([expect.closeTo(3), expect.closeTo(4)]);
    expect(() => similarityBetween([[0, 0]], [[1, 1]])).toThrow(RangeError);
  });
});
