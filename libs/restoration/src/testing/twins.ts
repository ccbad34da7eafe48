import { createHash } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelPin } from '@albumen/domain';
import { installedModels, pinOf } from '../models.js';
import { scratchFolder, tinyModels } from './pictures.js';
import { tinyOnnx, type TinyConstant, type TinyGraph, type TinyNode } from './tiny-onnx.js';

/**
 * Contract twins: nets with the names, types and shapes of the real ones that do something simple, or something wrong on
 * purpose. `faithful` keeps its contract.
 */
export type Behaviour =
  | 'faithful'
  | 'nan'
  | 'black'
  | 'shifted'
  | 'levels'
  | 'other-scale'
  | 'one-channel'
  | 'wide-type'
  | 'everywhere'
  | 'failing'
  | 'slow';

/** Nodes of a slow net: about a tenth of a second for each of its tiles. */
const slowness = 3000;

const constant = (type: TinyConstant['type'], ...values: number[]): TinyConstant => ({ type, shape: [], values });

/** Nodes that spoil "x" (float, 0..1) into "y". */
function spoiled(how: Behaviour): { readonly nodes: readonly TinyNode[]; readonly constants: TinyGraph['constants'] } {
  const times = (factor: number): ReturnType<typeof spoiled> => ({
    nodes: [{ op: 'Mul', inputs: ['x', 'factor'], output: 'y' }],
    constants: { factor: constant('f32', factor) },
  });
  switch (how) {
    case 'nan':
      return times(Number.NaN);
    case 'black':
      return times(0);
    case 'shifted':
      return times(0.6);
    case 'levels':
      return times(255);
    case 'one-channel':
      return {
        nodes: [{ op: 'ReduceMean', inputs: ['x'], output: 'y', attributes: { axes: [3], keepdims: 1 } }],
        constants: {},
      };
    case 'failing':
      return {
        nodes: [{ op: 'Reshape', inputs: ['x', 'shape'], output: 'y' }],
        constants: { shape: { type: 'i64', shape: [4], values: [1, 7, 11, 3] } },
      };
    case 'slow': {
      // A long chain of work that comes to nothing.
      const nodes: TinyNode[] = [{ op: 'Identity', inputs: ['x'], output: 'slow0' }];
      for (let at = 0; at < slowness; at++) nodes.push({ op: 'Erf', inputs: [`slow${at}`], output: `slow${at + 1}` });
      nodes.push({ op: 'Mul', inputs: [`slow${slowness}`, 'nothing'], output: 'gone' });
      nodes.push({ op: 'Add', inputs: ['x', 'gone'], output: 'y' });
      return { nodes, constants: { nothing: constant('f32', 0) } };
    }
    default:
      return { nodes: [{ op: 'Identity', inputs: ['x'], output: 'y' }], constants: {} };
  }
}

/** A net with one picture in and one out, `scale` times as large (each pixel repeated). */
export function pictureTwin(how: Behaviour, eight: boolean, scale: number, output: string): Buffer {
  const type = eight ? 'u8' : 'f32';
  const times = how === 'other-scale' ? scale + 1 : scale;
  const { nodes, constants } = spoiled(how);
  const before: TinyNode[] = eight
    ? [
        { op: 'Cast', inputs: ['image'], output: 'float', attributes: { to: 1 } },
        { op: 'Mul', inputs: ['float', 'down'], output: 'x' },
      ]
    : [{ op: 'Identity', inputs: ['image'], output: 'x' }];
  const resize: TinyNode =
    times === 1
      ? { op: 'Identity', inputs: ['y'], output: 'large' }
      : {
          op: 'Resize',
          inputs: ['y', '', 'sizes'],
          output: 'large',
          attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
        };
  const after: TinyNode[] =
    eight && how !== 'wide-type'
      ? [
          { op: 'Mul', inputs: ['large', 'up'], output: 'levels' },
          { op: 'Round', inputs: ['levels'], output: 'rounded' },
          { op: 'Cast', inputs: ['rounded'], output, attributes: { to: 2 } },
        ]
      : how === 'wide-type'
        ? [{ op: 'Cast', inputs: ['large'], output, attributes: { to: 7 } }]
        : [{ op: 'Identity', inputs: ['large'], output }];
  return tinyOnnx({
    inputs: { image: { type, channels: 3 } },
    output: { name: output, type: how === 'wide-type' ? 'i64' : type },
    nodes: [...before, ...nodes, resize, ...after],
    constants: {
      ...constants,
      sizes: { type: 'f32', shape: [4], values: [1, times, times, 1] },
      down: constant('f32', 1 / 255),
      up: constant('f32', 255),
    },
  });
}

