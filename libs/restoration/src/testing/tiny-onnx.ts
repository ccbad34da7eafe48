/** Writes small ONNX files by hand: protobuf fields as onnx.proto (IR version 8, opset 17) numbers them. */

/** Element types of tensors. */
export type TinyType = 'f32' | 'u8' | 'i64' | 'bool';
const elementCodes: Readonly<Record<TinyType, number>> = { f32: 1, u8: 2, i64: 7, bool: 9 };

/** A constant of a graph. */
export interface TinyConstant {
  readonly type: Exclude<TinyType, 'bool'>;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** One node; attributes are whole numbers, lists of them, or text. */
export interface TinyNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[] | string>>;
}

/** A graph whose inputs and outputs are [n, h, w, channels]. */
export interface TinyGraph {
  readonly inputs: Readonly<Record<string, { readonly type: TinyType; readonly channels: number }>>;
  readonly output: { readonly name: string; readonly type: TinyType };
  readonly nodes: readonly TinyNode[];
  readonly constants?: Readonly<Record<string, TinyConstant>>;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

const number = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field: number, value: Buffer | string): Buffer => {
  const body = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
};
const message = (field: number, ...parts: readonly Buffer[]): Buffer => bytes(field, Buffer.concat(parts));

function valueInfo(field: number, name: string, type: TinyType, dims: readonly (number | string)[]): Buffer {
  const shape = dims.map((dim) => message(1, typeof dim === 'number' ? number(1, dim) : bytes(2, dim)));
  return message(field, bytes(1, name), message(2, message(1, number(1, elementCodes[type]), message(2, ...shape))));
}

function tensor(name: string, { type, shape, values }: TinyConstant): Buffer {
  const raw =
    type === 'f32'
      ? Buffer.from(Float32Array.from(values).buffer)
      : type === 'u8'
        ? Buffer.from(values)
        : Buffer.from(BigInt64Array.from(values, (value) => BigInt(value)).buffer);
  return message(
    5,
    ...shape.map((dim) => number(1, dim)),
    number(2, elementCodes[type]),
    bytes(8, name),
    bytes(9, raw),
  );
}

function node({ op, inputs, output, attributes = {} }: TinyNode): Buffer {
  const written = Object.entries(attributes).map(([name, value]) =>
    typeof value === 'number'
      ? message(5, bytes(1, name), number(3, value), number(20, 2))
      : typeof value === 'string'
        ? message(5, bytes(1, name), bytes(4, value), number(20, 3))
        : message(5, bytes(1, name), ...value.map((one) => number(8, one)), number(20, 7)),
  );
  return message(1, ...inputs.map((name) => bytes(1, name)), bytes(2, output), bytes(4, op), ...written);
}

/** Bytes of an ONNX file with that graph. */
export function tinyOnnx({ inputs, output, nodes, constants = {} }: TinyGraph): Buffer {
  const graph = message(
    7,
    ...nodes.map(node),
    bytes(2, 'tiny'),
    ...Object.entries(constants).map(([name, constant]) => tensor(name, constant)),
    ...Object.entries(inputs).map(([name, { type, channels }]) => valueInfo(11, name, type, ['n', 'h', 'w', channels])),
    valueInfo(12, output.name, output.type, ['m', 'down', 'across', 'c']),
  );
  return Buffer.concat([number(1, 8), message(8, bytes(1, ''), number(2, 17)), graph]);
}
