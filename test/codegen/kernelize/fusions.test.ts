import { describe, expect, it } from 'vitest';
import { fuse } from '../../../passes/fuse.ts';
import * as models from '../../passes/fuse/models.ts';
import { kernelDifference } from './expect-kernel.ts';

const texts: readonly (readonly [name: string, text: string])[] = [
  ['softmax', models.softmax()],
  ['layer norm', models.layerNorm([2, 3, 8])],
  ['GELU', models.gelu()],
  ['batch norm at inference with relu', models.batchNormRelu()],
  ['log-softmax cross entropy', models.crossEntropy()],
  ['attention', models.attention()],
  ['an LSTM step', models.lstmStep()],
  ['a residual block', models.residualBlock()],
];

describe('kernelize, fusions', () => {
  it.each(texts)('%s', (_, text) => {
    expect(kernelDifference(text, { passes: [fuse], tame: true, tolerance: 1e-5 })).toBeUndefined();
  });
});

describe('kernelize, sizes bound late', () => {
  const n = 'tensor<?x4xf32, #tessera.tensor<dims = [n <= 64, _]>>';
  const vector = 'tensor<?xf32, #tessera.tensor<dims = [n <= 64]>>';
  const flat = 'tensor<?x8xf32, #tessera.tensor<dims = [n <= 64, _]>>';
  const text = `func.func @f(%x: ${n}, %w: tensor<4x8xf32>) -> (${flat}, ${vector}) {
%zero = stablehlo.constant dense<0.0> : tensor<f32>
%0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (${n}, tensor<4x8xf32>) -> ${flat}
%1 = stablehlo.tanh %0 : ${flat}
%2 = "stablehlo.reduce"(%1, %zero) ({ ^bb0(%l: tensor<f32>, %r: tensor<f32>): %o = stablehlo.add %l, %r : tensor<f32> stablehlo.return %o : tensor<f32> }) {dimensions = array<i64: 1>} : (${flat}, tensor<f32>) -> ${vector}
%3 = stablehlo.negate %2 : ${vector}
return %1, %3 : ${flat}, ${vector}
}`;
  it.each([0, 1, 7])('runs for n = %s', (size) => {
    const symbols = new Map([['n', size]]);
    const options = { symbols, tame: true, tolerance: 1e-5 };
    expect(kernelDifference(text, options)).toBeUndefined();
    expect(kernelDifference(text, { ...options, passes: [fuse] })).toBeUndefined();
  });
});
