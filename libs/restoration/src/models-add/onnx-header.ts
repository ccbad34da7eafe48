import { fieldsOf, ProtoFault } from './protobuf-reader.js';

/** A tensor that goes into or comes out of a model. */
export interface OnnxTensor {
  readonly name: string;
  /** Element type by its name in `onnx.proto`: float32, uint8 … */
  readonly element: string;
  /** Sizes; a text where the size has a name, null where it is open. */
  readonly dims: readonly (number | string | null)[];
}

/** What the header of an ONNX file says, read without running anything. */
export interface OnnxHeader {
  readonly irVersion: number;
  readonly producer: string;
  /** Version of the standard operator set. */
  readonly opset: number;
  readonly nodes: number;
  readonly operators: readonly string[];
  /** Numbers in all initialisers. */
  readonly parameters: number;
  /** Inputs that a caller gives: initialisers that old files list as inputs are subtracted. */
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
  /** Why the file must not be loaded; empty where nothing speaks against it. */
  readonly objections: readonly string[];
}

/** Operator domains that are part of the ONNX standard. */
const standardDomains = new Set(['', 'ai.onnx']);
/** Graphs inside graphs (If, Loop, Scan) deeper than this are not honest models. */
const deepestGraph = 8;
const elementNames: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
};

/**
 * Reads an ONNX file's header (fields of `onnx.proto`, IR 3 and later) and collects what speaks against loading it: custom
 * operator domains, functions of its own, data outside the file. Throws ProtoFault where the bytes are no ONNX model.
 */
export function readOnnxHeader(file: Uint8Array): OnnxHeader {
  const survey = new Survey();
  let irVersion = 0;
  let producer = '';
  let graph: Uint8Array | undefined;
  for (const { number, value } of fieldsOf(file)) {
    if (number === 1 && typeof value === 'bigint') irVersion = Number(value);
    else if (number === 2) producer = textOf(value);
    else if (number === 7) graph = bytesOf(value);
    else if (number === 8) survey.opset(bytesOf(value));
    else if (number === 25) survey.object('it defines functions of its own');
    else if (number === 20) survey.object('it carries a training graph');
  }
  if (irVersion < 1 || graph === undefined) throw new ProtoFault('it holds no graph');
  if (irVersion < 3) survey.object(`its format (IR ${irVersion}) is older than 3`);
  const { inputs, outputs } = survey.graph(graph, 0);
  return {
    irVersion,
    producer,
    opset: survey.standardOpset,
    nodes: survey.nodes,
    operators: [...survey.operators].sort(),
    parameters: survey.parameters,
    inputs,
    outputs,
    objections: [...survey.objections],
  };
}

class Survey {
  readonly objections = new Set<string>();
  readonly operators = new Set<string>();
  nodes = 0;
  parameters = 0;
  standardOpset = 0;

  object(words: string): void {
    this.objections.add(words);
  }

  opset(bytes: Uint8Array): void {
    let domain = '';
    let version = 0;
    for (const { number, value } of fieldsOf(bytes)) {
      if (number === 1) domain = textOf(value);
      else if (number === 2 && typeof value === 'bigint') version = Number(value);
    }
    if (standardDomains.has(domain)) this.standardOpset = version;
    // A file may name domains that no node uses; exporters do. What counts is what the nodes use.
  }

  graph(bytes: Uint8Array, depth: number): { inputs: OnnxTensor[]; outputs: OnnxTensor[] } {
    if (depth > deepestGraph) throw new ProtoFault(`graphs stand more than ${deepestGraph} deep in it`);
    const initialised = new Set<string>();
    const inputs: OnnxTensor[] = [];
    const outputs: OnnxTensor[] = [];
    for (const { number, value } of fieldsOf(bytes)) {
      if (number === 1) this.#node(bytesOf(value), depth);
      else if (number === 5) initialised.add(this.#tensor(bytesOf(value), true));
      else if (number === 11) inputs.push(valueInfo(bytesOf(value)));
      else if (number === 12) outputs.push(valueInfo(bytesOf(value)));
      else if (number === 15) for (const part of fieldsOf(bytesOf(value))) this.#sparse(part.number, part.value);
    }
    return { inputs: inputs.filter(({ name }) => !initialised.has(name)), outputs };
  }

  #sparse(number: number, value: bigint | Uint8Array): void {
    if ((number === 1 || number === 2) && typeof value !== 'bigint') this.#tensor(value, number === 1);
  }

