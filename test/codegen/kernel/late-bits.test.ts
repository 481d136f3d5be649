/** A kernel for any batch gives the same bits as one for this batch. */
import { describe, expect, it } from 'vitest';
import { dimSymbol } from '../../../ir/dimension.ts';
import { type Size, symbolSize } from '../../../codegen/kernel/size.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { interpretedOutputs } from './interpreted-outputs.ts';
import { matmul } from './contraction/contraction-kernels.ts';
import * as samples from './structured-samples.ts';

const makers: readonly (readonly [string, (n: Size) => StructuredKernel])[] = [
  ['rows of a batch, summed', (n) => samples.sumRows(n, 70)],
  ['short rows of a batch, summed', (n) => samples.sumRows(n, 9)],
  ['a sum over the batch', (n) => samples.sumColumns(n, 6)],
  ['rows as long as the batch', (n) => samples.sumRows(3, n)],
  ['exponentials of rows as long as the batch, summed', (n) => samples.sumExpOfRows(2, n)],
  ['rows, normalised', (n) => samples.normaliseRows(n, 45)],
  ['short rows, normalised', (n) => samples.normaliseRows(n, 10)],
  ['rows as long as the batch, normalised', (n) => samples.normaliseRows(3, n)],
  ['columns, normalised', (n) => samples.normaliseColumns(n, 5)],
  ['rows times a matrix', (n) => matmul({ m: n, k: 40, n: 9 })],
  ['rows times a matrix of few columns', (n) => matmul({ m: n, k: 40, n: 3 })],
  ['rows times a transposed matrix', (n) => matmul({ m: n, k: 40, n: 6, transposeRhs: true })],
];

describe.each(makers)('%s', (_, make) => {
  it.each([1, 3, 7, 31, 32, 47, 64])('n = %i', (n) => {
    expect(interpretedOutputs(make(symbolSize(dimSymbol('n'))), { n })).toEqual(interpretedOutputs(make(n)));
  });
});