/** The level (of 255) that the twin of a net that fills puts into every hole. */
export const twinFill = 128;

/** A net that fills: one level in every hole; `everywhere` takes the mask the wrong way round. */
export function fillTwin(how: Behaviour, eight: boolean): Buffer {
  const type = eight ? 'u8' : 'f32';
  const value = how === 'nan' ? Number.NaN : how === 'black' ? 0 : how === 'levels' ? 300 : twinFill / 255;
  const turned: TinyNode[] =
    how === 'everywhere'
      ? [{ op: 'Not', inputs: ['hole'], output: 'where' }]
      : [{ op: 'Identity', inputs: ['hole'], output: 'where' }];
  return tinyOnnx({
    inputs: { image: { type, channels: 3 }, mask: { type: 'u8', channels: 1 } },
    output: { name: 'filled', type },
    nodes: [
      { op: 'Cast', inputs: ['mask'], output: 'hole', attributes: { to: 9 } },
      ...turned,
      { op: 'Where', inputs: ['where', 'level', 'image'], output: 'filled' },
    ],
    constants: { level: constant(type, eight ? Math.round(value * 255) & 255 : value) },
  });
}

/** What a set of twins does, by model; `faithful` unless told otherwise. */
export type Twins = Readonly<Partial<Record<'restore-s' | 'up2' | 'up4' | 'fill-s', Behaviour>>>;

/** A folder of models: the tiny `damage-s`, and twins of the others. Answers it with the pins. */
export async function twinModels(
  twins: Twins = {},
): Promise<{ readonly folder: string; readonly pins: Readonly<Record<string, ModelPin>> }> {
  const folder = join(await scratchFolder(), 'models');
  await cp(tinyModels(), folder, { recursive: true });
  const write = async (id: string, make: (eight: boolean) => Buffer, facts: object): Promise<void> => {
    const at = join(folder, id, '1.0.0');
    await mkdir(at, { recursive: true });
    const files: Record<string, object> = {};
    for (const short of ['u8', 'f32'] as const) {
      const bytes = make(short === 'u8');
      const file = `${id}.${short}.onnx`;
      await writeFile(join(at, file), bytes);
      files[short] = { file, sha256: createHash('sha256').update(bytes).digest('hex') };
    }
    const tile = { size: 96, margin: 16, multiple: 16 };
    const description = { id, version: '1.0.0', files, input: { name: 'image' }, tile, ...facts };
    await writeFile(join(at, 'model.json'), JSON.stringify(description));
  };
  if (twins['restore-s'] !== undefined) {
    const how = twins['restore-s'];
    await write('restore-s', (eight) => pictureTwin(how, eight, 1, 'restored'), { output: { name: 'restored' } });
  }
  for (const [id, scale] of [
    ['up2', 2],
    ['up4', 4],
  ] as const)
    await write(id, (eight) => pictureTwin(twins[id] ?? 'faithful', eight, scale, 'enlarged'), {
      output: { name: 'enlarged' },
      scale,
    });
  await write('fill-s', (eight) => fillTwin(twins['fill-s'] ?? 'faithful', eight), {
    output: { name: 'filled' },
    mask: { name: 'mask', hole: 1, widest: 24 },
  });
  const models = await installedModels(folder);
  return { folder, pins: Object.fromEntries([...models].map(([id, model]) => [id, pinOf(model)])) };
}
