import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../../codegen/kernel/compile-kernel.ts';
import { indexWidth } from '../../../codegen/kernel/index-range.ts';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import { add, load, multiply, size } from '../../../codegen/kernel/loop-expressions.ts';
import { addSizes, multiplySizes, rangeOfSize, type Size, symbolSize } from '../../../codegen/kernel/size.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { dimSymbol } from '../../../ir/dimension.ts';
import { unknownLocation } from '../../../ir/location.ts';
import * as samples from './structured-samples.ts';

const late = symbolSize(dimSymbol('n', 64));

function copyOf(elements: Size, factor = 1): ReturnType<typeof indexWidth> {
  const b = new LoopBuilder();
  const x = b.parameter({ name: 'x', dtype: 'i8', size: elements, access: 'read' });
  const y = b.parameter({ name: 'y', dtype: 'i8', size: elements, access: 'write' });
  b.for({ to: size(elements) }, (i) => b.store(y, i, load(x, add(multiply(i, factor), 0), 1)));
  return indexWidth(b.kernel({ name: 'copy', tiles: 1, location: unknownLocation }));
}

describe('the width of indices', () => {
  it.each([
    ['rows of a late batch', samples.sumRows(late, 70)],
    ['rows as long as a late size', samples.sumRows(3, late)],
    ['rows, normalised', samples.normaliseRows(late, 45)],
  ])('is proven to be 32 bits: %s', (_, kernel) => {
    expect(compileKernel(kernel, wasmTarget).indexWidth).toMatchObject({ bits: 32, isProven: true });
  });

  it('follows the elements of buffers and the counts of loops, late ones at their bound', () => {
    expect(copyOf(2 ** 31 - 1)).toEqual({ bits: 32, most: 2 ** 31 - 1, isProven: true });
    expect(copyOf(2 ** 31)).toMatchObject({ bits: 64, most: 2 ** 31 });
    expect(copyOf(multiplySizes(late, 2 ** 25))).toMatchObject({ bits: 64, most: 2 ** 31 });
    expect(copyOf(multiplySizes(late, 2 ** 24))).toMatchObject({ bits: 32, isProven: true });
  });

  it('is not proven where a partial result may leave 32 bits, or a size has no bound', () => {
    expect(copyOf(2 ** 30, 4)).toMatchObject({ bits: 32, isProven: false });
    expect(copyOf(symbolSize(dimSymbol('m')))).toMatchObject({ bits: 32, isProven: false });
  });

  it('takes differences of sizes for what they can be', () => {
    expect(rangeOfSize(addSizes(late, multiplySizes(late, -1)))).toEqual({ low: -64, high: 64 });
    expect(rangeOfSize({ kind: 'ceil-divide', lhs: late, rhs: 5 })).toEqual({ low: 0, high: 13 });
    expect(rangeOfSize({ kind: 'modulo', lhs: late, rhs: 5 })).toEqual({ low: 0, high: 4 });
  });

  it('refuses a kernel that counts past what a target can', () => {
    const kernel = samples.sumRows(1, 2 ** 31 + 5);
    expect(() => compileKernel(kernel, wasmTarget)).toThrow(/counts to 2147483653, past the 32-bit indices of wasm/);
    expect(compileKernel(kernel, { ...wasmTarget, indexBits: 64 }).indexWidth.bits).toBe(64);
  });
});
