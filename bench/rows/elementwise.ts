/** One operation on 16 M elements: as fast as memory, if it is done well. */
import { type JaxArray, jaxJs, type JaxModule } from '../peers/jax-js.ts';
import { onnxruntime, type OnnxNode } from '../peers/onnxruntime.ts';
import { tessera } from '../peers/tessera.ts';
import { type Tensor, tfjs, type Tf } from '../peers/tfjs.ts';
import type { Contestants, Row } from '../row.ts';
import { mainFunction, tensorType } from '../stablehlo.ts';
import { type ElementType, seeded, seededIntegers, type Value } from '../values.ts';

const size = 1 << 24;
const dims = [size];
const f32 = tensorType(dims);
const i32 = tensorType(dims, 'i32');
const i1 = tensorType(dims, 'i1');

interface Elementwise {
  readonly name: string;
  readonly inputs: () => Readonly<Record<string, Value>>;
  readonly inputCount: number;
  readonly resultType?: ElementType;
  readonly tessera: readonly string[];
  readonly onnx: readonly OnnxNode[];
  /** Constants of the ONNX graph. */
  readonly scalars?: Readonly<Record<string, number>>;
  readonly tfjs: (tf: Tf, x: Tensor, y: Tensor) => Tensor;
  readonly jaxJs: (jax: JaxModule, x: JaxArray, y: JaxArray) => JaxArray;
}

const one = (): Readonly<Record<string, Value>> => ({ x: seeded(dims, 1) });
const two = (): Readonly<Record<string, Value>> => ({ x: seeded(dims, 1), y: seeded(dims, 2) });
const node = (op: string, ...inputs: readonly string[]): OnnxNode => ({ op, inputs, outputs: ['z'] });

