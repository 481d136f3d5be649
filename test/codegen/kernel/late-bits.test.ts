/** A kernel for any batch gives the same bits as one for this batch. */
import { describe, expect, it } from 'vitest';
import { dimSymbol } from '../../../ir/dimension.ts';
import type { ElementsArray } from '../../../ir/elements.ts';
import { compileKernel } from '../../../codegen/kernel/compile-kernel.ts';
import type { FlatBufferId } from '../../../codegen/kernel/loop-ir.ts';
import { interpretKernel } from '../../../codegen/kernel/loop-interpreter.ts';
import { evaluateSize, type Size, symbolSize } from '../../../codegen/kernel/size.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { matmul } from './contraction/contraction-kernels.ts';
import * as samples from './structured-samples.ts';

/** The outputs, for inputs whose sums depend on their order. */
function run(kernel: StructuredKernel, n: number): readonly ElementsArray[] {
  const symbols = new Map([['n', n]]);
  const { loops } = compileKernel(kernel, wasmTarget);
  const arrays = loops.buffers.map(({ size, access }) =>
    Float32Array.from({ length: evaluateSize(size, symbols) ?? 0 }, (_, i) =>
      access === 'read' ? 1 / (3 + ((i * 37) % 101)) : 0,
    ),
  );
  const memory = new Map<FlatBufferId, ElementsArray>();
  loops.buffers.forEach(({ id }, i) => memory.set(id, arrays[i] ?? new Float32Array()));
  interpretKernel(loops, memory, symbols, 0, evaluateSize(loops.tiles, symbols) ?? 0);
  return arrays.filter((_, i) => loops.buffers[i]?.access === 'write');
}

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
    expect(run(make(symbolSize(dimSymbol('n'))), n)).toEqual(run(make(n), n));
  });
});
