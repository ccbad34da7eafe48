import type { ModelAdapter } from '@albumen/domain';
import type { Layout } from '../brought-in-models/facts.js';
import type { OnnxHeader, OnnxTensor } from './onnx-header.js';

/** What a model's tensors look like under an adapter, as data; its words stand in the domain. */
export interface AdapterFacts {
  /** Inputs in the order image, mask. */
  readonly inputs: readonly ('image' | 'mask')[];
  /** A further input of one number that a model may have, and the step's parameter that it is. */
  readonly scalar: ScalarFacts | null;
  readonly imageChannels: readonly number[];
  readonly outputChannels: readonly number[];
  /** Output size over input size. */
  readonly scales: readonly number[];
  /**
   * `picture`: one like the input, so that range and order of its channels can be measured; `ab`: a* and b* of
   * CIELAB; `faces`: boxes, landmarks and scores, in tensors of their own.
   */
  readonly gives: 'picture' | 'ab' | 'faces';
  /** Mean difference (0..1) between picture and answer above which the answer is no treatment of the picture. */
  readonly likeness: number;
  /** Side of the square it works at where its file leaves it open; null where any size is tried. */
  readonly side: number | null;
  /** Whether it must take that side and no other. */
  readonly sideIsFixed: boolean;
}

/** One number that a model takes beside the picture: its limits and what it is tried with. */
export interface ScalarFacts {
  readonly parameter: string;
  readonly least: number;
  readonly most: number;
  readonly otherwise: number;
}

const usual = { scalar: null, likeness: 0.2, side: null, sideIsFixed: false } as const;

export const adapters = {
  image2image: {
    ...usual,
    inputs: ['image'],
    imageChannels: [1, 3],
    outputChannels: [1, 3],
    scales: [1],
    gives: 'picture',
  },
  upscale: {
    ...usual,
    inputs: ['image'],
    imageChannels: [1, 3],
    outputChannels: [1, 3],
    scales: [2, 3, 4, 8],
    gives: 'picture',
  },
  inpaint: {
    ...usual,
    inputs: ['image', 'mask'],
    imageChannels: [3],
    outputChannels: [3],
    scales: [1],
    gives: 'picture',
  },
  'lab-ab': {
    ...usual,
    inputs: ['image'],
    imageChannels: [3],
    outputChannels: [2],
    scales: [1],
    gives: 'ab',
    side: 512,
  },
  'face-512': {
    inputs: ['image'],
    // CodeFormer's weight: 0 draws freely, 1 keeps to what it was given.
    scalar: { parameter: 'fidelity', least: 0, most: 1, otherwise: 0.5 },
    imageChannels: [3],
    outputChannels: [3],
    scales: [1],
    gives: 'picture',
    // It is tried on pictures without a face, of which it makes something of its own.
    likeness: 0.35,
    side: 512,
    sideIsFixed: true,
  },
  'detector-yunet': {
    ...usual,
    inputs: ['image'],
    imageChannels: [3],
    outputChannels: [1],
    scales: [1],
    gives: 'faces',
    side: 640,
  },
} as const satisfies Record<ModelAdapter, AdapterFacts>;

export type AdapterName = ModelAdapter;
export const adapterNames = Object.keys(adapters) as AdapterName[];

/** A tensor of pictures: batch, height, width, channels in one of two orders. */
export interface PictureTensor {
  readonly name: string;
  readonly element: 'uint8' | 'float32';
  readonly layout: Layout;
  readonly channels: number;
  /** Null where any size is taken. */
  readonly height: number | null;
  readonly width: number | null;
}

/** An input of one number, without axes or with axes of length one. */
export interface ScalarTensor {
  readonly name: string;
  readonly element: 'float32' | 'float64';
  readonly shape: readonly number[];
}

/** A model's inputs and output in the adapter's words. */
export interface Signature {
  readonly image: PictureTensor;
  readonly mask: PictureTensor | null;
  /** Null (absent in older reports) for a model without one. */
  readonly scalar?: ScalarTensor | null;
  readonly output: {
    readonly name: string;
    readonly element: 'uint8' | 'float32';
    readonly layout: Layout;
    /** Null where the file leaves it open. */
    readonly channels: number | null;
  };
}