const operations: readonly Elementwise[] = [
  {
    name: 'add',
    inputs: two,
    inputCount: 2,
    tessera: [`%z = stablehlo.add %x, %y : ${f32}`],
    onnx: [node('Add', 'x', 'y')],
    tfjs: (tf, x, y) => tf.add(x, y),
    jaxJs: (_, x, y) => x.add(y),
  },
  {
    name: 'multiply',
    inputs: two,
    inputCount: 2,
    tessera: [`%z = stablehlo.multiply %x, %y : ${f32}`],
    onnx: [node('Mul', 'x', 'y')],
    tfjs: (tf, x, y) => tf.mul(x, y),
    jaxJs: (_, x, y) => x.mul(y),
  },
  {
    name: 'relu',
    inputs: one,
    inputCount: 1,
    tessera: [`%zero = stablehlo.constant dense<0.0> : ${f32}`, `%z = stablehlo.maximum %x, %zero : ${f32}`],
    onnx: [node('Relu', 'x')],
    tfjs: (tf, x) => tf.relu(x),
    jaxJs: ({ nn }, x) => nn.relu(x),
  },
  {
    name: 'exp',
    inputs: one,
    inputCount: 1,
    tessera: [`%z = stablehlo.exponential %x : ${f32}`],
    onnx: [node('Exp', 'x')],
    tfjs: (tf, x) => tf.exp(x),
    jaxJs: ({ numpy }, x) => numpy.exp(x),
  },
  {
    name: 'tanh',
    inputs: one,
    inputCount: 1,
    tessera: [`%z = stablehlo.tanh %x : ${f32}`],
    onnx: [node('Tanh', 'x')],
    tfjs: (tf, x) => tf.tanh(x),
    jaxJs: ({ numpy }, x) => numpy.tanh(x),
  },
  {
    name: 'sigmoid',
    inputs: one,
    inputCount: 1,
    tessera: [`%z = stablehlo.logistic %x : ${f32}`],
    onnx: [node('Sigmoid', 'x')],
    tfjs: (tf, x) => tf.sigmoid(x),
    jaxJs: ({ nn }, x) => nn.sigmoid(x),
  },
  {
    name: 'sqrt',
    inputs: () => {
      const { data } = seeded(dims, 1);
      return { x: { dims, data: data.map(Math.abs) } };
    },
    inputCount: 1,
    tessera: [`%z = stablehlo.sqrt %x : ${f32}`],
    onnx: [node('Sqrt', 'x')],
    tfjs: (tf, x) => tf.sqrt(x),
    jaxJs: ({ numpy }, x) => numpy.sqrt(x),
  },
  {
    name: 'add i32',
    inputs: () => ({ x: seededIntegers(dims, 1, [-1000, 1000]), y: seededIntegers(dims, 2, [-1000, 1000]) }),
    inputCount: 2,
    resultType: 'i32',
    tessera: [`%z = stablehlo.add %x, %y : ${i32}`],
    onnx: [node('Add', 'x', 'y')],
    tfjs: (tf, x, y) => tf.add(x, y),
    jaxJs: (_, x, y) => x.add(y),
  },
  {
    name: 'convert f32 to i32',
    inputs: () => {
      const { data } = seeded(dims, 1);
      return { x: { dims, data: data.map((value) => 1000 * value) } };
    },
    inputCount: 1,
    resultType: 'i32',
    tessera: [`%z = stablehlo.convert %x : (${f32}) -> ${i32}`],
    onnx: [{ ...node('Cast', 'x'), attributes: { to: 6 } }],
    tfjs: (tf, x) => tf.cast(x, 'int32'),
    jaxJs: ({ numpy }, x) => x.astype(numpy.int32),
  },
  {
    name: 'select',
    inputs: two,
    inputCount: 2,
    tessera: [
      `%zero = stablehlo.constant dense<0.0> : ${f32}`,
      `%p = stablehlo.compare GT, %x, %zero : (${f32}, ${f32}) -> ${i1}`,
      `%z = stablehlo.select %p, %x, %y : ${i1}, ${f32}`,
    ],
    onnx: [{ op: 'Greater', inputs: ['x', 'zero'], outputs: ['p'] }, node('Where', 'p', 'x', 'y')],
    scalars: { zero: 0 },
    tfjs: (tf, x, y) => tf.where(tf.greater(x, 0), x, y),
    jaxJs: ({ numpy }, x, y) => numpy.where(x.ref.greater(0), x, y),
  },
  {
    name: 'clamp',
    inputs: one,
    inputCount: 1,
    tessera: [
      `%low = stablehlo.constant dense<-0.25> : tensor<f32>`,
      `%high = stablehlo.constant dense<0.25> : tensor<f32>`,
      `%z = stablehlo.clamp %low, %x, %high : (tensor<f32>, ${f32}, tensor<f32>) -> ${f32}`,
    ],
    onnx: [node('Clip', 'x', 'low', 'high')],
    scalars: { low: -0.25, high: 0.25 },
    tfjs: (tf, x) => tf.clipByValue(x, -0.25, 0.25),
    jaxJs: ({ numpy }, x) => numpy.clip(x, -0.25, 0.25),
  },
];

function elementwiseRow(operation: Elementwise): Row {
  const { name, inputCount } = operation;
  return {
    name: `${name}, 16 M elements`,
    unit: 'GB/s',
    flops: size,
    dataBytes: 4 * size * (inputCount + 1),
    weightBytes: 0,
    contestants: () => contestants(operation),
  };
}

function contestants({ inputs: make, resultType = 'f32', scalars = {}, ...forms }: Elementwise): Contestants {
  const inputs = make();
  const values = Object.values(inputs);
  const weights = Object.fromEntries(
    Object.entries(scalars).map(([name, value]) => [name, { dims: [], data: Float32Array.of(value) }]),
  );
  const text = mainFunction({ inputs, body: forms.tessera, results: { z: tensorType(dims, resultType) } });
  return {
    tessera: tessera(text, values),
    'onnxruntime-web': onnxruntime({ nodes: forms.onnx, weights, inputs, outputs: { z: { dims, type: resultType } } }),
    'tfjs-wasm': tfjs(values, forms.tfjs),
    'jax-js': jaxJs(values, forms.jaxJs),
  };
}

export const elementwiseRows: readonly Row[] = operations.map(elementwiseRow);
