/** relu(x w + b), square: the first thing any network needs. */
import { onnxContestant } from '../peers/onnxruntime.ts';
import { tensorflow } from '../peers/tfjs.ts';
import { tesseraContestant } from '../peers/tessera.ts';
import { seeded } from '../seeded.ts';
import type { Contestant } from '../rounds.ts';
import type { Row } from './rows.ts';

type Weights = 'constant weights' | 'weights at run time';

export function denseLayer(size: number, weights: Weights): Row {
  return {
    name: `matmul + bias + relu ${size}, ${weights}`,
    target: 'wasm',
    flops: 2 * size ** 3,
    contestants: () => contestants(size, weights),
  };
}

async function contestants(size: number, weights: Weights): Promise<readonly Contestant[]> {
  const matrix = [size, size];
  const x = seeded(size * size, 1);
  const w = seeded(size * size, 2);
  const b = seeded(size, 3);
  const isConstant = weights === 'constant weights';
  const ours = tesseraContestant(
    isConstant ? withConstants(size, w, b) : withArguments(size),
    isConstant ? [x] : [x, w, b],
  );
  const onnx = await onnxContestant(
    [
      { opType: 'MatMul', input: ['x', 'w'], output: ['product'] },
      { opType: 'Add', input: ['product', 'b'], output: ['sum'] },
      { opType: 'Relu', input: ['sum'], output: ['y'] },
    ],
    isConstant
      ? [
          { name: 'w', dims: matrix, data: w },
          { name: 'b', dims: [size], data: b },
        ]
      : [],
    [
      { name: 'x', dims: matrix, data: x },
      ...(isConstant
        ? []
        : [
            { name: 'w', dims: matrix, data: w },
            { name: 'b', dims: [size], data: b },
          ]),
    ],
    { name: 'y', dims: matrix },
  );
  const tf = await tensorflow();
  const tensors = { a: tf.tensor2d(x, [size, size]), b: tf.tensor2d(w, [size, size]), bias: tf.tensor1d(b) };
  const run = (): Float32Array => {
    const result = tf.fused.matMul({ ...tensors, activation: 'relu' });
    const data = result.dataSync() as Float32Array;
    result.dispose();
    return data;
  };
  return [ours, onnx, { name: 'tfjs-wasm', run }];
}

function withArguments(size: number): string {
  const matrix = `tensor<${size}x${size}xf32>`;
  return `func.func @main(%x: ${matrix}, %w: ${matrix}, %b: tensor<${size}xf32>) -> ${matrix} {\n${body(size)}}\n`;
}

function withConstants(size: number, w: Float32Array, b: Float32Array): string {
  const matrix = `tensor<${size}x${size}xf32>`;
  return `func.func @main(%x: ${matrix}) -> ${matrix} {
  %w = stablehlo.constant dense<"0x${hex(w)}"> : ${matrix}
  %b = stablehlo.constant dense<"0x${hex(b)}"> : tensor<${size}xf32>
${body(size)}}\n`;
}

function body(size: number): string {
  const matrix = `tensor<${size}x${size}xf32>`;
  return `  %zero = stablehlo.constant dense<0.0> : ${matrix}
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (${matrix}, ${matrix}) -> ${matrix}
  %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<${size}xf32>) -> ${matrix}
  %2 = stablehlo.add %0, %1 : ${matrix}
  %3 = stablehlo.maximum %2, %zero : ${matrix}
  return %3 : ${matrix}
`;
}

function hex(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex').toUpperCase();
}
