/** Softmax, layer norm, GELU, reductions and transposes of [1024, 1024]; and an image's dimensions in another order. */
import { type JaxArray, jaxJs, type JaxModule } from '../peers/jax-js.ts';
import { type OnnxAttribute, onnxruntime } from '../peers/onnxruntime.ts';
import { tessera } from '../peers/tessera.ts';
import { type Tensor, tfjs, type Tf } from '../peers/tfjs.ts';
import type { Contestants, Row } from '../row.ts';
import { mainFunction, tensorType } from '../stablehlo.ts';
import { type ElementType, seeded, sizeOf, type Value } from '../values.ts';

const size = 1024;
const square = [size, size];
const matrix = tensorType(square);
const vector = tensorType([size]);

interface Operation {
  readonly name: string;
  /** Of x. */
  readonly dims: readonly number[];
  readonly resultDims: readonly number[];
  readonly resultType?: ElementType;
  /** Operations on an element, about: they decide nothing here. */
  readonly flops: number;
  readonly weights?: () => Readonly<Record<string, Value>>;
  readonly tessera: readonly string[];
  readonly onnx: readonly [op: string, attributes?: Readonly<Record<string, OnnxAttribute>>];
  readonly opset?: number;
  readonly tfjs: (tf: Tf, x: Tensor, ...weights: readonly Tensor[]) => Tensor;
  readonly jaxJs: (jax: JaxModule, x: JaxArray, ...weights: readonly JaxArray[]) => JaxArray;
}

const epsilon = 1e-5;
const spread = (value: string): string => `stablehlo.broadcast_in_dim ${value}, dims = [0] : (${vector}) -> ${matrix}`;
const along = (value: string): string => `stablehlo.broadcast_in_dim ${value}, dims = [1] : (${vector}) -> ${matrix}`;
const reduced = (value: string, init: string, combine: string, axis: number): string =>
  `stablehlo.reduce(${value} init: ${init}) applies stablehlo.${combine} across dimensions = [${axis}] : (${matrix}, tensor<f32>) -> ${vector}`;
const scalar = (name: string, value: string): string => `%${name} = stablehlo.constant dense<${value}> : tensor<f32>`;

const softmax: Operation = {
  name: 'softmax [1024,1024]',
  dims: square,
  resultDims: square,
  flops: 5,
  tessera: [
    scalar('zero', '0.0'),
    scalar('low', '0xFF800000'),
    `%max = ${reduced('%x', '%low', 'maximum', 1)}`,
    `%maxes = ${spread('%max')}`,
    `%centred = stablehlo.subtract %x, %maxes : ${matrix}`,
    `%exp = stablehlo.exponential %centred : ${matrix}`,
    `%sum = ${reduced('%exp', '%zero', 'add', 1)}`,
    `%sums = ${spread('%sum')}`,
    `%y = stablehlo.divide %exp, %sums : ${matrix}`,
  ],
  onnx: ['Softmax', { axis: -1 }],
  tfjs: (tf, x) => tf.softmax(x),
  jaxJs: ({ nn }, x) => nn.softmax(x, -1),
};

const layerNorm: Operation = {
  name: 'layer norm [1024,1024]',
  dims: square,
  resultDims: square,
  flops: 8,
  weights: () => ({ scale: seeded([size], 2), shift: seeded([size], 3) }),
  tessera: [
    scalar('zero', '0.0'),
    `%count = stablehlo.constant dense<${size}.0> : ${vector}`,
    `%epsilon = stablehlo.constant dense<${epsilon}> : ${vector}`,
    `%sum = ${reduced('%x', '%zero', 'add', 1)}`,
    `%mean = stablehlo.divide %sum, %count : ${vector}`,
    `%means = ${spread('%mean')}`,
    `%centred = stablehlo.subtract %x, %means : ${matrix}`,
    `%square = stablehlo.multiply %centred, %centred : ${matrix}`,
    `%squares = ${reduced('%square', '%zero', 'add', 1)}`,
    `%variance = stablehlo.divide %squares, %count : ${vector}`,
    `%padded = stablehlo.add %variance, %epsilon : ${vector}`,
    `%inverse = stablehlo.rsqrt %padded : ${vector}`,
    `%inverses = ${spread('%inverse')}`,
    `%normal = stablehlo.multiply %centred, %inverses : ${matrix}`,
    `%scales = ${along('%scale')}`,
    `%scaled = stablehlo.multiply %normal, %scales : ${matrix}`,
    `%shifts = ${along('%shift')}`,
    `%y = stablehlo.add %scaled, %shifts : ${matrix}`,
  ],
  onnx: ['LayerNormalization', { axis: -1, epsilon: { float: epsilon } }],
  tfjs: (tf, x, scale, shift) => {
    const { mean, variance } = tf.moments(x, -1, true);
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
    return tf.add(tf.mul(normal, scale), shift);
  },
  jaxJs: ({ nn }, x, scale, shift) => nn.standardize(x, -1, { epsilon }).mul(scale).add(shift),
};