/** Compares a header with an adapter; answers the signature, or why the two do not fit. */
export function signatureOf(header: OnnxHeader, adapter: AdapterName): Signature | string {
  const facts: AdapterFacts = adapters[adapter];
  const scalar = facts.scalar === null ? null : scalarOf(header.inputs, facts.inputs.length);
  if (typeof scalar === 'string') return scalar;
  const pictures = header.inputs.filter(({ name }) => name !== scalar?.name);
  if (pictures.length !== facts.inputs.length)
    return `expected ${facts.inputs.length} inputs for ${adapter} but received ${header.inputs.length} (${namesOf(header.inputs)})`;
  if (header.outputs.length !== 1)
    return `expected 1 output for ${adapter} but received ${header.outputs.length} (${namesOf(header.outputs)})`;
  const given: PictureTensor[] = [];
  for (const tensor of pictures) {
    const picture = pictureTensor(tensor, adapter);
    if (typeof picture === 'string') return picture;
    given.push(picture);
  }
  const maskAt = facts.inputs.length === 1 ? -1 : maskPlace(given);
  const mask = maskAt < 0 ? null : (given[maskAt] ?? null);
  const image = given[maskAt === 0 ? 1 : 0] as PictureTensor;
  if (mask !== null && mask.channels !== 1)
    return `expected one channel for the mask ${mask.name} but received ${mask.channels}`;
  if (!facts.imageChannels.includes(image.channels))
    return `expected ${facts.imageChannels.join(' or ')} channels for ${image.name} but received ${image.channels}`;
  const output = outputTensor(header.outputs[0] as OnnxTensor, image, facts, adapter);
  if (typeof output === 'string') return output;
  if (facts.gives === 'picture' && output.channels !== image.channels)
    return `expected as many channels out of it as into it but received ${image.channels} and ${output.channels}; a model that marks damage in planes of its own is no ${adapter}, and no step uses masks yet`;
  if (output.channels !== null && !facts.outputChannels.includes(output.channels))
    return `expected ${facts.outputChannels.join(', ')} channels for ${output.name} but received ${output.channels}`;
  return { image, mask, scalar, output };
}

/** The one input beyond the pictures that takes a number; null where there is none, or why it is not usable. */
function scalarOf(inputs: readonly OnnxTensor[], pictures: number): ScalarTensor | string | null {
  if (inputs.length !== pictures + 1) return null;
  const further = inputs.find(({ dims }) => dims.length < 4);
  if (further === undefined) return null;
  const { name, element, dims } = further;
  if (element !== 'float32' && element !== 'float64')
    return `expected float32 or float64 for the number ${name} but received ${element}`;
  if (!dims.every((dim) => dim === 1)) return `expected one number for ${name} but received ${shown(dims)}`;
  return { name, element, shape: dims.map(() => 1) };
}

/** Exporters often leave the output's sizes open: then its axes stand as those of the image. */
function outputTensor(
  tensor: OnnxTensor,
  image: PictureTensor,
  facts: AdapterFacts,
  adapter: AdapterName,
): Signature['output'] | string {
  const read = pictureTensor(tensor, adapter);
  if (typeof read !== 'string') return read;
  const channelsAt = image.layout === 'NCHW' ? 1 : 3;
  const open = tensor.dims.length === 0 || typeof tensor.dims[channelsAt] !== 'number';
  if (!open || (tensor.element !== 'uint8' && tensor.element !== 'float32')) return read;
  const channels = facts.gives === 'picture' ? image.channels : null;
  return { name: tensor.name, element: tensor.element, layout: image.layout, channels };
}

/** A mask has one channel; where both have one, the name decides, else the order. */
function maskPlace(given: readonly PictureTensor[]): number {
  const byName = given.findIndex(({ name }) => /mask|hole/i.test(name));
  if (byName >= 0) return byName;
  const byChannels = given.findIndex(({ channels }) => channels === 1);
  return byChannels >= 0 ? byChannels : 1;
}

/** A picture tensor of a header, or why it is none. */
export function pictureTensor(tensor: OnnxTensor, adapter: AdapterName): PictureTensor | string {
  const { name, element, dims } = tensor;
  if (element !== 'uint8' && element !== 'float32')
    return `expected uint8 or float32 for ${name} but received ${element}`;
  if (dims.length !== 4)
    return `expected 4 axes for ${name} (pictures) but received ${dims.length === 0 ? 'none' : shown(dims)}`;
  const few = (dim: number | string | null | undefined): boolean => typeof dim === 'number' && dim <= 8;
  const [, second, third, fourth] = dims;
  const layout: Layout | null = few(second) && !few(fourth) ? 'NCHW' : few(fourth) && !few(second) ? 'NHWC' : null;
  if (layout === null)
    return `expected a fixed number of channels on the second or last axis of ${name} for ${adapter} but received ${shown(dims)}`;
  const size = (dim: number | string | null | undefined): number | null => (typeof dim === 'number' ? dim : null);
  return layout === 'NCHW'
    ? { name, element, layout, channels: second as number, height: size(third), width: size(fourth) }
    : { name, element, layout, channels: fourth as number, height: size(second), width: size(third) };
}

function namesOf(tensors: readonly OnnxTensor[]): string {
  return tensors.map(({ name }) => name).join(', ') || 'none';
}

function shown(dims: readonly (number | string | null)[]): string {
  return `[${dims.map((dim) => dim ?? '?').join(', ')}]`;
}