  #node(bytes: Uint8Array, depth: number): void {
    let operator = '';
    let domain = '';
    for (const { number, value } of fieldsOf(bytes)) {
      if (number === 4) operator = textOf(value);
      else if (number === 7) domain = textOf(value);
      else if (number === 5) this.#attribute(bytesOf(value), depth);
    }
    this.nodes += 1;
    this.operators.add(domain === '' ? operator : `${domain}.${operator}`);
    if (!standardDomains.has(domain)) this.object(`it uses the operator ${operator} of the custom domain ${domain}`);
  }

  #attribute(bytes: Uint8Array, depth: number): void {
    for (const { number, value } of fieldsOf(bytes)) {
      if (typeof value === 'bigint') continue;
      if (number === 5 || number === 10) this.#tensor(value, false);
      else if (number === 6 || number === 11) this.graph(value, depth + 1);
      else if (number === 22 || number === 23)
        for (const part of fieldsOf(value)) this.#sparse(part.number, part.value);
    }
  }

  /** Answers the tensor's name. */
  #tensor(bytes: Uint8Array, counts: boolean): string {
    let name = '';
    let size = 1;
    for (const { number, value } of fieldsOf(bytes)) {
      if (number === 1) for (const dim of numbersOf(value)) size *= dim;
      else if (number === 8) name = textOf(value);
      else if (number === 13) this.object(`its data lies outside the file (${locationOf(bytesOf(value))})`);
      else if (number === 14 && value === 1n) this.object('its data lies outside the file');
    }
    if (counts) this.parameters += size;
    return name;
  }
}

/** The path that an external data entry names; other entries by their key. */
function locationOf(bytes: Uint8Array): string {
  const [key, value] = [1, 2].map((wanted) => {
    for (const field of fieldsOf(bytes)) if (field.number === wanted) return textOf(field.value);
    return '';
  });
  return `${key ?? ''} ${(value ?? '').slice(0, 80)}`.trim();
}

function valueInfo(bytes: Uint8Array): OnnxTensor {
  let name = '';
  let element = 'unknown';
  let dims: (number | string | null)[] = [];
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) name = textOf(value);
    else if (number === 2)
      for (const type of fieldsOf(bytesOf(value))) {
        if (type.number !== 1) continue;
        for (const part of fieldsOf(bytesOf(type.value))) {
          if (part.number === 1 && typeof part.value === 'bigint')
            element = elementNames[Number(part.value)] ?? `type ${part.value}`;
          else if (part.number === 2) dims = dimsOf(bytesOf(part.value));
        }
      }
  }
  return { name, element, dims };
}

function dimsOf(bytes: Uint8Array): (number | string | null)[] {
  const dims: (number | string | null)[] = [];
  for (const { number, value } of fieldsOf(bytes)) {
    if (number !== 1) continue;
    let dim: number | string | null = null;
    for (const part of fieldsOf(bytesOf(value))) {
      if (part.number === 1 && typeof part.value === 'bigint') dim = Number(BigInt.asIntN(64, part.value));
      else if (part.number === 2) dim = textOf(part.value);
    }
    // Some exporters write −1 or 0 for an open size.
    dims.push(typeof dim === 'number' && dim < 1 ? null : dim);
  }
  return dims;
}

function textOf(value: bigint | Uint8Array): string {
  return typeof value === 'bigint' ? String(value) : Buffer.from(value).toString('utf8');
}

function bytesOf(value: bigint | Uint8Array): Uint8Array {
  if (typeof value === 'bigint') throw new ProtoFault('a message in it is a number');
  return value;
}

/** A repeated whole number: one varint, or many packed into bytes. */
function numbersOf(value: bigint | Uint8Array): number[] {
  if (typeof value === 'bigint') return [Number(value)];
  const numbers: number[] = [];
  let current = 0;
  let factor = 1;
  for (const byte of value) {
    current += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) {
      numbers.push(current);
      current = 0;
      factor = 1;
    }
  }
  return numbers;
}
