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
export function pictureTwin(how: Behaviour, scale: number, output: string): Buffer {
  const times = how === 'other-scale' ? scale + 1 : scale;
  const { nodes, constants } = spoiled(how);
  const resize: TinyNode =
    times === 1
      ? { op: 'Identity', inputs: ['y'], output: 'large' }
      : {
          op: 'Resize',
          inputs: ['y', '', 'sizes'],
          output: 'large',
          attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
        };
  const last: TinyNode =
    how === 'wide-type'
      ? { op: 'Cast', inputs: ['large'], output, attributes: { to: 7 } }
      : { op: 'Identity', inputs: ['large'], output };
  return tinyOnnx({
    inputs: { image: { type: 'f32', channels: 3 } },
    output: { name: output, type: how === 'wide-type' ? 'i64' : 'f32' },
    nodes: [{ op: 'Identity', inputs: ['image'], output: 'x' }, ...nodes, resize, last],
    constants: {
      ...constants,
      sizes: { type: 'f32', shape: [4], values: [1, times, times, 1] },
    },
  });
}

/** The level (of 255) that the twin of a net that fills puts into every hole. */
export const twinFill = 128;

/** A net that fills: one level in every hole; `everywhere` takes the mask the wrong way round. */
export function fillTwin(how: Behaviour): Buffer {
  const value = how === 'nan' ? Number.NaN : how === 'black' ? 0 : how === 'levels' ? 300 : twinFill / 255;
  const turned: TinyNode[] =
    how === 'everywhere'
      ? [{ op: 'Not', inputs: ['hole'], output: 'where' }]
      : [{ op: 'Identity', inputs: ['hole'], output: 'where' }];
  return tinyOnnx({
    inputs: { image: { type: 'f32', channels: 3 }, mask: { type: 'u8', channels: 1 } },
    output: { name: 'filled', type: 'f32' },
    nodes: [
      { op: 'Cast', inputs: ['mask'], output: 'hole', attributes: { to: 9 } },
      ...turned,
      { op: 'Where', inputs: ['where', 'level', 'image'], output: 'filled' },
    ],
    constants: { level: constant('f32', value) },
  });
}

/** What a set of twins does, by model; `faithful` unless told otherwise. */
export type Twins = Readonly<Partial<Record<'restore-s' | 'denoise-s' | 'up2' | 'up4' | 'fill-s', Behaviour>>>;

/** A folder of models: the tiny `damage-s`, and twins of the others. Answers it with the pins. */
export async function twinModels(
  twins: Twins = {},
): Promise<{ readonly folder: string; readonly pins: Readonly<Record<string, ModelPin>> }> {
  const folder = join(await scratchFolder(), 'models');
  await cp(tinyModels(), folder, { recursive: true });
  const write = async (id: string, bytes: Buffer, facts: object): Promise<void> => {
    const at = join(folder, id, '1.0.0');
    await mkdir(at, { recursive: true });
    const file = `${id}.f32.onnx`;
    await writeFile(join(at, file), bytes);
    const files = { f32: { file, sha256: createHash('sha256').update(bytes).digest('hex') } };
    const tile = { size: 96, margin: 16, multiple: 16 };
    const description = { id, version: '1.0.0', files, input: { name: 'image' }, tile, ...facts };
    await writeFile(join(at, 'model.json'), JSON.stringify(description));
  };
  for (const id of ['restore-s', 'denoise-s'] as const) {
    const how = twins[id];
    if (how !== undefined) await write(id, pictureTwin(how, 1, 'restored'), { output: { name: 'restored' } });
  }
  for (const [id, scale] of [
    ['up2', 2],
    ['up4', 4],
  ] as const)
    await write(id, pictureTwin(twins[id] ?? 'faithful', scale, 'enlarged'), {
      output: { name: 'enlarged' },
      scale,
    });
  await write('fill-s', fillTwin(twins['fill-s'] ?? 'faithful'), {
    output: { name: 'filled' },
    mask: { name: 'mask', hole: 1, widest: 24 },
  });
  const models = await installedModels(folder);
  return { folder, pins: Object.fromEntries([...models].map(([id, model]) => [id, pinOf(model)])) };
}
