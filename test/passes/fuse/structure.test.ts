import { describe, expect, it } from 'vitest';
import { fuse } from '../../../passes/fuse.ts';
import { runPass } from '../pass-fixture.ts';
import { differenceOfTexts } from '../same-meaning.ts';
import * as models from './models.ts';

function countKernels(text: string): number {
  return text.split('tessera.fusion').length - 1;
}

function kernels(text: string): number {
  return countKernels(runPass(fuse, text).text);
}

const pieces: readonly (readonly [name: string, text: string, most: number])[] = [
  ['softmax', models.softmax(), 1],
  ['a softmax over rows of a batch', models.softmax([2, 3, 4, 5]), 1],
  ['layer norm', models.layerNorm(), 1],
  ['a layer norm over rows of a batch', models.layerNorm([2, 3, 8]), 1],
  ['GELU', models.gelu(), 1],
  ['batch norm at inference with relu', models.batchNormRelu(), 1],
  ['log-softmax cross entropy', models.crossEntropy(), 1],
  ['attention', models.attention(), 4],
  ['an LSTM step', models.lstmStep(), 3],
  ['a residual block', models.residualBlock(), 2],
];

describe('fuse', () => {
  it.each(pieces)('%s', (_, text, most) => {
    const outcome = runPass(fuse, text);
    expect(kernels(text), outcome.text).toBeLessThanOrEqual(most);
    expect(runPass(fuse, outcome.text).changed).toBe(false);
    expect(differenceOfTexts(text, outcome.text)).toBeUndefined();
  });
});

describe('fuse, large', () => {
  const large: typeof pieces = [
    ['softmax', models.softmax([512, 1024]), 1],
    ['layer norm', models.layerNorm([8, 128, 768]), 1],
    ['GELU', models.gelu([1024, 3072]), 1],
    ['batch norm at inference with relu', models.batchNormRelu([8, 56, 56, 64]), 1],
    ['log-softmax cross entropy', models.crossEntropy([256, 1000]), 1],
    ['attention', models.attention(2, 12, 128, 64), 4],
    ['an LSTM step', models.lstmStep(32, 256, 512), 3],
    ['a residual block', models.residualBlock([8, 56, 56, 64]), 2],
  ];
  it.each(large)('%s', (_, text, most) => {
    expect(kernels(text), runPass(fuse, text).text).toBeLessThanOrEqual(most);
  });
});

describe('fuse, a reshape at the end', () => {
  const merged = `func.func @f(%p: tensor<3x5x4xf32>, %v: tensor<3x4x6xf32>) -> tensor<5x18xf32> {
  %0 = stablehlo.dot_general %p, %v, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<3x5x4xf32>, tensor<3x4x6xf32>) -> tensor<3x5x6xf32>
  %1 = stablehlo.transpose %0, dims = [1, 0, 2] : (tensor<3x5x6xf32>) -> tensor<5x3x6xf32>
  %2 = stablehlo.reshape %1 : (tensor<5x3x6xf32>) -> tensor<5x18xf32>
  return %2 : tensor<5x18xf32>
}`;

  it('of heads stays a name for what the product has written where it belongs', () => {
    const { text } = runPass(fuse, merged);
    expect(countKernels(text)).toBe(1);
    expect(text).toMatch(/-> tensor<5x3x6xf32>\s+%1 = stablehlo.reshape %0/);
    expect(differenceOfTexts(merged, text)).toBeUndefined();
    expect(runPass(fuse, text).changed).toBe(false);
  });

  it('of an argument is a kernel, which somebody has to copy', () => {
    const text =
      'func.func @f(%x: tensor<6xf32>) -> tensor<2x3xf32> { %0 = stablehlo.reshape %x : (tensor<6xf32>) -> tensor<2x3xf32> return %0 : tensor<2x3xf32> }';
    expect(kernels(text)).toBe(1);
  });
});
