import { modelAdapterNames, treatmentLevels, type ModelAdapter, type TreatmentLevel } from '@albumen/domain';
import { ranges, type RangeName } from '../models-add/ranges.js';

/** Order of a picture tensor's axes. */
export type Layout = 'NCHW' | 'NHWC';

/** A tensor of a model that was brought in, as its examination found it. */
export interface TensorFacts {
  readonly name: string;
  readonly element: 'uint8' | 'float32';
  readonly layout: Layout;
  readonly channels: number;
}

/** What running a model that was brought in needs to know; all of it was measured when it was examined. */
export interface BroughtInFacts {
  readonly adapter: ModelAdapter;
  readonly licence: string;
  readonly level: TreatmentLevel;
  readonly image: TensorFacts;
  /** The mask and which of its numbers (0 or 1; 255 for 8-bit tensors) is a hole; null for models without one. */
  readonly mask: (TensorFacts & { readonly hole: 0 | 1 }) | null;
  /** An input of one number, and the parameter of a step that it is; null for models without one. */
  readonly scalar: {
    readonly name: string;
    readonly element: 'float32' | 'float64';
    readonly shape: readonly number[];
    readonly parameter: string;
  } | null;
  readonly output: TensorFacts;
  /** Numbers for black and white of float tensors, going in and coming out. */
  readonly range: RangeName;
  readonly outputRange: RangeName;
  /** The one size it takes; null where it takes any multiple of its tile's. */
  readonly fixed: { readonly width: number; readonly height: number } | null;
  /** It sees the whole picture at once (or further than a tile's margin can be): never tiled. */
  readonly whole: boolean;
}

/** Models that mark damage could be brought in once; a shelf may still hold one. */
export const retiredAdapter = 'mask';

/**
 * What a `model.json` says of a model that was brought in; null where it says that it came with Albumen, or
 * that its kind is no longer used. Throws `TypeError`
 * for a description that cannot be used.
 */
export function broughtInFacts(description: Readonly<Record<string, unknown>>): BroughtInFacts | null {
  // No step ever used it: such a model is kept where it lies and is not loaded.
  if (description['adapter'] === retiredAdapter) return null;
  const adapter = modelAdapterNames.find((name) => name === description['adapter']);
  if (adapter === undefined) {
    if (description['adapter'] === undefined) return null;
    throw new TypeError(`Expected an adapter in model.json but received ${JSON.stringify(description['adapter'])}`);
  }
  const level = treatmentLevels.find((known) => known === description['treatmentLevel']);
  if (level === undefined) throw new TypeError('Expected a treatment level in model.json');
  const input = record(description['input']);
  const range = rangeOf(input['range']);
  const output = record(description['output']);
  const tile = record(description['tile']);
  const mask = description['mask'];
  return {
    adapter,
    level,
    licence: text(record(description['licence'])['id']),
    image: tensor(input),
    mask: mask === undefined ? null : { ...tensor(record(mask)), hole: record(mask)['hole'] === 0 ? 0 : 1 },
    scalar: description['scalar'] === undefined ? null : scalarFacts(record(description['scalar'])),
    output: tensor(output),
    range,
    outputRange: output['range'] === undefined ? range : rangeOf(output['range']),
    fixed: sizeOf(tile['fixed']),
    whole: tile['whole'] === true,
  };
}

function rangeOf(value: unknown): RangeName {
  const range = (Object.keys(ranges) as RangeName[]).find((name) => name === value);
  if (range === undefined) throw new TypeError(`Expected a range in model.json but received ${String(value)}`);
  return range;
}

function tensor({ name, element, layout, channels }: Readonly<Record<string, unknown>>): TensorFacts {
  if (element !== 'uint8' && element !== 'float32')
    throw new TypeError(`Expected uint8 or float32 in model.json but received ${String(element)}`);
  if (layout !== 'NCHW' && layout !== 'NHWC')
    throw new TypeError(`Expected NCHW or NHWC in model.json but received ${String(layout)}`);
  if (typeof channels !== 'number' || !(channels >= 1))
    throw new TypeError(`Expected a number of channels in model.json but received ${String(channels)}`);
  return { name: text(name), element, layout, channels };
}

function scalarFacts({
  name,
  element,
  shape,
  parameter,
}: Readonly<Record<string, unknown>>): NonNullable<BroughtInFacts['scalar']> {
  if (element !== 'float32' && element !== 'float64')
    throw new TypeError(`Expected float32 or float64 for a number in model.json but received ${String(element)}`);
  if (!Array.isArray(shape) || !shape.every((length) => length === 1))
    throw new TypeError('Expected axes of length one for a number in model.json');
  return { name: text(name), element, shape: shape.map(() => 1), parameter: text(parameter) };
}

function sizeOf(value: unknown): BroughtInFacts['fixed'] {
  if (value === undefined || value === null) return null;
  const { width, height } = record(value);
  if (typeof width !== 'number' || typeof height !== 'number' || !(width > 0 && height > 0))
    throw new TypeError('Expected a width and a height in model.json');
  return { width, height };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`Expected an object in model.json but received ${JSON.stringify(value)}`);
  return value as Readonly<Record<string, unknown>>;
}

function text(value: unknown): string {
  if (typeof value !== 'string')
    throw new TypeError(`Expected text in model.json but received ${JSON.stringify(value)}`);
  return value;
}
