/** Matrix products, and the dense layer: the first thing any network needs. */
import { jaxJs, type JaxArray, type JaxModule } from '../peers/jax-js.ts';
import { onnxruntime, type OnnxNode } from '../peers/onnxruntime.ts';
import { tessera } from '../peers/tessera.ts';
import { tfjs } from '../peers/tfjs.ts';
import type { Contestants, Row } from '../row.ts';
import { mainFunction, tensorType } from '../stablehlo.ts';
import { seeded, sizeOf, type Value } from '../values.ts';

type RightSide = 'constant right side' | 'both at run time';

interface Product {
  readonly name: string;
  /** Of every matrix; empty for two matrices. */
  readonly batch: readonly number[];
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly rightSide: RightSide;
}

function productRow(product: Product): Row {
  const { batch, m, k, n, rightSide } = product;
  const count = sizeOf(batch);
  const isConstant = rightSide === 'constant right side';
  return {
    name: `${product.name}, ${product.rightSide}`,
    unit: 'GFLOP/s',
    flops: 2 * count * m * k * n,
    dataBytes: 4 * count * (m * k + m * n + (isConstant ? 0 : k * n)),
    weightBytes: isConstant ? 4 * count * k * n : 0,
    contestants: () => productContestants(product),
  };
}

function productContestants({ batch, m, k, n, rightSide }: Product): Contestants {
  const x = seeded([...batch, m, k], 1);
  const w = seeded([...batch, k, n], 2);
  const dims = [...batch, m, n];
  const { inputs, weights } = split({ x }, { w }, rightSide);
  return {
    tessera: tessera(productText(inputs, weights, dims), Object.values(inputs)),
    'onnxruntime-web': onnxruntime({
      nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
      weights,
      inputs,
      outputs: { y: { dims } },
    }),
    'tfjs-wasm': tfjs([x, w], (tf, a, b) => tf.matMul(a, b)),
    'jax-js': jaxJs([x, w], ({ numpy }, a, b) => numpy.matmul(a, b)),
  };
}

type Values = Readonly<Record<string, Value>>;

function split(x: Values, rest: Values, rightSide: RightSide): { readonly inputs: Values; readonly weights: Values } {
  return rightSide === 'constant right side'
    ? { inputs: x, weights: rest }
    : { inputs: { ...x, ...rest }, weights: {} };
}

function productText(inputs: Values, weights: Values, dims: readonly number[]): string {
  const type = tensorType(dims);
  return mainFunction({
    inputs,
    weights,
    body: [`%y = ${dotGeneral({ ...inputs, ...weights }, type)}`],
    results: { y: type },
  });
}

function dotGeneral({ x, w }: Values, type: string): string {
  if (x === undefined || w === undefined) throw new Error('a product of x and w');
  const rank = x.dims.length;
  const batch = x.dims.slice(0, -2).map((_, axis) => axis);
  const batching = batch.length === 0 ? '' : `batching_dims = [${batch.join(', ')}] x [${batch.join(', ')}], `;
  const types = `(${tensorType(x.dims)}, ${tensorType(w.dims)}) -> ${type}`;
  return `stablehlo.dot_general %x, %w, ${batching}contracting_dims = [${rank - 1}] x [${rank - 2}] : ${types}`;
}

/** relu(x w + b), square. */
function denseRow(size: number, rightSide: RightSide): Row {
  const isConstant = rightSide === 'constant right side';
  return {
    name: `dense relu ${size}, ${rightSide}`,
    unit: 'GFLOP/s',
    flops: 2 * size ** 3,
    dataBytes: 4 * (isConstant ? 2 * size ** 2 : 3 * size ** 2 + size),
    weightBytes: isConstant ? 4 * (size ** 2 + size) : 0,
    contestants: () => denseContestants(size, rightSide),
  };
}

const denseNodes: readonly OnnxNode[] = [
  { op: 'MatMul', inputs: ['x', 'w'], outputs: ['product'] },
  { op: 'Add', inputs: ['product', 'b'], outputs: ['sum'] },
  { op: 'Relu', inputs: ['sum'], outputs: ['y'] },
];

function denseContestants(size: number, rightSide: RightSide): Contestants {
  const dims = [size, size];
  const [x, w, b] = [seeded(dims, 1), seeded(dims, 2), seeded([size], 3)];
  const { inputs, weights } = split({ x }, { w, b }, rightSide);
  return {
    tessera: tessera(denseText(size, inputs, weights), Object.values(inputs)),
    'onnxruntime-web': onnxruntime({ nodes: denseNodes, weights, inputs, outputs: { y: { dims } } }),
    'tfjs-wasm': tfjs([x, w, b], (tf, a, matrix, bias) => tf.fused.matMul({ a, b: matrix, bias, activation: 'relu' })),
    'jax-js': jaxJs([x, w, b], dense),
  };
}

function dense({ numpy, nn }: JaxModule, x: JaxArray, w: JaxArray, b: JaxArray): JaxArray {
  return nn.relu(numpy.matmul(x, w).add(b));
}

function denseText(size: number, inputs: Values, weights: Values): string {
  const matrix = tensorType([size, size]);
  const body = [
    `%zero = stablehlo.constant dense<0.0> : ${matrix}`,
    `%0 = ${dotGeneral({ ...inputs, ...weights }, matrix)}`,
    `%1 = stablehlo.broadcast_in_dim %b, dims = [1] : (${tensorType([size])}) -> ${matrix}`,
    `%2 = stablehlo.add %0, %1 : ${matrix}`,
    `%y = stablehlo.maximum %2, %zero : ${matrix}`,
  ];
  return mainFunction({ inputs, weights, body, results: { y: matrix } });
}

const rightSides: readonly RightSide[] = ['constant right side', 'both at run time'];

function squareRow(size: number, rightSide: RightSide): Row {
  return productRow({ name: `matmul ${size}`, batch: [], m: size, k: size, n: size, rightSide });
}

export const matmulRows: readonly Row[] = [
  ...[256, 512, 1024].flatMap((size) => rightSides.map((rightSide) => squareRow(size, rightSide))),
  ...[256, 512, 1024].flatMap((size) => rightSides.map((rightSide) => denseRow(size, rightSide))),
  productRow({
    name: 'batched matmul 12x128x64x128',
    batch: [12],
    m: 128,
    k: 64,
    n: 128,
    rightSide: 'both at run time',
  }),
  ...rightSides.flatMap((rightSide) => [
    productRow({ name: 'matmul 1x768x3072', batch: [], m: 1, k: 768, n: 3072, rightSide }),
    productRow({ name: 'matmul 64x10x784', batch: [], m: 64, k: 784, n: 10, rightSide }),
  ]),
];