const gelu: Operation = {
  name: 'GELU [1024,1024]',
  dims: square,
  resultDims: square,
  flops: 10,
  tessera: [
    `%half = stablehlo.constant dense<0.5> : ${matrix}`,
    `%one = stablehlo.constant dense<1.0> : ${matrix}`,
    `%root = stablehlo.constant dense<0.707106769> : ${matrix}`,
    `%scaled = stablehlo.multiply %x, %root : ${matrix}`,
    `%erf = chlo.erf %scaled : ${matrix} -> ${matrix}`,
    `%more = stablehlo.add %erf, %one : ${matrix}`,
    `%halves = stablehlo.multiply %x, %half : ${matrix}`,
    `%y = stablehlo.multiply %halves, %more : ${matrix}`,
  ],
  onnx: ['Gelu'],
  opset: 20,
  tfjs: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  jaxJs: ({ nn }, x) => nn.gelu(x, { approximate: false }),
};

const sumRows: Operation = {
  name: 'sum of rows [1024,1024]',
  dims: square,
  resultDims: [size],
  flops: 1,
  tessera: [scalar('zero', '0.0'), `%y = ${reduced('%x', '%zero', 'add', 1)}`],
  onnx: ['ReduceSum', { keepdims: 0 }],
  weights: () => ({ axes: { dims: [1], data: BigInt64Array.of(1n) } }),
  tfjs: (tf, x) => tf.sum(x, 1),
  jaxJs: ({ numpy }, x) => numpy.sum(x, 1),
};

const sumColumns: Operation = {
  ...sumRows,
  name: 'sum of columns [1024,1024]',
  tessera: [scalar('zero', '0.0'), `%y = ${reduced('%x', '%zero', 'add', 0)}`],
  weights: () => ({ axes: { dims: [1], data: BigInt64Array.of(0n) } }),
  tfjs: (tf, x) => tf.sum(x, 0),
  jaxJs: ({ numpy }, x) => numpy.sum(x, 0),
};

const maxAll: Operation = {
  name: 'max of all [1024,1024]',
  dims: square,
  resultDims: [],
  flops: 1,
  tessera: [
    scalar('low', '0xFF800000'),
    `%y = stablehlo.reduce(%x init: %low) applies stablehlo.maximum across dimensions = [0, 1] : (${matrix}, tensor<f32>) -> tensor<f32>`,
  ],
  onnx: ['ReduceMax', { keepdims: 0 }],
  tfjs: (tf, x) => tf.max(x),
  jaxJs: ({ numpy }, x) => numpy.max(x),
};

const sumAll: Operation = {
  ...maxAll,
  name: 'sum of all [1024,1024]',
  tessera: [
    scalar('zero', '0.0'),
    `%y = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0, 1] : (${matrix}, tensor<f32>) -> tensor<f32>`,
  ],
  onnx: ['ReduceSum', { keepdims: 0 }],
  tfjs: (tf, x) => tf.sum(x),
  jaxJs: ({ numpy }, x) => numpy.sum(x),
};

