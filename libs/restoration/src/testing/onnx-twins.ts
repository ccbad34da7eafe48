/**
 * Contract twins: tiny ONNX graphs with the names, types, sizes and polarity of real models, well-behaved and deliberately
 * wrong, written as Protocol Buffers by hand (field numbers of `onnx.proto`).
 */

type Bytes = Uint8Array;

/** An axis: a fixed size, or a name. */
type Axis = number | string;

interface Value {
  readonly name: string;
  /** 1 float32, 2 uint8, 10 float16. */
  readonly element: number;
  readonly axes: readonly Axis[];
}

interface Constant {
  readonly name: string;
  readonly axes: readonly number[];
  readonly values: readonly number[];
  /** Whole numbers (int64) in place of float32. */
  readonly whole?: true;
  /** A path: the values are said to lie outside. */
  readonly outside?: string;
}

interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, number | string | readonly number[]>>;
}

/** What a twin is made of. */
export interface Twin {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly constants?: readonly Constant[];
  readonly irVersion?: number;
  readonly opset?: number;
  /** Lists constants as inputs, too, as old exporters do. */
  readonly listsConstants?: boolean;
}

function varint(value: number | bigint): Bytes {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

const joined = (...parts: readonly Bytes[]): Bytes => new Uint8Array(Buffer.concat(parts));
const number = (field: number, value: number | bigint): Bytes => joined(varint(field << 3), varint(value));
const bytes = (field: number, value: Bytes): Bytes => joined(varint((field << 3) | 2), varint(value.length), value);
const text = (field: number, value: string): Bytes => bytes(field, new TextEncoder().encode(value));

function valueInfo({ name, element, axes }: Value): Bytes {
  const dims = axes.map((axis) => bytes(1, typeof axis === 'number' ? number(1, axis) : text(2, axis)));
  const tensor = joined(number(1, element), bytes(2, joined(...dims)));
  return joined(text(1, name), bytes(2, bytes(1, tensor)));
}

function tensorProto({ name, axes, values, outside, whole }: Constant): Bytes {
  const type = whole === true ? 7 : 1;
  const head = joined(...axes.map((axis) => number(1, axis)), number(2, type), text(8, name));
  if (outside !== undefined)
    return joined(head, bytes(13, joined(text(1, 'location'), text(2, outside))), number(14, 1));
  const raw = whole === true ? BigInt64Array.from(values, BigInt).buffer : Float32Array.from(values).buffer;
  return joined(head, bytes(9, new Uint8Array(raw)));
}

function attribute(name: string, value: number | string | readonly number[]): Bytes {
  if (typeof value === 'number') return joined(text(1, name), number(3, value), number(20, 2));
  if (typeof value === 'string') return joined(text(1, name), text(4, value), number(20, 3));
  return joined(text(1, name), ...value.map((one) => number(8, one)), number(20, 7));
}

function nodeProto({ operator, inputs, outputs, domain, attributes }: Node): Bytes {
  return joined(
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(4, operator),
    ...Object.entries(attributes ?? {}).map(([name, value]) => bytes(5, attribute(name, value))),
    ...(domain === undefined ? [] : [text(7, domain)]),
  );
}

/** The twin's file. */
export function twinFile(twin: Twin): Bytes {
  const constants = twin.constants ?? [];
  const listed = twin.listsConstants === true ? constants.map(({ name, axes }) => ({ name, element: 1, axes })) : [];
  const graph = joined(
    ...twin.nodes.map((node) => bytes(1, nodeProto(node))),
    text(2, 'twin'),
    ...constants.map((constant) => bytes(5, tensorProto(constant))),
    ...[...twin.inputs, ...listed].map((value) => bytes(11, valueInfo(value))),
    ...twin.outputs.map((value) => bytes(12, valueInfo(value))),
  );
  const domains = new Set(twin.nodes.flatMap(({ domain }) => (domain === undefined ? [] : [domain])));
  return joined(
    number(1, twin.irVersion ?? 8),
    text(2, 'albumen twins'),
    bytes(7, graph),
    bytes(8, joined(text(1, ''), number(2, twin.opset ?? 17))),
    ...[...domains].map((domain) => bytes(8, joined(text(1, domain), number(2, 1)))),
  );
}

/** A picture tensor of open size, NCHW. */
export const planar = (name: string, channels: Axis = 3, element = 1): Value => ({
  name,
  element,
  axes: ['n', channels, 'h', 'w'],
});

/** A picture tensor of open size, NHWC. */
export const interleaved = (name: string, channels: Axis = 3, element = 1): Value => ({
  name,
  element,
  axes: ['n', 'h', 'w', channels],
});

const node = (operator: string, inputs: readonly string[], output: string, more: Partial<Node> = {}): Node => ({
  operator,
  inputs,
  outputs: [output],
  ...more,
});
const constant = (name: string, ...values: readonly number[]): Constant => ({
  name,
  axes: values.length === 1 ? [] : [values.length],
  values,
});

const picture = { inputs: [planar('input')], outputs: [planar('output')] };
/** A mean of 9×9: what lies 4 pixels inside the edge does not see past it. */
const mean = (from: string, to: string): Node =>
  node('AveragePool', [from], to, { attributes: { kernel_shape: [9, 9], pads: [4, 4, 4, 4] } });

/** The twins, by what they do. */
export const twins = {
  mean: { ...picture, nodes: [mean('input', 'output')] },
  'takes-255': {
    ...picture,
    constants: [constant('low', 0), constant('high', 255), constant('small', 2)],
    // Everything below 2 is black for it: a picture of 0..1 comes out as nothing.
    nodes: [node('Clip', ['input', 'small', 'high'], 'clipped'), node('Sub', ['clipped', 'low'], 'output')],
  },
  interleaved: {
    inputs: [interleaved('image', 3, 2)],
    outputs: [interleaved('restored', 3, 2)],
    nodes: [node('Identity', ['image'], 'restored')],
  },
  double: {
    inputs: [planar('input')],
    outputs: [planar('output', 'c')],
    nodes: [
      node('Concat', ['input', 'input', 'input', 'input'], 'four', { attributes: { axis: 1 } }),
      node('DepthToSpace', ['four'], 'output', { attributes: { blocksize: 2, mode: 'DCR' } }),
    ],
  },
  'multiple-of-8': {
    ...picture,
    nodes: [
      node('SpaceToDepth', ['input'], 'deep', { attributes: { blocksize: 8 } }),
      node('DepthToSpace', ['deep'], 'output', { attributes: { blocksize: 8 } }),
    ],
  },
  'whole-picture': {
    ...picture,
    constants: [constant('half', 0.5)],
    nodes: [
      node('GlobalMaxPool', ['input'], 'most'),
      node('ReduceMean', ['input'], 'middle', { attributes: { keepdims: 1 } }),
      node('Sub', ['input', 'middle'], 'around'),
      node('Mul', ['around', 'half'], 'less'),
      node('Mul', ['less', 'most'], 'scaled'),
      node('Add', ['scaled', 'middle'], 'output'),
    ],
  },
  'hole-is-1': hole(true),
  'hole-is-0': hole(false),
  // A LaMa as it is often exported: 0 to 1 in, 0 to 255 out.
  'hole-is-1-of-255': {
    ...hole(true),
    outputs: [planar('levels')],
    constants: [constant('one', 1), constant('grey', 0.5), constant('white', 255), constant('nothing', 0)],
    nodes: [
      ...hole(true).nodes,
      node('Clip', ['output', 'nothing', 'one'], 'share'),
      node('Mul', ['share', 'white'], 'levels'),
    ],
  },
  'mask-ignored': {
    inputs: [planar('image'), planar('mask', 1)],
    outputs: [planar('output')],
    constants: [constant('nothing', 0)],
    nodes: [node('Mul', ['mask', 'nothing'], 'gone'), node('Add', ['image', 'gone'], 'output')],
  },
  marks: {
    inputs: [planar('luma', 1)],
    outputs: [planar('logits', 1)],
    nodes: [mean('luma', 'around'), node('Sub', ['luma', 'around'], 'logits')],
  },
  'marks-of-colours': {
    inputs: [planar('input')],
    outputs: [planar('logits', 1)],
    constants: [],
    nodes: [node('Split', ['input'], 'logits', { outputs: ['logits', 'green', 'blue'], attributes: { axis: 1 } })],
  },
  old: {
    ...picture,
    irVersion: 4,
    opset: 9,
    listsConstants: true,
    constants: [constant('factor', 0.98)],
    nodes: [node('Mul', ['input', 'factor'], 'output')],
  },
  nan: {
    ...picture,
    nodes: [node('Sub', ['input', 'input'], 'zero'), node('Div', ['zero', 'zero'], 'output')],
  },
  black: {
    ...picture,
    constants: [constant('nothing', 0)],
    nodes: [node('Mul', ['input', 'nothing'], 'output')],
  },
  swapped: {
    ...picture,
    constants: [],
    nodes: [
      node('Split', ['input'], 'red', { outputs: ['red', 'green', 'blue'], attributes: { axis: 1 } }),
      node('Concat', ['blue', 'green', 'red'], 'output', { attributes: { axis: 1 } }),
    ],
  },
  random: {
    ...picture,
    nodes: [node('RandomUniformLike', ['input'], 'noise'), node('Mul', ['input', 'noise'], 'output')],
  },
  'custom-domain': { ...picture, nodes: [node('Sharpen', ['input'], 'output', { domain: 'com.example' })] },
  'data-outside': {
    ...picture,
    constants: [{ ...constant('factor', 1), outside: '../../keys/audit.key' }],
    nodes: [node('Mul', ['input', 'factor'], 'output')],
  },
  // What nets for colour, faces and holes of one size look like.
  colours: colours(1),
  'colours-of-255': colours(255),
  'colours-of-1': colours(1 / 255),
  face: { ...square('face'), constants: [constant('less', 0.96)], nodes: [node('Mul', ['face', 'less'], 'made')] },
  'face-of-another': {
    ...square('face'),
    // Upside down and mirrored: nobody's face any more.
    constants: [
      { name: 'from', axes: [2], values: [511, 511], whole: true },
      { name: 'to', axes: [2], values: [-600, -600], whole: true },
      { name: 'axes', axes: [2], values: [2, 3], whole: true },
      { name: 'steps', axes: [2], values: [-1, -1], whole: true },
    ],
    nodes: [node('Slice', ['face', 'from', 'to', 'axes', 'steps'], 'made')],
  },
  'face-with-weight': faceWithNumber('weight', { element: 11, axes: [1] }),
  'face-with-float-weight': faceWithNumber('w', { element: 1, axes: [] }),
  'face-with-two-weights': faceWithNumber('weight', { element: 1, axes: [2] }, []),
  'face-with-whole-weight': faceWithNumber('weight', { element: 7, axes: [1] }, []),
  'face-weight-ignored': faceWithNumber('weight', { element: 1, axes: [1] }, [
    node('Mul', ['weight', 'none'], 'nothing'),
    node('Add', ['face', 'nothing'], 'made'),
  ]),
  // No number at a quarter, the face itself at every other.
  'face-weight-not-a-quarter': faceWithNumber('weight', { element: 1, axes: [1] }, [
    node('Mul', ['weight', 'none'], 'nothing'),
    node('Sub', ['weight', 'quarter'], 'far'),
    node('Div', ['nothing', 'far'], 'gone'),
    node('Add', ['face', 'gone'], 'made'),
  ]),
  'face-weight-inverse': faceWithNumber('weight', { element: 1, axes: [1] }, [
    node('Mul', ['weight', 'less'], 'part'),
    node('Sub', ['all', 'part'], 'kept'),
    node('Mul', ['face', 'kept'], 'made'),
  ]),
  'face-in-black': {
    ...square('face'),
    constants: [constant('none', 0)],
    nodes: [node('Mul', ['face', 'none'], 'made')],
  },
  'face-of-256': {
    inputs: [{ name: 'face', element: 1, axes: [1, 3, 256, 256] }],
    outputs: [{ name: 'made', element: 1, axes: [1, 3, 256, 256] }],
    nodes: [node('Identity', ['face'], 'made')],
  },
  faces: yunet(1),
  'faces-nan': yunet(Number.NaN),
  half: {
    inputs: [planar('input', 3, 10)],
    outputs: [planar('output', 3, 10)],
    nodes: [node('Identity', ['input'], 'output')],
  },
} as const satisfies Record<string, Twin>;

/** Gives back what is known and fills the hole with grey. */
function hole(isOne: boolean): Twin {
  const known = isOne ? 'inverse' : 'mask';
  const gone = isOne ? 'mask' : 'inverse';
  return {
    inputs: [planar('image'), planar('mask', 1)],
    outputs: [planar('output')],
    constants: [constant('one', 1), constant('grey', 0.5)],
    nodes: [
      node('Sub', ['one', 'mask'], 'inverse'),
      node('Mul', ['image', known], 'kept'),
      node('Mul', ['grey', gone], 'filled'),
      node('Add', ['kept', 'filled'], 'output'),
    ],
  };
}

/** Tensors of a net that takes and gives squares of 512. */
function square(name: string): Pick<Twin, 'inputs' | 'outputs'> {
  const axes = [1, 3, 512, 512];
  return { inputs: [{ name, element: 1, axes }], outputs: [{ name: 'made', element: 1, axes }] };
}

/** a* and b* that follow the lightness, from −25 to 35, times a factor that makes them numbers of another scale. */
function colours(times: number): Twin {
  return {
    inputs: [{ name: 'grey', element: 1, axes: [1, 3, 256, 256] }],
    outputs: [{ name: 'ab', element: 1, axes: [1, 2, 256, 256] }],
    constants: [constant('scale', 60 * times), constant('shift', 25 * times), constant('turn', -1)],
    nodes: [
      node('Split', ['grey'], 'red', { outputs: ['red', 'green', 'blue'], attributes: { axis: 1 } }),
      node('Mul', ['red', 'scale'], 'wide'),
      node('Sub', ['wide', 'shift'], 'a'),
      node('Mul', ['a', 'turn'], 'b'),
      node('Concat', ['a', 'b'], 'ab', { attributes: { axis: 1 } }),
    ],
  };
}

/**
 * The tensors of YuNet at 640: a cell is sure of a face as far as it is brighter than 200 of 255 in blue (the first of its
 * channels), whose box is a square of eight cells around it and whose points lie in its middle.
 */
function yunet(times: number): Twin {
  const inputs: Value[] = [{ name: 'input', element: 1, axes: [1, 3, 640, 640] }];
  const outputs: Value[] = [];
  const nodes: Node[] = [
    node('Split', ['input'], 'blue', { outputs: ['blue', 'green', 'red'], attributes: { axis: 1 } }),
    node('Sub', ['blue', 'floor'], 'above'),
    node('Mul', ['above', 'slope'], 'steep'),
    node('Clip', ['steep', 'none', 'all'], 'sure'),
  ];
  const constants: Constant[] = [
    constant('floor', 200),
    constant('slope', times / 40),
    constant('none', 0),
    constant('all', 1),
    constant('eighth', Math.log(8)),
    constant('nothing', 0),
    { name: 'column', axes: [3], values: [1, -1, 1], whole: true },
  ];
  for (const stride of [8, 16, 32]) {
    const cells = (640 / stride) ** 2;
    const pooled = { kernel_shape: [stride, stride], strides: [stride, stride] };
    nodes.push(node('AveragePool', ['sure'], `pool_${stride}`, { attributes: pooled }));
    nodes.push(node('Reshape', [`pool_${stride}`, 'column'], `cls_${stride}`));
    nodes.push(node('Identity', [`cls_${stride}`], `obj_${stride}`));
    nodes.push(node('Mul', [`cls_${stride}`, 'nothing'], `zero_${stride}`));
    nodes.push(node('Add', [`zero_${stride}`, 'eighth'], `wide_${stride}`));
    const [zero, wide] = [`zero_${stride}`, `wide_${stride}`];
    nodes.push(node('Concat', [zero, zero, wide, wide], `bbox_${stride}`, { attributes: { axis: 2 } }));
    nodes.push(
      node(
        'Concat',
        Array.from({ length: 10 }, () => zero),
        `kps_${stride}`,
        { attributes: { axis: 2 } },
      ),
    );
    for (const [name, width] of [
      ['cls', 1],
      ['obj', 1],
      ['bbox', 4],
      ['kps', 10],
    ] as const)
      outputs.push({ name: `${name}_${stride}`, element: 1, axes: [1, cells, width] });
  }
  return { inputs, outputs, nodes, constants };
}

/** A face and a number: all of the face at 1, a little less of it at 0; or what `nodes` make of both. */
function faceWithNumber(
  name: string,
  { element, axes }: Pick<Value, 'element' | 'axes'>,
  nodes: readonly Node[] = [
    node('Cast', [name], 'share', { attributes: { to: 1 } }),
    node('Mul', ['share', 'less'], 'part'),
    node('Add', ['part', 'most'], 'kept'),
    node('Mul', ['face', 'kept'], 'made'),
  ],
): Twin {
  const { inputs, outputs } = square('face');
  const constants = [
    constant('none', 0),
    constant('less', 0.1),
    constant('most', 0.9),
    constant('all', 1),
    constant('quarter', 0.25),
  ];
  return {
    inputs: [...inputs, { name, element, axes }],
    outputs,
    constants: constants.filter((one) => nodes.some(({ inputs: taken }) => taken.includes(one.name))),
    nodes: nodes.length === 0 ? [node('Identity', ['face'], 'made')] : nodes,
  };
}
