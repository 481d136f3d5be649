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