const indices = tensorType(square, 'i32');
const chosen = tensorType([size], 'i32');
const argmax: Operation = {
  name: 'argmax of rows [1024,1024]',
  dims: square,
  resultDims: [size],
  resultType: 'i32',
  flops: 1,
  tessera: [
    scalar('low', '0xFF800000'),
    `%first = stablehlo.constant dense<0> : tensor<i32>`,
    `%index = stablehlo.iota dim = 1 : ${indices}`,
    `%max, %y = stablehlo.reduce(%x init: %low), (%index init: %first) across dimensions = [1] : (${matrix}, ${indices}, tensor<f32>, tensor<i32>) -> (${vector}, ${chosen})`,
    ` reducer(%a: tensor<f32>, %c: tensor<f32>) (%b: tensor<i32>, %d: tensor<i32>) {`,
    `  %ge = stablehlo.compare GE, %a, %c : (tensor<f32>, tensor<f32>) -> tensor<i1>`,
    `  %value = stablehlo.select %ge, %a, %c : tensor<i1>, tensor<f32>`,
    `  %eq = stablehlo.compare EQ, %a, %c : (tensor<f32>, tensor<f32>) -> tensor<i1>`,
    `  %low_index = stablehlo.minimum %b, %d : tensor<i32>`,
    `  %other = stablehlo.select %ge, %b, %d : tensor<i1>, tensor<i32>`,
    `  %at = stablehlo.select %eq, %low_index, %other : tensor<i1>, tensor<i32>`,
    `  stablehlo.return %value, %at : tensor<f32>, tensor<i32>`,
    `}`,
  ],
  onnx: ['ArgMax', { axis: 1, keepdims: 0 }],
  tfjs: (tf, x) => tf.argMax(x, 1),
  jaxJs: ({ numpy }, x) => numpy.argmax(x, 1),
};

function transpose(dims: readonly number[], order: readonly number[], name: string): Operation {
  const resultDims = order.map((axis) => dims[axis] ?? 1);
  return {
    name,
    dims,
    resultDims,
    flops: 0,
    tessera: [
      `%y = stablehlo.transpose %x, dims = [${order.join(', ')}] : (${tensorType(dims)}) -> ${tensorType(resultDims)}`,
    ],
    onnx: ['Transpose', { perm: order }],
    tfjs: (tf, x) => tf.transpose(x, [...order]),
    jaxJs: ({ numpy }, x) => numpy.transpose(x, [...order]),
  };
}

function operationRow(operation: Operation): Row {
  const { name, dims, resultDims, flops } = operation;
  return {
    name,
    unit: 'GB/s',
    flops: flops * sizeOf(dims),
    dataBytes: 4 * (sizeOf(dims) + sizeOf(resultDims)),
    weightBytes: 0,
    contestants: () => contestants(operation),
  };
}

function contestants({ dims, resultDims, resultType = 'f32', opset = 17, ...forms }: Operation): Contestants {
  const inputs = { x: seeded(dims, 1) };
  const weights = forms.weights?.() ?? {};
  const floats = Object.fromEntries(Object.entries(weights).filter(([, { data }]) => data instanceof Float32Array));
  const values = [inputs.x, ...Object.values(floats)];
  const result = tensorType(resultDims, resultType);
  const text = mainFunction({ inputs, weights: floats, body: forms.tessera, results: { y: result } });
  const [op, attributes = {}] = forms.onnx;
  const outputs = { y: { dims: resultDims, type: resultType === 'i32' ? 'i64' : resultType } } as const;
  const nodes = [{ op, inputs: ['x', ...Object.keys(weights)], outputs: ['y'], attributes }];
  return {
    tessera: tessera(text, [inputs.x]),
    'onnxruntime-web': onnxruntime({ nodes, weights, inputs, outputs, opset }),
    'tfjs-wasm': tfjs(values, forms.tfjs),
    'jax-js': jaxJs(values, forms.jaxJs),
  };
}

export const rowwiseRows: readonly Row[] = [
  softmax,
  layerNorm,
  gelu,
  sumRows,
  sumColumns,
  sumAll,
  maxAll,
  argmax,
  transpose(square, [1, 0], 'transpose [1024,1024]'),
  transpose([8, 64, 56, 56], [0, 2, 3, 1], 'NCHW to NHWC [8,64,56,56]'),
  transpose([8, 56, 56, 64], [0, 3, 1, 2], 'NHWC to NCHW [8,56,56,64]'),
].map(operationRow);
